//! Which persons are one.

use sqlx::SqliteConnection;

use super::fault;
use crate::store::merge::{Row, note};
use crate::store::plan::{Known, Write};
use crate::store::{Delivery, PairArrival, StoreError, words};

/// Reads what was said last of a sender's pairs.
pub(super) async fn read(
    connection: &mut SqliteConnection,
    delivery: &Delivery,
    known: &mut Known,
) -> Result<(), StoreError> {
    const PAIRS: &str = "SELECT one, other, generation, counter, content_hash FROM subject_pair WHERE sender = ? AND kid = ?";
    let query = sqlx::query_as(PAIRS).bind(delivery.sender.as_str()).bind(delivery.kid.as_str());
    let rows: Vec<Row> = query.fetch_all(connection).await.map_err(fault)?;
    note(rows, known)
}

/// Writes what is said of a pair.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    delivery: &Delivery,
    write: &Write<'_>,
    content: &PairArrival,
) -> Result<(), sqlx::Error> {
    const UPSERT: &str = "INSERT OR REPLACE INTO subject_pair (sender, kid, one, other, generation, counter, content_hash, says)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    let arrival = write.arrival;
    sqlx::query(UPSERT)
        .bind(delivery.sender.as_str())
        .bind(delivery.kid.as_str())
        .bind(content.s[0].as_slice())
        .bind(content.s[1].as_slice())
        .bind(arrival.version.generation)
        .bind(i64::try_from(arrival.version.counter).unwrap_or(i64::MAX))
        .bind(arrival.content_hash.as_slice())
        .bind(words::says(content.says))
        .execute(connection)
        .await
        .map(|_| ())
}
