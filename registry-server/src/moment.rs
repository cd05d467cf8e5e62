//! Moments and days as people in Sweden read them.
//!
//! Promises: local time of Sweden, its zone named, also in the hour that comes twice. Must not know: the clock.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{TimeZone, offset};

/// A moment to the minute.
pub(crate) fn minute(at: Timestamp) -> String {
    at.to_zoned(sweden()).strftime("%Y-%m-%d %H:%M %Z").to_string()
}

/// A moment that was kept as text; empty for none and for what is no moment.
pub(crate) fn minute_of(text: Option<&str>) -> String {
    text.and_then(|text| text.parse().ok()).map_or_else(String::new, minute)
}

/// When a day begins.
pub(crate) fn midnight(day: Date) -> Timestamp {
    day.to_zoned(sweden()).map_or(Timestamp::MIN, |zoned| zoned.timestamp())
}

fn sweden() -> TimeZone {
    // A host without a zone database shows summer times an hour off.
    TimeZone::get("Europe/Stockholm").unwrap_or_else(|_| TimeZone::fixed(offset(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_in_sweden_s_time_and_says_which() {
        for (at, expected) in [
            ("2026-07-01T22:30:59Z", "2026-07-02 00:30 CEST"),
            ("2026-10-25T00:30:00Z", "2026-10-25 02:30 CEST"),
            ("2026-10-25T01:30:00Z", "2026-10-25 02:30 CET"),
        ] {
            assert_eq!(minute_of(Some(at)), expected);
        }
        assert_eq!((minute_of(None), minute_of(Some("soon"))), (String::new(), String::new()));
        assert_eq!(midnight("2026-07-02".parse().unwrap()).to_string(), "2026-07-01T22:00:00Z");
    }
}
