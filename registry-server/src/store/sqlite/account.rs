//! A sender's accounting lines, and the register's own counts beside them.
//!
//! Promises: all of it comes from one snapshot of the database.

use jiff::Timestamp;
use schemas::id::SenderCode;
use sqlx::{Connection as _, SqliteConnection, SqlitePool};

use super::{Writer, fault};
use crate::store::StoreError;
use crate::store::account::{
    AccountRows, DRIFT, Ends, StoredComparison, StoredCycle, StoredRun, compared, count, cycle,
};

const LINES: &str =
    "SELECT generation, counter, cycle, reading, counted, month, unit, programme, found, accepted, unchanged, rejected,
        held, excluded, pending, reasons
    FROM run WHERE sender = ? ORDER BY record_key";
const ACTIVE: &str = "SELECT substr(ended_on, 1, 7), COUNT(*) FROM treatment WHERE sender = ? GROUP BY 1 ORDER BY 1";
const CYCLES: &str = "SELECT generation, cycle, MAX(received_at), SUM(accepted), SUM(added), SUM(removed) FROM batch
    WHERE sender = ? AND added IS NOT NULL GROUP BY generation, cycle ORDER BY generation, cycle";
const UNTOLD: &str = "SELECT COUNT(*) FROM batch WHERE sender = ? AND added IS NULL";
const ERASED: &str = "SELECT received_at, treatments FROM erasure WHERE sender = ? ORDER BY number";
const COMPARED: &str = "SELECT drift, compared_at, compared FROM sender WHERE code = ?";

/// Reads them.
pub(super) async fn account(readers: &SqlitePool, code: &SenderCode) -> Result<AccountRows, StoreError> {
    let mut snapshot = readers.begin().await.map_err(fault)?;
    let sender = code.as_str();
    let lines: Vec<StoredRun> = sqlx::query_as(LINES).bind(sender).fetch_all(&mut *snapshot).await.map_err(fault)?;
    let active: Vec<(String, i64)> =
        sqlx::query_as(ACTIVE).bind(sender).fetch_all(&mut *snapshot).await.map_err(fault)?;
    let cycles: Vec<StoredCycle> =
        sqlx::query_as(CYCLES).bind(sender).fetch_all(&mut *snapshot).await.map_err(fault)?;
    let untold: i64 = sqlx::query_scalar(UNTOLD).bind(sender).fetch_one(&mut *snapshot).await.map_err(fault)?;
    let erased: Vec<(String, i64)> =
        sqlx::query_as(ERASED).bind(sender).fetch_all(&mut *snapshot).await.map_err(fault)?;
    let comparison: Option<StoredComparison> =
        sqlx::query_as(COMPARED).bind(sender).fetch_optional(&mut *snapshot).await.map_err(fault)?;
    snapshot.commit().await.map_err(fault)?;
    let (drift, at, word) = comparison.unwrap_or_default();
    Ok(AccountRows {
        lines: lines.into_iter().map(StoredRun::read).collect::<Result<_, _>>()?,
        active: active.into_iter().map(|(month, n)| (month, count(n))).collect(),
        cycles: cycles.into_iter().map(cycle).collect::<Result<_, _>>()?,
        untold: count(untold),
        erased: erased.into_iter().map(|(at, n)| (at, count(n))).collect(),
        drift,
        compared: compared(at, word.as_deref()),
    })
}

/// Notes what a sender found when it compared both ends; what is held beyond the receipts counts as mended when they are equal.
pub(super) async fn note_comparison(
    writer: &Writer,
    code: &SenderCode,
    (ends, at): (Ends, Timestamp),
) -> Result<(), StoreError> {
    let mut connection = writer.connection().await?;
    let noted = note(&mut connection, code, (ends, at)).await.map_err(fault);
    writer.settle(connection, noted)
}

async fn note(
    connection: &mut SqliteConnection,
    code: &SenderCode,
    (ends, at): (Ends, Timestamp),
) -> Result<(), sqlx::Error> {
    const NOTE: &str = "UPDATE sender SET compared_at = ?2, compared = ?3 WHERE code = ?1";
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let query = sqlx::query(NOTE).bind(code.as_str()).bind(at.to_string()).bind(ends.word());
    query.execute(&mut *transaction).await?;
    if ends == Ends::Equal {
        sqlx::query(DRIFT).bind(code.as_str()).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}
