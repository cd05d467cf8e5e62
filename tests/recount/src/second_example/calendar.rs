//! Days as numbers that can be added to.
//!
//! Promises: the Gregorian calendar from 2019 on. It must not know time zones.

use std::fmt;

/// Days after 1 January 2019.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day(u32);

impl Day {
    pub(crate) fn first() -> Self {
        Self(0)
    }

    pub(crate) fn after(self, days: u32) -> Self {
        Self(self.0 + days)
    }

    pub(crate) fn before(self, days: u32) -> Self {
        Self(self.0.saturating_sub(days))
    }

    /// The day after a part of the way to a later day.
    pub(crate) fn towards(self, later: Self, part: u32, of: u32) -> Self {
        Self(self.0 + (later.0 - self.0) * part / of)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut left, mut year, mut month) = (self.0, 2019_u32, 1);
        while left >= days_in(year, month) {
            left -= days_in(year, month);
            (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        }
        write!(f, "{year}-{month:02}-{:02}", left + 1)
    }
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::Day;

    #[test]
    fn a_leap_day_is_counted() {
        assert_eq!(Day::first().after(365 + 31 + 28).to_string(), "2020-02-29");
        assert_eq!(Day::first().after(365 + 366).to_string(), "2021-01-01");
    }
}
