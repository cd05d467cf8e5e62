//! Whoever leaves is gone from every page and row, and from every byte; everybody else is as before.

use schemas::canonical::PayloadHash;
use schemas::id::KeyId;
use sqlx::sqlite::SqliteConnection;

use super::*;
use crate::pseudonymise::pseudonym_of;

/// The first state directory of a sender, which knows all that was sent.
async fn first(folder: &TempDir) -> Outbox {
    let mut outbox = Outbox::open(folder.path()).await.unwrap();
    outbox.state_id([9; 16]).await.unwrap();
    outbox.set_generation(1).await.unwrap();
    outbox
}

/// The last part of a record key.
fn last(key: &str) -> String {
    format!("{key:k<43}")
}

fn wire(key: &str) -> String {
    format!("rec1.12.{}", last(key))
}

fn content(person: u8, score: u32) -> String {
    let kid: KeyId = "r12-g1".parse().unwrap();
    format!("{{\"pseudonym\":\"{}\",\"score\":{score}}}", pseudonym_of(&kid, [person; 32]))
}

fn leaving(person: u8) -> Leaving {
    Leaving { hash: [person ^ 0xff; 32], person: [person; 32], tell: Tell::IfKnown }
}

/// Queues a treatment of each of these persons under these keys.
async fn queue_of(outbox: &mut Outbox, records: &[(&str, u8)]) -> i64 {
    let records: Vec<(String, String)> = records.iter().map(|(key, person)| (wire(key), content(*person, 7))).collect();
    queue(outbox, &records.iter().map(|(key, content)| (key.as_str(), content.as_str())).collect::<Vec<_>>()).await
}

async fn execute(folder: &TempDir, sql: &'static str, key: &str, person: u8) {
    let options = SqliteConnectOptions::new().filename(folder.path().join("outbox.db")).pragma("secure_delete", "ON");
    let mut connection: SqliteConnection = options.connect().await.unwrap();
    sqlx::query(sql).bind(last(key)).bind(vec![person; 32]).execute(&mut connection).await.unwrap();
}

/// The newest reading found the treatment with this person.
async fn found(folder: &TempDir, key: &str, person: u8) {
    let sql = "INSERT INTO found (key, source, local_id, person, cell, answers, treatment, cycle) VALUES (?1, 'main', ?1, ?2, 1, 2, 1, 1)";
    execute(folder, sql, key, person).await;
}

/// Which of the needles the files of the state hold.
fn hunted<'a>(folder: &TempDir, needles: &[&'a str]) -> Vec<&'a str> {
    let files = std::fs::read_dir(folder.path()).unwrap();
    let bytes: Vec<Vec<u8>> = files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
    let holds = |needle: &str| bytes.iter().any(|bytes| bytes.windows(needle.len()).any(|w| w == needle.as_bytes()));
    needles.iter().copied().filter(|needle| holds(needle)).collect()
}

async fn dealt(outbox: &mut Outbox, person: u8) -> Option<Dealt> {
    outbox.objectors().await.unwrap().get(&leaving(person).hash).copied()
}

#[tokio::test]
async fn who_leaves_is_gone_from_pages_rows_and_bytes_and_the_others_stay_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = first(&folder).await;
    let cycle = queue_of(&mut outbox, &[("a", 1), ("b", 2), ("c", 1), ("d", 3)]).await;
    for (key, person) in [("a", 1), ("b", 2), ("c", 1), ("d", 3)] {
        found(&folder, key, person).await;
    }
    let (a, c) = (last("a"), last("c"));
    assert_eq!(hunted(&folder, &[&a, &c]).len(), 2, "the hunt finds nothing that is there");

    let purged = outbox.purge(&sender(), &[leaving(1)]).await.unwrap();
    assert_eq!((purged.records, purged.queued), (2, 0));
    assert_eq!(dealt(&mut outbox, 1).await, Some(Dealt::NoneSent));
    outbox.clean().await.unwrap();
    assert_eq!(hunted(&folder, &[&a, &c]), [""; 0]);
    assert_eq!(outbox.known_of(&sender(), &[leaving(1)]).await.unwrap(), (0, 0));
    assert_eq!(outbox.known_of(&sender(), &[leaving(2), leaving(3)]).await.unwrap(), (2, 2));

    let sealed = outbox.next(&sender()).await.unwrap().unwrap();
    let (manifest, records) = arrived(&sealed);
    let kept: Vec<(&str, u64, &str)> =
        records.iter().map(|(key, version, content)| (key.as_str(), version.counter, content.as_str())).collect();
    let (b, d) = ((wire("b"), content(2, 7)), (wire("d"), content(3, 7)));
    assert_eq!(kept, [(b.0.as_str(), 2, b.1.as_str()), (d.0.as_str(), 4, d.1.as_str())]);
    let mut hash = PayloadHash::default();
    for (key, content) in [&b, &d] {
        hash.add(key, content.as_bytes());
    }
    let hash = hash.finish();
    assert_eq!((manifest.records, manifest.payload_sha256.as_str()), (2, hash.as_str()));
    assert_eq!(outbox.last_cycle().await.unwrap().unwrap(), (cycle, stamp().started_at, None, hash));
    // The lines are numbered anew, so that each verdict meets its record.
    delivery::accept(&mut outbox, &sealed).await;
    assert_eq!(outbox.at_register().await.unwrap(), 2);
    let last_queued = outbox.queued_last(&[&b.0, &d.0], i64::MAX).await.unwrap();
    assert_eq!(last_queued[&d.0]["score"], 7);
}

