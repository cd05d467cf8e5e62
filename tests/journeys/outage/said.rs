//! What the agent is told and what both programs write while the database is away.

use end_to_end::wire::Exchange;
use schemas::problem::{Problem, ProblemType};
use serde_json::Value;

use super::stage::Stage;

/// The agent's words for it.
pub(super) const AGENT_WAITS: &str =
    "the register is busy; its database does not answer at the moment; send it again as Retry-After says";

/// The fields of a program's log lines of this level and above.
pub(super) fn lines(log: &str, level: &str) -> Vec<Value> {
    let levels = ["ERROR", "WARN", "INFO"];
    let counted = &levels[..=levels.iter().position(|one| *one == level).expect("a level")];
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| counted.iter().any(|one| line["level"] == *one)).map(|line| line["fields"].clone()).collect()
}

/// Every answer that is no receipt is one problem with the time to wait, and what the register logs tells its operator what to look at.
pub(super) fn must_be_clear(stage: &Stage) {
    let exchanges = stage.capture.exchanges();
    let refused: Vec<&Exchange> = exchanges.iter().filter(|exchange| exchange.reply.status() != Some(200)).collect();
    assert!(refused.len() >= 2, "{} refusals", refused.len());
    for Exchange { reply, .. } in refused {
        assert_eq!((reply.status(), reply.header("retry-after")), (Some(503), Some("5")), "{}", reply.head);
        let problem: Problem = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(problem.kind, ProblemType::Busy);
        assert_eq!(problem.detail, "its database does not answer at the moment; send it again as Retry-After says");
    }
    let log = std::fs::read_to_string(stage.world.log()).unwrap();
    let told = lines(&log, "WARN");
    for line in &told {
        let message = line["message"].as_str().unwrap_or_default();
        let says_what_to_do = message.contains("the database cannot be reached (")
            && message.ends_with("); check that its server runs and that [database] url names it");
        assert!(says_what_to_do, "{line}");
    }
    let requests =
        told.iter().filter_map(|line| line["message"].as_str()?.strip_prefix("a request was told to come again: "));
    assert!(requests.count() >= 2, "{log}");
    let both = log + &stage.agent_log();
    for hidden in stage.address().into_iter().chain(["postgres:", "INSERT", "SELECT"]) {
        assert!(!both.contains(hidden), "{hidden} was said: {both}");
    }
}
