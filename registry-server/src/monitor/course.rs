//! A sender's weeks: what was expected in each, how it went, and what came.
//!
//! Promises: pure; a week begins on Monday in Sweden. A planned run is met by a delivery on its day or the day after. The present schedule is
//! taken for the past too, because older ones are not kept.

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan as _};
use schemas::rule::today;
use schemas::schedule::Schedule;

use super::limits::WEEKS;
use crate::chart::strip::State;
use crate::fact::SenderFact;
use crate::store::watch::{Day, History};

/// Weeks that are shown.
pub const SHOWN: usize = 12;

/// One week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week {
    /// Its Monday.
    pub monday: Date,
    /// How it went.
    pub state: State,
    /// What came.
    pub came: Day,
}

/// The Monday of the first of so many weeks that end with the one of a moment.
#[must_use]
pub fn first_monday(now: Timestamp, weeks: usize) -> Date {
    let back = i64::try_from(weeks).unwrap_or(i64::MAX).saturating_sub(1);
    let monday = monday(today(now));
    monday.checked_sub(back.saturating_mul(7).days()).unwrap_or(monday)
}

/// The weeks that are shown, the present one last.
#[must_use]
pub fn weeks(sender: &SenderFact, history: &History, now: Timestamp) -> Vec<Week> {
    let mut mondays = Vec::with_capacity(SHOWN);
    let mut next = first_monday(now, SHOWN);
    while mondays.len() < SHOWN {
        mondays.push(next);
        next = next.checked_add(7.days()).unwrap_or(next);
    }
    mondays
        .into_iter()
        .map(|monday| {
            let came = sum(history, monday, end(monday));
            Week { monday, state: state(sender, (history, &came), (monday, now)), came }
        })
        .collect()
}

/// What came from one day to before another.
#[must_use]
pub fn sum(history: &History, from: Date, until: Date) -> Day {
    history.days.range(from..until).fold(Day::default(), |sum, (_, day)| Day {
        batches: sum.batches + day.batches,
        records: sum.records + day.records,
        added: sum.added + day.added,
        rejected: sum.rejected + day.rejected,
    })
}

/// What the newest whole week is compared by: its new treatments, and those of the weeks before it; fewer where the sender is younger.
#[must_use]
pub fn volumes(history: &History, now: Timestamp) -> (Day, Vec<u64>) {
    let this = monday(today(now));
    let back = |weeks: i64| this.checked_sub((7 * weeks).days()).unwrap_or(this);
    let first = history.days.keys().next().copied();
    let whole = |weeks: &i64| first.is_some_and(|first| first <= back(*weeks));
    let before = (2..).take(WEEKS).filter(whole).map(|weeks| sum(history, back(weeks), back(weeks - 1)).added);
    (sum(history, back(1), this), before.collect())
}

/// Records rejected, and all, of the last seven days and of the eight weeks before them.
#[must_use]
pub fn rejects(history: &History, now: Timestamp) -> ((u64, u64), (u64, u64)) {
    let tomorrow = today(now).checked_add(1.day()).unwrap_or(today(now));
    let back = |days: i64| tomorrow.checked_sub(days.days()).unwrap_or(tomorrow);
    let [new, old] = [(back(7), tomorrow), (back(63), back(7))].map(|(from, until)| sum(history, from, until));
    ((new.rejected, new.records), (old.rejected, old.records))
}

fn monday(day: Date) -> Date {
    let since = day.weekday().since(Weekday::Monday);
    day.checked_sub(i64::from(since).days()).unwrap_or(day)
}

fn end(monday: Date) -> Date {
    monday.checked_add(7.days()).unwrap_or(monday)
}

fn state(sender: &SenderFact, (history, came): (&History, &Day), (monday, now): (Date, Timestamp)) -> State {
    let first = sender.first_accepted_at.as_ref().and_then(|at| at.parse().ok()).map(today);
    if first.is_none_or(|first| end(monday) <= first) {
        return State::BeforeEnrolment;
    }
    let planned = planned(sender, (monday.max(first.unwrap_or(monday)), end(monday)), now);
    let next = |day: Date| day.checked_add(1.day()).unwrap_or(day);
    let is_met = |day: &Date| history.days.contains_key(day) || history.days.contains_key(&next(*day));
    let until = sender.paused_until.as_ref().and_then(|day| day.parse::<Date>().ok());
    match (planned.iter().all(is_met), came.batches) {
        (true, 0) if planned.is_empty() => State::NothingExpected,
        (true, _) => State::OnTime,
        _ if until.is_some_and(|until| until >= monday && today(now) <= until) => State::Paused,
        (false, 1..) => State::Late,
        (false, 0) => State::Silent,
    }
}

