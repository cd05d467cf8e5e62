//! Leaving the register, in the words of the store: erasures and what becomes of them, cases, and what is told of a person.
//!
//! Promises: persons come and are kept by the register's own names and tombstones only; what is written down of an erasure, a case or an
//! extract names nobody.

/// Between tombstones and what a delivery names.
pub(crate) mod barred;
/// What an erasure takes away and leaves.
pub(crate) mod leaving;
/// Rows of cases and extracts.
pub(crate) mod rows;

use jiff::Timestamp;
use jiff::civil::Date;
use schemas::contact::OpenCase;
use schemas::id::{SenderCode, StateId, Version};
use schemas::withdrawal::CaseAnswer;

use super::audit::Sealed;
use crate::environment::Stamp;
use crate::subject::{Alias, TombKey};

/// Makes the receipt and its event from what was erased, and from the newest checkpoint of the audit log.
pub type SealErasure = Box<dyn Fn(&Erased, Option<String>) -> Sealed + Send + Sync>;

/// Persons to be erased and kept out.
pub struct Erasure {
    /// Who asks, and whose records go.
    pub sender: SenderCode,
    /// The state directory that asks.
    pub state: StateId,
    /// Names the request, so that the same again gets the same receipt: SHA-256 over it, salts and all.
    pub digest: String,
    /// When it is done.
    pub stamp: Stamp,
    /// The case that it answers.
    pub case: Option<u32>,
    /// The persons, under keys of this sender.
    pub persons: Vec<Alias>,
    /// Makes tombstones.
    pub tombs: TombKey,
    /// Makes the receipt.
    pub seal: SealErasure,
}

/// What an erasure came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erased {
    /// The case that it answers, when there is one of that number.
    pub case: Option<u32>,
    /// Persons of whom something was held.
    pub found: u32,
    /// Treatments that were erased.
    pub treatments: u32,
}

/// Persons of a sender to be let in again, or to be told about.
pub struct Persons {
    /// Whose.
    pub sender: SenderCode,
    /// The persons, under keys of this sender.
    pub persons: Vec<Alias>,
    /// Makes tombstones.
    pub tombs: TombKey,
}

/// What is held of persons.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Disclosed {
    /// Persons of whom something is held.
    pub found: u32,
    /// Persons who are withdrawn.
    pub withdrawn: u32,
    /// Their treatments, by key.
    pub documents: Vec<Document>,
}

/// A treatment as it is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its record key.
    pub key: String,
    /// Its version.
    pub version: Version,
    /// When its first version came, RFC 3339; nothing when an older register took it.
    pub first_received: Option<String>,
    /// The versions before this one and when each was replaced, the oldest first.
    pub replaced: Vec<(Version, String)>,
    /// The stored document.
    pub content: String,
}

/// What a sender is told of its withdrawals, and of its sets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Affairs {
    /// Persons whom it has withdrawn and not lifted.
    pub withdrawn: u64,
    /// Cases that wait for its answer, by number.
    pub cases: Vec<OpenCase>,
    /// While a set under a new key is on its way, the treatments of the one that it will replace.
    pub replaces: Option<u64>,
}

/// What is to become of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseStep {
    /// A new one.
    Open {
        /// The day on which every sender should have answered.
        deadline: Date,
        /// For the register's staff. Never anything of a person.
        note: Option<String>,
    },
    /// A sender answers.
    Answer {
        /// Which.
        number: u32,
        /// Who answers.
        sender: SenderCode,
        /// What it found.
        answer: CaseAnswer,
    },
    /// Nobody is asked any more.
    Close {
        /// Which.
        number: u32,
    },
}

/// A case of the register: a person turned to it, and every sender is asked to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its number, from 1.
    pub number: u32,
    /// The day on which it was opened.
    pub opened_on: Date,
    /// The day on which every sender should have answered.
    pub deadline: Date,
    /// For the register's staff.
    pub note: Option<String>,
    /// The day on which it was closed.
    pub closed_on: Option<Date>,
    /// Who has answered what and when (RFC 3339), by sender.
    pub answers: Vec<(SenderCode, CaseAnswer, String)>,
}

/// One extract that a sender was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// Who asked.
    pub sender: SenderCode,
    /// When, RFC 3339.
    pub at: String,
    /// Persons in the request.
    pub persons: u32,
    /// Persons of whom something was held.
    pub found: u32,
    /// Treatments that were told.
    pub documents: u32,
}

/// What the register's staff may see of cases and extracts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Every case, by number.
    pub cases: Vec<Case>,
    /// Every extract, by sender and in the order of asking.
    pub disclosures: Vec<Disclosure>,
}

/// Which erasures are to be seen to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cleaning {
    /// Those up to this moment.
    pub up_to: Timestamp,
    /// Now.
    pub at: Timestamp,
}

/// What came of removing the bytes of the erased from where the database no longer reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// Erasures that were seen to.
    pub erasures: u64,
    /// What could not be done, a sentence each.
    pub left: Vec<String>,
}

/// The word that stands in the tables for an answer, the same as on the wire.
pub(crate) fn answer_word(answer: CaseAnswer) -> &'static str {
    match answer {
        CaseAnswer::NoneFound => "none_found",
        CaseAnswer::Withdrawn => "withdrawn",
    }
}

/// The answer of a word.
pub(crate) fn read_answer(word: &str) -> Option<CaseAnswer> {
    [CaseAnswer::NoneFound, CaseAnswer::Withdrawn].into_iter().find(|answer| answer_word(*answer) == word)
}

#[cfg(test)]
mod tests;
