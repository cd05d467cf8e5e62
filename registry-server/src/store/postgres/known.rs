//! What is stored of the keys and persons that a delivery names, read in a handful of statements.

use schemas::id::Version;
use sqlx::PgConnection;

use super::fault::fault;
use super::{merge, tombstone};
use crate::store::plan::{Known, Space};
use crate::store::version::Account;
use crate::store::{Delivery, Payload, StoreError};

const TREATMENTS: &str = include_str!("sql/known_treatments.sql");
const UNITS: &str = include_str!("sql/known_units.sql");
const ACTIVITIES: &str = include_str!("sql/known_activities.sql");
const RUNS: &str = include_str!("sql/known_runs.sql");
const SUBJECTS: &str = include_str!("sql/known_subjects.sql");

type Row = (String, i64, i64, Vec<u8>, Option<i64>);

/// Reads it.
pub(super) async fn read(connection: &mut PgConnection, delivery: &Delivery) -> Result<Known, StoreError> {
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
        let query = sqlx::query_as(statement).bind(delivery.sender.as_str()).bind(keys);
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
    let aliases: Vec<&[u8]> = delivery
        .records
        .iter()
        .flatten()
        .filter_map(|record| match &record.payload {
            Payload::Treatment(treatment) => Some(treatment.alias.s.as_slice()),
            _ => None,
        })
        .collect();
    let query = sqlx::query_as(SUBJECTS).bind(delivery.sender.as_str()).bind(delivery.kid.as_str()).bind(aliases);
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
