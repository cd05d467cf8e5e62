//! What withdrawals left: read for a delivery, and kept up with what the delivery says.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use super::fault::fault;
use crate::store::erasure::barred::{Barred, RecordRow, persons_of_retractions, raised, unnamed};
use crate::store::plan::{Known, Plan};
use crate::store::{Delivery, StoreError};
use crate::subject::Tombstone;

/// Reads what bars records of a delivery.
pub(super) async fn read(
    connection: &mut PgConnection,
    delivery: &Delivery,
    known: &mut Known,
) -> Result<(), StoreError> {
    const ANY: &str = include_str!("sql/tombstones_any.sql");
    const PERSONS: &str = include_str!("sql/tombstones_of_persons.sql");
    const RECORDS: &str = include_str!("sql/tombstones_of_records.sql");
    let sender = delivery.sender.as_str();
    if !sqlx::query_scalar(ANY).bind(sender).fetch_one(&mut *connection).await.map_err(fault)? {
        return Ok(());
    }
    let barred = Barred::of(delivery);
    let (persons, records) = barred.hashes();
    let persons = sqlx::query_scalar(PERSONS).bind(sender).bind(persons);
    let persons: Vec<Vec<u8>> = persons.fetch_all(&mut *connection).await.map_err(fault)?;
    let records = sqlx::query_as(RECORDS).bind(sender).bind(records);
    let records: Vec<RecordRow> = records.fetch_all(connection).await.map_err(fault)?;
    barred.note(persons, records, known)
}

/// The persons whose treatments a plan takes back, as tombstones, by the record's key. Their names may be gone afterwards.
pub(super) async fn persons_taken_back<'a>(
    connection: &mut PgConnection,
    delivery: &Delivery,
    plan: &Plan<'a>,
) -> Result<BTreeMap<&'a str, Tombstone>, StoreError> {
    const NAMES: &str = include_str!("sql/alias_names.sql");
    if plan.taken_back.is_empty() {
        return Ok(BTreeMap::new());
    }
    let names = sqlx::query_as(NAMES).bind(delivery.sender.as_str()).bind(unnamed(plan));
    persons_of_retractions(plan, names.fetch_all(connection).await.map_err(fault)?, &delivery.tombs)
}

/// Keeps tombstones and retractions up with a delivery that was written: an erased record that is taken back stays erased up to there,
/// and a retraction goes with its person.
pub(super) async fn keep_up(
    connection: &mut PgConnection,
    delivery: &Delivery,
    (plan, persons): (&Plan<'_>, &BTreeMap<&str, Tombstone>),
) -> Result<(), sqlx::Error> {
    const RAISE: &str = include_str!("sql/tombstones_raise.sql");
    const PERSON: &str = include_str!("sql/retractions_person.sql");
    let sender = delivery.sender.as_str();
    let raised = raised(plan, &delivery.tombs);
    if !raised.is_empty() {
        let counters = raised.values().map(|version| i64::try_from(version.counter).unwrap_or(i64::MAX));
        let raise = sqlx::query(RAISE)
            .bind(sender)
            .bind(raised.keys().map(Tombstone::as_slice).collect::<Vec<_>>())
            .bind(raised.values().map(|version| i64::from(version.generation)).collect::<Vec<_>>())
            .bind(counters.collect::<Vec<_>>());
        raise.execute(&mut *connection).await?;
    }
    if persons.is_empty() {
        return Ok(());
    }
    let query = sqlx::query(PERSON)
        .bind(sender)
        .bind(persons.keys().copied().collect::<Vec<_>>())
        .bind(persons.values().map(Tombstone::as_slice).collect::<Vec<_>>());
    query.execute(connection).await.map(|_| ())
}
