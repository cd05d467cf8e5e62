//! The audit log's tables.
//!
//! Promises: of several servers one at a time gives events their places; an event leaves the waiting ones in the transaction that gives
//! it its place.

use sqlx::{PgConnection, PgPool};

use super::fault::fault;
use crate::store::StoreError;
use crate::store::audit::{Entry, LogTail, Newest, Noted, Ordered, Sign, order, tail};

/// Events that get their places in one transaction.
const AT_ONCE: i64 = 2_000;

/// Notes an event in the caller's transaction.
pub(super) async fn note(connection: &mut PgConnection, entry: &Entry) -> Result<(), sqlx::Error> {
    const NOTE: &str = include_str!("sql/audit_note.sql");
    sqlx::query(NOTE)
        .bind(entry.leaf.as_slice())
        .bind(&entry.event)
        .bind(entry.salt.as_slice())
        .execute(connection)
        .await
        .map(|_| ())
}

/// Notes an event that changed nothing else.
pub(super) async fn note_alone(pool: &PgPool, entry: &Entry) -> Result<(), StoreError> {
    let mut connection = pool.acquire().await.map_err(fault)?;
    note(&mut connection, entry).await.map_err(fault)
}

/// The newest checkpoint, in its text form.
pub(super) async fn newest(connection: &mut PgConnection) -> Result<Option<String>, sqlx::Error> {
    const NEWEST: &str = include_str!("sql/audit_newest.sql");
    sqlx::query_scalar(NEWEST).fetch_optional(connection).await
}

/// Gives waiting events their places and signs the log; nothing when none waits, or while another server is at it.
pub(super) async fn sequence(pool: &PgPool, sign: &Sign) -> Result<Option<String>, StoreError> {
    const WAITS: &str = include_str!("sql/audit_waits.sql");
    const LOCK: &str = include_str!("sql/audit_lock.sql");
    const PENDING: &str = include_str!("sql/audit_pending.sql");
    const STATE: &str = include_str!("sql/audit_state.sql");
    let waits: bool = sqlx::query_scalar(WAITS).fetch_one(pool).await.map_err(fault)?;
    if !waits {
        return Ok(None);
    }
    let mut transaction = pool.begin().await.map_err(fault)?;
    let alone: bool = sqlx::query_scalar(LOCK).fetch_one(&mut *transaction).await.map_err(fault)?;
    if !alone {
        return Ok(None);
    }
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

async fn keep(connection: &mut PgConnection, ordered: &Ordered, signed: &str) -> Result<(), sqlx::Error> {
    const PLACE: &str = include_str!("sql/audit_place.sql");
    const PLACED: &str = include_str!("sql/audit_placed.sql");
    const SIGNED: &str = include_str!("sql/audit_signed.sql");
    let positions: Vec<i64> = (ordered.first.cast_signed()..).take(ordered.events.len()).collect();
    let leaves: Vec<&[u8]> = ordered.events.iter().map(|noted| noted.leaf.as_slice()).collect();
    let events: Vec<&str> = ordered.events.iter().map(|noted| noted.event.as_str()).collect();
    let salts: Vec<&[u8]> = ordered.events.iter().map(|noted| noted.salt.as_slice()).collect();
    let place = sqlx::query(PLACE).bind(positions).bind(&leaves).bind(events).bind(salts);
    place.execute(&mut *connection).await?;
    sqlx::query(PLACED).bind(&leaves).execute(&mut *connection).await?;
    sqlx::query(SIGNED)
        .bind(ordered.head.size.cast_signed())
        .bind(signed)
        .bind(&ordered.peaks)
        .execute(connection)
        .await
        .map(|_| ())
}

/// The log behind an earlier state; nothing while no checkpoint was signed.
pub(super) async fn log_tail(pool: &PgPool, from: u64) -> Result<Option<LogTail>, StoreError> {
    const STATE: &str = include_str!("sql/audit_state.sql");
    const PEAKS: &str = include_str!("sql/audit_peaks.sql");
    const LEAVES: &str = include_str!("sql/audit_leaves.sql");
    let newest: Option<(i64, String, Vec<u8>)> = sqlx::query_as(STATE).fetch_optional(pool).await.map_err(fault)?;
    let Some((size, newest, _)) = newest else { return Ok(None) };
    let Some(known) = i64::try_from(from).ok().filter(|from| *from <= size) else {
        return Ok(Some(LogTail { newest, size: size.cast_unsigned(), tail: None }));
    };
    let peaks: Option<Vec<u8>> = sqlx::query_scalar(PEAKS).bind(known).fetch_optional(pool).await.map_err(fault)?;
    let first = if peaks.is_some() { known } else { 0 };
    let leaves: Vec<Vec<u8>> =
        sqlx::query_scalar(LEAVES).bind(first).bind(size).fetch_all(pool).await.map_err(fault)?;
    let tail = Some(tail(from, peaks.as_deref(), &leaves)?);
    Ok(Some(LogTail { newest, size: size.cast_unsigned(), tail }))
}
