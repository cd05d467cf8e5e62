//! Personnummer and coordination numbers: from compact text to digits with a century.
//!
//! Promises: whatever comes out has a real date that is not after the reference date, and a right check digit; reserve numbers never
//! pass as one of the two. Must not know: test numbers, systems, how a text was spaced.

use jiff::civil::Date;
use schemas::rule::Rule;
use zeroize::Zeroizing;

use super::form::{Day, birth_date, check_digit_holds, day, pair};
use super::{IdentityKind, IdentityNumber, spelling, spreadsheet};

/// Ten digits with a right check digit and a day that a person or coordination number has, the century perhaps open.
pub(super) struct National {
    ten: Zeroizing<Vec<u8>>,
    century: Century,
}

enum Century {
    Given(i8),
    Youngest,
    HundredOrMore,
}

impl National {
    pub(super) fn read(text: &str) -> Result<Self, Rule> {
        let compact = spelling::compact(text);
        let mut digits = Zeroizing::new(Vec::with_capacity(compact.len()));
        digits.extend(compact.bytes().filter(u8::is_ascii_digit));
        if compact.is_empty() {
            return Err(Rule::IdentityMissing);
        }
        if spreadsheet::is_rewritten(&compact) {
            return Err(Rule::IdentitySpreadsheet);
        }
        if compact.contains(char::is_alphabetic) {
            return Err(Rule::IdentityReserve);
        }
        let plus = plus_sign(&compact)?;
        let (century, ten) = match digits.len() {
            7..=9 => return Err(Rule::IdentityLostZeros),
            10 if plus => (Century::HundredOrMore, &digits[..]),
            10 => (Century::Youngest, &digits[..]),
            12 => (Century::Given(given_century(&digits)?), &digits[2..]),
            _ => return Err(Rule::IdentityInvalid),
        };
        match day(ten) {
            Day::Reserve => Err(Rule::IdentityReserve),
            Day::None => Err(Rule::IdentityInvalid),
            Day::Person(_) | Day::Coordination(_) if !check_digit_holds(ten) => Err(Rule::IdentityInvalid),
            Day::Person(_) | Day::Coordination(_) => Ok(Self { ten: Zeroizing::new(ten.to_vec()), century }),
        }
    }

    /// The number that a reference date makes of the digits.
    pub(super) fn resolve(&self, reference: Option<Date>) -> Result<IdentityNumber, Rule> {
        let not_after = |born: Date| reference.is_none_or(|day| born <= day);
        let fits = |century: &i8| birth_date(*century, &self.ten).is_some_and(not_after);
        let found = match (&self.century, reference) {
            (Century::Given(century), _) => Some(*century).filter(fits),
            (Century::Youngest, Some(_)) => CENTURIES.into_iter().rev().find(fits),
            (Century::HundredOrMore, Some(day)) => {
                let hundred = |century: &i8| day.year() - birth_year(*century, &self.ten) >= 100;
                CENTURIES.into_iter().rev().filter(hundred).find(fits)
            }
            (Century::Youngest | Century::HundredOrMore, None) => None,
        };
        found.map(|century| self.in_century(century)).ok_or(Rule::IdentityInvalid)
    }

    /// The one number that a reference date makes of the digits or, where it makes none, all that the digits can mean.
    pub(super) fn every(&self, reference: Option<Date>) -> Vec<IdentityNumber> {
        if let Ok(identity) = self.resolve(reference) {
            return vec![identity];
        }
        let centuries = match self.century {
            Century::Given(century) => vec![century],
            Century::Youngest => vec![19, 20],
            Century::HundredOrMore => vec![18, 19],
        };
        let real = centuries.into_iter().filter(|century| birth_date(*century, &self.ten).is_some());
        real.map(|century| self.in_century(century)).collect()
    }

    fn in_century(&self, century: i8) -> IdentityNumber {
        let kind = if matches!(day(&self.ten), Day::Person(_)) { IdentityKind::Pnr } else { IdentityKind::Sam };
        let mut digits = Zeroizing::new(String::with_capacity(12));
        digits.extend(century.to_string().chars());
        digits.extend(self.ten.iter().copied().map(char::from));
        IdentityNumber { kind, digits }
    }
}

/// The centuries that a number can lie in: personnummer begin with births in the 1800s, and no reserve number begins with 18-21.
const CENTURIES: [i8; 4] = [18, 19, 20, 21];

fn birth_year(century: i8, ten: &[u8]) -> i16 {
    i16::from(century) * 100 + i16::from(pair(ten, 0))
}

/// Whether a plus sign stands before the last four digits; anywhere else it, and any other sign, makes the number unreadable.
fn plus_sign(compact: &str) -> Result<bool, Rule> {
    let mut signs = compact.char_indices().filter(|(_, c)| !c.is_ascii_digit());
    match (signs.next(), signs.next()) {
        (None, _) => Ok(false),
        (Some((place, '+')), None) if place + 5 == compact.len() => Ok(true),
        _ => Err(Rule::IdentityInvalid),
    }
}

/// The century of 12 digits. Reserve numbers begin with 99 (Stockholm), 00 or 22-98 (national).
fn given_century(twelve: &[u8]) -> Result<i8, Rule> {
    match pair(twelve, 0) {
        0 | 22..=99 => Err(Rule::IdentityReserve),
        century if CENTURIES.contains(&century) => Ok(century),
        _ => Err(Rule::IdentityInvalid),
    }
}
