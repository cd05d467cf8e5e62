//! What a register in PostgreSQL holds as truth, in the form that SQLite's has.
//!
//! Promises: everything is read through a connection of its own.

use std::collections::BTreeMap;

use sqlx::{Connection as _, PgConnection};

use super::{ActiveSet, HALF_STORED, PERSONS, collect};

/// Reads the active set.
///
/// # Errors
/// When the database cannot be read.
pub async fn active_set(url: &str) -> anyhow::Result<ActiveSet> {
    let mut connection = PgConnection::connect(url).await?;
    let statement = "SELECT sender, record_key, upper(encode(content_hash, 'hex')), document FROM treatment";
    let rows = sqlx::query_as(statement).fetch_all(&mut connection).await?;
    connection.close().await?;
    collect(rows)
}

/// The stored batches by their digest, each with its receipt.
///
/// # Errors
/// When the database cannot be read.
pub async fn receipts(url: &str) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut connection = PgConnection::connect(url).await?;
    let rows: Vec<(String, Vec<u8>)> =
        sqlx::query_as("SELECT digest, receipt FROM batch").fetch_all(&mut connection).await?;
    connection.close().await?;
    Ok(rows.into_iter().collect())
}

/// Persons of a register, and their names.
///
/// # Errors
/// When the database cannot be read.
pub async fn persons(url: &str) -> anyhow::Result<[i64; 2]> {
    let mut connection = PgConnection::connect(url).await?;
    let (persons, names) = sqlx::query_as(PERSONS).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok([persons, names])
}

/// Rows that belong to nothing, as [`half_stored`](super::half_stored) of SQLite.
///
/// # Errors
/// When the database cannot be read.
pub async fn half_stored(url: &str) -> anyhow::Result<i64> {
    let mut connection = PgConnection::connect(url).await?;
    let count = sqlx::query_scalar(HALF_STORED).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(count)
}

/// Alters a database behind the back of whoever owns it; answers how many rows were altered.
///
/// # Errors
/// When the statement fails.
pub async fn alter(url: &str, statement: &'static str) -> anyhow::Result<u64> {
    let mut connection = PgConnection::connect(url).await?;
    let altered = sqlx::query(statement).execute(&mut connection).await?.rows_affected();
    connection.close().await?;
    Ok(altered)
}