#[tokio::test]
async fn a_batch_on_its_way_becomes_another_and_one_that_becomes_empty_goes() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = first(&folder).await;
    queue_of(&mut outbox, &[("a", 1), ("b", 2)]).await;
    let before = outbox.next(&sender()).await.unwrap().unwrap();
    queue_of(&mut outbox, &[("c", 1)]).await;
    assert_eq!(outbox.depth().await.unwrap().0, 2);
    let purged = outbox.purge(&sender(), &[leaving(1)]).await.unwrap();
    assert_eq!(purged.queued, 1, "the reply to the first batch may be what was lost");
    assert_eq!(dealt(&mut outbox, 1).await, Some(Dealt::Queued));
    assert_eq!(outbox.depth().await.unwrap().0, 1);
    let after = outbox.next(&sender()).await.unwrap().unwrap();
    assert_ne!(after.digest, before.digest);
    assert_eq!(arrived(&after).1.len(), 1);
}

#[tokio::test]
async fn the_register_is_told_of_those_only_whom_it_may_know_unless_somebody_asked_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = first(&folder).await;
    queue_of(&mut outbox, &[("a", 1)]).await;
    let sealed = outbox.next(&sender()).await.unwrap().unwrap();
    delivery::accept(&mut outbox, &sealed).await;
    outbox.tidy(moment("2030-01-01T00:00:00Z")).await.unwrap();
    found(&folder, "a", 1).await;
    queue_of(&mut outbox, &[("b", 2)]).await;
    found(&folder, "b", 2).await;
    let asked = Leaving { tell: Tell::Always, ..leaving(4) };
    let purged = outbox.purge(&sender(), &[leaving(1), leaving(2), leaving(3), asked]).await.unwrap();
    assert_eq!(purged.queued, 2);
    for (person, expected) in [(1, Dealt::Queued), (2, Dealt::NoneSent), (3, Dealt::NoneSent), (4, Dealt::Queued)] {
        assert_eq!(dealt(&mut outbox, person).await, Some(expected), "{person}");
    }
    outbox.set_objectors(&[leaving(1).hash], Dealt::Confirmed).await.unwrap();
    outbox.forget_objectors(&[leaving(4).hash]).await.unwrap();
    assert_eq!((dealt(&mut outbox, 1).await, dealt(&mut outbox, 4).await), (Some(Dealt::Confirmed), None));

    // What an earlier state directory sent is not known here.
    assert_eq!(outbox.purge(&sender(), &[leaving(5)]).await.unwrap().queued, 0);
    outbox.set_generation(2).await.unwrap();
    assert_eq!(outbox.purge(&sender(), &[leaving(6)]).await.unwrap().queued, 1);
}

#[tokio::test]
async fn who_may_be_at_the_register_is_told_of_also_after_another_left_the_batch_or_it_was_damaged() {
    for damaged in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let mut outbox = first(&folder).await;
        queue_of(&mut outbox, &[("a", 1), ("b", 2), ("c", 3)]).await;
        for (key, person) in [("a", 1), ("b", 2), ("c", 3)] {
            found(&folder, key, person).await;
        }
        // It is sent, and its reply is lost.
        let sealed = outbox.next(&sender()).await.unwrap().unwrap();
        if damaged {
            outbox.drop_damaged(sealed.id).await.unwrap();
        }
        for person in 1..=3 {
            let purged = outbox.purge(&sender(), &[leaving(person)]).await.unwrap();
            assert_eq!(purged.queued, 1, "the register is not told of {person}");
        }
    }
}

