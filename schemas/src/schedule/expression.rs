//! A crontab expression, made into what the `cron` crate understands.
//!
//! Promises: 5 fields mean what crontab(5) says they mean: day of week 0 and 7 are Sunday, and when both day fields are restricted either
//! of them is enough. The crate by itself counts Sunday as 1 and asks for both. Must not know: time zones.

use std::str::FromStr as _;

use chrono::{DateTime as ChronoDateTime, Utc};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::ScheduleError;

/// Times on paper: a calendar without zones.
#[derive(Debug, Clone)]
pub(super) struct Expression {
    /// One, or two of which either is enough.
    parts: Vec<cron::Schedule>,
    hours: Hours,
}

/// How an expression looks at the hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hours {
    /// It names hours of the day.
    Named,
    /// Its hour field begins with `*`: it counts hours as they pass.
    Every,
}

impl Expression {
    pub(super) fn parse(text: &str) -> Result<Self, ScheduleError> {
        let mut fields: Vec<&str> = shorthand(text.trim()).split_whitespace().collect();
        if fields.len() == 5 {
            fields.insert(0, "0");
        }
        let &[second, minute, hour, day, month, weekday] = fields.as_slice() else {
            return Err(ScheduleError::Fields(text.trim().to_owned()));
        };
        let weekdays = weekdays(weekday).ok_or_else(|| wrong(5, weekday))?;
        for (place, field) in fields[..5].iter().enumerate() {
            alone(place, field).ok_or_else(|| wrong(place, field))?;
        }
        let part = |day: &str, weekdays: &str| {
            cron::Schedule::from_str(&format!("{second} {minute} {hour} {day} {month} {weekdays}"))
        };
        let parts = if is_star(day) || is_star(weekday) {
            vec![part(day, &weekdays)]
        } else {
            vec![part(day, "*"), part("*", &weekdays)]
        };
        let parts =
            parts.into_iter().collect::<Result<_, _>>().map_err(|_| ScheduleError::Fields(text.trim().to_owned()))?;
        let expression = Self { parts, hours: if is_star(hour) { Hours::Every } else { Hours::Named } };
        // The 28 years from here hold every combination of date, weekday and leap day.
        let start = jiff::civil::date(2000, 1, 1).at(0, 0, 0, 0);
        expression.next_after(start).map(|_| expression).ok_or_else(|| ScheduleError::Never(text.trim().to_owned()))
    }

    /// The first time on paper after another, to the second.
    pub(super) fn next_after(&self, wall: DateTime) -> Option<DateTime> {
        // A fraction of a second is cut off, so that the whole second after it is found.
        let seconds = Offset::UTC.to_timestamp(wall).ok()?.as_second();
        let after = ChronoDateTime::<Utc>::from_timestamp(seconds, 0)?;
        let next = self.parts.iter().filter_map(|part| part.after(&after).next()).min()?;
        Some(Offset::UTC.to_datetime(Timestamp::from_second(next.timestamp()).ok()?))
    }

    pub(super) fn hours(&self) -> Hours {
        self.hours
    }
}

const FIELDS: [(&str, &str); 6] = [
    ("second", "0-59, such as 0"),
    ("minute", "0-59, such as 15 or */10"),
    ("hour", "0-23, such as 2 or 1-5"),
    ("day of month", "1-31, such as 1 or 1,15"),
    ("month", "1-12 or JAN-DEC, such as 1-6"),
    ("day of week", "0-7 or SUN-SAT (0 and 7 are Sunday, 1 is Monday), such as 1-5"),
];

const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

fn shorthand(text: &str) -> &str {
    match text {
        "@hourly" => "0 * * * *",
        "@daily" | "@midnight" => "0 0 * * *",
        "@weekly" => "0 0 * * 0",
        "@monthly" => "0 0 1 * *",
        "@yearly" | "@annually" => "0 0 1 1 *",
        _ => text,
    }
}

fn wrong(place: usize, text: &str) -> ScheduleError {
    let (field, example) = FIELDS[place];
    ScheduleError::Field { field, text: text.to_owned(), example }
}

/// Whether crontab(5) takes a field as unrestricted.
fn is_star(field: &str) -> bool {
    field.starts_with(['*', '?'])
}

/// Whether a field can be read by itself: with all others free, the crate's refusal is about this one.
fn alone(place: usize, field: &str) -> Option<cron::Schedule> {
    let mut fields = ["*"; 6];
    fields[place] = field;
    cron::Schedule::from_str(&fields.join(" ")).ok()
}

/// The days of a day-of-week field by name.
fn weekdays(field: &str) -> Option<String> {
    let mut days = Vec::new();
    for part in field.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(step.parse::<usize>().ok().filter(|step| *step > 0)?)),
            None => (part, None),
        };
        let (first, last) = match range.split_once('-') {
            _ if matches!(range, "*" | "?") => (0, 6),
            Some((first, last)) => (weekday(first)?, end(weekday(first)?, weekday(last)?)),
            None => (weekday(range)?, if step.is_some() { 6 } else { weekday(range)? }),
        };
        if first > last {
            return None;
        }
        days.extend((first..=last).step_by(step.unwrap_or(1)).map(|day| WEEKDAYS[day % 7]));
    }
    Some(days.join(","))
}

/// 0-7, or the first three letters of the name in English.
fn weekday(text: &str) -> Option<usize> {
    if let [digit @ b'0'..=b'7'] = text.as_bytes() {
        return Some(usize::from(digit - b'0'));
    }
    WEEKDAYS.iter().position(|name| text.eq_ignore_ascii_case(name))
}

/// A range that ends with Sunday ends the week: `FRI-SUN` is `5-7`.
fn end(first: usize, last: usize) -> usize {
    if last == 0 && first > 0 { 7 } else { last }
}
