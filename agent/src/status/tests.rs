//! The administrator's view.

mod runs;

use super::*;
use crate::tests::{NOW, Region};

async fn seen(region: &Region, now: &str) -> Status {
    status(&region.setup.config, now.parse().unwrap(), Language::En).await.unwrap()
}

#[tokio::test]
async fn a_new_installation_shows_its_faults_and_makes_no_state() {
    let region = Region::new().await;
    let status = seen(&region, NOW).await;
    assert_eq!((status.verdict, status.exit()), ("fault", Exit::Faults));
    assert!(status.notes.iter().any(|note| note.contains("[server] cert")), "{:?}", status.notes);
    assert!(status.notes.iter().any(|note| note.contains("nothing has been read")), "{:?}", status.notes);
    assert_eq!(status.key_id.as_deref(), Some("r12-g1"));
    assert_eq!(status.next_run.as_deref(), Some("2024-06-02T00:17:36Z"));
    assert!(!region.path("state").exists());
}

#[tokio::test]
async fn what_a_cycle_kept_and_queued_is_shown_by_rule_beside_a_run_that_goes_on() {
    let region = Region::new().await;
    region.treatment("M-1", 1, &[]).await;
    region.treatment("M-2", 2, &[("unit_id", "VC Norr")]).await;
    region.treatment("M-3", 3, &[("unit_id", "VC Norr")]).await;
    region.answer("M-1", "pre", "99", &[]).await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    let status = seen(&region, NOW).await;
    let held: Vec<(&str, &str, &str, i64)> =
        status.held.iter().map(|row| (row.scope.as_str(), row.rule.as_str(), row.field.as_str(), row.n)).collect();
    assert_eq!(held, [("treatment", "unit-form", "unit_id", 2), ("answer", "score-range", "score", 1)]);
    assert_eq!((status.outbox.batches, status.outbox.records), (1, 1));
    assert_eq!(status.last_run.unwrap().tally.by_rule["held"]["unit-form"], 2);
    assert!(status.notes.iter().any(|note| note.starts_with("2 treatments held by unit-form (unit_id): ")));
    assert!(status.notes.iter().any(|note| note.starts_with("1 record waits to be delivered")), "{:?}", status.notes);
}

#[tokio::test]
async fn a_key_file_that_cannot_be_used_is_a_fault() {
    let region = Region::new().await;
    std::fs::remove_file(region.path("pseudonym.key")).unwrap();
    let status = seen(&region, NOW).await;
    assert!(status.key_id.is_none() && status.notes[0].contains("there is no key file"), "{:?}", status.notes);
}

#[test]
fn the_verdict_has_its_exit_code() {
    let region_less = |verdict| Status {
        schema: "registry-status/1",
        verdict,
        version: "0",
        sender: "12".into(),
        environment: "test",
        key_id: None,
        certificate_days: None,
        last_run: None,
        last_failure: None,
        register: Way::default(),
        timezone: "Europe/Stockholm".into(),
        next_run: None,
        paused: None,
        codelists: Told::default(),
        at_register: 0,
        outbox: Depth::default(),
        pending: Vec::new(),
        left_out: Vec::new(),
        held: vec![],
        rejected: vec![],
        accounting: vec![],
        vanished: Vanished::default(),
        leaving: Standing::default(),
        compared: None,
        notes: vec![],
    };
    let exits = ["ok", "warning", "fault"].map(|verdict| region_less(verdict).exit());
    assert_eq!(exits, [Exit::Done, Exit::Warnings, Exit::Faults]);
}
