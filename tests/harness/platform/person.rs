//! Invented persons with test numbers.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::Random;

/// Days of birth that are used, from 1945 on.
const DAYS: usize = 21_900;

/// One invented person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Twelve digits, serial 980 to 999.
    pub number: String,
    /// `F` or `M`, as the number says.
    pub sex: &'static str,
    /// Year of birth.
    pub birth_year: i16,
}

impl Person {
    /// Invents one; persons of other ordinals below 219 000 have other numbers.
    ///
    /// # Panics
    /// Never: the dates are in range.
    pub fn invent(random: &mut Random, ordinal: usize) -> Self {
        let first: Date = "1945-01-01".parse().expect("a constant date");
        // A step that shares no factor with the number of days visits every day once before any twice.
        let day = i64::try_from((ordinal * 7_919 + 11) % DAYS).expect("a day fits");
        let born = first.checked_add(day.days()).expect("in range");
        let serial = 980 + i64::try_from((ordinal / DAYS) % 10 * 2).expect("a serial fits") + random.between(0, 1);
        let body = format!("{}{serial}", born.strftime("%Y%m%d"));
        let number = format!("{body}{}", check_digit(&body[2..]));
        Self { number, sex: if serial % 2 == 0 { "F" } else { "M" }, birth_year: born.year() }
    }

    /// The first day on which the person is of age, before which nobody here is treated.
    ///
    /// # Panics
    /// Never: the number begins with a date.
    #[must_use]
    pub fn of_age(&self) -> Date {
        let born: Date =
            format!("{}-{}-{}", &self.number[..4], &self.number[4..6], &self.number[6..8]).parse().expect("a date");
        born.checked_add(18.years()).expect("in range")
    }
}

/// Luhn's check digit of nine digits.
fn check_digit(nine: &str) -> u32 {
    let sum: u32 = nine
        .bytes()
        .enumerate()
        .map(|(at, digit)| {
            let product = u32::from(digit - b'0') * if at % 2 == 0 { 2 } else { 1 };
            product / 10 + product % 10
        })
        .sum();
    (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn invented_persons_have_test_numbers_of_their_own() {
        let mut random = Random::new(1);
        let people: Vec<Person> = (0..30_000).map(|ordinal| Person::invent(&mut random, ordinal)).collect();
        assert_eq!(people.iter().map(|p| &p.number).collect::<HashSet<_>>().len(), people.len());
        assert!(people.iter().all(|p| (980..=999).contains(&p.number[8..11].parse::<u32>().unwrap())));
        assert_eq!(check_digit("121212121"), 2);
    }
}
