//! What is written stays, goes out as the same bytes, and is found when it is damaged.

mod delivery;
mod model;
mod notes;
mod purge;

use jiff::Timestamp;
use schemas::batch::{Envelope, Kind, Manifest};
use schemas::id::{SenderCode, Version};
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use tempfile::TempDir;

use super::*;

/// A state directory that has met the register.
async fn met(folder: &TempDir) -> Outbox {
    let mut outbox = Outbox::open(folder.path()).await.unwrap();
    if outbox.generation().await.unwrap().is_none() {
        outbox.state_id([9; 16]).await.unwrap();
        outbox.set_generation(3).await.unwrap();
    }
    outbox
}

fn hold<'a>(key: &'a str, local_id: &'a str) -> Hold<'a> {
    let (rule, field) = ("unit-missing", "unit_id");
    Hold {
        scope: "treatment",
        source: 0,
        key,
        local_id,
        rule,
        field,
        word: "",
        unit: "",
        cell: None,
        item: 0,
        answers: 0,
    }
}

fn stamp() -> CycleStamp {
    CycleStamp {
        started_at: "2024-06-01T10:00:00Z".into(),
        reading: "full".into(),
        basis: "basis".into(),
        kid: "r12-g1".into(),
        environment: "test".into(),
        rules: "rules".into(),
        codelists: "lists".into(),
        agent: "0".into(),
        schedule: "15 2 * * *".into(),
        timezone: "Europe/Stockholm".into(),
    }
}

fn sender() -> SenderCode {
    "12".parse().unwrap()
}

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Queues contents under their keys in one cycle.
async fn queue(outbox: &mut Outbox, records: &[(&str, &str)]) -> i64 {
    let mut queueing = outbox.begin_cycle(&stamp(), vec!["main".into()]).await.unwrap();
    add(&mut queueing, records).await;
    queueing.commit("payload", &[Some(moment("2024-05-01T00:00:00Z"))]).await.unwrap()
}

async fn add(queueing: &mut Queueing<'_>, records: &[(&str, &str)]) {
    for (key, content) in records {
        let fingerprint = schemas::canonical::sha256(content.as_bytes());
        queueing.queue(Kind::Treatment, key, content.as_bytes(), &fingerprint).await.unwrap();
    }
}

/// The batch's lines as they would arrive: manifest, then key, counter and content of each record.
fn arrived(sealed: &Sealed) -> (Manifest, Vec<(String, Version, String)>) {
    let plain = match sealed.encoding {
        Encoding::Zstd => zstd::stream::decode_all(sealed.body.as_slice()).unwrap(),
        Encoding::Identity => sealed.body.clone(),
    };
    assert_eq!(schemas::canonical::sha256_hex(&plain), sealed.digest.as_str());
    let text = String::from_utf8(plain).unwrap();
    let mut lines = text.lines();
    let manifest = serde_json::from_str(lines.next().unwrap()).unwrap();
    let records = lines.map(|line| {
        let envelope: Envelope = serde_json::from_str(line).unwrap();
        (envelope.key.into_owned(), envelope.version, envelope.content.get().to_owned())
    });
    (manifest, records.collect())
}

/// Alters the database behind the agent's back.
async fn tamper(folder: &TempDir, sql: &'static str) {
    let options = SqliteConnectOptions::new().filename(folder.path().join("outbox.db"));
    let mut connection = options.connect().await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
}

#[tokio::test]
async fn rows_and_cursor_of_a_cycle_are_kept_together_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = met(&folder).await;
    let mut queueing = outbox.begin_cycle(&stamp(), vec!["main".into()]).await.unwrap();
    add(&mut queueing, &[("k1", "{}")]).await;
    queueing.hold(&hold("k2", "M-2")).await.unwrap();
    drop(queueing);
    drop(outbox);
    let mut outbox = met(&folder).await;
    assert_eq!(outbox.depth().await.unwrap(), (0, 0, None));
    assert_eq!(outbox.before("main").await.unwrap(), Before::default());
    assert!(outbox.held("12").await.unwrap().is_empty() && outbox.last_cycle().await.unwrap().is_none());
    assert!(outbox.known(&["k1"]).await.unwrap().is_empty());

    queue(&mut outbox, &[("k1", "{}")]).await;
    drop(outbox);
    let mut outbox = met(&folder).await;
    assert_eq!(outbox.depth().await.unwrap(), (1, 1, Some("2024-06-01T10:00:00Z".into())));
    let before = outbox.before("main").await.unwrap();
    assert_eq!((before.cursor, before.basis.as_deref()), (Some(moment("2024-05-01T00:00:00Z")), Some("basis")));
    assert_eq!(before.swept_at, Some(moment("2024-06-01T10:00:00Z")));
}

