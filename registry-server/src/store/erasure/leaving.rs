//! What an erasure takes away and leaves: worked out from what is stored, the same for every engine.
//!
//! Promises: pure; a person leaves under every name that it has, and each name has a tombstone that knows for which one it stands.

use std::collections::{BTreeMap, BTreeSet};

use schemas::id::Version;

use super::barred::version;
use crate::store::StoreError;
use crate::subject::{TombKey, Tombstone};

/// A person's name in the register.
pub(crate) type Name = [u8; 32];

/// An erased record as it stood: key, generation, counter.
pub(crate) type ErasedRow = (String, i64, i64);
/// One that was taken back before: the number that it had, the same, and its person's tombstone.
pub(crate) type RetractedRow = (Option<i64>, String, i64, i64, Vec<u8>);

/// A name that was looked for, another name of the same person, and the person's internal id.
pub(crate) type AliasRow = (Vec<u8>, Vec<u8>, i64);

/// The persons who leave.
#[derive(Debug)]
pub(crate) struct Leaving {
    /// Each person's name in the request.
    asked: Vec<Name>,
    /// Each person's names, the one of the request among them.
    names: Vec<BTreeSet<Name>>,
    subjects: BTreeMap<i64, BTreeSet<Name>>,
}

impl Leaving {
    /// Persons asked for by these names, each with all its names as far as they were said to be one.
    pub(crate) fn new(asked: Vec<Name>, names: Vec<BTreeSet<Name>>) -> Self {
        Self { asked, names, subjects: BTreeMap::new() }
    }

    /// Notes the stored persons behind the names, with the names that they have under other keys.
    pub(crate) fn meet(&mut self, rows: Vec<AliasRow>) -> Result<(), StoreError> {
        let name = |bytes: Vec<u8>| {
            bytes.try_into().map_err(|_| StoreError::Inconsistent { table: "alias", column: "s", id: 0 })
        };
        for (known, other, subject) in rows {
            let [known, other]: [Name; 2] = [name(known)?, name(other)?];
            self.subjects.entry(subject).or_default().insert(known);
            for names in self.names.iter_mut().filter(|names| names.contains(&known)) {
                names.insert(other);
            }
        }
        Ok(())
    }

    /// Every name of every person.
    pub(crate) fn all_names(&self) -> BTreeSet<Name> {
        self.names.iter().flatten().copied().collect()
    }

    /// The stored persons.
    pub(crate) fn subjects(&self) -> Vec<i64> {
        self.subjects.keys().copied().collect()
    }

    /// The tombstones of the names in the request.
    pub(crate) fn asked(&self, tombs: &TombKey) -> BTreeSet<Tombstone> {
        self.asked.iter().map(|name| tombs.person(name)).collect()
    }

    /// The tombstone of every name, and the one for which it stands: itself, when it was asked for.
    pub(crate) fn tombstones(&self, tombs: &TombKey) -> BTreeMap<Tombstone, Tombstone> {
        let mut all = BTreeMap::new();
        for (asked, names) in self.asked.iter().zip(&self.names) {
            let stands_for = tombs.person(asked);
            all.extend(names.iter().map(|name| (tombs.person(name), stands_for)));
        }
        all.extend(self.asked.iter().map(|name| (tombs.person(name), tombs.person(name))));
        all
    }

    /// Persons of whom something is held: a stored person, or a retraction that bears one of these tombstones.
    pub(crate) fn found(&self, retracted: &BTreeSet<Tombstone>, tombs: &TombKey) -> u32 {
        let stored: BTreeSet<&Name> = self.subjects.values().flatten().collect();
        let held =
            |name: &Name| stored.contains(name) || (!retracted.is_empty() && retracted.contains(&tombs.person(name)));
        count(self.names.iter().filter(|names| names.iter().any(held)).count())
    }
}

/// The tombstones of erased records, each with its version.
pub(crate) fn record_tombstones(
    erased: &[ErasedRow],
    tombs: &TombKey,
) -> Result<BTreeMap<Tombstone, Version>, StoreError> {
    let tombstone =
        |(key, generation, counter): &ErasedRow| Ok((tombs.record(key), version("treatment", *generation, *counter)?));
    erased.iter().map(tombstone).collect()
}

/// A number of persons or treatments of one request.
pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::tombs;

    fn leaving(asked: &[u8], circles: &[&[u8]]) -> Leaving {
        let names = circles.iter().map(|names| names.iter().map(|name| [*name; 32]).collect()).collect();
        Leaving::new(asked.iter().map(|name| [*name; 32]).collect(), names)
    }

    #[test]
    fn a_person_leaves_under_every_name_and_what_was_asked_for_stands_for_the_others() {
        let mut leaving = leaving(&[1, 4], &[&[1, 2], &[4]]);
        leaving.meet(vec![(vec![2; 32], vec![2; 32], 70), (vec![2; 32], vec![3; 32], 70)]).unwrap();
        assert_eq!(leaving.all_names().into_iter().map(|name| name[0]).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(leaving.subjects(), [70]);
        let person = |name: u8| tombs().person(&[name; 32]);
        let expected = [(1, 1), (2, 1), (3, 1), (4, 4)].map(|(name, stands_for)| (person(name), person(stands_for)));
        assert_eq!(leaving.tombstones(&tombs()), BTreeMap::from(expected));
        assert_eq!(leaving.found(&BTreeSet::new(), &tombs()), 1);
        assert_eq!(leaving.found(&BTreeSet::from([person(4)]), &tombs()), 2);
        assert_eq!(leaving.found(&BTreeSet::from([person(9)]), &tombs()), 1);
    }

    #[test]
    fn two_names_of_one_person_that_are_both_asked_for_stand_for_themselves() {
        let leaving = leaving(&[1, 2], &[&[1, 2, 3], &[1, 2, 3]]);
        let tombstones = leaving.tombstones(&tombs());
        let own = leaving.asked(&tombs());
        assert_eq!((tombstones.len(), own.len()), (3, 2));
        assert!(own.iter().all(|tombstone| tombstones[tombstone] == *tombstone));
    }
}
