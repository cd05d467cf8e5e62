//! Invented people with test identity numbers.
//!
//! Promises: serials 980 to 999 only, a right check digit, sex as the serial says, no number twice. It must not know
//! treatments.

use crate::second_example::random::Random;

/// Somebody who does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    /// Twelve digits.
    pub(crate) number: String,
    pub(crate) sex: &'static str,
    pub(crate) birth_year: u32,
}

impl Person {
    /// A person with a number that nobody has yet, added to the people.
    pub(crate) fn new(random: &mut Random, people: &mut Vec<Self>) -> Self {
        loop {
            let person = Self::draw(random);
            if people.iter().all(|other| other.number != person.number) {
                people.push(person.clone());
                return person;
            }
        }
    }

    /// A place holder until a person is drawn.
    pub(crate) fn unknown() -> Self {
        Self { number: String::new(), sex: "", birth_year: 0 }
    }

    fn draw(random: &mut Random) -> Self {
        let (year, month, day) = (1950 + random.below(56), 1 + random.below(12), 1 + random.below(28));
        let serial = 980 + random.below(20);
        let digits = format!("{year}{month:02}{day:02}{serial}");
        let number = format!("{digits}{}", check_digit(&digits[2..]));
        Self { number, sex: if serial % 2 == 1 { "M" } else { "F" }, birth_year: year }
    }
}

/// The digit that makes the doubled-and-added sum a multiple of ten.
fn check_digit(nine: &str) -> u32 {
    let digits = nine.chars().filter_map(|digit| digit.to_digit(10)).enumerate();
    let sum: u32 = digits.map(|(at, digit)| if at % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { digit }).sum();
    (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_check_digit_of_the_published_test_number_is_right() {
        assert_eq!(super::check_digit("121212121"), 2);
    }
}
