//! A cycle from source to outbox, without a network.

mod accounting;
mod counts;
mod decisions;
mod evidence;
mod hold;
mod increments;
mod leaks;
mod lists;
mod persons;
mod rules;
mod vanished;
mod words;

use std::collections::BTreeMap;

use schemas::batch::Envelope;

use super::*;
use crate::preview::{Preview, Wanted as Shown, preview};
use crate::tests::{NOW, Region};

/// What a cycle counted, by term and rule.
fn counted(queued: &Queued) -> BTreeMap<String, u64> {
    let name = |(term, rule): &(Term, String)| {
        if rule.is_empty() { term.word().to_owned() } else { format!("{} {rule}", term.word()) }
    };
    queued.counts.iter().map(|(key, n)| (name(key), *n)).collect()
}

fn counts<const N: usize>(expected: [(&str, u64); N]) -> BTreeMap<String, u64> {
    expected.into_iter().map(|(name, n)| (name.to_owned(), n)).collect()
}

async fn shown(region: &Region) -> Preview {
    let now: Timestamp = NOW.parse().unwrap();
    let surroundings = Surroundings { now: &move || now, chance: &|| 0.5, random: [0; 16], progress: &|_| () };
    let wanted = Shown { limit: 10, treatment: None, full: false };
    preview(&region.setup, &wanted, &surroundings).await.unwrap()
}

/// Delivers all that is queued to a register that accepts it: kind and content of each record.
async fn delivered(region: &Region, outbox: &mut Outbox) -> Vec<(String, serde_json::Value)> {
    let record = |line: &String| {
        let envelope: Envelope = serde_json::from_str(line).unwrap();
        (envelope.kind.word().to_owned(), serde_json::from_str(envelope.content.get()).unwrap())
    };
    region.deliver(outbox).await.iter().map(record).collect()
}

/// Three treatments with answers, one of them ongoing.
async fn some_treatments() -> Region {
    let region = Region::new().await;
    for (id, who) in [("M-1", 1), ("M-2", 2)] {
        region.treatment(id, who, &[]).await;
        region.answer(id, "pre", "14", &[]).await;
        region.answer(id, "post", "6", &[("answered_on", "2024-03-20")]).await;
    }
    region.treatment("M-3", 3, &[("status", "ongoing"), ("ended_on", "")]).await;
    region
}

#[tokio::test]
async fn every_treatment_is_counted_once_under_its_term() {
    let region = some_treatments().await;
    region.treatment("M-4", 4, &[("unit_id", "VC Norr")]).await;
    region.treatment("M-5", 5, &[("sex", "okänt"), ("diagnosis", "nedstämd")]).await;
    region.answer("M-1", "weekly-1", "99", &[]).await;
    region.answer("M-9", "pre", "9", &[]).await;
    let mut outbox = region.outbox().await;
    let queued = region.cycle(&mut outbox).await;
    assert_eq!(
        counted(&queued),
        counts([
            ("found", 5),
            ("queued", 3),
            ("excluded status-ongoing", 1),
            ("held unit-form", 1),
            ("warning sex-unknown", 1),
            ("warning diagnosis-form", 1),
            ("answer-held score-range", 1),
            ("answer-held answer-without-treatment", 1),
        ])
    );
    assert_eq!(outbox.depth().await.unwrap().1, 3);
    assert!(!region.path("state/scratch").exists(), "the working file was left behind");
}

#[tokio::test]
async fn a_preview_shows_the_payload_hash_that_the_cycle_then_queues_and_writes_no_state() {
    let region = some_treatments().await;
    let before = shown(&region).await;
    assert!(!region.path("state").exists(), "the preview made a state directory");
    assert_eq!((before.new, before.changed, before.records.len()), (2, 0, 2));
    let mut outbox = region.outbox().await;
    assert_eq!(region.cycle(&mut outbox).await.payload_sha256, before.payload_sha256);
    delivered(&region, &mut outbox).await;

    region.sql("UPDATE measurements SET score = '7', updated_at = '2024-05-20T00:00:00Z' WHERE rowid = 1").await;
    region
        .sql(
            "UPDATE treatments SET test_patient = 'ja', updated_at = '2024-05-20T00:00:00Z' WHERE treatment_id = 'M-2'",
        )
        .await;
    let before = shown(&region).await;
    assert_eq!((before.changed, before.unchanged, before.retracted["test-patient"]), (1, 0, 1));
    let differences = before.records.iter().map(|record| serde_json::to_value(&record.difference).unwrap());
    let score = |score: u8| serde_json::json!({ "answered_on": "2024-01-11", "score": score });
    let changed = serde_json::json!({ "PHQ-9 pre": { "before": score(14), "now": score(7) } });
    assert_eq!(differences.collect::<Vec<_>>(), [changed, serde_json::json!({})]);
    assert_eq!(region.cycle(&mut outbox).await.payload_sha256, before.payload_sha256);
}

