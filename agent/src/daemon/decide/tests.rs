//! The daemon's days: changes of the clocks, nights without power, failures, pauses and wrong clocks.

use jiff::tz::TimeZone;

use super::*;
use crate::config::Schedule;

fn plan(cron: &str, jitter: &str) -> Plan {
    let settings = Schedule { cron: cron.into(), jitter: jitter.into(), ..Schedule::default() };
    Plan::of(&"12".parse().unwrap(), &settings).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn local(moment: Timestamp) -> String {
    let zone = TimeZone::get("Europe/Stockholm").unwrap();
    moment.to_zoned(zone).strftime("%Y-%m-%d %H:%M %:z").to_string()
}

/// A host that lives from one instant to another under a plan, looking at its clock every minute. `on` tells when it has power,
/// `works` whether a run that begins then comes to its end.
fn lives(
    plan: &Plan,
    (mut now, end): (Timestamp, Timestamp),
    on: impl Fn(Timestamp) -> bool,
    works: impl Fn(Timestamp) -> bool,
) -> Vec<String> {
    let (mut memory, mut runs) = (Memory::default(), Vec::new());
    while now < end {
        if on(now) {
            match decide(plan, &memory, now) {
                Action::Begin => memory.planned = Some(now),
                Action::Run { planned, attempt } => {
                    runs.push(local(now));
                    let attempts = if works(now) { 0 } else { attempt };
                    memory = Memory { planned: Some(planned), attempts, tried_at: Some(now), ..memory };
                }
                Action::Wait { until, .. } => assert!(until.is_none_or(|until| until > now), "a wait that is over"),
            }
        }
        now += SignedDuration::from_mins(1);
    }
    runs
}

fn from_to(from: &str, to: &str) -> (Timestamp, Timestamp) {
    (at(from), at(to))
}

#[test]
fn each_night_has_one_run_over_both_changes_of_the_clocks_leap_day_and_new_year() {
    for (what, days, expected) in [
        (
            "spring, the hour of the plan is skipped",
            from_to("2026-03-27T12:00:00+01:00", "2026-03-30T12:00:00+02:00"),
            ["2026-03-28 02:30 +01:00", "2026-03-29 03:00 +02:00", "2026-03-30 02:30 +02:00"],
        ),
        (
            "autumn, the hour of the plan comes twice",
            from_to("2026-10-23T12:00:00+02:00", "2026-10-26T12:00:00+01:00"),
            ["2026-10-24 02:30 +02:00", "2026-10-25 02:30 +02:00", "2026-10-26 02:30 +01:00"],
        ),
        (
            "leap day",
            from_to("2028-02-27T12:00:00+01:00", "2028-03-01T12:00:00+01:00"),
            ["2028-02-28 02:30 +01:00", "2028-02-29 02:30 +01:00", "2028-03-01 02:30 +01:00"],
        ),
        (
            "new year",
            from_to("2026-12-29T12:00:00+01:00", "2027-01-01T12:00:00+01:00"),
            ["2026-12-30 02:30 +01:00", "2026-12-31 02:30 +01:00", "2027-01-01 02:30 +01:00"],
        ),
    ] {
        assert_eq!(lives(&plan("30 2 * * *", "0s"), days, |_| true, |_| true), expected, "{what}");
    }
}

#[test]
fn the_sender_s_own_delay_moves_each_run_and_loses_none() {
    let plan = plan("30 2 * * *", "10m");
    assert_eq!(plan.jitter().as_secs(), 156, "sender 12's share of ten minutes");
    let nights = from_to("2026-10-24T12:00:00+02:00", "2026-10-26T12:00:00+01:00");
    assert_eq!(lives(&plan, nights, |_| true, |_| true), ["2026-10-25 02:33 +02:00", "2026-10-26 02:33 +01:00"]);
    // Off exactly between the planned instant and the delayed one.
    let off = |now: Timestamp| now < at("2026-10-25T02:31:00+02:00") || now > at("2026-10-25T02:40:00+02:00");
    assert_eq!(lives(&plan, nights, off, |_| true), ["2026-10-25 02:41 +02:00", "2026-10-26 02:33 +01:00"]);
}

#[test]
fn a_host_that_was_off_makes_up_for_one_run_however_many_it_missed() {
    for (what, off, expected) in [
        (
            "one night",
            ("2026-03-28T20:00:00Z", "2026-03-29T07:00:00Z"),
            vec!["2026-03-29 09:00 +02:00", "2026-03-30 02:30 +02:00"],
        ),
        ("two nights", ("2026-03-28T20:00:00Z", "2026-03-30T07:00:00Z"), vec!["2026-03-30 09:00 +02:00"]),
        (
            "by day",
            ("2026-03-29T07:00:00Z", "2026-03-29T20:00:00Z"),
            vec!["2026-03-29 03:00 +02:00", "2026-03-30 02:30 +02:00"],
        ),
    ] {
        let (from, to) = (at(off.0), at(off.1));
        let days = from_to("2026-03-28T12:00:00+01:00", "2026-03-30T12:00:00+02:00");
        assert_eq!(lives(&plan("30 2 * * *", "0s"), days, |now| now < from || now >= to, |_| true), expected, "{what}");
    }
    let month = from_to("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
    let hourly = lives(
        &plan("0 * * * *", "0s"),
        month,
        |now| now < at("2026-01-01T00:30:00Z") || now >= at("2026-01-31T22:30:00Z"),
        |_| true,
    );
    assert_eq!(hourly, ["2026-01-31 23:30 +01:00", "2026-02-01 00:00 +01:00"]);
}

#[test]
fn a_failed_run_is_tried_again_after_5_15_and_then_every_45_minutes_until_the_next_planned_one() {
    let day = from_to("2026-06-01T00:00:00+02:00", "2026-06-01T06:00:00+02:00");
    let fails = lives(&plan("0 2,5 * * *", "0s"), day, |_| true, |now| now >= at("2026-06-01T05:00:00+02:00"));
    let times: Vec<&str> = fails.iter().map(|run| &run[11..16]).collect();
    assert_eq!(times, ["02:00", "02:05", "02:20", "03:05", "03:50", "04:35", "05:00"]);
    let mends = lives(&plan("0 2 * * *", "0s"), day, |_| true, |now| now >= at("2026-06-01T02:20:00+02:00"));
    assert_eq!(mends.len(), 3, "no more after the one that worked");
}

/// The night's run of the cases below.
const NIGHT: &str = "2026-06-02T02:15:00+02:00";

fn memory(planned: &str, attempts: u32, tried_at: Option<&str>, paused: Option<&str>) -> Memory {
    let (planned, tried_at, paused_until) = (Some(at(planned)), tried_at.map(at), paused.map(at));
    Memory { planned, attempts, tried_at, paused_until, in_vain: 0 }
}

fn run(planned: &str, attempt: u32) -> Action {
    Action::Run { planned: at(planned), attempt }
}

fn wait(until: &str, what: Next) -> Action {
    Action::Wait { until: Some(at(until)), what }
}

/// What a case is called, what is remembered, what the clock shows, and what follows.
type Case = (&'static str, Memory, &'static str, Action);

fn decided<const N: usize>(cases: [Case; N]) {
    let plan = plan("15 2 * * *", "0s");
    for (what, memory, now, expected) in cases {
        assert_eq!(decide(&plan, &memory, at(now)), expected, "{what}");
    }
}

#[test]
fn a_planned_run_is_due_once_and_a_broken_one_again() {
    decided([
        ("a new directory", Memory::default(), "2026-06-01T12:00:00Z", Action::Begin),
        (
            "the day before",
            memory("2026-06-01T00:15:00Z", 0, None, None),
            "2026-06-01T12:00:00Z",
            wait(NIGHT, Next::Planned),
        ),
        ("the instant itself", memory("2026-06-01T00:15:00Z", 0, None, None), NIGHT, run(NIGHT, 1)),
        (
            "right after it ran",
            memory(NIGHT, 0, Some(NIGHT), None),
            "2026-06-02T00:15:01Z",
            wait("2026-06-03T00:15:00Z", Next::Planned),
        ),
        (
            "stopped in the middle",
            memory(NIGHT, 1, Some(NIGHT), None),
            "2026-06-02T00:16:00Z",
            wait("2026-06-02T00:20:00Z", Next::Attempt(2)),
        ),
        (
            "broke down in the middle, hours ago",
            memory(NIGHT, 1, Some(NIGHT), None),
            "2026-06-02T08:00:00Z",
            run(NIGHT, 2),
        ),
        (
            "an attempt would meet the next run",
            memory(NIGHT, 9, Some("2026-06-02T23:50:00Z"), None),
            "2026-06-03T00:00:00Z",
            wait("2026-06-03T00:15:00Z", Next::Planned),
        ),
    ]);
}

#[test]
fn a_register_that_stays_away_is_tried_less_often_but_by_every_planned_run() {
    let silent = |in_vain, tried_at| Memory { in_vain, ..memory(NIGHT, 3, Some(tried_at), None) };
    let noon = "2026-06-02T12:00:00Z";
    let again = |until| wait(until, Next::Attempt(4));
    decided([
        ("three in vain", silent(3, noon), noon, again("2026-06-02T12:45:00Z")),
        ("four in vain", silent(4, noon), noon, again("2026-06-02T13:30:00Z")),
        ("five in vain", silent(5, noon), noon, again("2026-06-02T15:00:00Z")),
        ("a week in vain", silent(30, noon), noon, again("2026-06-02T18:00:00Z")),
        ("its wait is over", silent(30, noon), "2026-06-02T18:00:00Z", run(NIGHT, 4)),
        ("the next planned run is sooner", silent(30, "2026-06-02T20:00:00Z"), "2026-06-02T20:00:00Z", {
            wait("2026-06-03T00:15:00Z", Next::Planned)
        }),
    ]);
}

#[test]
fn a_pause_holds_every_run_back_until_its_end() {
    decided([
        (
            "paused over the plan",
            memory("2026-06-01T00:15:00Z", 0, None, Some("2026-06-08T22:00:00Z")),
            "2026-06-03T00:00:00Z",
            wait("2026-06-08T22:00:00Z", Next::EndOfPause),
        ),
        (
            "a failed run in a pause",
            memory(NIGHT, 1, Some(NIGHT), Some("2026-06-08T22:00:00Z")),
            "2026-06-03T00:00:00Z",
            wait("2026-06-08T22:00:00Z", Next::EndOfPause),
        ),
        (
            "the pause is over",
            memory("2026-06-01T00:15:00Z", 0, None, Some("2026-06-08T22:00:00Z")),
            "2026-06-08T22:00:00Z",
            run("2026-06-08T22:00:00Z", 1),
        ),
        (
            "a pause that ended long ago",
            memory(NIGHT, 0, Some(NIGHT), Some("2026-06-02T00:00:00Z")),
            "2026-06-02T12:00:00Z",
            wait("2026-06-03T00:15:00Z", Next::Planned),
        ),
    ]);
}

#[test]
fn a_clock_that_was_wrong_neither_silences_the_daemon_nor_makes_it_run_twice() {
    decided([
        (
            "the clock was 50 years ahead",
            memory("2076-06-02T00:15:00Z", 1, Some("2076-06-02T00:15:00Z"), None),
            "2026-06-02T12:00:00Z",
            run("2026-06-02T12:00:00Z", 1),
        ),
        (
            "the clock is 50 years behind",
            memory(NIGHT, 0, Some(NIGHT), None),
            "1976-06-02T12:00:00Z",
            run("1976-06-02T12:00:00Z", 1),
        ),
        (
            "it was behind and is right again",
            memory("1976-06-02T12:00:00Z", 1, Some("1976-06-02T12:00:00Z"), None),
            "2026-06-02T12:00:00Z",
            run("2026-06-02T12:00:00Z", 1),
        ),
        (
            "the clock was set back some seconds after the run",
            memory(NIGHT, 0, Some(NIGHT), None),
            "2026-06-02T00:14:57Z",
            wait("2026-06-03T00:15:00Z", Next::Planned),
        ),
        (
            "set back an hour after an attempt",
            memory(NIGHT, 1, Some(NIGHT), None),
            "2026-06-01T23:20:00Z",
            run(NIGHT, 2),
        ),
    ]);
}
