//! The parts of a Swedish identity number that can be checked: its date and its check digit.
//!
//! Promises: pure arithmetic on digits; a date is real or absent. Rules: Skatteverket SKV 704 and 707 (day + 60 marks a coordination
//! number, weights 2 1 2 1 over the last ten digits), Inera's list of reserve numbers (Carelink days 32-59).
//! Must not know: how the digits were written, or what a wrong number is called.

use jiff::civil::Date;

/// What the two digits of the day say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::identity) enum Day {
    /// 1-31: a personnummer.
    Person(i8),
    /// 61-91: a coordination number; holds the day of birth, 60 less.
    Coordination(i8),
    /// 32-59: a Carelink reserve number.
    Reserve,
    /// No number has this day.
    None,
}

/// Reads the day of six date digits `YYMMDD`, or of more that begin with them.
pub(in crate::identity) fn day(yymmdd: &[u8]) -> Day {
    match pair(yymmdd, 4) {
        day @ 1..=31 => Day::Person(day),
        day @ 61..=91 => Day::Coordination(day - 60),
        32..=59 => Day::Reserve,
        _ => Day::None,
    }
}

/// The date of birth that ten digits mean in a century (18 for 1800-1899); none if there is no such day.
pub(in crate::identity) fn birth_date(century: i8, ten: &[u8]) -> Option<Date> {
    let year = i16::from(century) * 100 + i16::from(pair(ten, 0));
    match day(ten) {
        Day::Person(day) | Day::Coordination(day) => Date::new(year, pair(ten, 2), day).ok(),
        Day::Reserve | Day::None => None,
    }
}

/// Whether the last of ten digits is the check digit of the nine before it (Luhn).
pub(in crate::identity) fn check_digit_holds(ten: &[u8]) -> bool {
    let sum: u32 = ten
        .iter()
        .enumerate()
        .map(|(place, digit)| {
            let product = u32::from(digit - b'0') * if place % 2 == 0 { 2 } else { 1 };
            product / 10 + product % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Two ASCII digits from a place on, as a number 0-99.
pub(in crate::identity) fn pair(digits: &[u8], place: usize) -> i8 {
    let value = |at: usize| i8::try_from(digits[at] - b'0').expect("an ASCII digit is 0-9");
    value(place) * 10 + value(place + 1)
}
