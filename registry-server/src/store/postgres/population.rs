//! Inhabitants, as imported.

use jiff::Timestamp;
use schemas::codelist::Population;
use schemas::record::Sex;
use sqlx::{PgConnection, PgPool};

use super::fault::fault;
use crate::store::StoreError;
use crate::store::figures::narrow::{self, PopulationRow};

/// Puts each row in place of the one of the same region, year, sex and ages.
pub(super) async fn import(pool: &PgPool, rows: &[Population], at: Timestamp) -> Result<(), StoreError> {
    import_all(pool, rows, at).await.map_err(fault)
}

async fn import_all(pool: &PgPool, rows: &[Population], at: Timestamp) -> Result<(), sqlx::Error> {
    const LOCK: &str = include_str!("sql/population_lock.sql");
    const DELETE: &str = include_str!("sql/population_delete.sql");
    const INSERT: &str = include_str!("sql/population_insert.sql");
    let mut transaction = pool.begin().await?;
    sqlx::query(LOCK).execute(&mut *transaction).await?;
    for row in rows {
        sqlx::query(DELETE)
            .bind(&row.region)
            .bind(row.year)
            .bind(row.sex.map(Sex::code))
            .bind(row.age_from.map(i16::from))
            .bind(row.age_to.map(i16::from))
            .execute(&mut *transaction)
            .await?;
        sqlx::query(INSERT)
            .bind(&row.region)
            .bind(row.year)
            .bind(row.sex.map(Sex::code))
            .bind(row.age_from.map(i16::from))
            .bind(row.age_to.map(i16::from))
            .bind(i64::try_from(row.population).unwrap_or(i64::MAX))
            .bind(at.to_string())
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await
}

/// Every row, in the order of its import.
pub(super) async fn all(connection: &mut PgConnection) -> Result<Vec<Population>, StoreError> {
    const ALL: &str = include_str!("sql/population_all.sql");
    let rows: Vec<PopulationRow> = sqlx::query_as(ALL).fetch_all(connection).await.map_err(fault)?;
    rows.into_iter().map(narrow::population).collect()
}
