//! Identity numbers: reading what a source wrote into the one form that is hashed.
//!
//! Promises: the same person's number gives the same digits in every spelling; a number that is not certainly valid is refused with
//! the rule it breaks, never repaired; nothing is read against today's date; the number is wiped from memory when dropped, and neither
//! `Debug` nor serde can print it.
//! Must not know: keys, rows, or what becomes of a refused number.

mod form;
mod national;
mod spelling;
mod spreadsheet;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;

use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;
use schemas::codelist::CodeLists;
use schemas::record::Sex;
use schemas::rule::Rule;
use zeroize::Zeroizing;

pub(super) use form::{birth_date, check_digit_holds};
use national::National;
pub(crate) use spelling::{fold, is_dash, is_invisible};

/// Who gave a number out; numbers of different kinds never mean the same person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdentityKind {
    /// Personnummer.
    Pnr,
    /// Samordningsnummer (coordination number): day of birth plus 60.
    Sam,
    /// Reserve number of the named system, unique only together with that name.
    Local(String),
}

impl IdentityKind {
    /// The type as it is hashed: `SE-PNR`, `SE-SAM` or `LOCAL:<system>`.
    #[must_use]
    pub fn type_text(&self) -> Cow<'static, str> {
        match self {
            Self::Pnr => Cow::Borrowed("SE-PNR"),
            Self::Sam => Cow::Borrowed("SE-SAM"),
            Self::Local(system) => Cow::Owned(format!("LOCAL:{system}")),
        }
    }
}

/// A valid identity number in its normal form: 12 digits, or a reserve number as its system writes it.
#[derive(PartialEq, Eq)]
pub struct IdentityNumber {
    kind: IdentityKind,
    digits: Zeroizing<String>,
}

/// An identity as a source holds it.
#[derive(Clone, Copy)]
pub struct IdentityText<'a> {
    /// Column `person_id`, in any spelling.
    pub text: &'a str,
    /// Column `person_id_system`: `pnr` (also when absent or empty) or `local:NAME`.
    pub system: Option<&'a str>,
    /// The day that ten digits are read against: the treatment's start.
    pub reference: Option<Date>,
}

/// What happens to numbers that no patient bears: the serials 980-999 and the code list test-identities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestIdentities {
    /// Production.
    Refuse,
    /// Pilots and tests only.
    Allow,
}

/// Reads an identity. Ten digits mean the youngest century that is not after the reference date, with `+` the youngest in which the
/// person turns at least 100 in the reference year.
///
/// # Errors
/// The rule that the identity breaks. Ten digits without a reference date are [`Rule::IdentityInvalid`]: their century is unknown.
pub fn read_identity(
    identity: &IdentityText<'_>,
    tests: TestIdentities,
    lists: &CodeLists,
) -> Result<IdentityNumber, Rule> {
    let number = match system(identity.system)? {
        Some(name) => read_local(identity.text, name)?,
        None => National::read(identity.text)?.resolve(identity.reference)?,
    };
    let is_test = number.has_test_serial() || lists.is_test_identity(number.digits());
    if is_test && tests == TestIdentities::Refuse { Err(Rule::IdentityTest) } else { Ok(number) }
}

/// Every number that an identity may mean, for an objection: nobody's objection is lost because a date or a system is missing or wrong.
/// Ten digits without a usable reference date give both centuries; test numbers are read like others; an unreadable identity gives none.
#[must_use]
pub fn read_every_century(identity: &IdentityText<'_>) -> Vec<IdentityNumber> {
    match system(identity.system) {
        Ok(Some(name)) => read_local(identity.text, name).into_iter().collect(),
        Ok(None) | Err(_) => {
            National::read(identity.text).map(|national| national.every(identity.reference)).unwrap_or_default()
        }
    }
}

impl IdentityNumber {
    /// Who gave the number out.
    #[must_use]
    pub fn kind(&self) -> &IdentityKind {
        &self.kind
    }

    /// The normal form that is hashed.
    pub(crate) fn digits(&self) -> &str {
        &self.digits
    }

    /// Legal sex by the parity of the serial number (odd is male); a reserve number tells none.
    #[must_use]
    pub fn sex(&self) -> Option<Sex> {
        let last_of_serial = self.national()?[10];
        Some(if (last_of_serial - b'0').is_multiple_of(2) { Sex::F } else { Sex::M })
    }

    /// The year in the number; a reserve number tells none.
    #[must_use]
    pub fn birth_year(&self) -> Option<i16> {
        let digits = self.national()?;
        Some(i16::from(form::pair(digits, 0)) * 100 + i16::from(form::pair(digits, 2)))
    }

    fn has_test_serial(&self) -> bool {
        self.national().is_some_and(|digits| digits[8] == b'9' && digits[9] >= b'8')
    }

    fn national(&self) -> Option<&[u8]> {
        match self.kind {
            IdentityKind::Pnr | IdentityKind::Sam => Some(self.digits.as_bytes()),
            IdentityKind::Local(_) => None,
        }
    }
}

impl fmt::Debug for IdentityNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdentityNumber({}, redacted)", self.kind.type_text())
    }
}

/// The name of the system that gave a reserve number out; none for the national numbers.
fn system(column: Option<&str>) -> Result<Option<&str>, Rule> {
    let column = column.unwrap_or_default().trim();
    if column.is_empty() || column.eq_ignore_ascii_case("pnr") {
        return Ok(None);
    }
    let (kind, name) = column.split_once(':').ok_or(Rule::IdentitySystem)?;
    let name = name.trim();
    let usable = kind.eq_ignore_ascii_case("local") && !name.is_empty() && !name.contains(char::is_control);
    if usable { Ok(Some(name)) } else { Err(Rule::IdentitySystem) }
}

fn read_local(text: &str, system: &str) -> Result<IdentityNumber, Rule> {
    let digits = spelling::trimmed(text);
    if digits.is_empty() {
        return Err(Rule::IdentityMissing);
    }
    Ok(IdentityNumber { kind: IdentityKind::Local(system.to_owned()), digits })
}
