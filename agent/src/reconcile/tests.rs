//! What differs, what is done about it, and what is left to a person.

use schemas::digest::{Digester, Line};
use schemas::id::Version;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::*;
use crate::outbox::Trace;
use crate::tests::Region;

const NOW: &str = "2024-06-02T10:00:00Z";

fn key(letter: char) -> String {
    format!("rec1.12.{}", letter.to_string().repeat(43))
}

fn line(letter: char, counter: u64, content: u8) -> Line {
    Line { key: key(letter).parse().unwrap(), version: Version { generation: 1, counter }, content: [content; 32] }
}

fn own(letter: char, counter: u64, content: u8) -> Standing {
    let line = line(letter, counter, content);
    Standing { key: key(letter), version: Some(line.version), content: Some(line.content) }
}

fn ways(found: &BTreeMap<String, Different>) -> Vec<(String, Difference)> {
    found.iter().map(|(key, one)| (key.chars().last().unwrap().to_string(), one.how)).collect()
}

#[test]
fn each_treatment_that_differs_is_told_once_and_how() {
    let ours = [own('a', 1, 1), own('b', 2, 2), own('c', 3, 3), own('d', 4, 4)];
    let half = Standing { key: key('e'), version: None, content: Some([5; 32]) };
    let ours = [ours.as_slice(), &[half]].concat();
    let theirs = [line('a', 1, 1), line('b', 9, 2), line('c', 3, 9), line('e', 5, 5), line('f', 6, 6)];
    let expected = [
        ("b", Difference::Other),
        ("c", Difference::Other),
        ("d", Difference::Missing),
        ("e", Difference::Other),
        ("f", Difference::Unknown),
    ];
    assert_eq!(ways(&compare(&ours, &theirs)), expected.map(|(key, how)| (key.to_owned(), how)));
    assert!(compare(&ours[..1], &theirs[..1]).is_empty());
}

#[test]
fn what_is_known_here_decides_what_a_surplus_is_and_what_is_on_its_way_is_none() {
    let trace = |local_id: Option<&str>, [is_under_way, was_taken_back, has_record]: [bool; 3]| Trace {
        key: key('a'),
        local_id: local_id.map(Into::into),
        is_under_way,
        was_taken_back,
        has_record,
    };
    for (trace, surplus) in [
        (trace(None, [false; 3]), Some(Difference::Unknown)),
        (trace(None, [false, true, true]), Some(Difference::NotTakenBack)),
        (trace(Some("B-1"), [false, true, true]), Some(Difference::NotTakenBack)),
        (trace(Some("B-1"), [false; 3]), Some(Difference::Unaccounted)),
        (trace(None, [false, false, true]), Some(Difference::Unaccounted)),
        (trace(Some("B-1"), [true, false, true]), None),
    ] {
        assert_eq!(Difference::Unknown.refined(&trace), surplus, "{trace:?}");
        let lacking = if trace.is_under_way { None } else { Some(Difference::Missing) };
        assert_eq!(Difference::Missing.refined(&trace), lacking, "{trace:?}");
    }
}

#[test]
fn buckets_are_asked_for_in_parts_of_so_many_lines() {
    assert_eq!(parts(&[]), Vec::<Vec<u8>>::new());
    let half = MOST_LINES / 2;
    let asked = parts(&[(1, half), (2, half), (3, 1), (4, MOST_LINES), (5, MOST_LINES + 7), (6, 0), (9, 1)]);
    assert_eq!(asked, [vec![1, 2], vec![3], vec![4], vec![5], vec![6, 9]]);
}

#[test]
fn what_nobody_knows_is_taken_back_by_itself_only_when_it_is_little_and_belongs_to_nobody() {
    for (unknown, there, whole, permit, may) in [
        (0, 0, Whole::Yes, Permit::Little, true),
        (99, 100, Whole::Yes, Permit::Little, true),
        (1, 100, Whole::AsFarAsShown, Permit::Little, true),
        (1, 99, Whole::AsFarAsShown, Permit::Little, false),
        (50, 100_000, Whole::AsFarAsShown, Permit::Little, true),
        (51, 100_000, Whole::AsFarAsShown, Permit::Little, false),
        (1, 100, Whole::No, Permit::Little, false),
        (51, 60, Whole::No, Permit::All, true),
    ] {
        assert_eq!(may_take_back(unknown, there, Ground { whole, permit }), may, "{unknown} of {there} {whole:?}");
    }
}