#[tokio::test]
async fn a_preview_never_shows_a_whole_pseudonym() {
    let region = some_treatments().await;
    let preview = serde_json::to_value(shown(&region).await).unwrap();
    let pseudonym = preview["records"][0]["content"]["pseudonym"].as_str().unwrap();
    assert!(pseudonym.starts_with("r12-g1.") && pseudonym.chars().count() < 20, "{pseudonym}");
}

#[tokio::test]
async fn the_payload_hash_depends_on_keys_and_content_alone() {
    let (one, other) = (some_treatments().await, some_treatments().await);
    let mut outbox = one.outbox().await;
    let first = one.cycle(&mut outbox).await;
    let mut outbox = other.outbox().await;
    outbox.set_generation(9).await.unwrap();
    let second = other.cycle_at(&mut outbox, "2024-06-09T03:00:00Z").await;
    assert_eq!(first.payload_sha256, second.payload_sha256);
}

#[tokio::test]
async fn the_records_of_a_cycle_hold_whole_episodes() {
    let region = some_treatments().await;
    region
        .unit(&[
            ("unit_id", "SE9990120000-E001"),
            ("name", "Norra"),
            ("care_level", "primary"),
            ("ownership", "public"),
        ])
        .await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    let records = delivered(&region, &mut outbox).await;
    assert_eq!(records.iter().map(|(kind, _)| kind.as_str()).collect::<Vec<_>>(), ["unit", "treatment", "treatment"]);
    assert_eq!(records[0].1["county"], "12");
    for (_, treatment) in &records[1..] {
        let scores: Vec<f64> =
            treatment["measurements"].as_array().unwrap().iter().map(|m| m["score"].as_f64().unwrap()).collect();
        assert_eq!(scores, [14.0, 6.0]);
    }
}

#[tokio::test]
async fn of_two_descriptions_of_a_unit_the_order_of_reading_never_decides() {
    let row = |from: &'static str, name: &'static str| {
        [
            ("unit_id", "SE9990120000-E001"),
            ("name", name),
            ("care_level", "primary"),
            ("ownership", "public"),
            ("valid_from", from),
        ]
    };
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let region = Region::new().await;
        let rows = [row("2020-01-01", "Gamla"), row("2024-01-01", "Nya"), row("2024-01-01", "Mellan")];
        for place in order {
            region.unit(&rows[place]).await;
        }
        let mut outbox = region.outbox().await;
        region.cycle(&mut outbox).await;
        assert_eq!(delivered(&region, &mut outbox).await[0].1["name"], "Nya", "{order:?}");
        region.cycle(&mut outbox).await;
        assert!(delivered(&region, &mut outbox).await.is_empty(), "an unchanged unit was sent again");
    }
}

#[tokio::test]
async fn a_private_caregivers_treatment_waits_for_its_units_description() {
    let private = |text: String| text.replace("region = \"12\"", "region = \"P01\"").replace("r12-g1", "rP01-g1");
    let region = Region::with(private).await;
    region.treatment("M-1", 1, &[]).await;
    let mut outbox = region.outbox().await;
    assert_eq!(counted(&region.cycle(&mut outbox).await), counts([("found", 1), ("held unit-undescribed", 1)]));
    let described = [
        ("unit_id", "SE9990120000-E001"),
        ("name", "N"),
        ("care_level", "other"),
        ("ownership", "private"),
        ("county", "13"),
    ];
    region.unit(&described).await;
    assert_eq!(counted(&region.cycle(&mut outbox).await), counts([("found", 1), ("queued", 1)]));
}

#[tokio::test]
async fn rows_without_an_id_are_counted_one_by_one_and_never_taken_for_one_treatment_of_two_persons() {
    let region = Region::new().await;
    region.treatment("M-1", 1, &[]).await;
    for who in [2, 3] {
        region.treatment("", who, &[]).await;
    }
    region.treatment("", 4, &[("test_patient", "ja")]).await;
    for score in ["9", "10"] {
        region.answer("", "pre", score, &[]).await;
    }
    let mut outbox = region.outbox().await;
    let queued = region.cycle(&mut outbox).await;
    assert_eq!(
        counted(&queued),
        counts([
            ("found", 4),
            ("queued", 1),
            ("held treatment-id-missing", 2),
            ("excluded test-patient", 1),
            ("answer-held answer-without-treatment", 2),
        ])
    );
    let held = outbox.held_ones(None).await.unwrap();
    let mut told: Vec<(&str, &str)> = held.iter().map(|one| (one.scope.as_str(), one.local_id.as_str())).collect();
    told.sort_unstable();
    assert_eq!(told, [("answer", "row 1"), ("answer", "row 2"), ("treatment", "row 2"), ("treatment", "row 3")]);
    let rows = crate::held::show(&region.setup, "row 2", NOW.parse().unwrap()).await.unwrap();
    assert_eq!(rows.len(), 2, "the treatment's row and the answer's: {rows:?}");
}
