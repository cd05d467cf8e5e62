//! What waits for a release, without a network.

use schemas::canonical::sha256_hex;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;

use super::*;
use crate::outbox::Candidate;
use crate::preview::pending;
use crate::release::{Because, By, Volume};
use schemas::language::Language;

const BY: fn() -> By = || By { account: "registry-agent".into(), behind: Some("anna".into()) };

async fn with_hold(hold: &str) -> Region {
    let region = Region::with(|text| format!("{text}[release]\nhold = {hold}\n")).await;
    for (id, who) in [("M-1", 1), ("M-2", 2)] {
        region.treatment(id, who, &[]).await;
        region.answer(id, "pre", "14", &[]).await;
    }
    region
}

async fn first(outbox: &mut Outbox) -> Candidate {
    outbox.candidates().await.unwrap().into_iter().next().unwrap()
}

/// Lets the oldest candidate go; answers the bytes of its batches as they were before.
async fn let_go(region: &Region, outbox: &mut Outbox) -> Vec<String> {
    let (candidate, sender) = (first(outbox).await, &region.setup.config.agent.region);
    let looked = look((outbox, sender), &candidate, async |_, _| Ok(())).await.unwrap();
    assert_eq!(looked.payload_sha256, candidate.payload_sha256);
    outbox.let_go(&candidate, (looked.contents, &looked.words), (&BY(), NOW.parse().unwrap())).await.unwrap();
    looked.batches.into_iter().map(|(sha256, _)| sha256).collect()
}

async fn edit(region: &Region, id: &str, set: &str) {
    region
        .sql(&format!("UPDATE treatments SET {set}, updated_at = '2024-05-30T00:00:00Z' WHERE treatment_id = '{id}'"))
        .await;
}

#[tokio::test]
async fn what_waits_leaves_only_when_it_is_released_and_as_the_bytes_that_were_shown() {
    let region = with_hold("\"always\"").await;
    let mut outbox = region.outbox().await;
    let queued = region.cycle(&mut outbox).await;
    assert!(delivered(&region, &mut outbox).await.is_empty(), "something left before its release");
    let (wanted, sender) =
        (Shown { limit: 10, treatment: None, full: false }, region.setup.config.agent.region.clone());
    let preview = pending(&region.setup, &wanted).await.unwrap().unwrap();
    assert_eq!(preview.payload_sha256, queued.payload_sha256);
    let mut ids: Vec<&str> = preview.records.iter().map(|record| record.treatment.as_str()).collect();
    ids.sort_unstable();
    assert_eq!((preview.new, &ids[..]), (2, &["M-1", "M-2"][..]));

    // What comes later is another candidate.
    region.treatment("M-3", 3, &[]).await;
    let later = region.cycle(&mut outbox).await;
    let waiting: Vec<String> =
        outbox.candidates().await.unwrap().into_iter().map(|candidate| candidate.payload_sha256).collect();
    assert_eq!(waiting, [queued.payload_sha256.clone(), later.payload_sha256.clone()]);

    let shown: Vec<String> = preview.pending.unwrap().batches.into_iter().map(|batch| batch.sha256).collect();
    assert_eq!(let_go(&region, &mut outbox).await, shown);
    let sent = outbox.next(&sender).await.unwrap().unwrap();
    assert_eq!([sha256_hex(&sent.plain)], shown[..]);
    assert_eq!(delivered(&region, &mut outbox).await.len(), 2);
    assert_eq!(first(&mut outbox).await.payload_sha256, later.payload_sha256);

    let log = outbox.releases().await.unwrap();
    let [entry] = &log[..] else { panic!("{log:?}") };
    assert_eq!((entry.account.as_str(), entry.behind.as_deref()), ("registry-agent", Some("anna")));
    assert_eq!(entry.payload_sha256.as_ref(), Some(&queued.payload_sha256));
    assert_eq!((entry.treatments, entry.retractions, entry.units), (2, 0, 0));
}

#[tokio::test]
async fn a_pending_preview_shows_what_changed_since_the_register_took_it_and_what_is_taken_back() {
    let region = with_hold("\"always\"").await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    let_go(&region, &mut outbox).await;
    delivered(&region, &mut outbox).await;
    edit(&region, "M-1", "modules_total = '8'").await;
    edit(&region, "M-2", "test_patient = 'ja'").await;
    region.cycle(&mut outbox).await;
    let wanted = Shown { limit: 10, treatment: None, full: false };
    let preview = pending(&region.setup, &wanted).await.unwrap().unwrap();
    assert_eq!((preview.new, preview.changed, preview.retracted["test-patient"]), (0, 1, 1));
    let changed = preview.records.iter().find(|record| record.treatment == "M-1").unwrap();
    assert_eq!(changed.difference.keys().collect::<Vec<_>>(), ["modules_total"]);
    let page = crate::preview::page(&preview, ("12", "now"), Language::Sv);
    assert!(page.contains(&preview.payload_sha256));
    for hidden in ["M-1", "M-2", "r12-g1."] {
        assert!(!page.contains(hidden), "the page for the diary names {hidden}");
    }
}

