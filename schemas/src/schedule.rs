//! When a sender's cycles run: a crontab expression in a time zone.
//!
//! Promises: every day that an expression names has its run, also when the clocks change: a time that the spring skips runs at the first
//! instant after the gap, a time that the autumn repeats runs the first time only; an expression whose hour begins with `*` follows the
//! elapsed hours instead, so the repeated hour has its runs twice and the skipped one none.
//! Must not know: the clock, what runs, or what ran before.

mod expression;

#[cfg(test)]
mod tests;

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp, ToSpan as _};
use sha2::{Digest as _, Sha256};

use crate::id::SenderCode;
use expression::{Expression, Hours};

/// Times of a crontab expression in a zone.
#[derive(Debug, Clone)]
pub struct Schedule {
    expression: Expression,
    zone: TimeZone,
}

/// Why a schedule cannot be used; the sentence names what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// The wrong number of fields, or an unknown `@` word.
    #[error(
        "the schedule `{0}` is none: write minute, hour, day of month, month and day of week (seconds may go before), such as `15 2 * * *`, or @hourly, @daily, @weekly, @monthly or @yearly"
    )]
    Fields(String),
    /// One field cannot be read.
    #[error("the {field} `{text}` of the schedule cannot be read; write {example}")]
    Field {
        /// What the field is called.
        field: &'static str,
        /// What stands in it.
        text: String,
        /// A right one.
        example: &'static str,
    },
    /// No day has this date.
    #[error(
        "the schedule `{0}` never comes, because no month of it has such a day; write a day that exists, such as `15 2 28 2 *`"
    )]
    Never(String),
    /// The zone is not in the time zone database.
    #[error("`{0}` is not a time zone; write a name such as Europe/Stockholm or UTC")]
    Zone(String),
    /// A length of time cannot be read.
    #[error("`{0}` is not a length of time; write a number with s, m, h or d, such as 10m or 3d")]
    Duration(String),
}

impl Schedule {
    /// Reads an expression of 5 fields as in crontab, of 6 with seconds before, or an `@` word; and the name of a zone.
    ///
    /// # Errors
    /// The part that is wrong, with a right example.
    pub fn parse(expression: &str, zone: &str) -> Result<Self, ScheduleError> {
        let expression = Expression::parse(expression)?;
        let zone = TimeZone::get(zone).map_err(|_| ScheduleError::Zone(zone.to_owned()))?;
        Ok(Self { expression, zone })
    }

    /// The first run after an instant; none when the year 2100 ends before it, the last year that the cron library knows.
    #[must_use]
    pub fn next_after(&self, after: Timestamp) -> Option<Timestamp> {
        match self.expression.hours() {
            Hours::Named => self.next_by_the_wall(after),
            Hours::Every => self.next_by_elapsed_time(after),
        }
    }

    /// Whether what follows this plan is to be done at an instant: it never was done, or has been planned since.
    #[must_use]
    pub fn is_due(&self, last: Option<Timestamp>, at: Timestamp) -> bool {
        last.and_then(|last| self.next_after(last)).is_none_or(|planned| planned <= at)
    }

    /// The first `count` runs after an instant, in order.
    #[must_use]
    pub fn next_runs(&self, after: Timestamp, count: usize) -> Vec<Timestamp> {
        std::iter::successors(self.next_after(after), |run| self.next_after(*run)).take(count).collect()
    }

    /// The zone that the fields are read in.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Walks the wall clock, which shows every time of every day exactly once on paper, and only then asks when that was.
    fn next_by_the_wall(&self, after: Timestamp) -> Option<Timestamp> {
        let mut wall = self.zone.to_datetime(after);
        // Ends because each step is later on paper: at the latest behind a repeated hour, or past the last known year.
        loop {
            wall = self.expression.next_after(wall)?;
            let run = self.instant(wall)?;
            if run > after {
                return Some(run);
            }
        }
    }

    /// Walks one stretch of constant offset after the other.
    fn next_by_elapsed_time(&self, after: Timestamp) -> Option<Timestamp> {
        let mut offset = self.zone.to_offset(after);
        let (mut from, mut wall) = (after, offset.to_datetime(after));
        // Ends because each step goes to a later change of the clocks, or past the last known year.
        loop {
            let run = offset.to_timestamp(self.expression.next_after(wall)?).ok()?;
            let change = self.zone.following(from).next().filter(|change| change.timestamp() <= run);
            let Some(change) = change else { return Some(run) };
            (from, offset) = (change.timestamp(), change.offset());
            // The change itself can be a run.
            wall = offset.to_datetime(from).checked_sub(1.second()).ok()?;
        }
    }

    /// When the wall clock shows a time: the first instant after a gap, the first of two in an overlap.
    fn instant(&self, wall: DateTime) -> Option<Timestamp> {
        match self.zone.to_ambiguous_timestamp(wall).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(wall).ok(),
            AmbiguousOffset::Fold { before, .. } => before.to_timestamp(wall).ok(),
            AmbiguousOffset::Gap { after, .. } => {
                let before_the_change = after.to_timestamp(wall).ok()?;
                self.zone.following(before_the_change).next().map(|change| change.timestamp())
            }
        }
    }
}

/// How much later than planned a sender runs: the same for one sender every time, different between senders, so that they do not all
/// push in the same second. From zero to `max`, in whole milliseconds.
#[must_use]
pub fn jitter(sender: &SenderCode, max: SignedDuration) -> SignedDuration {
    let digest = Sha256::digest(sender.as_str());
    let number = digest.iter().take(8).fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    let steps = u64::try_from(max.as_millis()).unwrap_or(0);
    let millis = number % steps.saturating_add(1);
    SignedDuration::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}

/// Reads a length of time such as `10m`, `2h 30m` or `3d`; a day is 24 hours.
///
/// # Errors
/// [`ScheduleError::Duration`] when it cannot be read, is negative, or counts months or years, which have no fixed length.
pub fn duration(text: &str) -> Result<SignedDuration, ScheduleError> {
    let span: Option<Span> = text.trim().parse().ok();
    span.and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()).ok())
        .filter(|duration| !duration.is_negative())
        .ok_or_else(|| ScheduleError::Duration(text.to_owned()))
}
