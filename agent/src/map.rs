//! From local words to typed values: a row becomes a treatment or an answer, or the rules that it breaks.
//!
//! Promises: an exclusion wins over faults, because nothing of the row is sent; a bad optional column costs only itself; nothing is
//! guessed. What is mapped is still identifiable and can neither be printed nor serialised.
//! Must not know: keys, other rows, or what was sent before.

mod answer;
mod cell;
mod count;
mod course;
mod file;
mod form;
mod local;
mod near;
mod objector;
mod quick;
mod treatment;
mod unit;
mod value;
mod word;

#[cfg(test)]
mod tests;

pub use answer::{MappedAnswer, map_answer};
pub use cell::Cell;
pub use count::map_count;
pub use course::{Course, End, Month};
pub use file::{MappingFile, MappingRow};
pub use form::Form;
pub use local::LocalWords;
pub use near::{nearest, sure};
pub use objector::{Objector, Reason, map_objector};
pub use treatment::{Draft, Mapped, map_treatment, opted_out};
pub use unit::{MappedUnit, map_unit};
pub use value::{date, moment};
pub use word::{LocalStatus, Origin, Words};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemas::codelist::CodeLists;
use schemas::id::SenderCode;
use schemas::rule::Finding;

use crate::identity::{IdentityNumber, TestIdentities};
use crate::source::Recency;

/// What mapping needs besides the row.
pub struct Context<'a> {
    /// The code lists in force.
    pub lists: &'a CodeLists,
    /// Zone of times without one.
    pub zone: TimeZone,
    /// Today in Sweden.
    pub today: Date,
    /// Who sends.
    pub sender: &'a SenderCode,
    /// Whether test numbers are persons here.
    pub test_identities: TestIdentities,
}

impl Context<'_> {
    /// The facts that the shared rules need.
    #[must_use]
    pub fn rules(&self) -> schemas::rule::Context<'_> {
        schemas::rule::Context { lists: self.lists, today: self.today, sender: self.sender }
    }
}

/// What became of a row.
pub enum Outcome<T> {
    /// It can go on.
    Ready(T),
    /// It breaks rules and stays.
    Held(Kept),
    /// It does not belong in the register.
    Excluded(Kept),
}

/// A row that does not go on: which and why, never a value.
pub struct Kept {
    /// The source's id of the treatment; empty when it is missing, for whoever names the row to number it.
    pub local_id: String,
    /// The rules and fields.
    pub findings: Vec<Finding>,
    /// How new the row is, for choosing between rows of one id.
    pub recency: Recency,
    /// The person of a treatment row, when the number can be read: a row that stays may still show that two persons share an id, or
    /// be of a person who objected.
    pub person: Option<IdentityNumber>,
}
