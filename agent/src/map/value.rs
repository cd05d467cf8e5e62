//! Text of a source as dates, times, numbers and marks (agent/README.md, "The columns").
//!
//! Promises: what is not clearly one value is none; a score reads to the double nearest to its digits.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// A date: `YYYY-MM-DD`, `YYYYMMDD`, or a date-time, whose written date counts; a time with an offset is moved to the source's zone.
#[must_use]
pub fn date(text: &str, zone: &TimeZone) -> Option<Date> {
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]).parse().ok();
    }
    if text.len() == 10 {
        return iso_date(text);
    }
    if let Ok(moment) = text.replacen(' ', "T", 1).parse::<Timestamp>() {
        return Some(moment.to_zoned(zone.clone()).date());
    }
    text.replacen(' ', "T", 1)
        .parse::<DateTime>()
        .ok()
        .filter(|_| iso_date(text.get(..10).unwrap_or_default()).is_some())
        .map(DateTime::date)
}

/// A moment: a time with an offset, or a time or date without one in the source's zone. Used only to tell later from earlier.
#[must_use]
pub fn moment(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let plain = text.strip_suffix('Z').and_then(second).and_then(|utc| TimeZone::UTC.to_timestamp(utc).ok());
    if plain.is_some() {
        return plain;
    }
    let joined = text.replacen(' ', "T", 1);
    if let Ok(moment) = joined.parse::<Timestamp>() {
        return Some(moment);
    }
    let civil = joined.parse::<DateTime>().ok().or_else(|| date(text, zone).map(|d| d.at(0, 0, 0, 0)))?;
    civil.to_zoned(zone.clone()).as_ref().map(Zoned::timestamp).ok()
}

/// `YYYY-MM-DDTHH:MM:SS`, also with a space, which nearly all times are; whatever else a time may be is read by the general reader.
fn second(text: &str) -> Option<DateTime> {
    let (day, time) = text.split_at_checked(10)?;
    let &[b'T' | b' ', h10, h1, b':', m10, m1, b':', s10, s1] = time.as_bytes() else { return None };
    let (hour, minute, second) = (two(h10, h1)?, two(m10, m1)?, two(s10, s1)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some(iso_date(day)?.at(hour, minute, second, 0))
}

/// A mark: true for true, t, 1, yes, y, ja, j, x; false for false, f, 0, no, n, nej or nothing.
#[must_use]
pub(super) fn mark(text: Option<&str>) -> Option<bool> {
    match text.map(str::to_lowercase).as_deref() {
        None | Some("false" | "f" | "0" | "no" | "n" | "nej") => Some(false),
        Some("true" | "t" | "1" | "yes" | "y" | "ja" | "j" | "x") => Some(true),
        Some(_) => None,
    }
}

/// A decimal number: an optional sign, digits, and at most one point or comma with digits behind it.
#[must_use]
pub(super) fn decimal(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.len() <= 40 && part.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !plain(fraction) {
        return None;
    }
    let number = if text.contains(',') { text.replacen(',', ".", 1).parse::<f64>() } else { text.parse::<f64>() };
    // Adding 0 turns a negative zero into zero, which has one spelling.
    number.ok().map(|number| number + 0.0)
}

/// A whole number from 0.
#[must_use]
pub(super) fn whole(text: &str) -> Option<u32> {
    let number = decimal(text)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "range and fraction are checked first")]
    (number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number)).then_some(number as u32)
}

fn iso_date(text: &str) -> Option<Date> {
    let &[y1000, y100, y10, y1, b'-', m10, m1, b'-', d10, d1] = text.as_bytes() else { return None };
    let year = i16::from(two(y1000, y100)?) * 100 + i16::from(two(y10, y1)?);
    Date::new(year, two(m10, m1)?, two(d10, d1)?).ok()
}

/// Two digits.
fn two(tens: u8, ones: u8) -> Option<i8> {
    let digit = |byte: u8| byte.is_ascii_digit().then_some(byte - b'0');
    i8::try_from(digit(tens)? * 10 + digit(ones)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stockholm() -> TimeZone {
        TimeZone::get("Europe/Stockholm").unwrap()
    }

    #[test]
    fn dates_are_read_in_the_forms_of_the_contract_and_no_other() {
        for (text, expected) in [
            ("2024-02-29", Some("2024-02-29")),
            ("20240229", Some("2024-02-29")),
            ("2023-02-29", None),
            ("2024-02-29 23:30:00", Some("2024-02-29")),
            ("2024-02-29T23:30:00Z", Some("2024-03-01")),
            ("2024-02-29T23:30:00+01:00", Some("2024-02-29")),
            ("29/02/2024", None),
            ("2024-2-9", None),
            ("1/1", None),
            ("åååå-mm-dd", None),
            ("2024-02-29x", None),
            ("2024-02-29 till 2024-03-01", None),
            ("2024-02-29Thej", None),
            ("2024-02-29 07:30", Some("2024-02-29")),
        ] {
            assert_eq!(date(text, &stockholm()).map(|d| d.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn moments_without_a_zone_are_in_the_sources_zone() {
        assert_eq!(moment("2024-07-01 12:00:00", &stockholm()), moment("2024-07-01T10:00:00Z", &stockholm()));
        assert_eq!(moment("2024-07-01", &stockholm()).unwrap().to_string(), "2024-06-30T22:00:00Z");
        assert_eq!(moment("igår", &stockholm()), None);
        for text in [
            "2024-07-01T12:00:00Z",
            "2024-02-29 23:59:59Z",
            "2024-13-01T12:00:00Z",
            "2024-02-30T12:00:00Z",
            "2024-07-01T24:00:00Z",
        ] {
            assert_eq!(moment(text, &stockholm()), text.replace(' ', "T").parse().ok(), "{text}");
        }
    }

    #[test]
    fn numbers_take_comma_or_point_and_nothing_else() {
        for (text, expected) in [("12", Some(12.0)), ("12,5", Some(12.5)), ("-0", Some(0.0)), ("+7.0", Some(7.0))] {
            assert_eq!(decimal(text), expected, "{text}");
        }
        for text in ["", "1e3", "12 p", "1.2.3", ".5", "5.", "NaN", "inf", "--1", "1 000"] {
            assert_eq!(decimal(text), None, "{text}");
        }
        assert_eq!((whole("12.0"), whole("12.5"), whole("-1")), (Some(12), None, None));
    }

    #[test]
    fn marks_are_yes_no_or_unreadable() {
        assert_eq!(
            (mark(Some("Ja")), mark(Some("N")), mark(None), mark(Some("kanske"))),
            (Some(true), Some(false), Some(false), None)
        );
    }
}
