//! One sender's plan: its schedule, later by the sender's own share of the spread, and which of its runs read everything.
//!
//! Promises: the same sender under the same settings has the same plan on every host. Must not know: the clock, or what ran.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use schemas::id::SenderCode;

use super::{Schedule, ScheduleError, duration, jitter};
use crate::config;

/// When one sender runs.
#[derive(Debug, Clone)]
pub struct Plan {
    schedule: Schedule,
    sweep: Schedule,
    jitter: SignedDuration,
    text: String,
}

/// A run to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedRun {
    /// When it begins, the sender's own delay included.
    pub at: Timestamp,
    /// How much of the source it reads.
    pub reads: Reads,
}

/// How much of the source a run reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// What changed.
    Changes,
    /// Everything.
    Everything,
}

impl Plan {
    /// The plan of a sender.
    ///
    /// # Errors
    /// The part of `[schedule]` that cannot be read.
    pub fn of(sender: &SenderCode, settings: &config::Schedule) -> Result<Self, ScheduleError> {
        let config::Schedule { cron, timezone, jitter: spread, full_sweep } = settings;
        Ok(Self {
            schedule: Schedule::parse(cron, timezone)?,
            sweep: Schedule::parse(full_sweep, timezone)?,
            jitter: jitter(sender, duration(spread)?),
            text: format!("{cron} {timezone}"),
        })
    }

    /// The run that follows a planned instant, which is one without the sender's delay; its own instant has the delay.
    #[must_use]
    pub fn next(&self, planned: Timestamp) -> Option<Timestamp> {
        self.schedule.next_after(planned)?.checked_add(self.jitter).ok()
    }

    /// The planned instant that a run now stands for: every plan up to it is behind.
    #[must_use]
    pub fn planned_by(&self, now: Timestamp) -> Timestamp {
        now.checked_sub(self.jitter).unwrap_or(now)
    }

    /// The next runs after an instant, in order. `swept_at` is when everything was read last.
    #[must_use]
    pub fn runs(&self, after: Timestamp, swept_at: Option<Timestamp>, count: usize) -> Vec<PlannedRun> {
        let mut swept_at = swept_at;
        let planned = self.schedule.next_runs(self.planned_by(after), count);
        let runs = planned.into_iter().filter_map(|planned| planned.checked_add(self.jitter).ok());
        runs.map(|at| {
            let due = self.sweep.is_due(swept_at, at);
            swept_at = if due { Some(at) } else { swept_at };
            PlannedRun { at, reads: if due { Reads::Everything } else { Reads::Changes } }
        })
        .collect()
    }

    /// How much later than the schedule this sender runs.
    #[must_use]
    pub fn jitter(&self) -> SignedDuration {
        self.jitter
    }

    /// The zone that the schedule is read in.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        self.schedule.zone()
    }

    /// Schedule and zone as they were written, to notice another plan.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Whether what is done at each planned sweep is due: it never was done, or a sweep was planned since. A plan that cannot be read makes it due.
#[must_use]
pub fn sweep_is_due(settings: &config::Schedule, last: Option<Timestamp>, now: Timestamp) -> bool {
    Schedule::parse(&settings.full_sweep, &settings.timezone).ok().is_none_or(|sweep| sweep.is_due(last, now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_runs_have_the_sender_s_delay_and_name_those_that_read_everything() {
        let settings = config::Schedule { cron: "15 2 * * *".into(), ..config::Schedule::default() };
        let plan = Plan::of(&"12".parse().unwrap(), &settings).unwrap();
        let friday: Timestamp = "2026-10-23T12:00:00+02:00".parse().unwrap();
        let shown = |swept_at: Option<&str>, after: Timestamp| -> Vec<String> {
            let runs = plan.runs(after, swept_at.map(|text| text.parse().unwrap()), 4);
            runs.iter()
                .map(|run| {
                    let full = if run.reads == Reads::Everything { " all" } else { "" };
                    format!("{}{full}", run.at.to_zoned(plan.zone().clone()).strftime("%a %H:%M:%S %:z"))
                })
                .collect()
        };
        // The sweep of Sunday at four is due for the first run after it, on Monday.
        let days = ["Sat 02:17:36 +02:00", "Sun 02:17:36 +02:00", "Mon 02:17:36 +01:00 all", "Tue 02:17:36 +01:00"];
        assert_eq!(shown(Some("2026-10-19T00:17:36Z"), friday), days);
        assert_eq!(shown(None, friday)[0], "Sat 02:17:36 +02:00 all", "the first of all reads everything");
        let between: Timestamp = "2026-10-24T02:16:00+02:00".parse().unwrap();
        assert_eq!(shown(Some("2026-10-19T00:17:36Z"), between)[0], days[0], "planned, but not begun");
    }

    #[test]
    fn what_is_done_at_each_sweep_is_due_once_a_sweep_was_planned_since_it_was_done() {
        let settings = config::Schedule { timezone: "UTC".into(), ..config::Schedule::default() };
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let due = |last: Option<&str>, now: &str| sweep_is_due(&settings, last.map(at), at(now));
        assert!(due(None, "2026-10-19T00:00:00Z"));
        assert!(!due(Some("2026-10-18T04:00:01Z"), "2026-10-25T03:59:59Z"));
        assert!(due(Some("2026-10-18T04:00:01Z"), "2026-10-25T04:00:00Z"));
        assert!(due(Some("2026-10-18T03:59:59Z"), "2026-10-18T04:00:00Z"));
    }
}
