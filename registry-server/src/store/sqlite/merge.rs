//! Which persons are one.

use std::collections::BTreeSet;

use schemas::canonical;
use schemas::id::SenderCode;
use sqlx::SqliteConnection;

use super::fault;
use super::known::list;
use crate::fact::TreatmentFact;
use crate::store::merge::{self, Row, note};
use crate::store::plan::{Known, Write};
use crate::store::{Delivery, PairArrival, StoreError, words};

/// Reads what was said last of a sender's pairs.
pub(super) async fn read(
    connection: &mut SqliteConnection,
    delivery: &Delivery,
    known: &mut Known,
) -> Result<(), StoreError> {
    const PAIRS: &str =
        "SELECT one, other, generation, counter, content_hash FROM subject_pair WHERE sender = ? AND kid = ?";
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
    const UPSERT: &str =
        "INSERT OR REPLACE INTO subject_pair (sender, kid, one, other, generation, counter, content_hash, says)
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

/// Lets the treatments of one person bear one internal number.
pub(super) async fn join(
    connection: &mut SqliteConnection,
    treatments: &mut [TreatmentFact],
) -> Result<(), StoreError> {
    const MERGED: &str = "SELECT one, other, a.subject, b.subject FROM subject_pair AS pair
        LEFT JOIN alias AS a ON a.kid = pair.kid AND a.s = one LEFT JOIN alias AS b ON b.kid = pair.kid AND b.s = other
        WHERE says = 'merge'";
    merge::join(treatments, sqlx::query_as(MERGED).fetch_all(connection).await.map_err(fault)?)
}

/// These names of a sender's persons and every other name that the same persons have.
pub(super) async fn all_names(
    connection: &mut SqliteConnection,
    sender: &SenderCode,
    names: &[[u8; 32]],
) -> Result<BTreeSet<[u8; 32]>, StoreError> {
    const MERGED: &str = "SELECT one, other FROM subject_pair WHERE sender = ? AND says = 'merge'";
    let merged = sqlx::query_as(MERGED).bind(sender.as_str()).fetch_all(connection).await.map_err(fault)?;
    merge::all_names(names, merged)
}

/// Forgets everything that was said of these names.
pub(super) async fn forget(
    connection: &mut SqliteConnection,
    sender: &SenderCode,
    names: &BTreeSet<[u8; 32]>,
) -> Result<(), StoreError> {
    const FORGET: &str = "DELETE FROM subject_pair WHERE sender = ?1 AND
        (one IN (SELECT unhex(value) FROM json_each(?2)) OR other IN (SELECT unhex(value) FROM json_each(?2)))";
    let names: Vec<String> = names.iter().map(|name| canonical::hex(name)).collect();
    let query = sqlx::query(FORGET).bind(sender.as_str()).bind(list(&names));
    query.execute(connection).await.map_err(fault).map(|_| ())
}
