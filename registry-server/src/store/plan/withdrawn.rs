//! What withdrawals say to a delivery: nothing more of a withdrawn person, and nothing of an erased record up to the erased version.
//!
//! Promises: pure; whatever the order in which records come, replays of the erased stay out and what is newer than the erasure counts.

use std::collections::{HashMap, HashSet};

use schemas::id::Version;
use schemas::receipt::{LineFinding, Verdict};
use schemas::rule::Rule;

use crate::store::arrival::{Arrival, Payload};
use crate::store::version::Account;

/// What withdrawals left of the keys and persons that a delivery names.
#[derive(Debug, Default)]
pub(crate) struct Withdrawn {
    /// Withdrawn persons, by the re-keyed value.
    pub(crate) persons: HashSet<[u8; 32]>,
    /// The version up to which a record was erased, by its key.
    pub(crate) records: HashMap<String, Version>,
}

/// What becomes of a record that is not to be stored.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is refused because of this field.
    Refused(&'static str),
    /// It takes back what was erased: the erasure stands for it, up to its version.
    StandsFor(Verdict),
}

impl Withdrawn {
    /// What becomes of a record by itself; nothing when withdrawals have nothing to say to it. `stored` is what counts now of its key.
    pub(super) fn judge(&mut self, arrival: &Arrival, stored: Option<&Account>) -> Option<Outcome> {
        match &arrival.payload {
            Payload::Treatment(treatment) if self.persons.contains(&treatment.alias.s) => {
                Some(Outcome::Refused("pseudonym"))
            }
            Payload::Treatment(_) if self.records.get(&arrival.key) >= Some(&arrival.version) => {
                Some(Outcome::Refused("key"))
            }
            Payload::Pair(pair) if pair.s.iter().any(|s| self.persons.contains(s)) => {
                Some(Outcome::Refused("pseudonym"))
            }
            Payload::Retraction(_) if stored.is_none() => {
                let erased = self.records.get_mut(&arrival.key)?;
                let verdict = match arrival.version.cmp(erased) {
                    std::cmp::Ordering::Less => Verdict::Stale,
                    std::cmp::Ordering::Equal => Verdict::Unchanged,
                    std::cmp::Ordering::Greater => Verdict::Accepted,
                };
                *erased = arrival.version.max(*erased);
                Some(Outcome::StandsFor(verdict))
            }
            _ => None,
        }
    }
}

/// The finding of a refused line, from 1 for the first record.
pub(super) fn finding(line: u32, field: &str) -> LineFinding {
    LineFinding { line, rule: Rule::PersonWithdrawn.id().to_owned(), field: field.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::{key, retraction, treatment};

    #[test]
    fn a_withdrawn_person_and_an_erased_version_are_refused_and_a_newer_one_of_somebody_else_is_not() {
        let erased = Version { generation: 1, counter: 5 };
        let mut withdrawn =
            Withdrawn { persons: HashSet::from([[9; 32]]), records: HashMap::from([(key("12", 1), erased)]) };
        for (number, version, person, expected) in [
            (2, (1, 1), 9, Some("pseudonym")),
            (1, (2, 1), 9, Some("pseudonym")),
            (1, (1, 4), 1, Some("key")),
            (1, (1, 5), 1, Some("key")),
            (1, (1, 6), 1, None),
            (1, (2, 1), 1, None),
            (2, (1, 1), 1, None),
        ] {
            let arrival = treatment(key("12", number), version, person, 5).unwrap();
            let told = withdrawn.judge(&arrival, None);
            assert_eq!(told, expected.map(Outcome::Refused), "{number} {version:?} {person}");
        }
    }

    #[test]
    fn a_retraction_of_what_was_erased_moves_the_erasure_up_and_leaves_no_key() {
        let mut withdrawn = Withdrawn::default();
        withdrawn.records.insert(key("12", 1), Version { generation: 1, counter: 5 });
        for (version, expected) in [
            ((1, 4), Verdict::Stale),
            ((1, 5), Verdict::Unchanged),
            ((1, 7), Verdict::Accepted),
            ((1, 6), Verdict::Stale),
            ((1, 7), Verdict::Unchanged),
        ] {
            let told = withdrawn.judge(&retraction(key("12", 1), version).unwrap(), None);
            assert_eq!(told, Some(Outcome::StandsFor(expected)), "{version:?}");
        }
        let late = treatment(key("12", 1), (1, 6), 1, 5).unwrap();
        assert_eq!(withdrawn.judge(&late, None), Some(Outcome::Refused("key")));
        assert_eq!(withdrawn.judge(&retraction(key("12", 2), (1, 1)).unwrap(), None), None);
        let stored = Account { version: Version { generation: 1, counter: 8 }, content: [0; 32], subject: Some(1) };
        let told = withdrawn.judge(&retraction(key("12", 1), (1, 9)).unwrap(), Some(&stored));
        assert_eq!(told, None, "what came back is taken back as any other");
    }
}
