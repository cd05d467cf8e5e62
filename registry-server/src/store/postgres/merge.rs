//! Which persons are one.

use sqlx::PgConnection;

use super::fault::fault;
use super::write::{Head, column};
use crate::store::merge::{Row, note};
use crate::store::plan::{Known, Write};
use crate::store::{Delivery, PairArrival, StoreError, words};

/// Reads what was said last of a sender's pairs.
pub(super) async fn read(
    connection: &mut PgConnection,
    delivery: &Delivery,
    known: &mut Known,
) -> Result<(), StoreError> {
    const PAIRS: &str = include_str!("sql/known_pairs.sql");
    let query = sqlx::query_as(PAIRS).bind(delivery.sender.as_str()).bind(delivery.kid.as_str());
    let rows: Vec<Row> = query.fetch_all(connection).await.map_err(fault)?;
    note(rows, known)
}

/// Writes what is said of pairs.
pub(super) async fn write(
    connection: &mut PgConnection,
    delivery: &Delivery,
    rows: &[(&Write<'_>, &PairArrival)],
) -> Result<(), sqlx::Error> {
    const PAIRS: &str = include_str!("sql/pairs.sql");
    if rows.is_empty() {
        return Ok(());
    }
    let head = Head::of(rows.iter().map(|(write, _)| *write));
    sqlx::query(PAIRS)
        .bind(delivery.sender.as_str())
        .bind(delivery.kid.as_str())
        .bind(column(rows, |(_, content)| content.s[0].as_slice()))
        .bind(column(rows, |(_, content)| content.s[1].as_slice()))
        .bind(head.generations)
        .bind(head.counters)
        .bind(head.hashes)
        .bind(column(rows, |(_, content)| words::says(content.says)))
        .execute(connection)
        .await
        .map(|_| ())
}
