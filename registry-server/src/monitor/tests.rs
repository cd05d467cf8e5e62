//! Which facts make which conditions.

use std::sync::Arc;

use super::*;
use crate::store::alarm::ContactRole;

/// A sender with a run every night, seen last at noon of the first of March.
fn sender(code: &str) -> SenderFact {
    SenderFact {
        sender: Arc::from(code),
        status: Arc::from("active"),
        enrolled_at: "2026-01-01T00:00:00Z".to_owned(),
        first_accepted_at: Some("2026-01-02T00:00:00Z".to_owned()),
        last_accepted_at: Some("2026-01-02T00:00:00Z".to_owned()),
        last_seen_at: Some("2026-03-01T12:00:00Z".to_owned()),
        paused_until: None,
        schedule: Some("15 2 * * *".to_owned()),
        timezone: Some("Europe/Stockholm".to_owned()),
    }
}

fn contact(code: &str, confirmed_at: &str) -> Contact {
    Contact {
        number: 1,
        sender: code.parse().unwrap(),
        role: ContactRole::Technical,
        name: "A".to_owned(),
        email: "a@example.se".to_owned(),
        deputy_of: None,
        confirmed_at: confirmed_at.parse().unwrap(),
        confirmed_by: None,
    }
}

/// Sender and kind of what is wrong.
fn told(senders: &[SenderFact], contacts: &[Contact], now: &str) -> Vec<String> {
    let found = conditions(senders, contacts, now.parse().unwrap());
    found.iter().map(|c| format!("{} {} since {}", c.sender, c.kind.word(), c.since)).collect()
}

#[test]
fn who_does_not_come_is_late_and_then_silent_too() {
    let late = "12 late since 2026-03-01T12:00:00Z";
    for (now, expected) in [
        ("2026-03-03T01:14:59Z", vec![]),
        ("2026-03-03T01:15:00Z", vec![late]),
        ("2026-03-08T11:59:59Z", vec![late]),
        ("2026-03-08T12:00:00Z", vec![late, "12 silent since 2026-03-01T12:00:00Z"]),
    ] {
        assert_eq!(told(&[sender("12")], &[], now), expected, "{now}");
    }
}

#[test]
fn a_planned_silence_a_suspended_sender_and_one_of_which_nothing_came_are_no_alarm() {
    let now = "2026-03-20T12:00:00Z";
    let paused = SenderFact { paused_until: Some("2026-03-31".to_owned()), ..sender("01") };
    let never = SenderFact { first_accepted_at: None, ..sender("12") };
    let stopped = |word| SenderFact { status: Arc::from(word), ..sender("14") };
    let quiet = [paused.clone(), never, stopped("suspended")];
    assert_eq!(told(&quiet, &[contact("14", "2020-01-01T00:00:00Z")], now), [""; 0]);
    assert_eq!(told(&[stopped("revoked")], &[], now), [""; 0]);
    // The same, when the planned silence is over and when it may deliver.
    assert_eq!(told(&[paused, stopped("active")], &[], "2026-04-02T12:00:00Z").len(), 4);
}

#[test]
fn a_unit_with_nothing_to_report_that_delivers_its_empty_run_is_alive() {
    let alive = SenderFact { last_seen_at: Some("2026-03-19T02:15:00Z".to_owned()), ..sender("12") };
    assert_eq!(told(&[alive], &[], "2026-03-20T12:00:00Z"), [""; 0]);
}

#[test]
fn contacts_are_asked_for_once_a_sender_when_the_oldest_is_a_year_old() {
    let [old, older] = ["2025-03-01T00:00:00Z", "2025-02-01T00:00:00Z"].map(|at| contact("12", at));
    let alive = SenderFact { last_seen_at: Some("2026-03-01T11:00:00Z".to_owned()), ..sender("12") };
    let found = told(
        std::slice::from_ref(&alive),
        &[old.clone(), older, contact("01", "2020-01-01T00:00:00Z")],
        "2026-03-01T12:00:00Z",
    );
    assert_eq!(found, ["12 contact-unconfirmed since 2026-02-01T00:00:00Z"]);
    assert_eq!(told(&[alive], &[old], "2026-02-28T23:59:59Z"), [""; 0]);
}
