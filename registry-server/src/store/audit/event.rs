//! What is noted of an event: what happened, to whose records and when, committed to under a salt.
//!
//! Promises: the same event under the same salt has the same leaf. The salt keeps other senders, who see neighbouring hashes in proofs,
//! from guessing what happened; it says nothing of a person, and neither does the event, so both stay for as long as the log.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemas::audit::{Hash, commitment, leaf_hash};
use schemas::canonical;
use schemas::id::{BatchId, KeyId, SenderCode};
use schemas::problem::ProblemType;
use schemas::receipt::Verdict;
use serde::{Deserialize, Serialize};

use crate::environment::Stamp;
use crate::store::SenderStatus;
use crate::store::trail::Review;

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// Whose records or standing it is about; nothing where it is the register's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<SenderCode>,
    /// What happened.
    #[serde(flatten)]
    pub what: What,
}

/// What happened. Persons are counted, never named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// A batch was stored.
    Batch {
        /// Its address.
        batch: BatchId,
        /// [`schemas::receipt::ReceiptBody::digest`] of its receipt.
        receipt: String,
        /// Records by verdict.
        verdicts: BTreeMap<String, u64>,
    },
    /// A batch was refused because it contradicts a stored one.
    Conflict {
        /// Its address.
        batch: BatchId,
        /// What was answered.
        problem: ProblemType,
    },
    /// A state directory was given a generation.
    Generation {
        /// Which.
        generation: u32,
    },
    /// A sender was enrolled, suspended, revoked or let in again.
    Standing {
        /// Its standing before; nothing when it is new.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<String>,
        /// Its standing now.
        now: String,
        /// Why it was suspended, in the words of staff.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Persons were erased.
    Erasure {
        /// Digest of the erasure receipt, leaf and checkpoint left out.
        receipt: String,
        /// Persons named.
        persons: u64,
        /// Persons of whom something was held.
        found: u64,
        /// Treatments erased.
        treatments: u64,
        /// The case that the erasure answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        case: Option<u64>,
    },
    /// Objections were lifted.
    Lift {
        /// Persons named.
        persons: u64,
    },
    /// Something became of a case.
    Case {
        /// Its number.
        number: u64,
        /// `opened`, `answered` or `closed`.
        step: String,
    },
    /// A sender was given what the register holds of persons.
    PersonExtract {
        /// Persons named.
        persons: u64,
        /// Documents given.
        documents: u64,
    },
    /// A sender's keys were lost: its set under new ones began to come, or took the old one's place.
    KeyReset {
        /// The new key.
        kid: KeyId,
        /// Whether it took the old one's place.
        replaced: bool,
        /// Treatments of the set that went.
        treatments: u64,
    },
    /// A data set was frozen.
    Cut {
        /// Its number.
        number: u64,
        /// Hash of what was frozen.
        hash: String,
        /// Treatments in it.
        treatments: u64,
    },
    /// A sender signed under its part of a frozen data set.
    Attestation {
        /// Number of the cut.
        cut: u64,
        /// SHA-256 of what was signed.
        statement: String,
    },
    /// A frozen data set was published.
    Publication {
        /// Number of the cut.
        cut: u64,
        /// Why before the end of the time for comments, in the words of staff.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Somebody who is signed in remarked something on a frozen data set, or changed what was remarked.
    Comment {
        /// Number of the cut.
        cut: u64,
        /// The number of the account.
        user: u32,
    },
    /// Something became of somebody who signs in, or tried to.
    User {
        /// The number of the account; nothing when nobody has the address that was tried.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<u32>,
        /// `invited`, `accepted`, `signed_in`, `proved_again`, `refused`, `locked`, `signed_out`, `password`, `role`, `reset`,
        /// `removed` or `readmitted`.
        step: String,
        /// The role then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<String>,
    },
    /// Somebody was shown figures, or what concerns senders and people.
    Read {
        /// The path of the page, file or document.
        page: String,
        /// What was chosen, as it stands behind the question mark; empty when nothing was.
        filter: String,
        /// Number of the frozen data set that it was read from; nothing for the register as it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cut: Option<u64>,
        /// The number of the account.
        person: u32,
        /// The role then.
        role: String,
    },
    /// A page was refused to somebody.
    Denied {
        /// The path in the table of routes; nothing where several are counted together.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        page: Option<String>,
        /// The number of the account; nothing when nobody was signed in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<u32>,
        /// The role then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<String>,
        /// How often.
        times: u64,
        /// `signed_out`, `role` or `foreign_form`.
        why: String,
    },
    /// Somebody has seen an alarm.
    Alarm {
        /// Its number.
        number: u64,
        /// The number of the account; nothing at the command line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<u32>,
        /// `acknowledged`.
        step: String,
    },
    /// Something became of a contact.
    Contact {
        /// Its number.
        number: u64,
        /// The number of the account; nothing at the command line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<u32>,
        /// `added`, `confirmed` or `removed`.
        step: String,
    },
    /// A step was taken with a request for an extract.
    Request {
        /// Its number.
        number: u64,
        /// The number of the account in whose name.
        of: u32,
        /// The number of the account that was signed in; nothing at the command line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<u32>,
        /// `drafted`, `mended`, `submitted`, `returned`, `approved`, `built`, `released`, `rejected`, `withdrawn`, or `queued` to be
        /// built and `failed` where that came to nothing, by itself.
        step: String,
    },
    /// A step was taken with an order of the statistician's file.
    Analysis {
        /// Its number.
        number: u64,
        /// The number of the account in whose name, at the command line.
        of: u32,
        /// `ordered`, `approved` or `fetched`.
        step: String,
    },
    /// A table left a frozen data set, or everybody may read it from now on.
    Release {
        /// The number of the cut.
        cut: u32,
        /// Its place among those of the cut.
        place: u32,
        /// The number of the request that it was made for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request: Option<u64>,
        /// What was asked for; nothing where it is told already.
        asked: String,
        /// The number of the account in whose name it was opened to everybody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<u32>,
        /// `released` or `published`.
        step: String,
    },
    /// The files of a request were made.
    Package {
        /// The number of the request.
        request: u64,
        /// The number of the cut.
        cut: u32,
        /// SHA-256 of the archive, hexadecimal.
        sha256: String,
    },
    /// A month of this log was reviewed.
    Review {
        /// `YYYY-MM`.
        month: String,
        /// The number of the account.
        person: u32,
        /// Events that were looked at.
        sample: u64,
        /// What they were drawn by, hexadecimal.
        seed: String,
    },
    /// The register was put back from a backup.
    Restored {
        /// Why, in the administrator's words.
        reason: String,
    },
}

/// An event ready to be noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its hash in the tree.
    pub leaf: Hash,
    /// The event, canonical JSON.
    pub event: String,
    /// What keeps it from being guessed.
    pub salt: Hash,
}

