//! What withdrawals left: read for a delivery, and kept up with what the delivery says.

use std::collections::BTreeMap;

use schemas::canonical;
use sqlx::SqliteConnection;

use super::fault;
use super::known::list;
use crate::store::erasure::barred::{Barred, RecordRow, persons_of_retractions, raised, unnamed};
use crate::store::plan::{Known, Plan};
use crate::store::{Delivery, StoreError};
use crate::subject::Tombstone;

/// Reads what bars records of a delivery.
pub(super) async fn read(
    connection: &mut SqliteConnection,
    delivery: &Delivery,
    known: &mut Known,
) -> Result<(), StoreError> {
    const ANY: &str = "SELECT EXISTS (SELECT 1 FROM person_tombstone WHERE sender = ?1)
        OR EXISTS (SELECT 1 FROM record_tombstone WHERE sender = ?1)";
    const PERSONS: &str = "SELECT hash FROM person_tombstone
        WHERE sender = ? AND hash IN (SELECT unhex(value) FROM json_each(?))";
    const RECORDS: &str = "SELECT hash, generation, counter FROM record_tombstone
        WHERE sender = ? AND hash IN (SELECT unhex(value) FROM json_each(?))";
    let sender = delivery.sender.as_str();
    if !sqlx::query_scalar(ANY).bind(sender).fetch_one(&mut *connection).await.map_err(fault)? {
        return Ok(());
    }
    let barred = Barred::of(delivery);
    let (persons, records) = barred.hashes();
    let persons = sqlx::query_scalar(PERSONS).bind(sender).bind(hashes(persons));
    let persons: Vec<Vec<u8>> = persons.fetch_all(&mut *connection).await.map_err(fault)?;
    let records = sqlx::query_as(RECORDS).bind(sender).bind(hashes(records));
    let records: Vec<RecordRow> = records.fetch_all(connection).await.map_err(fault)?;
    barred.note(persons, records, known)
}

/// The persons whose treatments a plan takes back, as tombstones, by the record's key. Their names may be gone afterwards.
pub(super) async fn persons_taken_back<'a>(
    connection: &mut SqliteConnection,
    delivery: &Delivery,
    plan: &Plan<'a>,
) -> Result<BTreeMap<&'a str, Tombstone>, StoreError> {
    const NAMES: &str = "SELECT subject, s FROM alias WHERE subject IN (SELECT value FROM json_each(?))";
    if plan.taken_back.is_empty() {
        return Ok(BTreeMap::new());
    }
    let names = sqlx::query_as(NAMES).bind(numbers(&unnamed(plan))).fetch_all(connection).await.map_err(fault)?;
    persons_of_retractions(plan, names, &delivery.tombs)
}

/// Keeps tombstones and retractions up with a delivery that was written: an erased record that is taken back stays erased up to there,
/// and a retraction goes with its person.
pub(super) async fn keep_up(
    connection: &mut SqliteConnection,
    delivery: &Delivery,
    (plan, persons): (&Plan<'_>, &BTreeMap<&str, Tombstone>),
) -> Result<(), sqlx::Error> {
    const RAISE: &str = "UPDATE record_tombstone SET generation = ?, counter = ? WHERE sender = ? AND hash = ?";
    const PERSON: &str = "UPDATE retraction SET person = ? WHERE sender = ? AND record_key = ?";
    let sender = delivery.sender.as_str();
    for (hash, version) in raised(plan, &delivery.tombs) {
        let counter = i64::try_from(version.counter).unwrap_or(i64::MAX);
        let raise = sqlx::query(RAISE).bind(version.generation).bind(counter).bind(sender).bind(hash.as_slice());
        raise.execute(&mut *connection).await?;
    }
    for (key, person) in persons {
        sqlx::query(PERSON).bind(person.as_slice()).bind(sender).bind(key).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Whole numbers in the form in which a statement takes many of them. The canonical form of JSON would round those above 2^53.
pub(super) fn numbers<T: serde::Serialize>(rows: &[T]) -> String {
    serde_json::to_string(rows).expect("numbers and texts are JSON")
}

/// Bytes in the form in which a statement takes many of them.
pub(super) fn hashes<'a>(bytes: impl IntoIterator<Item = &'a [u8]>) -> String {
    list(&bytes.into_iter().map(canonical::hex).collect::<Vec<_>>())
}