/// Alters the state through a connection of its own, and answers the statement's first value.
async fn state(region: &Region, statement: &'static str) -> Option<String> {
    let options = SqliteConnectOptions::new().filename(region.path("state/outbox.db"));
    let mut connection: SqliteConnection = options.connect().await.unwrap();
    sqlx::query_scalar(statement).fetch_optional(&mut connection).await.unwrap()
}

/// Everything that the register should hold.
async fn standing(outbox: &mut Outbox) -> Vec<Line> {
    outbox.standing_behind("").await.unwrap().iter().map(|one| one.line().unwrap()).collect()
}

fn comparison(ours: &[Line], theirs: &[Line]) -> Comparison {
    let standing: Vec<Standing> = ours
        .iter()
        .map(|line| Standing { key: line.key.to_string(), version: Some(line.version), content: Some(line.content) })
        .collect();
    let differences = compare(&standing, theirs);
    Comparison { here: ours.len() as u64, there: theirs.len() as u64, differences }
}

#[tokio::test]
async fn an_old_copy_of_the_state_takes_nothing_back_that_is_newer_than_itself() {
    let region = Region::new().await;
    region.treatment("B-1", 1, &[]).await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    region.deliver(&mut outbox).await;
    let held = standing(&mut outbox).await;
    let ground = Ground { whole: Whole::Yes, permit: Permit::Little };
    for (counter, taken_back, left) in [(99, 0, 1), (1, 1, 0)] {
        let found = comparison(&held, &[held[0].clone(), line('x', counter, 1)]);
        let repaired = repair(&mut outbox, &found, ground, NOW.parse().unwrap()).await.unwrap();
        assert_eq!(repaired, Repaired { taken_back, left, ..Repaired::default() }, "{counter}");
    }
}

const GROUND: Ground = Ground { whole: Whole::Yes, permit: Permit::All };

#[tokio::test]
async fn what_the_register_lacks_or_holds_otherwise_is_sent_again_as_it_was_and_counted_where_it_was() {
    let region = Region::new().await;
    for (id, who) in [("B-1", 1), ("B-2", 2), ("B-3", 3)] {
        region.treatment(id, who, &[]).await;
        region.answer(id, "pre", "12", &[]).await;
    }
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    let first = region.deliver(&mut outbox).await;
    let held = standing(&mut outbox).await;
    assert_eq!(held.len(), 3);
    let account = outbox.accounts().await.unwrap();
    let (lacked, altered) = (held[0].clone(), Line { content: [0; 32], ..held[1].clone() });
    let found = comparison(&held, &[altered, held[2].clone()]);
    let repaired = repair(&mut outbox, &found, GROUND, NOW.parse().unwrap()).await.unwrap();
    assert_eq!(repaired, Repaired { sent_again: 2, ..Repaired::default() });
    let again = region.deliver(&mut outbox).await;
    let content = |line: &String| serde_json::from_str::<serde_json::Value>(line).unwrap()["content"].clone();
    let of = |line: &Line| first.iter().find(|text| text.contains(line.key.as_str())).map(content);
    assert_eq!(again.iter().map(|line| Some(content(line))).collect::<Vec<_>>(), [of(&held[0]), of(&held[1])]);
    let now = standing(&mut outbox).await;
    assert_eq!(now[2], held[2]);
    assert!(now[0].version > lacked.version && now[0].content == lacked.content);
    assert_eq!(outbox.accounts().await.unwrap(), account, "nothing was read, so nothing is counted anew");
    region.cycle(&mut outbox).await;
    assert_eq!(region.deliver(&mut outbox).await, [] as [String; 0], "the source says nothing new");
}

