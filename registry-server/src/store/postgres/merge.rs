//! Which persons are one.

use std::collections::BTreeSet;

use schemas::id::SenderCode;
use sqlx::PgConnection;

use super::fault::fault;
use super::write::{Head, column};
use crate::fact::TreatmentFact;
use crate::store::merge::{self, Row, note};
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

/// Lets the treatments of one person bear one internal number.
pub(super) async fn join(connection: &mut PgConnection, treatments: &mut [TreatmentFact]) -> Result<(), StoreError> {
    const MERGED: &str = include_str!("sql/pairs_merged.sql");
    merge::join(treatments, sqlx::query_as(MERGED).fetch_all(connection).await.map_err(fault)?)
}

/// These names of a sender's persons and every other name that the same persons have.
pub(super) async fn all_names(
    connection: &mut PgConnection,
    sender: &SenderCode,
    names: &[[u8; 32]],
) -> Result<BTreeSet<[u8; 32]>, StoreError> {
    const MERGED: &str = include_str!("sql/pairs_of_sender.sql");
    let merged = sqlx::query_as(MERGED).bind(sender.as_str()).fetch_all(connection).await.map_err(fault)?;
    merge::all_names(names, merged)
}

/// Forgets everything that was said of these names.
pub(super) async fn forget(
    connection: &mut PgConnection,
    sender: &SenderCode,
    names: &BTreeSet<[u8; 32]>,
) -> Result<(), StoreError> {
    const FORGET: &str = include_str!("sql/pairs_forget.sql");
    let names: Vec<&[u8]> = names.iter().map(<[u8; 32]>::as_slice).collect();
    let query = sqlx::query(FORGET).bind(sender.as_str()).bind(names);
    query.execute(connection).await.map_err(fault).map(|_| ())
}