#[tokio::test]
async fn the_cursor_never_goes_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = met(&folder).await;
    queue(&mut outbox, &[]).await;
    let queueing = outbox.begin_cycle(&stamp(), vec!["main".into()]).await.unwrap();
    queueing.commit("payload", &[Some(moment("2023-01-01T00:00:00Z"))]).await.unwrap();
    let queueing = outbox.begin_cycle(&stamp(), vec!["main".into()]).await.unwrap();
    queueing.commit("payload", &[None]).await.unwrap();
    assert_eq!(outbox.before("main").await.unwrap().cursor, Some(moment("2024-05-01T00:00:00Z")));
}

#[tokio::test]
async fn versions_grow_over_cycles_and_restarts_and_never_come_twice() {
    let folder = tempfile::tempdir().unwrap();
    let mut counters = Vec::new();
    for content in ["{\"a\":1}", "{\"a\":2}", "{\"a\":3}"] {
        let mut outbox = met(&folder).await;
        queue(&mut outbox, &[("k1", content), ("k2", content)]).await;
        outbox.tidy(moment("2024-06-01T10:00:00Z")).await.unwrap();
    }
    let mut outbox = met(&folder).await;
    while let Some(sealed) = outbox.next(&sender()).await.unwrap() {
        let (_, records) = arrived(&sealed);
        assert!(records.iter().all(|(_, version, _)| version.generation == 3));
        counters.extend(records.iter().map(|(_, version, _)| version.counter));
        delivery::accept(&mut outbox, &sealed).await;
    }
    assert_eq!(counters, [1, 2, 3, 4, 5, 6]);
}

#[tokio::test]
async fn a_batch_sealed_twice_also_after_a_restart_is_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = met(&folder).await;
    let cycle = queue(&mut outbox, &[("k1", "{\"a\":1}"), ("k2", "{\"b\":2}")]).await;
    let first = outbox.next(&sender()).await.unwrap().unwrap();
    drop(outbox);
    let second = met(&folder).await.next(&sender()).await.unwrap().unwrap();
    assert!(first.body == second.body && first.digest == second.digest);
    let (manifest, records) = arrived(&first);
    assert_eq!(
        (manifest.cycle, manifest.records, manifest.payload_sha256.as_str()),
        (u64::try_from(cycle).unwrap(), 2, "payload")
    );
    assert_eq!(records[0].2, "{\"a\":1}");
}

#[tokio::test]
async fn a_full_page_begins_another_batch_and_what_compresses_too_well_travels_plain() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = met(&folder).await;
    let keys: Vec<String> = (0..1_001).map(|n| format!("k{n:04}")).collect();
    queue(&mut outbox, &keys.iter().map(|key| (key.as_str(), "{}")).collect::<Vec<_>>()).await;
    assert_eq!(outbox.depth().await.unwrap().0, 2);
    let large = format!("{{\"a\":\"{}\"}}", "x".repeat(500_000));
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = met(&folder).await;
    queue(&mut outbox, &[("k1", &large)]).await;
    let sealed = outbox.next(&sender()).await.unwrap().unwrap();
    assert_eq!(sealed.encoding, Encoding::Identity);
    assert_eq!(arrived(&sealed).1.len(), 1);
}

#[tokio::test]
async fn every_flipped_byte_of_a_page_is_found_and_nothing_of_it_is_sent() {
    let lines = b"{\"content\":{},\"key\":\"k1\"}\n{\"content\":{},\"key\":\"k2\"}\n";
    let frame = page::compress(lines).unwrap();
    assert_eq!(page::decompress(1, &frame).unwrap(), lines);
    for place in 0..frame.len() {
        for bit in 0..8 {
            let mut flipped = frame.clone();
            flipped[place] ^= 1 << bit;
            // A bit that carries no meaning may flip, as long as the lines are what was queued.
            match page::decompress(7, &flipped) {
                Err(OutboxError::Damaged(7)) => (),
                Ok(read) => assert_eq!(read, lines, "byte {place} bit {bit}"),
                Err(other) => panic!("{other}"),
            }
        }
        assert!(page::decompress(7, &frame[..place]).is_err(), "cut short at {place}");
    }
}

#[tokio::test]
async fn a_damaged_batch_is_refused_and_its_records_are_queued_again_under_later_versions() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = met(&folder).await;
    queue(&mut outbox, &[("k1", "{\"a\":1}")]).await;
    tamper(&folder, "UPDATE batch SET lines = CAST(substr(lines, 1, 12) || x'00' || substr(lines, 14) AS BLOB)").await;
    let Err(OutboxError::Damaged(batch)) = outbox.next(&sender()).await else { panic!("not found") };
    outbox.drop_damaged(batch).await.unwrap();
    assert!(outbox.next(&sender()).await.unwrap().is_none());
    assert_eq!(outbox.before("main").await.unwrap().cursor, None, "the next cycle would not read everything");
    let known = outbox.known(&["k1"]).await.unwrap();
    assert!(known["k1"].fingerprint.is_empty(), "the next cycle would take the record for unchanged");
    queue(&mut outbox, &[("k1", "{\"a\":1}")]).await;
    let (_, records) = arrived(&outbox.next(&sender()).await.unwrap().unwrap());
    assert_eq!((records.len(), records[0].1.counter), (1, 2));
}

