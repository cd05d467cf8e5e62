//! Which facts make which conditions.

use std::sync::Arc;

use super::*;
use crate::store::alarm::ContactRole;
use crate::store::watch::{Day, Heard};

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
    let known = Known { senders: senders.to_vec(), contacts: contacts.to_vec(), ..Known::default() };
    let found = conditions(&known, now.parse().unwrap());
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

/// Kinds of what is wrong with a sender that came at noon of the first of March, on a Sunday.
fn kinds(known: &Known, now: &str) -> Vec<&'static str> {
    conditions(known, now.parse().unwrap()).iter().map(|condition| condition.kind.word()).collect()
}

fn history(alter: impl FnOnce(&mut History)) -> History {
    let day = |text: &str| text.parse::<jiff::civil::Date>().unwrap();
    let came = |added| Day { batches: 1, records: 100, added, rejected: 1 };
    let mut history = History {
        sender: "12".parse().unwrap(),
        days: (0..80).map(|back| (day("2026-03-01") - jiff::Span::new().days(back), came(10))).collect(),
        rejects: BTreeMap::new(),
        agent: None,
        rules: Some(schemas::rule::hash()),
        schema: None,
        newest_end: None,
        heard: None,
    };
    alter(&mut history);
    history
}

fn known(history: History) -> Known {
    Known { senders: vec![sender("12")], histories: vec![history], ..Known::default() }
}

#[test]
fn what_came_and_the_machine_that_it_came_from_have_their_own_conditions() {
    let now = "2026-03-02T12:00:00Z";
    let heard = |skew_s, until: &str| {
        let at = now.parse().unwrap();
        Some(Heard { at, skew_s: Some(skew_s), certificate_until: until.parse().unwrap() })
    };
    let last_week = |history: &mut History, change: fn(&mut Day)| {
        let from = "2026-02-23".parse::<jiff::civil::Date>().unwrap();
        history.days.range_mut(from..).for_each(|(_, day)| change(day));
    };
    for (alter, expected) in [
        (Box::new(|_: &mut History| {}) as Box<dyn Fn(&mut History)>, [].as_slice()),
        (Box::new(|h| last_week(h, |day| day.added = 1)), &["volume-drop"]),
        (Box::new(|h| last_week(h, |day| day.rejected = 20)), &["reject-spike"]),
        (Box::new(|h| h.heard = heard(60, "2026-04-02T12:00:00Z")), &[]),
        (Box::new(|h| h.heard = heard(-61, "2026-04-02T12:00:00Z")), &["clock"]),
        (Box::new(|h| h.heard = heard(0, "2026-04-01T12:00:00Z")), &["certificate-30"]),
        (Box::new(|h| h.heard = heard(0, "2026-03-09T12:00:00Z")), &["certificate-30", "certificate-7"]),
        (
            Box::new(|h| h.heard = heard(0, "2026-03-01T12:00:00Z")),
            &["certificate-30", "certificate-7", "certificate-1"],
        ),
        (Box::new(|h| h.rules = Some("others".to_owned())), &["other-rules"]),
        (Box::new(|h| h.rules = None), &[]),
    ] {
        let made = history(|history| alter(history));
        assert_eq!(kinds(&known(made.clone()), now), expected, "{made:?}");
        let suspended = SenderFact { status: Arc::from("suspended"), ..sender("12") };
        assert_eq!(kinds(&Known { senders: vec![suspended], ..known(made) }, now), [""; 0]);
    }
    let drop = history(|history| last_week(history, |day| day.added = 0));
    assert_eq!(kinds(&known(drop), "2026-03-03T01:15:00Z"), ["late"], "who is late is told so and not of a drop");
}

#[test]
fn an_account_that_does_not_add_up_and_an_old_agent_are_told() {
    let code: SenderCode = "12".parse().unwrap();
    let old = Known {
        unbalanced: BTreeSet::from([code]),
        ..known(history(|history| history.agent = Some("0.0.9".to_owned())))
    };
    assert_eq!(kinds(&old, "2026-03-02T12:00:00Z"), ["accounting", "old-agent"]);
    for (version, expected) in
        [("0.9.0", true), ("0.10.0", false), ("0.10.0-rc1", false), ("0.9", true), ("1.0.0", false), ("new", false)]
    {
        assert_eq!(is_older(version, "0.10.0"), expected, "{version}");
    }
}

#[test]
fn for_a_day_after_an_outage_of_the_register_nobody_is_late_who_was_not_late_before() {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let life = |down: &str| Some(Life { began_at: at("2026-03-10T12:00:00Z"), down_at: Some(at(down)) });
    for (down, now, expected) in [
        ("2026-03-02T12:00:00Z", "2026-03-10T12:00:00Z", [].as_slice()),
        ("2026-03-02T12:00:00Z", "2026-03-11T11:59:59Z", &[]),
        ("2026-03-02T12:00:00Z", "2026-03-11T12:00:00Z", &["late", "silent"]),
        ("2026-03-04T12:00:00Z", "2026-03-10T12:00:00Z", &["late"]),
    ] {
        let known = Known { senders: vec![sender("12")], life: life(down), ..Known::default() };
        assert_eq!(kinds(&known, now), expected, "{down} {now}");
    }
}
