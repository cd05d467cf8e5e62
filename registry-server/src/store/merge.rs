//! Which of a sender's persons are one: pairs of names that were said to be one person's, and what follows from all pairs together.
//!
//! Promises: pure; a pair that was taken apart again connects nothing, so a merge leaves nothing behind that a split does not undo; the
//! order in which pairs are named changes nothing.

use std::collections::{BTreeSet, HashMap};

use schemas::canonical;
use schemas::id::Version;

use super::StoreError;
use super::plan::{Known, Space};
use super::version::Account;
use crate::fact::TreatmentFact;

/// A person's name in the register.
type Name = [u8; 32];

/// A pair as it is read: both names, version and content hash of what was said last.
pub(super) type Row = (Vec<u8>, Vec<u8>, i64, i64, Vec<u8>);

/// A merged pair: both names, and the persons that have them, where they have treatments.
pub(super) type Merged = (Vec<u8>, Vec<u8>, Option<i64>, Option<i64>);

/// Notes the stored accounts of pairs, under the keys that arriving ones have.
pub(super) fn note(rows: Vec<Row>, known: &mut Known) -> Result<(), StoreError> {
    for (one, other, generation, counter, content) in rows {
        let wrong = |column| StoreError::Inconsistent { table: "subject_pair", column, id: counter };
        let version = Version {
            generation: u32::try_from(generation).map_err(|_| wrong("generation"))?,
            counter: u64::try_from(counter).map_err(|_| wrong("counter"))?,
        };
        let content = content.try_into().map_err(|_| wrong("content_hash"))?;
        let key = canonical::hex(&[one, other].concat());
        known.accounts.insert((Space::Pair, key), Account { version, content, subject: None });
    }
    Ok(())
}

/// Lets the treatments of one person bear one internal number: the smallest of those that the person has.
pub(super) fn join(treatments: &mut [TreatmentFact], merged: Vec<Merged>) -> Result<(), StoreError> {
    let mut circles = Circles::default();
    let mut numbers: Vec<(usize, i64)> = Vec::new();
    for (one, other, number_of_one, number_of_other) in merged {
        let [one, other] = [circles.place(name(one)?), circles.place(name(other)?)];
        circles.unite(one, other);
        numbers.extend(number_of_one.map(|number| (one, number)));
        numbers.extend(number_of_other.map(|number| (other, number)));
    }
    let mut smallest: HashMap<usize, i64> = HashMap::new();
    for (place, number) in &numbers {
        let least = smallest.entry(circles.root(*place)).or_insert(*number);
        *least = (*least).min(*number);
    }
    let person: HashMap<i64, i64> =
        numbers.iter().map(|(place, number)| (*number, smallest[&circles.root(*place)])).collect();
    if !person.is_empty() {
        for treatment in treatments {
            treatment.subject = person.get(&treatment.subject).copied().unwrap_or(treatment.subject);
        }
    }
    Ok(())
}

/// These names and every other name of the same persons.
pub(super) fn all_names(names: &[Name], merged: Vec<(Vec<u8>, Vec<u8>)>) -> Result<BTreeSet<Name>, StoreError> {
    let mut circles = Circles::default();
    for (one, other) in merged {
        let [one, other] = [circles.place(name(one)?), circles.place(name(other)?)];
        circles.unite(one, other);
    }
    let wanted: BTreeSet<usize> = names.iter().filter_map(|name| circles.known(name)).collect();
    let also =
        circles.places.iter().filter(|(_, place)| wanted.contains(&circles.root(**place))).map(|(name, _)| *name);
    Ok(names.iter().copied().chain(also).collect())
}

fn name(bytes: Vec<u8>) -> Result<Name, StoreError> {
    bytes.try_into().map_err(|_| StoreError::Inconsistent { table: "subject_pair", column: "one", id: 0 })
}

/// Names in circles that touch nowhere.
#[derive(Debug, Default)]
struct Circles {
    places: HashMap<Name, usize>,
    /// The place that each place was united with; a root is its own.
    above: Vec<usize>,
}

impl Circles {
    fn place(&mut self, name: Name) -> usize {
        *self.places.entry(name).or_insert_with(|| {
            self.above.push(self.above.len());
            self.above.len() - 1
        })
    }

    /// The root of a name's circle, when the name is in one.
    fn known(&self, name: &Name) -> Option<usize> {
        self.places.get(name).map(|place| self.root(*place))
    }

    fn root(&self, mut place: usize) -> usize {
        while self.above[place] != place {
            place = self.above[place];
        }
        place
    }

    fn unite(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.above[one.max(other)] = one.min(other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(u8, u8)]) -> Vec<(Vec<u8>, Vec<u8>)> {
        pairs.iter().map(|(one, other)| (vec![*one; 32], vec![*other; 32])).collect()
    }

    fn names(of: u8, merged: &[(u8, u8)]) -> Vec<u8> {
        all_names(&[[of; 32]], pairs(merged)).unwrap().into_iter().map(|name| name[0]).collect()
    }

    #[test]
    fn a_person_is_found_under_every_name_in_whatever_order_pairs_were_named() {
        assert_eq!(names(1, &[]), [1]);
        assert_eq!(names(1, &[(2, 3)]), [1]);
        for merged in [[(1, 2), (2, 3), (4, 5)], [(4, 5), (3, 2), (2, 1)], [(2, 3), (4, 5), (1, 3)]] {
            for of in [1, 2, 3] {
                assert_eq!(names(of, &merged), [1, 2, 3], "{of} of {merged:?}");
            }
            assert_eq!(names(5, &merged), [4, 5]);
        }
    }
}