#[tokio::test]
async fn a_letter_that_the_disk_altered_in_a_trigger_is_told_as_damage() {
    let folder = tempfile::tempdir().unwrap();
    drop(met(&folder).await);
    tamper(
        &folder,
        "PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = replace(sql, '(batch, received_at', '(batch, receivmd_at') WHERE name = 'receipt_kept'",
    )
    .await;
    let mut outbox = met(&folder).await;
    queue(&mut outbox, &[("k1", "{\"a\":1}")]).await;
    let sent =
        sqlx::raw_sql("UPDATE batch SET delivered_at = '', receipt = x'00'").execute(&mut outbox.connection).await;
    let told = OutboxError::from(sent.unwrap_err());
    assert!(matches!(told, OutboxError::Malformed(_)), "{told}");
}

#[tokio::test]
async fn a_second_run_is_locked_out_and_a_reader_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let first = met(&folder).await;
    assert!(matches!(Outbox::open(folder.path()).await, Err(OutboxError::Locked(_))));
    assert!(Outbox::open_to_read(folder.path()).await.unwrap().is_some());
    drop(first);
    assert!(Outbox::open(folder.path()).await.is_ok());
}

#[tokio::test]
async fn reading_a_state_that_is_not_there_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Outbox::open_to_read(&folder.path().join("state")).await.unwrap().is_none());
    assert!(!folder.path().join("state").exists());
}

#[tokio::test]
async fn a_new_state_directory_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    Outbox::open(&state).await.unwrap();
    assert_eq!(std::fs::metadata(&state).unwrap().permissions().mode() & 0o777, 0o700);
}

#[tokio::test]
async fn held_rows_of_what_is_read_again_are_forgotten_and_others_stay() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = met(&folder).await;
    let mut queueing = outbox.begin_cycle(&stamp(), vec!["main".into()]).await.unwrap();
    for key in ["k1", "k2"] {
        queueing.hold(&hold(key, "M")).await.unwrap();
    }
    queueing.count(Term::Held, "unit-missing", 2);
    let cycle = queueing.commit("payload", &[None]).await.unwrap();
    assert_eq!(outbox.counts(cycle).await.unwrap(), [("held".into(), "unit-missing".into(), 2)]);
    let mut queueing = outbox.begin_cycle(&stamp(), vec!["main".into()]).await.unwrap();
    queueing.forget_what_stayed(0, Some(&["k1"])).await.unwrap();
    queueing.commit("payload", &[None]).await.unwrap();
    assert_eq!(outbox.held("12").await.unwrap()[0].n, 1);
    let mut queueing = outbox.begin_cycle(&stamp(), vec!["main".into()]).await.unwrap();
    queueing.forget_what_stayed(0, None).await.unwrap();
    queueing.commit("payload", &[None]).await.unwrap();
    assert!(outbox.held("12").await.unwrap().is_empty());
}

#[tokio::test]
async fn of_many_held_rows_few_wait_in_memory_and_all_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = met(&folder).await;
    let mut queueing = outbox.begin_cycle(&stamp(), vec!["main".into()]).await.unwrap();
    for number in 0..2_500 {
        queueing.hold(&hold(&format!("k{number}"), "M")).await.unwrap();
        assert!(queueing.waiting() < 1_000);
    }
    queueing.commit("payload", &[None]).await.unwrap();
    assert_eq!(outbox.held("12").await.unwrap()[0].n, 2_500);
}

#[tokio::test]
async fn what_is_known_of_a_source_goes_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = met(&folder).await;
    let both = || vec!["main".to_owned(), "old".to_owned()];
    let mut queueing = outbox.begin_cycle(&stamp(), both()).await.unwrap();
    for (source, key) in [(0, "k1"), (1, "k2")] {
        queueing.hold(&Hold { source, ..hold(key, "M") }).await.unwrap();
    }
    let newest = Some(moment("2024-05-01T00:00:00Z"));
    queueing.commit("payload", &[newest, newest]).await.unwrap();
    for system in both() {
        outbox.note_exact_ids(&system).await.unwrap();
    }
    let queueing = outbox.begin_cycle(&stamp(), vec!["main".into()]).await.unwrap();
    queueing.commit("payload", &[None]).await.unwrap();
    let sources: Vec<String> = outbox.held_ones(None).await.unwrap().into_iter().map(|one| one.source).collect();
    assert_eq!(sources, ["main"]);
    let cursors = [outbox.before("main").await.unwrap().cursor, outbox.before("old").await.unwrap().cursor];
    assert_eq!(cursors, [newest, None]);
    assert!(outbox.ids_are_exact("main").await.unwrap() && !outbox.ids_are_exact("old").await.unwrap());
}
