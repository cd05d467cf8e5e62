//! Inhabitants, as imported.

use jiff::Timestamp;
use schemas::codelist::Population;
use schemas::record::Sex;
use sqlx::{Connection as _, SqliteConnection};

use super::{Writer, fault};
use crate::store::StoreError;
use crate::store::figures::narrow::{self, PopulationRow};

/// Puts each row in place of the one of the same region, year, sex and ages.
pub(super) async fn import(writer: &Writer, rows: &[Population], at: Timestamp) -> Result<(), StoreError> {
    let mut connection = writer.connection().await?;
    let imported = import_on(&mut connection, rows, at).await.map_err(fault);
    writer.settle(connection, imported)
}

async fn import_on(connection: &mut SqliteConnection, rows: &[Population], at: Timestamp) -> Result<(), sqlx::Error> {
    const DELETE: &str =
        "DELETE FROM population WHERE region = ? AND year = ? AND sex IS ? AND age_from IS ? AND age_to IS ?";
    const INSERT: &str = "INSERT INTO population (region, year, sex, age_from, age_to, population, imported_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)";
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for row in rows {
        sqlx::query(DELETE)
            .bind(&row.region)
            .bind(row.year)
            .bind(row.sex.map(Sex::code))
            .bind(row.age_from)
            .bind(row.age_to)
            .execute(&mut *transaction)
            .await?;
        sqlx::query(INSERT)
            .bind(&row.region)
            .bind(row.year)
            .bind(row.sex.map(Sex::code))
            .bind(row.age_from)
            .bind(row.age_to)
            .bind(i64::try_from(row.population).unwrap_or(i64::MAX))
            .bind(at.to_string())
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await
}

/// Every row, in the order of its import.
pub(super) async fn all(connection: &mut SqliteConnection) -> Result<Vec<Population>, StoreError> {
    const ALL: &str = "SELECT id, region, year, sex, age_from, age_to, population FROM population ORDER BY id";
    let rows: Vec<PopulationRow> = sqlx::query_as(ALL).fetch_all(connection).await.map_err(fault)?;
    rows.into_iter().map(narrow::population).collect()
}
