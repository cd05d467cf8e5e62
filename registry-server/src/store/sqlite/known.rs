//! What is stored of the keys and persons that a delivery names, read in a handful of statements.

use schemas::canonical;
use schemas::id::Version;
use sqlx::SqliteConnection;

use super::{fault, merge, tombstone};
use crate::store::plan::{Known, Space};
use crate::store::version::Account;
use crate::store::{Delivery, Payload, StoreError};

const TREATMENTS: &str = "SELECT record_key, generation, counter, content_hash, subject FROM treatment
    WHERE sender = ?1 AND record_key IN (SELECT value FROM json_each(?2))
    UNION ALL
    SELECT record_key, generation, counter, content_hash, NULL FROM retraction
    WHERE sender = ?1 AND record_key IN (SELECT value FROM json_each(?2))";
const UNITS: &str = "SELECT unit, generation, counter, content_hash, NULL FROM unit
    WHERE sender = ?1 AND unit IN (SELECT value FROM json_each(?2))";
const ACTIVITIES: &str = "SELECT record_key, generation, counter, content_hash, NULL FROM activity
    WHERE sender = ?1 AND record_key IN (SELECT value FROM json_each(?2))";
const RUNS: &str = "SELECT record_key, generation, counter, content_hash, NULL FROM run
    WHERE sender = ?1 AND record_key IN (SELECT value FROM json_each(?2))";
const SUBJECTS: &str = "SELECT s, subject FROM alias
    WHERE kid = ?1 AND s IN (SELECT unhex(value) FROM json_each(?2))";

type Row = (String, i64, i64, Vec<u8>, Option<i64>);

/// Reads it.
pub(super) async fn read(connection: &mut SqliteConnection, delivery: &Delivery) -> Result<Known, StoreError> {
    let mut known = Known::default();
    for (space, statement, table) in [
        (Space::Treatment, TREATMENTS, "treatment"),
        (Space::Unit, UNITS, "unit"),
        (Space::Activity, ACTIVITIES, "activity"),
        (Space::Run, RUNS, "run"),
    ] {
        let records = delivery.records.iter().flatten();
        let keys: Vec<&str> = records.filter(|r| r.payload.space() == space).map(|r| r.key.as_str()).collect();
        if keys.is_empty() {
            continue;
        }
        let query = sqlx::query_as(statement).bind(delivery.sender.as_str()).bind(list(&keys));
        let rows: Vec<Row> = query.fetch_all(&mut *connection).await.map_err(fault)?;
        for row in rows {
            let (key, account) = account(row, table)?;
            known.accounts.insert((space, key), account);
        }
    }
    if delivery.records.iter().flatten().any(|record| record.payload.space() == Space::Pair) {
        merge::read(connection, delivery, &mut known).await?;
    }
    tombstone::read(connection, delivery, &mut known).await?;
    let aliases: Vec<String> = delivery
        .records
        .iter()
        .flatten()
        .filter_map(|record| match &record.payload {
            Payload::Treatment(treatment) => Some(canonical::hex(&treatment.alias.s)),
            _ => None,
        })
        .collect();
    let aliases: Vec<&str> = aliases.iter().map(String::as_str).collect();
    let query = sqlx::query_as(SUBJECTS).bind(delivery.kid.as_str()).bind(list(&aliases));
    let rows: Vec<(Vec<u8>, i64)> = query.fetch_all(connection).await.map_err(fault)?;
    for (s, id) in rows {
        let s = s.try_into().map_err(|_| StoreError::Inconsistent { table: "alias", column: "s", id })?;
        known.subjects.insert(s, id);
    }
    Ok(known)
}

fn account(row: Row, table: &'static str) -> Result<(String, Account), StoreError> {
    let (key, generation, counter, content, subject) = row;
    let wrong = |column| StoreError::Inconsistent { table, column, id: subject.unwrap_or_default() };
    let version = Version {
        generation: u32::try_from(generation).map_err(|_| wrong("generation"))?,
        counter: u64::try_from(counter).map_err(|_| wrong("counter"))?,
    };
    let content = content.try_into().map_err(|_| wrong("content_hash"))?;
    Ok((key, Account { version, content, subject }))
}

/// A JSON array that SQLite takes apart again: one statement text, whatever the number of values.
pub(super) fn list<T: serde::Serialize>(values: &[T]) -> String {
    String::from_utf8(canonical::bytes(&values)).expect("canonical JSON is UTF-8")
}