/// A receipt with the event that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The receipt's bytes; they hold the event's leaf.
    pub receipt: Vec<u8>,
    /// The event.
    pub entry: Entry,
}

impl Entry {
    /// An event at a moment, under the moment's salt.
    ///
    /// # Panics
    /// Never: what is written is JSON.
    #[must_use]
    pub fn new(Stamp { at, salt }: Stamp, sender: Option<&SenderCode>, what: What) -> Self {
        let event = canonical::bytes(&Event { at, sender: sender.cloned(), what });
        let event = String::from_utf8(event).expect("canonical JSON is UTF-8");
        Self { leaf: Self::leaf(&salt, &event), event, salt }
    }

    /// The hash in the tree of an event's text under a salt.
    #[must_use]
    pub fn leaf(salt: &Hash, event: &str) -> Hash {
        leaf_hash(&commitment(salt, event.as_bytes()))
    }
}

impl What {
    /// A sender's standing, why, and what it was.
    #[must_use]
    pub fn standing(before: Option<SenderStatus>, (now, reason): (SenderStatus, Option<&str>)) -> Self {
        Self::Standing {
            before: before.map(|before| before.word().to_owned()),
            now: now.word().to_owned(),
            reason: reason.map(ToOwned::to_owned),
        }
    }

    /// A month's review.
    #[must_use]
    pub fn review(Review { month, person, sample, seed, .. }: &Review) -> Self {
        Self::Review { month: month.clone(), person: *person, sample: *sample, seed: seed.clone() }
    }

    /// A stored batch with these verdicts.
    #[must_use]
    pub fn batch(batch: &BatchId, receipt: String, verdicts: &[Verdict]) -> Self {
        let mut counts = BTreeMap::new();
        for verdict in verdicts {
            *counts.entry(verdict.word().to_owned()).or_default() += 1;
        }
        Self::Batch { batch: batch.clone(), receipt, verdicts: counts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_read_back_from_what_its_leaf_commits_to() {
        let stamp = Stamp { at: "2026-11-22T10:00:00Z".parse().unwrap(), salt: [7; 32] };
        let sender: SenderCode = "12".parse().unwrap();
        let batch = "0".repeat(64).parse().unwrap();
        for what in [
            What::batch(&batch, "1".repeat(64), &[Verdict::Accepted, Verdict::Stale, Verdict::Accepted]),
            What::Conflict { batch, problem: ProblemType::BatchConflict },
            What::Standing { before: None, now: "suspended".into(), reason: Some("asked for".into()) },
            What::Erasure { receipt: "2".repeat(64), persons: 3, found: 2, treatments: 4, case: Some(1) },
            What::Restored { reason: "the disk of 3 November".into() },
        ] {
            let entry = Entry::new(stamp, Some(&sender), what.clone());
            let event: Event = serde_json::from_str(&entry.event).unwrap();
            assert_eq!(event, Event { at: stamp.at, sender: Some(sender.clone()), what });
            assert_ne!(entry.leaf, Entry::leaf(&[8; 32], &entry.event));
        }
        let entry = Entry::new(stamp, None, What::Lift { persons: 2 });
        assert_eq!(entry.event, r#"{"at":"2026-11-22T10:00:00Z","kind":"lift","persons":2}"#);
    }
}
