//! A sender's accounting lines, and the register's own counts beside them.
//!
//! Promises: all of it comes from one snapshot of the database.

use jiff::Timestamp;
use schemas::id::SenderCode;
use sqlx::PgPool;

use super::fault::fault;
use super::sender;
use crate::store::StoreError;
use crate::store::account::{
    AccountRows, DRIFT, Ends, StoredComparison, StoredCycle, StoredRun, compared, count, cycle,
};

const LINES: &str = include_str!("sql/account_lines.sql");
const ACTIVE: &str = include_str!("sql/account_active.sql");
const CYCLES: &str = include_str!("sql/account_cycles.sql");
const UNTOLD: &str = include_str!("sql/account_untold.sql");
const ERASED: &str = include_str!("sql/account_erased.sql");
const COMPARED: &str = include_str!("sql/account_compared.sql");

/// Reads them.
pub(super) async fn account(pool: &PgPool, code: &SenderCode) -> Result<AccountRows, StoreError> {
    let mut snapshot = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(fault)?;
    let own = code.as_str();
    let lines: Vec<StoredRun> = sqlx::query_as(LINES).bind(own).fetch_all(&mut *snapshot).await.map_err(fault)?;
    let active: Vec<(String, i64)> = sqlx::query_as(ACTIVE).bind(own).fetch_all(&mut *snapshot).await.map_err(fault)?;
    let cycles: Vec<StoredCycle> = sqlx::query_as(CYCLES).bind(own).fetch_all(&mut *snapshot).await.map_err(fault)?;
    let untold: i64 = sqlx::query_scalar(UNTOLD).bind(own).fetch_one(&mut *snapshot).await.map_err(fault)?;
    let erased: Vec<(String, i64)> = sqlx::query_as(ERASED).bind(own).fetch_all(&mut *snapshot).await.map_err(fault)?;
    let comparison: Option<StoredComparison> =
        sqlx::query_as(COMPARED).bind(own).fetch_optional(&mut *snapshot).await.map_err(fault)?;
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

/// Notes what a sender found when it compared both ends; what is held beyond the receipts counts as mended when they are equal, and what
/// rows left behind that went without this program is removed then.
pub(super) async fn note_comparison(
    pool: &PgPool,
    code: &SenderCode,
    (ends, at): (Ends, Timestamp),
) -> Result<(), StoreError> {
    const NOTE: &str = include_str!("sql/account_note.sql");
    const EQUAL: [&str; 4] = [
        DRIFT,
        include_str!("sql/account_left_outcomes.sql"),
        include_str!("sql/account_left_followups.sql"),
        include_str!("sql/account_left_subjects.sql"),
    ];
    let mut transaction = pool.begin().await.map_err(fault)?;
    // No delivery of the sender is half done meanwhile.
    sender::lock(&mut transaction, code).await?;
    let query = sqlx::query(NOTE).bind(code.as_str()).bind(at.to_string()).bind(ends.word());
    query.execute(&mut *transaction).await.map_err(fault)?;
    for statement in EQUAL.into_iter().filter(|_| ends == Ends::Equal) {
        sqlx::query(statement).bind(code.as_str()).execute(&mut *transaction).await.map_err(fault)?;
    }
    transaction.commit().await.map_err(fault)
}
