//! Rows of whole tables, out of and into PostgreSQL.

use futures_util::TryStreamExt as _;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgPool, Row as _};
use tokio::sync::mpsc::Sender;

use super::fault::fault;
use crate::store::StoreError;
use crate::store::transfer::{Column, Kind, PAGE, Row, Table, Value};

/// Sends every row, in pages, until nobody takes them any more.
pub(super) async fn export(pool: &PgPool, table: &'static Table, pages: Sender<Vec<Row>>) -> Result<(), StoreError> {
    let columns: Vec<String> =
        table.columns.iter().map(|column| format!("{}::{}", column.name, cast(*column))).collect();
    let first = if table.is_of_senders() { "sender, " } else { "" };
    // Made of names in this program only.
    let select = format!("SELECT {} FROM {} ORDER BY {first}{}", columns.join(", "), table.name, table.order);
    let mut rows = sqlx::query(AssertSqlSafe(select)).fetch(pool);
    let mut page = Vec::with_capacity(PAGE);
    while let Some(row) = rows.try_next().await.map_err(fault)? {
        page.push(read(&row, table).map_err(fault)?);
        if page.len() == PAGE && pages.send(std::mem::take(&mut page)).await.is_err() {
            return Ok(());
        }
    }
    if !page.is_empty() {
        // Whoever stopped listening has an error of its own to tell.
        let _ = pages.send(page).await;
    }
    Ok(())
}

fn cast(column: Column) -> &'static str {
    match column.kind {
        Kind::Integer => "BIGINT",
        Kind::Real => "DOUBLE PRECISION",
        Kind::Text => "TEXT",
        Kind::Blob => "BYTEA",
    }
}

fn read(row: &PgRow, table: &Table) -> Result<Row, sqlx::Error> {
    let value = |(index, column): (usize, &Column)| {
        Ok(match column.kind {
            Kind::Integer => Value::Integer(row.try_get(index)?),
            Kind::Real => Value::Real(row.try_get(index)?),
            Kind::Text => Value::Text(row.try_get(index)?),
            Kind::Blob => Value::Blob(row.try_get(index)?),
        })
    };
    table.columns.iter().enumerate().map(value).collect()
}

/// Takes rows in; new senders get their partitions, and new rows later on get numbers above these.
pub(super) async fn import(pool: &PgPool, table: &'static Table, rows: &[Row]) -> Result<(), StoreError> {
    insert(pool, table, rows).await.map_err(fault)
}

async fn insert(pool: &PgPool, table: &'static Table, rows: &[Row]) -> Result<(), sqlx::Error> {
    const PARTITIONS: &str = include_str!("sql/every_sender_partitions.sql");
    const TREATMENT_ID: &str = include_str!("sql/treatment_id.sql");
    const POPULATION_ID: &str = include_str!("sql/population_id.sql");
    const DENOMINATOR_ID: &str = include_str!("sql/denominator_id.sql");
    let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
    let arrays: Vec<String> =
        table.columns.iter().zip(1..).map(|(column, place)| format!("${place}::{}[]", cast(*column))).collect();
    let (names, arrays) = (names.join(", "), arrays.join(", "));
    let insert = format!("INSERT INTO {} ({names}) SELECT * FROM UNNEST({arrays})", table.name);
    let mut query = sqlx::query(AssertSqlSafe(insert));
    for (index, column) in table.columns.iter().enumerate() {
        let values = rows.iter().map(|row| &row[index]);
        query = match column.kind {
            Kind::Integer => query.bind(values.map(integer).collect::<Vec<_>>()),
            Kind::Real => query.bind(values.map(real).collect::<Vec<_>>()),
            Kind::Text => query.bind(values.map(text).collect::<Vec<_>>()),
            Kind::Blob => query.bind(values.map(blob).collect::<Vec<_>>()),
        };
    }
    let mut transaction = pool.begin().await?;
    query.execute(&mut *transaction).await?;
    let highest = || rows.iter().filter_map(|row| row.iter().find_map(integer)).max().unwrap_or(1);
    match table.name {
        "sender" => sqlx::query(PARTITIONS).execute(&mut *transaction).await?,
        "treatment" => sqlx::query(TREATMENT_ID).bind(highest()).execute(&mut *transaction).await?,
        "population" => sqlx::query(POPULATION_ID).bind(highest()).execute(&mut *transaction).await?,
        "denominator" => sqlx::query(DENOMINATOR_ID).bind(highest()).execute(&mut *transaction).await?,
        _ => return transaction.commit().await,
    };
    transaction.commit().await
}

fn integer(value: &Value) -> Option<i64> {
    if let Value::Integer(value) = value { *value } else { None }
}

fn real(value: &Value) -> Option<f64> {
    if let Value::Real(value) = value { *value } else { None }
}

fn text(value: &Value) -> Option<&str> {
    if let Value::Text(value) = value { value.as_deref() } else { None }
}

fn blob(value: &Value) -> Option<&[u8]> {
    if let Value::Blob(value) = value { value.as_deref() } else { None }
}
