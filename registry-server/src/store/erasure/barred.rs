//! Between tombstones, which only name hashes, and the persons and keys that a delivery names.
//!
//! Promises: pure; the hashes of a delivery are worked out only for a sender that has tombstones, and those of retractions only where
//! one takes a treatment back.

use std::collections::{BTreeMap, HashMap};

use schemas::id::Version;

use crate::store::plan::{Known, Person, Plan, Space};
use crate::store::{Delivery, Payload, StoreError};
use crate::subject::{TombKey, Tombstone};

/// What a delivery names, by the tombstones that would bar it.
pub(crate) struct Barred<'a> {
    persons: HashMap<Tombstone, [u8; 32]>,
    records: HashMap<Tombstone, &'a str>,
}

/// A tombstone of a record as it is stored: hash, generation, counter.
pub(crate) type RecordRow = (Vec<u8>, i64, i64);

impl<'a> Barred<'a> {
    /// What this delivery names.
    pub(crate) fn of(delivery: &'a Delivery) -> Self {
        let (mut persons, mut records) = (HashMap::new(), HashMap::new());
        for arrival in delivery.records.iter().flatten() {
            let names: &[[u8; 32]] = match &arrival.payload {
                Payload::Treatment(treatment) => &[treatment.alias.s],
                Payload::Pair(pair) => &pair.s,
                _ => &[],
            };
            persons.extend(names.iter().map(|s| (delivery.tombs.person(s), *s)));
            if arrival.payload.space() == Space::Treatment {
                records.insert(delivery.tombs.record(&arrival.key), arrival.key.as_str());
            }
        }
        Self { persons, records }
    }

    /// The hashes of persons and of records, to be looked for.
    pub(crate) fn hashes(&self) -> (Vec<&[u8]>, Vec<&[u8]>) {
        (self.persons.keys().map(Tombstone::as_slice).collect(), self.records.keys().map(Tombstone::as_slice).collect())
    }

    /// Notes what was found.
    pub(crate) fn note(
        &self,
        persons: Vec<Vec<u8>>,
        records: Vec<RecordRow>,
        known: &mut Known,
    ) -> Result<(), StoreError> {
        for hash in persons {
            known.withdrawn.persons.extend(self.persons.get(&tombstone(hash, "person_tombstone")?));
        }
        for (hash, generation, counter) in records {
            let version = version("record_tombstone", generation, counter)?;
            let key = self.records.get(&tombstone(hash, "record_tombstone")?);
            known.withdrawn.records.extend(key.map(|key| ((*key).to_owned(), version)));
        }
        Ok(())
    }
}

/// The stored persons whose names a plan needs for its retractions.
pub(crate) fn unnamed(plan: &Plan<'_>) -> Vec<i64> {
    let stored = plan.taken_back.iter().filter_map(|(_, person)| match person {
        Person::Stored(id) => Some(*id),
        Person::Named(_) => None,
    });
    stored.collect()
}

/// For each treatment that a plan takes back the tombstone that its person would have, by the record's key.
pub(crate) fn persons_of_retractions<'a>(
    plan: &Plan<'a>,
    names: Vec<(i64, Vec<u8>)>,
    tombs: &TombKey,
) -> Result<BTreeMap<&'a str, Tombstone>, StoreError> {
    let mut by_id = HashMap::new();
    for (id, s) in names {
        by_id.insert(id, tombstone(s, "alias")?);
    }
    let name = |person: &Person| match person {
        Person::Stored(id) => by_id.get(id).copied(),
        Person::Named(s) => Some(*s),
    };
    let taken = plan.taken_back.iter();
    Ok(taken.filter_map(|(key, person)| Some((*key, tombs.person(&name(person)?)))).collect())
}

/// The erased records that a plan takes back once more, each with its newest version.
pub(crate) fn raised(plan: &Plan<'_>, tombs: &TombKey) -> BTreeMap<Tombstone, Version> {
    plan.raised.iter().map(|(key, version)| (tombs.record(key), *version)).collect()
}

/// 32 bytes as they are stored.
pub(crate) fn tombstone(bytes: Vec<u8>, table: &'static str) -> Result<Tombstone, StoreError> {
    bytes.try_into().map_err(|_| StoreError::Inconsistent { table, column: "hash", id: 0 })
}

/// A version as it is stored.
pub(crate) fn version(table: &'static str, generation: i64, counter: i64) -> Result<Version, StoreError> {
    let wrong = |column| StoreError::Inconsistent { table, column, id: 0 };
    Ok(Version {
        generation: u32::try_from(generation).map_err(|_| wrong("generation"))?,
        counter: u64::try_from(counter).map_err(|_| wrong("counter"))?,
    })
}
