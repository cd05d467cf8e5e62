//! The counts around treatments: monthly activity, senders, accounting lines; and the further fields of treatments.

use futures_util::{StreamExt as _, TryStreamExt as _};
use sqlx::{FromRow as _, SqliteConnection};

use super::fault;
use crate::fact::{ActivityFact, DetailFact, Names, RunFact, SenderFact};
use crate::store::StoreError;
use crate::store::figures::narrow;
use crate::store::figures::rows::{self, ActivityRow, RunRow, SenderRow};

/// Every sender's monthly counts.
pub(super) async fn activities(
    connection: &mut SqliteConnection,
    names: &mut Names,
) -> Result<Vec<ActivityFact>, StoreError> {
    const ACTIVITIES: &str = "SELECT sender, month, unit, programme, sex, age_group, started, ended, ongoing FROM activity ORDER BY sender, record_key";
    let rows: Vec<ActivityRow> = sqlx::query_as(ACTIVITIES).fetch_all(connection).await.map_err(fault)?;
    rows.into_iter().map(|row| rows::activity(row, names)).collect()
}

/// Every sender.
pub(super) async fn senders(
    connection: &mut SqliteConnection,
    names: &mut Names,
) -> Result<Vec<SenderFact>, StoreError> {
    const SENDERS: &str = "SELECT code, status, enrolled_at,
            (SELECT MIN(received_at) FROM batch WHERE sender = code AND COALESCE(accepted, 1) > 0) AS first_accepted_at,
            (SELECT MAX(received_at) FROM batch WHERE sender = code AND COALESCE(accepted, 1) > 0) AS last_accepted_at,
            last_seen_at, paused_until, schedule, timezone
        FROM sender ORDER BY code";
    let rows: Vec<SenderRow> = sqlx::query_as(SENDERS).fetch_all(connection).await.map_err(fault)?;
    Ok(rows.into_iter().map(|row| rows::sender(row, names)).collect())
}

/// The accounting lines of every sender's newest reading of everything.
pub(super) async fn runs(connection: &mut SqliteConnection, names: &mut Names) -> Result<Vec<RunFact>, StoreError> {
    const RUNS: &str = "SELECT sender, generation, counter, cycle, reading, counted, month, unit, programme, found, accepted, unchanged, rejected,
            held, excluded, pending, reasons
        FROM run ORDER BY sender, record_key";
    let rows: Vec<RunRow> = sqlx::query_as(RUNS).fetch_all(connection).await.map_err(fault)?;
    rows::runs(rows, names)
}

/// The further fields of every treatment.
pub(super) async fn details(connection: &mut SqliteConnection) -> Result<Vec<DetailFact>, StoreError> {
    const DETAILS: &str =
        "SELECT id, document FROM treatment WHERE id NOT IN (SELECT id FROM coming_treatment) ORDER BY id";
    let rows = sqlx::query(DETAILS).fetch(connection);
    let facts = rows.map(|row| narrow::detail(<(i64, &str)>::from_row(&row.map_err(fault)?).map_err(fault)?));
    facts.try_collect().await
}
