//! What a field holds: valid, other, default, invalid or missing, after the VODIM reports of the NHS.
//!
//! Meaning: each share is of the treatments in the register and of those that were kept back because of the field. Valid is what is
//! none of the others. Source: HSCIC, Understanding and replicating our published reports.

use schemas::language::Text;

use super::definition::Definition;
use super::share::Share;

/// What the five shares mean.
pub const COMPLETENESS: Definition = Definition {
    name: "valid_, other_, default_, invalid_, missing_",
    meaning: Text::fixed(
        "Hur väl ett fält är ifyllt: ett värde, kodlistans annat eller okänt, ifyllt av agenten, ett felaktigt värde, inget värde.",
        "How well a field is filled in: a value, the code list's other or unknown, filled in by the agent, a wrong value, no value.",
    ),
    formula: "n / (accepted + held or rejected because of the field); valid = accepted - other - absent",
    population: Text::fixed(
        "avsändarens behandlingar i registret och de som hålls kvar för fältets skull",
        "the sender's treatments in the register and those held back because of the field",
    ),
    source: "VODIM, HSCIC",
    given: Text::fixed(
        "10 behandlingar; slutorsak: 1 med annat och 2 utan värde; enhet: 4 till kvarhållna för ett felaktigt värde och 1 för att det \
         saknas",
        "10 treatments; end reason: 1 with other and 2 without a value; unit: 4 more held for a wrong value and 1 because there is none",
    ),
    gives: &[
        ("valid_p", Some(0.7)),
        ("other_p", Some(0.1)),
        ("missing_p", Some(0.2)),
        ("valid_p", Some(10.0 / 15.0)),
        ("invalid_p", Some(4.0 / 15.0)),
        ("missing_p", Some(1.0 / 15.0)),
    ],
    compute: || {
        let reason = Completeness { accepted: 10, other: 1, absent: 2, ..Completeness::default() };
        let unit = Completeness { accepted: 10, wrong: 4, held_absent: 1, ..Completeness::default() };
        let shares = [reason.valid(), reason.other(), reason.missing(), unit.valid(), unit.invalid(), unit.missing()];
        shares.map(|share| share.p()).to_vec()
    },
};

/// The counts of one field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Completeness {
    /// Treatments in the register.
    pub accepted: u64,
    /// Those with a value that tells nothing more.
    pub other: u64,
    /// Those without a value.
    pub absent: u64,
    /// Treatments kept back for a wrong value.
    pub wrong: u64,
    /// Treatments kept back because there is no value.
    pub held_absent: u64,
}

impl Completeness {
    /// Those with a value.
    #[must_use]
    pub fn valid(self) -> Share {
        self.of(self.accepted.saturating_sub(self.other + self.absent))
    }

    /// Those with a value that tells nothing more.
    #[must_use]
    pub fn other(self) -> Share {
        self.of(self.other)
    }

    /// None of those that the register sees was filled in by the agent, except where it cannot be told.
    #[must_use]
    pub fn filled_in(self) -> Share {
        self.of(0)
    }

    /// Those with a wrong value.
    #[must_use]
    pub fn invalid(self) -> Share {
        self.of(self.wrong)
    }

    /// Those without a value.
    #[must_use]
    pub fn missing(self) -> Share {
        self.of(self.absent + self.held_absent)
    }

    fn of(self, n: u64) -> Share {
        Share { n, d: self.accepted + self.wrong + self.held_absent }
    }
}
