//! How many requests somebody may hand in: so many in twelve months.
//!
//! Promises: pure; a request counts once, on the day it was handed in first, however often it was given back, and also where it was
//! refused or taken back since; the day that is told is the first on which another can be handed in. Must not know: how requests are kept.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use schemas::rule::today;

use super::{Refusal, Request, Step};

/// Months for which a request counts.
const MONTHS: i64 = 12;
/// Requests in that time, where nothing else is set.
pub const DEFAULT: u32 = 12;

/// How many more can be handed in now; `handed_in` is when each was handed in first.
///
/// # Errors
/// [`Refusal::Quota`] with the first day on which another can.
pub fn left(quota: u32, handed_in: impl IntoIterator<Item = Timestamp>, now: Timestamp) -> Result<u32, Refusal> {
    let until = |at| today(at).checked_add(MONTHS.months()).unwrap_or(Date::MAX);
    let mut counted: Vec<Date> = handed_in.into_iter().map(until).filter(|until| *until > today(now)).collect();
    counted.sort_unstable();
    let count = u32::try_from(counted.len()).unwrap_or(u32::MAX);
    let over = counted.len().checked_sub(quota as usize);
    let Some(over) = over else { return Ok(quota - count) };
    // With so many over, that one must be out of the count too.
    Err(Refusal::Quota { quota, from: counted.get(over).copied() })
}

/// When somebody handed in each of their requests first.
pub fn of(person: u32, requests: &[Request]) -> impl Iterator<Item = Timestamp> {
    let theirs = requests.iter().filter(move |request| request.requester() == Some(person));
    theirs.filter_map(|request| request.steps.iter().find(|taken| taken.step == Step::Submitted).map(|taken| taken.at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str) -> Timestamp {
        format!("{day}T10:00:00Z").parse().unwrap()
    }

    fn over(quota: u32, from: &str) -> Result<u32, Refusal> {
        Err(Refusal::Quota { quota, from: Some(from.parse().unwrap()) })
    }

    #[test]
    fn each_request_counts_for_twelve_months_and_the_day_of_the_next_is_told() {
        let handed_in = ["2025-12-01", "2026-03-05", "2026-06-30"].map(at);
        assert_eq!(left(4, handed_in, at("2026-11-24")), Ok(1));
        assert_eq!(left(3, handed_in, at("2026-11-30")), over(3, "2026-12-01"));
        assert_eq!(left(3, handed_in, at("2026-12-01")), Ok(1), "on that day");
        assert_eq!(left(2, handed_in, at("2026-11-24")), over(2, "2027-03-05"), "two must be out of the count");
        assert_eq!(left(1, [], at("2026-11-24")), Ok(1));
        assert_eq!(left(0, [], at("2026-11-24")), Err(Refusal::Quota { quota: 0, from: None }));
    }
}
