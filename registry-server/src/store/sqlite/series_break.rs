//! Breaks in series, as staff recorded them.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::{Writer, fault};
use crate::fact::SeriesBreak;
use crate::store::StoreError;
use crate::store::figures::rows::{self, BreakRow};

/// Records a break under the next number.
pub(super) async fn record(writer: &Writer, new: &SeriesBreak, at: Timestamp) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO series_break (number, region, unit, programme, begins_on, note, recorded_at)
        SELECT COALESCE(MAX(number), 0) + 1, ?1, ?2, ?3, ?4, ?5, ?6 FROM series_break";
    let mut connection = writer.connection().await?;
    let query = sqlx::query(INSERT).bind(&new.region).bind(&new.unit).bind(&new.programme);
    let query = query.bind(new.on.to_string()).bind(&new.note).bind(at.to_string());
    let recorded = query.execute(&mut *connection).await.map_err(fault).map(|_| ());
    writer.settle(connection, recorded)
}

/// Every break, by number.
pub(super) async fn all(connection: &mut SqliteConnection) -> Result<Vec<SeriesBreak>, StoreError> {
    const ALL: &str = "SELECT number, region, unit, programme, begins_on, note FROM series_break ORDER BY number";
    let rows: Vec<BreakRow> = sqlx::query_as(ALL).fetch_all(connection).await.map_err(fault)?;
    rows.into_iter().map(rows::series_break).collect()
}
