//! The audit log's tables.
//!
//! Promises: there is one writer, so events get their places one round after the other; an event leaves the waiting ones in the
//! transaction that gives it its place.

use sqlx::{Connection as _, SqliteConnection, SqlitePool};

use super::{Writer, fault};
use crate::store::StoreError;
use crate::store::audit::{Entry, LogTail, Newest, Noted, Ordered, Sign, order, tail};

/// Events that get their places in one transaction.
const AT_ONCE: i64 = 2_000;

/// Notes an event in the caller's transaction.
pub(super) async fn note(connection: &mut SqliteConnection, entry: &Entry) -> Result<(), sqlx::Error> {
    const NOTE: &str = "INSERT INTO audit_pending (leaf, event, salt) VALUES (?, ?, ?)";
    sqlx::query(NOTE)
        .bind(entry.leaf.as_slice())
        .bind(&entry.event)
        .bind(entry.salt.as_slice())
        .execute(connection)
        .await
        .map(|_| ())
}

/// Notes an event that changed nothing else.
pub(super) async fn note_alone(writer: &Writer, entry: &Entry) -> Result<(), StoreError> {
    let mut connection = writer.connection().await?;
    let noted = note(&mut connection, entry).await.map_err(fault);
    writer.settle(connection, noted)
}

/// The newest checkpoint, in its text form.
pub(super) async fn newest(connection: &mut SqliteConnection) -> Result<Option<String>, sqlx::Error> {
    const NEWEST: &str = "SELECT signed FROM audit_checkpoint ORDER BY size DESC LIMIT 1";
    sqlx::query_scalar(NEWEST).fetch_optional(connection).await
}

/// Gives waiting events their places and signs the log; nothing when none waits.
pub(super) async fn sequence(
    (readers, writer): (&SqlitePool, &Writer),
    sign: &Sign,
) -> Result<Option<String>, StoreError> {
    const WAITS: &str = "SELECT EXISTS (SELECT 1 FROM audit_pending)";
    // The writer is not taken from those who deliver for nothing.
    let waits: bool = sqlx::query_scalar(WAITS).fetch_one(readers).await.map_err(fault)?;
    if !waits {
        return Ok(None);
    }
    let mut connection = writer.connection().await?;
    let signed = sequence_on(&mut connection, sign).await;
    writer.settle(connection, signed)
}

async fn sequence_on(connection: &mut SqliteConnection, sign: &Sign) -> Result<Option<String>, StoreError> {
    const PENDING: &str = "SELECT leaf, event, salt FROM audit_pending LIMIT ?";
    const STATE: &str = "SELECT size, signed, peaks FROM audit_checkpoint ORDER BY size DESC LIMIT 1";
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(fault)?;
    let pending: Vec<Noted> =
        sqlx::query_as(PENDING).bind(AT_ONCE).fetch_all(&mut *transaction).await.map_err(fault)?;
    if pending.is_empty() {
        return Ok(None);
    }
    let state: Option<(i64, String, Vec<u8>)> =
        sqlx::query_as(STATE).fetch_optional(&mut *transaction).await.map_err(fault)?;
    let newest = state.map(|(size, signed, peaks)| Newest::read(size, &signed, &peaks)).transpose()?;
    let ordered = order(newest.unwrap_or_default(), pending)?;
    let signed = sign(ordered.head.clone()).to_string();
    keep(&mut transaction, &ordered, &signed).await.map_err(fault)?;
    transaction.commit().await.map_err(fault)?;
    Ok(Some(signed))
}

async fn keep(connection: &mut SqliteConnection, ordered: &Ordered, signed: &str) -> Result<(), sqlx::Error> {
    const PLACE: &str = "INSERT INTO audit_leaf (position, leaf, event, salt) VALUES (?, ?, ?, ?)";
    const PLACED: &str = "DELETE FROM audit_pending WHERE leaf = ?";
    const SIGNED: &str = "INSERT INTO audit_checkpoint (size, signed, peaks) VALUES (?, ?, ?)";
    for (position, noted) in (ordered.first..).zip(&ordered.events) {
        let place = sqlx::query(PLACE).bind(position.cast_signed()).bind(&noted.leaf).bind(&noted.event);
        place.bind(&noted.salt).execute(&mut *connection).await?;
        sqlx::query(PLACED).bind(&noted.leaf).execute(&mut *connection).await?;
    }
    sqlx::query(SIGNED)
        .bind(ordered.head.size.cast_signed())
        .bind(signed)
        .bind(&ordered.peaks)
        .execute(connection)
        .await
        .map(|_| ())
}

/// The log behind an earlier state; nothing while no checkpoint was signed.
pub(super) async fn log_tail(readers: &SqlitePool, from: u64) -> Result<Option<LogTail>, StoreError> {
    const STATE: &str = "SELECT size, signed FROM audit_checkpoint ORDER BY size DESC LIMIT 1";
    const PEAKS: &str = "SELECT peaks FROM audit_checkpoint WHERE size = ?";
    const LEAVES: &str = "SELECT leaf FROM audit_leaf WHERE position >= ? AND position < ? ORDER BY position";
    let newest: Option<(i64, String)> = sqlx::query_as(STATE).fetch_optional(readers).await.map_err(fault)?;
    let Some((size, newest)) = newest else { return Ok(None) };
    let Some(known) = i64::try_from(from).ok().filter(|from| *from <= size) else {
        return Ok(Some(LogTail { newest, size: size.cast_unsigned(), tail: None }));
    };
    let peaks: Option<Vec<u8>> = sqlx::query_scalar(PEAKS).bind(known).fetch_optional(readers).await.map_err(fault)?;
    let first = if peaks.is_some() { known } else { 0 };
    let leaves: Vec<Vec<u8>> =
        sqlx::query_scalar(LEAVES).bind(first).bind(size).fetch_all(readers).await.map_err(fault)?;
    let tail = Some(tail(from, peaks.as_deref(), &leaves)?);
    Ok(Some(LogTail { newest, size: size.cast_unsigned(), tail }))
}