#[tokio::test]
async fn a_person_is_found_by_a_row_that_left_by_a_page_and_by_a_key_that_another_now_bears() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = first(&folder).await;
    queue_of(&mut outbox, &[("a", 1), ("b", 2), ("c", 3)]).await;
    let sealed = outbox.next(&sender()).await.unwrap().unwrap();
    delivery::accept(&mut outbox, &sealed).await;
    for (key, person) in [("a", 1), ("b", 2)] {
        found(&folder, key, person).await;
    }
    outbox.tidy(moment("2030-01-01T00:00:00Z")).await.unwrap();
    execute(&folder, "DELETE FROM found WHERE key = ?1 AND person = ?2", "a", 1).await;
    execute(&folder, "UPDATE found SET person = NULL WHERE key = ?1 AND person = ?2", "b", 2).await;
    assert_eq!(outbox.known_of(&sender(), &[leaving(1), leaving(2)]).await.unwrap(), (2, 2));
    // The treatment moves to another person; what the register holds is still the first one's.
    queue_of(&mut outbox, &[("d", 4)]).await;
    outbox.next(&sender()).await.unwrap().unwrap();
    queue_of(&mut outbox, &[("d", 5)]).await;
    let purged = outbox.purge(&sender(), &[leaving(1), leaving(2), leaving(4)]).await.unwrap();
    assert_eq!((purged.records, purged.queued), (3, 3));
    assert_eq!(outbox.depth().await.unwrap().0, 0, "a line of the person's key stayed");
    outbox.clean().await.unwrap();
    assert_eq!(hunted(&folder, &[&last("a"), &last("b"), &last("d")]), [""; 0]);
}

#[tokio::test]
async fn a_corrected_person_is_remembered_until_the_register_has_taken_the_correction() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = first(&folder).await;
    queue_of(&mut outbox, &[("a", 1)]).await;
    let sealed = outbox.next(&sender()).await.unwrap().unwrap();
    delivery::accept(&mut outbox, &sealed).await;
    found(&folder, "a", 1).await;
    outbox.tidy(moment("2030-01-01T00:00:00Z")).await.unwrap();
    // The row names others, and is held for it.
    let correct = "INSERT INTO found (key, source, local_id, person, cell, answers, treatment, cycle) VALUES (?1, 'main', ?1, ?2, 1, 2, 1, 2)
        ON CONFLICT (key) DO UPDATE SET person = excluded.person";
    for person in [2, 3] {
        execute(&folder, correct, "a", person).await;
    }
    assert_eq!(outbox.known_of(&sender(), &[leaving(1)]).await.unwrap(), (1, 1), "the register has it under the first");
    queue_of(&mut outbox, &[("a", 3)]).await;
    let sealed = outbox.next(&sender()).await.unwrap().unwrap();
    delivery::accept(&mut outbox, &sealed).await;
    outbox.tidy(moment("2030-01-01T00:00:00Z")).await.unwrap();
    assert_eq!(outbox.known_of(&sender(), &[leaving(1), leaving(2)]).await.unwrap(), (0, 0));
    assert_eq!(outbox.known_of(&sender(), &[leaving(3)]).await.unwrap(), (1, 1));
}

#[tokio::test]
async fn a_page_that_cannot_be_read_goes_whole_and_what_waited_in_it_is_queued_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = first(&folder).await;
    queue_of(&mut outbox, &[("a", 1), ("b", 2)]).await;
    tamper(&folder, "UPDATE batch SET lines = CAST(substr(lines, 1, 12) || x'00' || substr(lines, 14) AS BLOB)").await;
    outbox.purge(&sender(), &[leaving(1)]).await.unwrap();
    assert_eq!(outbox.depth().await.unwrap().0, 0);
    assert_eq!(outbox.before("main").await.unwrap().cursor, None);
    assert!(outbox.known(&[&wire("b")]).await.unwrap()[&wire("b")].fingerprint.is_empty());
}
