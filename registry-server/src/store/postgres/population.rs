//! Inhabitants, as imported.

use jiff::Timestamp;
use schemas::codelist::Population;
use schemas::record::Sex;
use sqlx::{PgConnection, PgPool};

use super::fault::fault;
use crate::store::{StoreError, words};

type Row = (i64, String, i16, Option<String>, Option<i16>, Option<i16>, i64);

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
    let rows: Vec<Row> = sqlx::query_as(ALL).fetch_all(connection).await.map_err(fault)?;
    rows.into_iter().map(population).collect()
}

fn population((id, region, year, sex, age_from, age_to, population): Row) -> Result<Population, StoreError> {
    let wrong = |column| StoreError::Inconsistent { table: "population", column, id };
    let age = |age: Option<i16>, column| age.map(u8::try_from).transpose().map_err(|_| wrong(column));
    let sex = sex.map(|code| words::read_sex(&code).ok_or_else(|| wrong("sex"))).transpose()?;
    let (age_from, age_to) = (age(age_from, "age_from")?, age(age_to, "age_to")?);
    let population = u64::try_from(population).map_err(|_| wrong("population"))?;
    let (valid_from, valid_to, successor) = (None, None, None);
    Ok(Population { region, year, sex, age_from, age_to, population, valid_from, valid_to, successor })
}
