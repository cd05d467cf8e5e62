//! Breaks in series, as staff recorded them.

use jiff::Timestamp;
use sqlx::{PgConnection, PgPool};

use super::fault::fault;
use crate::fact::SeriesBreak;
use crate::store::StoreError;
use crate::store::figures::rows::{self, BreakRow};

/// Records a break under the next number.
pub(super) async fn record(pool: &PgPool, new: &SeriesBreak, at: Timestamp) -> Result<(), StoreError> {
    const LOCK: &str = include_str!("sql/break_lock.sql");
    const INSERT: &str = include_str!("sql/break_insert.sql");
    let mut transaction = pool.begin().await.map_err(fault)?;
    sqlx::query(LOCK).execute(&mut *transaction).await.map_err(fault)?;
    let query = sqlx::query(INSERT).bind(&new.region).bind(&new.unit).bind(&new.programme);
    let query = query.bind(new.on.to_string()).bind(&new.note).bind(at.to_string());
    query.execute(&mut *transaction).await.map_err(fault)?;
    transaction.commit().await.map_err(fault)
}

/// Every break, by number.
pub(super) async fn all(connection: &mut PgConnection) -> Result<Vec<SeriesBreak>, StoreError> {
    const ALL: &str = include_str!("sql/break_all.sql");
    let rows: Vec<BreakRow> = sqlx::query_as(ALL).fetch_all(connection).await.map_err(fault)?;
    rows.into_iter().map(rows::series_break).collect()
}
