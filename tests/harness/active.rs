//! What the register holds as truth: its active treatments, in a form that can be compared between two registers.

/// The same of a register in PostgreSQL.
pub mod postgres;

use std::collections::BTreeMap;
use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

/// Active treatments: sender and record key, with everything that is stored of the treatment but its place and its person's number.
pub type ActiveSet = BTreeMap<(String, String), String>;

/// A treatment, its derived rows and its person.
const HALF_STORED: &str = "
SELECT (SELECT count(*) FROM outcome o WHERE NOT EXISTS (SELECT 1 FROM treatment t WHERE t.id = o.treatment))
    + (SELECT count(*) FROM followup f WHERE NOT EXISTS (SELECT 1 FROM treatment t WHERE t.id = f.treatment))
    + (SELECT count(*) FROM treatment t WHERE NOT EXISTS (SELECT 1 FROM subject s WHERE s.id = t.subject))
    + (SELECT count(*) FROM subject s WHERE NOT EXISTS (SELECT 1 FROM treatment t WHERE t.subject = s.id))
";

/// Reads the active set through a connection of its own.
///
/// # Errors
/// When the database cannot be read.
pub async fn active_set(database: &Path) -> anyhow::Result<ActiveSet> {
    let mut connection = open(database).await?;
    let rows = sqlx::query_as("SELECT sender, record_key, hex(content_hash), document FROM treatment")
        .fetch_all(&mut connection)
        .await?;
    connection.close().await?;
    collect(rows)
}

/// Batches that the register has stored.
///
/// # Errors
/// When the database cannot be read.
pub async fn stored_batches(database: &Path) -> anyhow::Result<i64> {
    let mut connection = open(database).await?;
    let count = sqlx::query_scalar("SELECT count(*) FROM batch").fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(count)
}

/// The stored batches by their digest, each with its receipt; of an agent's own database those that a receipt closed.
///
/// # Errors
/// When the database cannot be read.
pub async fn receipts(database: &Path) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut connection = open(database).await?;
    let statement = "SELECT digest, receipt FROM batch WHERE receipt IS NOT NULL";
    let rows: Vec<(String, Vec<u8>)> = sqlx::query_as(statement).fetch_all(&mut connection).await?;
    connection.close().await?;
    let batches = rows.len();
    let receipts: BTreeMap<_, _> = rows.into_iter().collect();
    anyhow::ensure!(receipts.len() == batches, "two batches have the same name");
    Ok(receipts)
}

/// The number that a query tells.
///
/// # Errors
/// When the database cannot be read.
pub async fn count(database: &Path, query: &'static str) -> anyhow::Result<i64> {
    let mut connection = open(database).await?;
    let count = sqlx::query_scalar(query).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(count)
}

/// How many persons there are, and how many names of persons.
pub(crate) const PERSONS: &str = "SELECT (SELECT count(*) FROM subject), (SELECT count(*) FROM alias)";

/// Persons of a register, and their names.
///
/// # Errors
/// When the database cannot be read.
pub async fn persons(database: &Path) -> anyhow::Result<[i64; 2]> {
    let mut connection = open(database).await?;
    let (persons, names) = sqlx::query_as(PERSONS).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok([persons, names])
}

/// Derived rows whose treatment is not there, and treatments with answers but no derived row: nothing may be half-stored.
///
/// # Errors
/// When the database cannot be read.
pub async fn half_stored(database: &Path) -> anyhow::Result<i64> {
    let mut connection = open(database).await?;
    let count = sqlx::query_scalar(HALF_STORED).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(count)
}

/// Alters a database behind the back of whoever owns it; answers how many rows were altered.
///
/// # Errors
/// When the statement fails.
pub async fn alter(database: &Path, statement: &'static str) -> anyhow::Result<u64> {
    let options = SqliteConnectOptions::new().filename(database).busy_timeout(std::time::Duration::from_secs(10));
    let mut connection = options.connect().await?;
    let altered = sqlx::query(statement).execute(&mut connection).await?.rows_affected();
    connection.close().await?;
    Ok(altered)
}

/// The set of rows of sender, key, hash and document.
fn collect(rows: Vec<(String, String, String, String)>) -> anyhow::Result<ActiveSet> {
    let found = rows.len();
    let set: ActiveSet =
        rows.into_iter().map(|(sender, key, hash, document)| ((sender, key), hash + &document)).collect();
    anyhow::ensure!(set.len() == found, "a treatment is stored twice");
    Ok(set)
}

async fn open(database: &Path) -> anyhow::Result<SqliteConnection> {
    let options = SqliteConnectOptions::new().filename(database).busy_timeout(std::time::Duration::from_secs(10));
    Ok(options.pragma("query_only", "ON").connect().await?)
}
