//! PostgreSQL goes away under the register in the middle of a large delivery and comes back: nothing is lost, nothing is doubled, and
//! both programs say what is the matter.

mod said;
mod stage;

use databases::Stop;
use end_to_end::wire::{Wait, waits};

use said::{AGENT_WAITS, must_be_clear};
use stage::{Reach, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn a_postgresql_that_crashes_and_comes_back_within_a_run_loses_and_doubles_nothing() {
    let mut stage = Stage::set(Reach::Network).await;
    let mut agent = stage.begin_once();
    stage.let_two_be_stored().await;
    stage.stop_in_the_middle_of_a_batch(Stop::Crash).await;
    stage.start_again();
    assert_eq!(agent.wait().unwrap(), 3, "{}", stage.agent_log());

    let waited = said::lines(&stage.agent_log(), "WARN");
    assert!(!waited.is_empty());
    for line in &waited {
        assert_eq!(line["message"], format!("not delivered yet: {AGENT_WAITS}"));
    }
    let waits = waits(&stage.capture.exchanges());
    assert!(waits.len() >= 2 && waits.iter().all(Wait::is_obeyed), "{waits:?}");
    must_be_clear(&stage);
    stage.must_hold_everything_once().await;
    stage.must_notice_a_row_less_and_a_row_more().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgresql_that_stays_away_for_longer_than_a_run_gets_the_rest_from_the_next_run() {
    let mut stage = Stage::set(Reach::Socket).await;
    let mut agent = stage.begin_once();
    stage.let_two_be_stored().await;
    stage.stop_in_the_middle_of_a_batch(Stop::Orderly).await;
    assert_eq!(agent.wait().unwrap(), 69, "{}", stage.agent_log());
    let last = stage.agent_log().lines().last().unwrap_or_default().to_owned();
    assert_eq!(last, format!("registry-agent: the queue waits: {AGENT_WAITS}"));
    let waiting = stage.region.site.agent(&["status", "--json"]).unwrap().json().unwrap();
    assert!(waiting["outbox"]["records"].as_u64().is_some_and(|records| records > 0), "{waiting}");

    stage.start_again();
    stage.region.site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
    must_be_clear(&stage);
    stage.must_hold_everything_once().await;
}
