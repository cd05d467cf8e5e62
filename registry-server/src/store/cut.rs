//! Frozen data sets: what is asked for, what is told of one, and the rows that both engines keep of it.
//!
//! Promises: a cut keeps facts in the versions of its moment, so that a later correction changes nothing in it; whoever is withdrawn
//! leaves every cut in the transaction of the withdrawal, whoever has a protected identity now in that of the retraction that says so, and
//! a sender's set when its keys were lost, because the persons in it could not be found any more; persons that are said to be one, or
//! two, later stay in it as they were.
//! Must not know: reports, the terminal.

/// The calendar of a year.
mod calendar;
/// The hash of what is frozen.
mod digest;
/// What is no person's, as documents.
mod part;
/// Rows as both engines read them.
pub(super) mod rows;

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemas::record::{Retraction, RetractionReason};
use serde::Serialize;

use super::plan::Plan;
use super::{Payload, StoreError};

pub use calendar::{Calendar, CutComment, CutSignature, CutStep, Publication, Remarker, Signed};
pub(super) use digest::Frozen;
pub(super) use part::put_back;

/// What to call a data set that is to be frozen, and what was in force when it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCut {
    /// Its name, which no other cut has.
    pub name: String,
    /// What it is for, for people.
    pub note: Option<String>,
    /// Hash of the code lists.
    pub code_lists: String,
    /// Name of the threshold set.
    pub thresholds: String,
    /// Version of each report's definition, by name.
    pub definitions: BTreeMap<String, u32>,
    /// The calendar, when it is a year's.
    pub calendar: Option<Calendar>,
}

/// A frozen data set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cut {
    /// Its number, from 1; people write `c1`.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub note: Option<String>,
    /// The moment.
    pub made_at: Timestamp,
    /// Treatments at that moment.
    pub treatments: u64,
    /// SHA-256 over what was frozen, in hexadecimal.
    pub hash: String,
    /// Hash of the code lists at that moment.
    pub code_lists: String,
    /// Name of the threshold set at that moment.
    pub thresholds: String,
    /// Version of each report's definition at that moment.
    pub definitions: BTreeMap<String, u32>,
    /// What each sender has in it, by code.
    pub shares: Vec<CutShare>,
    /// The calendar, when it is a year's.
    pub calendar: Option<Calendar>,
    /// What was remarked, in order.
    pub comments: Vec<CutComment>,
    /// Who signed, by sender.
    pub signatures: Vec<CutSignature>,
}

/// What one sender has in a cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CutShare {
    /// Who.
    pub sender: String,
    /// Treatments at the moment of the cut.
    pub treatments: u64,
    /// SHA-256 over them, in hexadecimal.
    pub hash: String,
    /// Persons who were withdrawn since.
    pub withdrawn_persons: u64,
    /// Their treatments, which are gone from the cut.
    pub withdrawn_treatments: u64,
    /// Treatments that are gone because the sender's keys were lost.
    pub replaced_treatments: u64,
}

/// The records of a delivery whose persons have a protected identity now: their keys.
pub(super) fn protected<'p>(plan: &'p Plan<'_>) -> Vec<&'p str> {
    let is_protected = |payload: &Payload| {
        matches!(payload, Payload::Retraction(Retraction { reason: RetractionReason::ProtectedIdentity }))
    };
    let writes = plan.writes.iter().filter(|write| is_protected(&write.arrival.payload));
    writes.map(|write| write.arrival.key.as_str()).collect()
}

/// Names of persons as the engines read them.
pub(super) fn names(names: Vec<Vec<u8>>) -> Result<Vec<[u8; 32]>, StoreError> {
    let wrong = |_| StoreError::Inconsistent { table: "alias", column: "s", id: 0 };
    names.into_iter().map(|name| name.try_into().map_err(wrong)).collect()
}

impl Cut {
    /// How people write the number.
    #[must_use]
    pub fn id(&self) -> String {
        format!("c{}", self.number)
    }

    /// Whether people mean this cut: by its number or its name.
    #[must_use]
    pub fn is_called(&self, word: &str) -> bool {
        word == self.name || word == self.id()
    }

    /// Persons who were withdrawn since.
    #[must_use]
    pub fn withdrawn_persons(&self) -> u64 {
        self.shares.iter().map(|share| share.withdrawn_persons).sum()
    }

    /// The senders that have a part in it and have not signed.
    #[must_use]
    pub fn unsigned(&self) -> Vec<&str> {
        let signed = |sender: &str| self.signatures.iter().any(|signature| signature.sender == sender);
        self.shares.iter().map(|share| share.sender.as_str()).filter(|sender| !signed(sender)).collect()
    }

    /// Treatments that left with them.
    #[must_use]
    pub fn withdrawn_treatments(&self) -> u64 {
        self.shares.iter().map(|share| share.withdrawn_treatments).sum()
    }

    /// Treatments that left because keys were lost.
    #[must_use]
    pub fn replaced_treatments(&self) -> u64 {
        self.shares.iter().map(|share| share.replaced_treatments).sum()
    }
}
