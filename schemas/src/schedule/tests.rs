//! Runs by expression, over both changes of the clocks.

use proptest::prelude::*;

use super::*;

fn schedule(expression: &str) -> Schedule {
    Schedule::parse(expression, "Europe/Stockholm").unwrap()
}

/// The next runs after a time in Stockholm, in local time with offset.
fn runs(expression: &str, after: &str, count: usize) -> Vec<String> {
    let after: Timestamp = after.parse().unwrap();
    let schedule = schedule(expression);
    let local = |run: Timestamp| run.to_zoned(schedule.zone().clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    schedule.next_runs(after, count).into_iter().map(local).collect()
}

#[test]
fn a_nightly_run_in_the_skipped_spring_hour_comes_right_after_it() {
    assert_eq!(
        runs("30 2 * * *", "2026-03-27T12:00:00+01:00", 3),
        ["2026-03-28T02:30:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"]
    );
    assert_eq!(
        runs("0,30 2,3 * * *", "2026-03-29T01:00:00+01:00", 3),
        ["2026-03-29T03:00:00+02:00", "2026-03-29T03:30:00+02:00", "2026-03-30T02:00:00+02:00"],
        "several times in the gap are one run"
    );
}

#[test]
fn a_nightly_run_in_the_repeated_autumn_hour_comes_once() {
    assert_eq!(
        runs("30 2 * * *", "2026-10-24T12:00:00+02:00", 2),
        ["2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"]
    );
    assert_eq!(
        runs("30 2 * * *", "2026-10-25T02:10:00+01:00", 1),
        ["2026-10-26T02:30:00+01:00"],
        "asked inside the second pass of the hour"
    );
}

#[test]
fn an_hourly_run_follows_the_elapsed_hours_over_both_changes() {
    assert_eq!(
        runs("30 * * * *", "2026-10-25T01:00:00+02:00", 4),
        [
            "2026-10-25T01:30:00+02:00",
            "2026-10-25T02:30:00+02:00",
            "2026-10-25T02:30:00+01:00",
            "2026-10-25T03:30:00+01:00"
        ]
    );
    assert_eq!(
        runs("0 */1 * * *", "2026-10-25T02:00:00+02:00", 2),
        ["2026-10-25T02:00:00+01:00", "2026-10-25T03:00:00+01:00"],
        "a run at the change itself"
    );
    assert_eq!(
        runs("30 * * * *", "2026-03-29T01:00:00+01:00", 2),
        ["2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00"]
    );
}

#[test]
fn expressions_mean_what_crontab_says() {
    for (expression, after, expected) in [
        ("15 2 * * *", "2026-03-01T02:15:00+01:00", "2026-03-02T02:15:00+01:00"),
        ("15 2 * * *", "2026-03-01T02:14:59.5+01:00", "2026-03-01T02:15:00+01:00"),
        ("15 2 * * *", "2026-03-01T02:15:00.5+01:00", "2026-03-02T02:15:00+01:00"),
        ("30 15 2 * * *", "2026-03-01T02:15:00+01:00", "2026-03-01T02:15:30+01:00"),
        ("15 2 * * *", "2026-12-31T12:00:00+01:00", "2027-01-01T02:15:00+01:00"),
        ("0 4 29 2 *", "2026-03-01T12:00:00+01:00", "2028-02-29T04:00:00+01:00"),
        ("0 4 29 2 *", "2096-03-01T12:00:00+01:00", ""),
        ("0 0 31 * *", "2026-03-31T12:00:00+02:00", "2026-05-31T00:00:00+02:00"),
        ("0 4 * * 0", "2026-03-02T12:00:00+01:00", "2026-03-08T04:00:00+01:00"),
        ("0 4 * * 7", "2026-03-02T12:00:00+01:00", "2026-03-08T04:00:00+01:00"),
        ("0 4 * * 1", "2026-03-02T12:00:00+01:00", "2026-03-09T04:00:00+01:00"),
        ("0 4 * * mon", "2026-03-02T12:00:00+01:00", "2026-03-09T04:00:00+01:00"),
        ("0 4 * * 1-5", "2026-03-06T12:00:00+01:00", "2026-03-09T04:00:00+01:00"),
        ("0 4 * * 5-7", "2026-03-07T12:00:00+01:00", "2026-03-08T04:00:00+01:00"),
        ("0 4 * * FRI-SUN", "2026-03-08T12:00:00+01:00", "2026-03-13T04:00:00+01:00"),
        ("0 4 * * 2,4", "2026-03-03T12:00:00+01:00", "2026-03-05T04:00:00+01:00"),
        ("0 4 * * */3", "2026-03-04T12:00:00+01:00", "2026-03-07T04:00:00+01:00"),
        ("0 4 1 * MON", "2026-03-01T12:00:00+01:00", "2026-03-02T04:00:00+01:00"),
        ("0 4 1 * MON", "2026-03-30T12:00:00+02:00", "2026-04-01T04:00:00+02:00"),
        ("0 4 */2 * MON", "2026-03-01T12:00:00+01:00", "2026-03-09T04:00:00+01:00"),
        ("0 4 * JUN 1", "2026-03-01T12:00:00+01:00", "2026-06-01T04:00:00+02:00"),
        ("@hourly", "2026-03-01T12:10:00+01:00", "2026-03-01T13:00:00+01:00"),
        ("@daily", "2026-03-01T12:00:00+01:00", "2026-03-02T00:00:00+01:00"),
        ("@weekly", "2026-03-02T12:00:00+01:00", "2026-03-08T00:00:00+01:00"),
        ("@monthly", "2026-03-02T12:00:00+01:00", "2026-04-01T00:00:00+02:00"),
        ("@yearly", "2026-03-02T12:00:00+01:00", "2027-01-01T00:00:00+01:00"),
    ] {
        assert_eq!(runs(expression, after, 1).join(" "), expected, "{expression} after {after}");
    }
}

#[test]
fn a_wrong_field_is_named_and_a_right_one_shown() {
    for (expression, said) in [
        ("60 2 * * *", "the minute `60`"),
        ("15 24 * * *", "the hour `24`"),
        ("15 2 0 * *", "the day of month `0`"),
        ("15 2 * 13 *", "the month `13`"),
        ("15 2 * * 8", "the day of week `8`"),
        ("15 2 * * 6-1", "the day of week `6-1`"),
        ("15 2 * * */0", "the day of week `*/0`"),
        ("15 2 * * måndag", "the day of week `måndag`"),
        ("61 15 2 * * *", "the second `61`"),
        ("x 2 * * *", "the minute `x`"),
        ("*/0 2 * * *", "the minute `*/0`"),
        ("15 2 * *", "`15 2 * * *`"),
        ("15 2 * * * * 2026", "`15 2 * * *`"),
        ("", "`15 2 * * *`"),
        ("@nightly", "@daily"),
        ("0 2 31 2 *", "never comes"),
        ("0 2 31 4,6 *", "never comes"),
    ] {
        let error = Schedule::parse(expression, "Europe/Stockholm").unwrap_err().to_string();
        assert!(error.contains(said), "{expression}: {error}");
        assert!(error.contains("write "), "{error}");
    }
    assert_eq!(Schedule::parse("15 2 * * *", "Europe/Sthlm").unwrap_err(), ScheduleError::Zone("Europe/Sthlm".into()));
}

#[test]
fn a_day_that_exists_only_as_a_weekday_is_enough() {
    assert!(Schedule::parse("0 2 31 2 1", "UTC").is_ok(), "the Mondays of February");
    assert!(Schedule::parse("0 2 29 2 *", "UTC").is_ok());
}

#[test]
fn lengths_of_time_are_read_with_their_unit() {
    for (text, seconds) in
        [("10m", 600), ("60s", 60), ("3d", 259_200), ("8 days", 691_200), ("2h 30m", 9000), ("0s", 0)]
    {
        assert_eq!(duration(text), Ok(SignedDuration::from_secs(seconds)), "{text}");
    }
    for text in ["", "10", "ten minutes", "-10m", "1 month", "10x"] {
        assert_eq!(duration(text), Err(ScheduleError::Duration(text.into())), "{text}");
    }
}

#[test]
fn senders_are_spread_and_each_keeps_its_place() {
    let max = SignedDuration::from_mins(10);
    let places: std::collections::BTreeSet<SignedDuration> =
        (1..=25).map(|code| jitter(&format!("{code:02}").parse().unwrap(), max)).collect();
    assert_eq!(places.len(), 25);
    assert!(places.iter().all(|place| (SignedDuration::ZERO..=max).contains(place)));
    let spread = *places.last().unwrap() - *places.first().unwrap();
    assert!(spread > SignedDuration::from_mins(5), "{spread:?}");
    let sender = "12".parse().unwrap();
    assert_eq!(jitter(&sender, max), jitter(&sender, max));
    assert_eq!(jitter(&sender, SignedDuration::ZERO), SignedDuration::ZERO);
    assert_eq!(jitter(&sender, SignedDuration::from_secs(-5)), SignedDuration::ZERO);
}

proptest! {
    #[test]
    fn every_day_has_exactly_one_nightly_run(minute in 0i8..60, hour in 0i8..24, day in 0i64..20_000) {
        let start: Timestamp = "1980-01-01T12:00:00Z".parse().unwrap();
        let after = start + SignedDuration::from_hours(24 * day);
        let schedule = schedule(&format!("{minute} {hour} * * *"));
        let dates: Vec<_> = schedule.next_runs(after, 3).into_iter().map(|run| schedule.zone().to_datetime(run).date()).collect();
        prop_assert_eq!(dates[1], dates[0].tomorrow().unwrap());
        prop_assert_eq!(dates[2], dates[1].tomorrow().unwrap());
    }

    #[test]
    fn runs_are_later_than_asked_and_in_order(
        fields in prop_oneof!["[0-5]?[0-9] (\\*|\\*/2|[0-9]|2,3) \\* \\* [0-7]", "\\*/7 \\*/5 (\\*|[1-9]) \\* \\*"],
        second in 0i64..4_000_000_000,
    ) {
        let after = Timestamp::from_second(second).unwrap();
        let runs = schedule(&fields).next_runs(after, 5);
        prop_assert!(runs.first().is_some_and(|run| *run > after));
        prop_assert!(runs.is_sorted_by(|a, b| a < b), "{:?}", runs);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in prop_oneof![".{0,30}", "[0-9*/,@? A-Z-]{0,20}"]) {
        let _ = Schedule::parse(&text, "UTC");
        let _ = duration(&text);
    }
}
