//! Monthly counts, from the source to the queue and back.

use std::collections::BTreeMap;

use super::*;
use crate::vanished::State;

/// A region that counts its treatments itself.
async fn region() -> Region {
    Region::with(|text| text.lines().filter(|line| !line.starts_with("activity")).collect::<Vec<_>>().join("\n")).await
}

/// Started, ended and ongoing of every count that is delivered, by key.
async fn counts(region: &Region, outbox: &mut Outbox) -> BTreeMap<String, [u64; 3]> {
    let lines = region.deliver_all(outbox).await.into_iter();
    let lines = lines.map(|line| serde_json::from_str::<serde_json::Value>(&line).unwrap());
    let count = |line: serde_json::Value| {
        let of = |field: &str| line["content"][field].as_u64().unwrap();
        (line["key"].as_str().unwrap().to_owned(), ["started", "ended", "ongoing"].map(of))
    };
    lines.filter(|line| line["kind"] == "activity").map(count).collect()
}

fn short(counts: &BTreeMap<String, [u64; 3]>) -> Vec<String> {
    let line = |(key, [s, e, o]): (&String, &[u64; 3])| format!("{} {s} {e} {o}", key.split('|').next().unwrap());
    counts.iter().map(line).collect()
}

#[tokio::test]
async fn everybody_but_test_patients_is_counted_and_nobody_twice() {
    let region = region().await;
    let mut outbox = region.outbox().await;
    for (who, altered) in [
        ("status", "completed"),
        ("status", "opted_out"),
        ("status", "klar"),
        ("protected_identity", "ja"),
        ("test_patient", "ja"),
        ("programme", "Digital SIP"),
        ("person_id", "19800101-0000"),
        ("ended_on", "2024-06-02"),
    ]
    .into_iter()
    .enumerate()
    {
        region.treatment(&format!("M-{who}"), who, &[altered, ("sex", "M"), ("birth_year", "1980")]).await;
    }
    region.treatment("M-0", 0, &[("sex", "M"), ("birth_year", "1980")]).await;
    region.treatment("M-9", 9, &[("status", "ongoing"), ("ended_on", ""), ("sex", "M"), ("birth_year", "1980")]).await;
    region.cycle(&mut outbox).await;
    let counted = counts(&region, &mut outbox).await;
    assert_eq!(short(&counted), ["2024-01 7 0 6", "2024-02 0 0 6", "2024-03 0 5 1"], "{counted:?}");
}

#[tokio::test]
async fn a_changed_treatment_changes_the_counts_that_it_is_in_and_no_other() {
    let region = region().await;
    let mut outbox = region.outbox().await;
    region.treatment("M-1", 1, &[("status", "ongoing"), ("ended_on", ""), ("sex", "F")]).await;
    region.treatment("M-2", 2, &[("sex", "F")]).await;
    region.cycle(&mut outbox).await;
    assert_eq!(short(&counts(&region, &mut outbox).await), ["2024-01 2 0 2", "2024-02 0 0 2", "2024-03 0 1 1"]);
    region.cycle(&mut outbox).await;
    assert!(region.deliver_all(&mut outbox).await.is_empty(), "nothing changed");

    let end = "UPDATE treatments SET status = 'completed', ended_on = '2024-03-30', updated_at = '2024-03-31T08:00:00Z' \
               WHERE treatment_id = 'M-1'";
    region.sql(end).await;
    region.cycle(&mut outbox).await;
    assert_eq!(region.deliver(&mut outbox).await.len(), 1, "an increment queues the treatment, and no counts");
    let sweep = |outbox| region.cycle_at(outbox, "2024-06-09T10:00:00Z");
    sweep(&mut outbox).await;
    assert_eq!(short(&counts(&region, &mut outbox).await), ["2024-03 0 2 0"]);
    region.sql("DELETE FROM treatments WHERE treatment_id = 'M-2'").await;
    region.cycle_at(&mut outbox, "2024-06-16T10:00:00Z").await;
    assert_eq!(short(&counts(&region, &mut outbox).await), [""; 0], "a person decides first");
    outbox.decide_vanished("12", None, State::Retract).await.unwrap();
    region.cycle_at(&mut outbox, "2024-06-23T10:00:00Z").await;
    assert_eq!(short(&counts(&region, &mut outbox).await), ["2024-01 1 0 1", "2024-02 0 0 1", "2024-03 0 1 0"]);
}