/// The days of the runs that should have come by now, a day's grace given.
fn planned(sender: &SenderFact, (from, until): (Date, Date), now: Timestamp) -> Vec<Date> {
    let own = sender.schedule.as_deref().zip(sender.timezone.as_deref());
    let (expression, zone) = own.unwrap_or(("@daily", "UTC"));
    let Ok(schedule) = Schedule::parse(expression, zone) else { return Vec::new() };
    let Ok(begin) = from.to_zoned(schedule.zone().clone()) else { return Vec::new() };
    let due = |run: &Timestamp| run.checked_add(24.hours()).is_ok_and(|due| due <= now);
    let runs = std::iter::successors(schedule.next_after(begin.timestamp()), |run| schedule.next_after(*run));
    let days = runs.take_while(|run| today(*run) < until && due(run)).map(today);
    // An agent that runs every minute is asked for a day's delivery, not for a minute's.
    let mut days: Vec<Date> = days.take(7 * 24 * 60).collect();
    days.dedup();
    days
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use crate::chart::strip::State::{BeforeEnrolment, Late, NothingExpected, OnTime, Paused, Silent};

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn sender(schedule: &str) -> SenderFact {
        SenderFact {
            sender: Arc::from("12"),
            status: Arc::from("active"),
            enrolled_at: "2026-01-01T00:00:00Z".to_owned(),
            first_accepted_at: Some("2026-09-16T01:20:00Z".to_owned()),
            last_accepted_at: None,
            last_seen_at: None,
            paused_until: None,
            schedule: Some(schedule.to_owned()),
            timezone: Some("Europe/Stockholm".to_owned()),
        }
    }

    /// A sender of which something came on these days.
    fn history(days: &[&str]) -> History {
        let came = Day { batches: 1, records: 10, added: 4, rejected: 1 };
        History {
            sender: "12".parse().unwrap(),
            days: days.iter().map(|text| (day(text), came)).collect(),
            rejects: BTreeMap::new(),
            agent: None,
            rules: None,
            schema: None,
            newest_end: None,
            heard: None,
        }
    }

    fn told(sender: &SenderFact, days: &[&str], now: &str) -> Vec<State> {
        weeks(sender, &history(days), now.parse().unwrap()).iter().map(|week| week.state).collect()
    }

    #[test]
    fn a_weekly_sender_is_on_time_late_silent_or_not_expected() {
        // Every Sunday at four; Friday the 27th of November 2026.
        let now = "2026-11-27T12:00:00Z";
        let sunday = sender("0 4 * * 0");
        let days = ["2026-09-20", "2026-09-28", "2026-10-04", "2026-10-14", "2026-11-15", "2026-11-22"];
        let expected = [
            BeforeEnrolment,
            OnTime,
            OnTime,
            OnTime,
            Silent,
            Late,
            Silent,
            Silent,
            Silent,
            OnTime,
            OnTime,
            NothingExpected,
        ];
        assert_eq!(told(&sunday, &days, now), expected);
        let paused = SenderFact { paused_until: Some("2026-12-24".to_owned()), ..sender("15 2 * * *") };
        assert_eq!(told(&paused, &["2026-11-22"], now).last(), Some(&Paused));
        assert_eq!(told(&sender("15 2 * * *"), &["2026-11-22"], now).last(), Some(&Silent));
        let never = SenderFact { first_accepted_at: None, ..sender("15 2 * * *") };
        assert_eq!(told(&never, &[], now), [BeforeEnrolment; SHOWN]);
    }

    #[test]
    fn volumes_are_of_whole_weeks_and_rejects_of_the_last_seven_days() {
        let now: Timestamp = "2026-11-27T12:00:00Z".parse().unwrap();
        let all = history(&["2026-09-21", "2026-11-10", "2026-11-16", "2026-11-22", "2026-11-23", "2026-11-27"]);
        let (week, before) = volumes(&all, now);
        assert_eq!((week.added, before), (8, vec![4, 0, 0, 0, 0, 0, 0, 4]));
        assert_eq!(volumes(&history(&["2026-11-10"]), now).1, [0; 0], "the week in which it began is none");
        assert_eq!(rejects(&all, now), ((3, 30), (2, 20)));
        assert_eq!(first_monday(now, 1), day("2026-11-23"));
    }
}
