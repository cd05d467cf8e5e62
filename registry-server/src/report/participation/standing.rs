//! Whether a sender comes when it said it would.
//!
//! Promises: a sender is measured by the schedule and zone that its own agent tells, also over a change of the clocks.
//! Must not know: the clock.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use schemas::rule::today;
use schemas::schedule::Schedule;

use crate::fact::SenderFact;

/// How much later than planned still counts as on time: an agent spreads its runs, and a host may be down for a night.
const GRACE: SignedDuration = SignedDuration::from_hours(24);
/// So many planned runs that did not come are silence ...
const RUNS_OF_SILENCE: usize = 3;
/// ... when it has lasted this long.
const SILENCE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How a sender stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nothing of it has been accepted.
    Never,
    /// It has planned to be silent.
    Paused,
    /// It came as planned.
    OnTime,
    /// A planned run did not come.
    Late,
    /// Several did not.
    Silent,
}

impl Standing {
    /// The word in the report.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Paused => "paused",
            Self::OnTime => "on_time",
            Self::Late => "late",
            Self::Silent => "silent",
        }
    }
}

/// How a sender stands at a moment.
pub(crate) fn standing(sender: &SenderFact, as_of: Timestamp) -> Standing {
    let seen = sender.last_seen_at.as_ref().and_then(|seen| seen.parse::<Timestamp>().ok());
    let (Some(seen), Some(_)) = (seen, &sender.first_accepted_at) else { return Standing::Never };
    let paused_until = sender.paused_until.as_ref().and_then(|day| day.parse::<Date>().ok());
    if paused_until.is_some_and(|day| today(as_of) <= day) {
        return Standing::Paused;
    }
    let missed = planned(sender, seen).into_iter().filter(|run| run.checked_add(GRACE).is_ok_and(|due| due <= as_of));
    match missed.count() {
        0 => Standing::OnTime,
        RUNS_OF_SILENCE if as_of.duration_since(seen) >= SILENCE => Standing::Silent,
        _ => Standing::Late,
    }
}

/// The runs that were planned after a moment; one a day for an agent that has told no schedule.
fn planned(sender: &SenderFact, after: Timestamp) -> Vec<Timestamp> {
    let own = sender.schedule.as_deref().zip(sender.timezone.as_deref());
    let (expression, zone) = own.unwrap_or(("@daily", "UTC"));
    match Schedule::parse(expression, zone) {
        Ok(schedule) => schedule.next_runs(after, RUNS_OF_SILENCE),
        // A newer agent may write what this version cannot read.
        Err(_) => (1..=3).filter_map(|day| after.checked_add(SignedDuration::from_hours(24 * day)).ok()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    /// A sender seen last at noon of Wednesday 2026-03-04.
    fn at(schedule: Option<&str>, as_of: &str) -> Standing {
        standing(&seen(schedule), as_of.parse().unwrap())
    }

    fn seen(schedule: Option<&str>) -> SenderFact {
        SenderFact {
            sender: Arc::from("12"),
            status: Arc::from("active"),
            enrolled_at: "2026-01-01T00:00:00Z".to_owned(),
            first_accepted_at: Some("2026-01-02T00:00:00Z".to_owned()),
            last_accepted_at: Some("2026-01-02T00:00:00Z".to_owned()),
            last_seen_at: Some("2026-03-04T12:00:00Z".to_owned()),
            paused_until: None,
            schedule: schedule.map(str::to_owned),
            timezone: schedule.map(|_| "Europe/Stockholm".to_owned()),
        }
    }

    #[test]
    fn a_daily_sender_is_late_after_its_run_and_a_day_and_silent_after_a_week() {
        // The next run is at 02:15 on the fifth, 01:15 UTC.
        let daily = Some("15 2 * * *");
        assert_eq!(at(daily, "2026-03-06T01:14:59Z"), Standing::OnTime);
        assert_eq!(at(daily, "2026-03-06T01:15:00Z"), Standing::Late);
        assert_eq!(at(daily, "2026-03-11T11:59:59Z"), Standing::Late);
        assert_eq!(at(daily, "2026-03-11T12:00:00Z"), Standing::Silent);
    }

    #[test]
    fn a_weekly_sender_is_waited_for_a_week_and_is_silent_after_its_third_run() {
        let weekly = Some("0 4 * * 0");
        assert_eq!(at(weekly, "2026-03-09T02:59:59Z"), Standing::OnTime);
        assert_eq!(at(weekly, "2026-03-09T03:00:00Z"), Standing::Late);
        assert_eq!(at(weekly, "2026-03-23T02:59:59Z"), Standing::Late);
        assert_eq!(at(weekly, "2026-03-23T03:00:00Z"), Standing::Silent);
    }

    #[test]
    fn an_agent_whose_schedule_is_not_known_or_not_readable_is_waited_for_daily() {
        for schedule in [None, Some("every other day")] {
            assert_eq!(at(schedule, "2026-03-05T23:59:59Z"), Standing::OnTime);
            assert_eq!(at(schedule, "2026-03-06T12:00:00Z"), Standing::Late);
            assert_eq!(at(schedule, "2026-03-12T12:00:00Z"), Standing::Silent);
        }
    }

    #[test]
    fn a_planned_silence_ends_with_its_last_day_in_sweden() {
        let paused = SenderFact { paused_until: Some("2026-03-20".to_owned()), ..seen(Some("15 2 * * *")) };
        assert_eq!(standing(&paused, "2026-03-20T22:59:59Z".parse().unwrap()), Standing::Paused);
        assert_eq!(standing(&paused, "2026-03-20T23:00:00Z".parse().unwrap()), Standing::Silent);
    }

    #[test]
    fn a_sender_of_which_nothing_was_accepted_never_took_part() {
        let nothing = SenderFact { first_accepted_at: None, ..seen(None) };
        assert_eq!(standing(&nothing, "2026-03-04T12:00:00Z".parse().unwrap()), Standing::Never);
    }
}
