//! Outside denominators, as imported.

use jiff::Timestamp;
use sqlx::{Connection as _, SqliteConnection};

use super::{Writer, fault};
use crate::fact::Denominator;
use crate::store::StoreError;
use crate::store::figures::rows::{self, DenominatorRow};

/// Puts each line in place of the one of the same region, unit, programme and month.
pub(super) async fn import(writer: &Writer, lines: &[Denominator], at: Timestamp) -> Result<(), StoreError> {
    let mut connection = writer.connection().await?;
    let imported = import_on(&mut connection, lines, at).await.map_err(fault);
    writer.settle(connection, imported)
}

async fn import_on(connection: &mut SqliteConnection, lines: &[Denominator], at: Timestamp) -> Result<(), sqlx::Error> {
    const DELETE: &str = "DELETE FROM denominator WHERE region = ?1 AND unit IS ?2 AND programme IS ?3 AND month = ?4";
    const INSERT: &str =
        "INSERT INTO denominator (region, unit, programme, month, ended, source, counted_on, imported_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for line in lines {
        let Denominator { region, unit, programme, month, ended, source, date } = line;
        let delete = sqlx::query(DELETE).bind(region).bind(unit).bind(programme).bind(month);
        delete.execute(&mut *transaction).await?;
        let insert = sqlx::query(INSERT).bind(region).bind(unit).bind(programme).bind(month);
        let insert = insert.bind(i64::try_from(*ended).unwrap_or(i64::MAX)).bind(source).bind(date.to_string());
        insert.bind(at.to_string()).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

/// The line that was imported last, by its number and moment: every import gives another.
pub(super) async fn newest(connection: &mut SqliteConnection) -> Result<Option<(i64, String)>, StoreError> {
    const NEWEST: &str = "SELECT id, imported_at FROM denominator ORDER BY id DESC LIMIT 1";
    sqlx::query_as(NEWEST).fetch_optional(connection).await.map_err(fault)
}

/// Every line, in the order of its import.
pub(super) async fn all(connection: &mut SqliteConnection) -> Result<Vec<Denominator>, StoreError> {
    const ALL: &str =
        "SELECT id, region, unit, programme, month, ended, source, counted_on FROM denominator ORDER BY id";
    let rows: Vec<DenominatorRow> = sqlx::query_as(ALL).fetch_all(connection).await.map_err(fault)?;
    rows.into_iter().map(rows::denominator).collect()
}
