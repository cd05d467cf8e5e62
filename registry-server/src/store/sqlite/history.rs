//! Which versions were replaced, when, and by which line.
//!
//! Promises: written before the replacing account is, in its transaction; holds neither content nor key; a row that
//! was set back behind the register's back is no reason to refuse what mends it.

use serde::Serialize;
use sqlx::SqliteConnection;

use super::known::list;
use crate::store::Delivery;
use crate::store::plan::{Write, replaced};

/// Notes the stored versions that these writes will replace or take back.
pub(super) async fn keep(
    connection: &mut SqliteConnection,
    delivery: &Delivery,
    writes: &[Write<'_>],
) -> Result<(), sqlx::Error> {
    const KEEP: &str =
        "INSERT OR IGNORE INTO history (sender, treatment, generation, counter, replaced_at, batch, line)
        SELECT treatment.sender, treatment.id, generation, counter, ?2, ?3, write.value ->> 'line'
        FROM json_each(?4) AS write
        JOIN treatment ON treatment.sender = ?1 AND record_key = write.value ->> 'key'";
    let replaced: Vec<Replaced<'_>> =
        replaced(writes).map(|write| Replaced { key: &write.arrival.key, line: write.line }).collect();
    if replaced.is_empty() {
        return Ok(());
    }
    sqlx::query(KEEP)
        .bind(delivery.sender.as_str())
        .bind(delivery.received_at.to_string())
        .bind(delivery.batch.as_str())
        .bind(list(&replaced))
        .execute(connection)
        .await
        .map(|_| ())
}

/// Forgets the history of treatments.
pub(super) async fn forget(connection: &mut SqliteConnection, treatments: &[i64]) -> Result<(), sqlx::Error> {
    const FORGET: &str = "DELETE FROM history WHERE treatment IN (SELECT value FROM json_each(?))";
    sqlx::query(FORGET).bind(list(treatments)).execute(connection).await.map(|_| ())
}

#[derive(Serialize)]
struct Replaced<'a> {
    key: &'a str,
    line: i64,
}
