//! One row of `objections`.

use jiff::civil::Date;

use super::{Context, value};
use crate::identity::{IdentityNumber, IdentityText, read_every_century};
use crate::source::SourceRow;

/// Why a person stands in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The person said no.
    Objection,
    /// The person's data are protected.
    Protected,
}

/// A row of the list.
pub struct Objector {
    /// Every reading of its number; empty when it cannot be read.
    pub persons: Vec<IdentityNumber>,
    /// Why the person stands there; an objection when nothing else is said.
    pub reason: Reason,
    /// Since when.
    pub registered_on: Option<Date>,
}

impl Reason {
    /// The word in the list.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Objection => "objection",
            Self::Protected => "protected",
        }
    }
}

/// Reads a row of `objections`. Ten digits are read against the day of registration; without one they mean both centuries.
#[must_use]
pub fn map_objector(row: &SourceRow<'_>, context: &Context<'_>) -> Objector {
    let registered_on = row.get("registered_on").and_then(|text| value::date(text, &context.zone));
    let system = row.get("person_id_system");
    let readable = row.get("person_id").filter(|_| row.fault().is_none());
    let persons = readable.map(|text| read_every_century(&IdentityText { text, system, reference: registered_on }));
    let protected = row.get("reason").is_some_and(|word| word.eq_ignore_ascii_case(Reason::Protected.word()));
    let reason = if protected { Reason::Protected } else { Reason::Objection };
    Objector { persons: persons.unwrap_or_default(), reason, registered_on }
}