#[tokio::test]
async fn whoever_says_no_stays_counted_and_the_preview_tells_how_many_counts_go() {
    let region = region().await;
    let mut outbox = region.outbox().await;
    region.treatment("M-1", 1, &[]).await;
    region.treatment("M-2", 2, &[]).await;
    let before = shown(&region).await;
    let queued = region.cycle(&mut outbox).await;
    assert_eq!(before.payload_sha256, queued.payload_sha256, "counts are no part of the payload");
    let sealed = outbox.next(&region.setup.config.agent.region).await.unwrap().unwrap();
    assert_eq!(
        (sealed.records_of_care(), outbox.free_to_go().await.unwrap()),
        (2, 2),
        "nor of the records that are told"
    );
    assert_eq!(counts(&region, &mut outbox).await.len() as u64, before.monthly_counts);
    let leave =
        "UPDATE treatments SET status = 'opted_out', updated_at = '2024-04-01T00:00:00Z' WHERE treatment_id = 'M-1'";
    region.sql(leave).await;
    region.cycle(&mut outbox).await;
    assert_eq!(short(&counts(&region, &mut outbox).await), [""; 0], "the same numbers, of whoever they are");
    drop(outbox);
    assert_eq!(shown(&region).await.monthly_counts, 0);
}

#[tokio::test]
async fn what_a_source_counts_itself_is_what_the_agent_counts_and_a_bad_row_costs_only_itself() {
    let table = |text: String| {
        let lines = text
            .lines()
            .map(|line| if line.starts_with("activity") { "activity = \"SELECT * FROM activity\"" } else { line });
        lines.collect::<Vec<_>>().join("\n")
    };
    let (own, given) = (region().await, Region::with(table).await);
    given.sql("CREATE TABLE activity (month, unit_id, programme, started, ended, ongoing, sex, age_group)").await;
    for region in [&own, &given] {
        region.treatment("M-1", 1, &[("sex", "F"), ("birth_year", "1980")]).await;
        region.treatment("M-2", 2, &[("sex", "F"), ("birth_year", "1980"), ("ended_on", "2024-01-30")]).await;
    }
    for row in ["'2024-01', 2, 1, 1", "'2024-02', 0, 0, 1", "'2024-03', 0, 1, 0", "'2024-03', 0.5, 1, 0"] {
        let (month, numbers) = row.split_once(", ").unwrap();
        let row = format!("{month}, 'SE9990120000-E001', 'Depressionshjälpen', {numbers}, '', ''");
        given.sql(&format!("INSERT INTO activity VALUES ({row})")).await;
    }
    let mut outboxes = (own.outbox().await, given.outbox().await);
    own.cycle(&mut outboxes.0).await;
    let queued = given.cycle(&mut outboxes.1).await;
    assert_eq!(queued.counts.get(&(Term::Warning, "count-not-whole".into())), Some(&1), "{:?}", queued.counts);
    assert_eq!(queued.counts.get(&(Term::Queued, String::new())), Some(&2), "the treatments go");
    assert_eq!(counts(&own, &mut outboxes.0).await, counts(&given, &mut outboxes.1).await);
    // Of a source that counts itself, every run reads the counts.
    given.sql("UPDATE activity SET ongoing = 2 WHERE month = '2024-02'").await;
    given.cycle(&mut outboxes.1).await;
    assert_eq!(short(&counts(&given, &mut outboxes.1).await), ["2024-02 0 0 2"]);
}

#[tokio::test]
async fn a_half_empty_source_takes_no_count_back() {
    let region = region().await;
    let mut outbox = region.outbox().await;
    for number in 0..120 {
        region.treatment(&format!("M-{number}"), number % 9, &[("sex", "F")]).await;
    }
    region.cycle(&mut outbox).await;
    assert_eq!(counts(&region, &mut outbox).await.len(), 3);
    region.sql("DELETE FROM treatments WHERE treatment_id LIKE 'M-1%' OR treatment_id LIKE 'M-2%'").await;
    region.cycle_at(&mut outbox, "2024-06-09T10:00:00Z").await;
    assert!(outbox.vanished(None).await.unwrap().len() > 20, "a person decides");
    assert!(counts(&region, &mut outbox).await.is_empty());
}