#[tokio::test]
async fn whoever_leaves_is_out_of_the_candidate_which_then_has_another_hash() {
    let region = with_hold("\"always\"").await;
    let mut outbox = region.outbox().await;
    let queued = region.cycle(&mut outbox).await;
    edit(&region, "M-1", "status = 'opted_out'").await;
    region.cycle(&mut outbox).await;
    let candidate = first(&mut outbox).await;
    assert_ne!(candidate.payload_sha256, queued.payload_sha256);
    let_go(&region, &mut outbox).await;
    assert_eq!(delivered(&region, &mut outbox).await.len(), 1);
}

#[tokio::test]
async fn hold_on_change_stops_only_for_what_nobody_released_before() {
    let region = with_hold("\"change\"").await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    let because = first(&mut outbox).await.because;
    assert!(because.contains(&Because::Programme("depressionshjalpen".into())), "{because:?}");
    let_go(&region, &mut outbox).await;
    assert_eq!(delivered(&region, &mut outbox).await.len(), 2);

    region.treatment("M-3", 3, &[("updated_at", "2024-05-30T00:00:00Z")]).await;
    region.answer("M-3", "pre", "9", &[]).await;
    region.cycle(&mut outbox).await;
    assert_eq!(delivered(&region, &mut outbox).await.len(), 1, "nothing new stood in it");

    let unit = "SE9990120000-E002";
    region.treatment("M-4", 4, &[("updated_at", "2024-05-30T00:00:00Z"), ("unit_id", unit), ("messages", "3")]).await;
    region.cycle(&mut outbox).await;
    let because = first(&mut outbox).await.because;
    assert_eq!(because, [Because::Field("treatment messages".into()), Because::Unit(unit.into())]);
    let_go(&region, &mut outbox).await;
    delivered(&region, &mut outbox).await;

    for (number, who) in (10..19).zip(10..) {
        region.treatment(&format!("M-{number}"), who, &[("updated_at", "2024-05-30T00:00:00Z")]).await;
    }
    region.cycle(&mut outbox).await;
    let volume = Volume { records: 9, fewest: 1, most: 2 };
    assert_eq!(first(&mut outbox).await.because, [Because::Volume(volume)]);
}

#[tokio::test]
async fn hold_on_change_stops_when_words_mean_something_else() {
    let mut region = with_hold("\"change\"").await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    let_go(&region, &mut outbox).await;
    delivered(&region, &mut outbox).await;
    let maps = "[programme]\n\"Vårt program\" = \"depressionshjalpen\"\n";
    region.setup.config.map = toml::from_str(maps).unwrap();
    region.treatment("M-3", 3, &[("programme", "Vårt program"), ("updated_at", "2024-05-30T00:00:00Z")]).await;
    region.cycle(&mut outbox).await;
    assert_eq!(first(&mut outbox).await.because, [Because::Mapping]);
}

#[tokio::test]
async fn without_hold_nothing_waits() {
    let region = with_hold("false").await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    assert!(outbox.candidates().await.unwrap().is_empty());
    assert_eq!(delivered(&region, &mut outbox).await.len(), 2);
}

#[tokio::test]
async fn a_field_that_a_newer_version_knows_stays_out_until_somebody_approves_it() {
    let region = with_hold("false").await;
    edit(&region, "M-1", "messages = '3'").await;
    let mut outbox = region.outbox().await;
    outbox.pin_fields().await.unwrap();
    // As an older version left it, which did not know the field.
    forget(&region, "treatment messages").await;
    let before = shown(&region).await;
    let queued = region.cycle(&mut outbox).await;
    assert_eq!(queued.payload_sha256, before.payload_sha256);
    let sent = delivered(&region, &mut outbox).await;
    assert!(sent.len() == 2 && sent.iter().all(|(_, content)| content.get("messages").is_none()), "{sent:?}");
    assert_eq!(outbox.left_out().await.unwrap().names().collect::<Vec<_>>(), ["treatment messages"]);

    assert_eq!(outbox.approve_fields((&BY(), NOW.parse().unwrap())).await.unwrap(), ["treatment messages"]);
    region.cycle(&mut outbox).await;
    let sent = delivered(&region, &mut outbox).await;
    assert_eq!(sent.iter().map(|(_, content)| content["messages"].as_u64()).collect::<Vec<_>>(), [Some(3)]);
    let log = outbox.releases().await.unwrap();
    assert_eq!((log[0].what.as_str(), log[0].words.as_str()), ("fields", "treatment messages"));
    assert!(outbox.approve_fields((&BY(), NOW.parse().unwrap())).await.unwrap().is_empty());
    assert_eq!(outbox.releases().await.unwrap().len(), 1);
}

async fn forget(region: &Region, field: &str) {
    let mut connection = SqliteConnectOptions::new().filename(region.path("state/outbox.db")).connect().await.unwrap();
    let gone =
        sqlx::query("DELETE FROM approved_field WHERE name = ?").bind(field).execute(&mut connection).await.unwrap();
    assert_eq!(gone.rows_affected(), 1);
}