#[tokio::test]
async fn what_is_no_longer_kept_is_read_again_and_what_no_source_shows_is_told_as_lost() {
    let region = Region::new().await;
    for (id, who) in [("B-1", 1), ("B-2", 2), ("B-3", 3)] {
        region.treatment(id, who, &[]).await;
    }
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    region.deliver(&mut outbox).await;
    let held = standing(&mut outbox).await;
    // Everything that was delivered is older than it is kept, and one treatment stands in no source any more.
    outbox.tidy("2030-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
    state(&region, "DELETE FROM found WHERE key = (SELECT min(key) FROM found)").await;
    let found = comparison(&held, &held[2..]);
    let repaired = repair(&mut outbox, &found, GROUND, NOW.parse().unwrap()).await.unwrap();
    assert_eq!(repaired, Repaired { read_again: 1, lost: 1, ..Repaired::default() });
    region.cycle(&mut outbox).await;
    let sent = region.deliver(&mut outbox).await;
    assert_eq!(sent.iter().filter(|line| line.contains(held[1].key.as_str())).count(), 1);
    assert!(!sent.iter().any(|line| line.contains(held[2].key.as_str())), "what is there is not sent again");
}

#[tokio::test]
async fn what_the_register_should_not_hold_is_taken_back_or_taken_over_and_decided_by_the_next_reading() {
    let region = Region::new().await;
    region.treatment("B-1", 1, &[]).await;
    region.treatment("B-2", 2, &[("status", "ongoing"), ("ended_on", "")]).await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    region.deliver(&mut outbox).await;
    let held = standing(&mut outbox).await;
    let ongoing = state(&region, "SELECT 'rec1.12.' || key FROM excluded").await.unwrap();
    // The register holds what another state directory delivered before the treatment was opened again, and a row that nobody made.
    let earlier =
        Line { key: ongoing.parse().unwrap(), version: Version { generation: 1, counter: 1 }, content: [1; 32] };
    let theirs = [held[0].clone(), earlier, line('x', 1, 1)];
    let mut found = comparison(&held, &theirs);
    name(&mut outbox, &mut found.differences).await.unwrap();
    assert_eq!((found.count(Difference::Unaccounted), found.count(Difference::Unknown)), (1, 1));
    let left = repair(&mut outbox, &found, Ground { whole: Whole::No, permit: Permit::Little }, NOW.parse().unwrap());
    assert_eq!(left.await.unwrap(), Repaired { read_again: 1, left: 1, ..Repaired::default() });
    let repaired = repair(&mut outbox, &found, GROUND, NOW.parse().unwrap()).await.unwrap();
    assert_eq!(repaired, Repaired { taken_back: 1, read_again: 1, ..Repaired::default() });
    region.cycle(&mut outbox).await;
    let sent = region.deliver(&mut outbox).await;
    let reason = |key: &str| {
        let line = sent.iter().find(|line| line.contains(key)).unwrap();
        serde_json::from_str::<serde_json::Value>(line).unwrap()["content"]["reason"].clone()
    };
    assert_eq!((reason(&key('x')), reason(&ongoing)), ("vanished".into(), "reopened".into()));
    assert_eq!(standing(&mut outbox).await.len(), 1);
}

#[tokio::test]
async fn a_page_that_was_damaged_brings_nothing_back() {
    let region = Region::new().await;
    region.treatment("B-1", 1, &[]).await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    region.deliver(&mut outbox).await;
    let held = standing(&mut outbox).await;
    let keys = [held[0].key.to_string()];
    assert_eq!(outbox.kept_contents(&keys).await.unwrap().len(), 1);
    state(&region, "UPDATE record SET accepted_hash = zeroblob(32)").await;
    assert_eq!(outbox.kept_contents(&keys).await.unwrap().len(), 0, "not what a receipt closed");
    state(&region, "UPDATE record SET accepted_hash = content_hash").await;
    assert_eq!(outbox.kept_contents(&keys).await.unwrap().len(), 1);
    state(&region, "UPDATE batch SET lines = CAST(substr(lines, 1, 12) || x'00' || substr(lines, 14) AS BLOB)").await;
    assert_eq!(outbox.kept_contents(&keys).await.unwrap().len(), 0);
}

#[tokio::test]
async fn both_ends_are_compared_by_the_same_digests() {
    let region = Region::new().await;
    for number in 1..=9 {
        region.treatment(&format!("B-{number}"), number, &[]).await;
    }
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    region.deliver(&mut outbox).await;
    let mut digester = Digester::default();
    standing(&mut outbox).await.iter().for_each(|line| digester.add(line));
    let (here, own) = own_buckets(&mut outbox).await.unwrap();
    assert_eq!((here, differing(&own, &digester.finish())), (9, vec![]));
}
