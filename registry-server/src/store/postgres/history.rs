//! Which versions were replaced, when, and by which line.
//!
//! Promises: written before the replacing account is, in its transaction; holds neither content nor key; a row that
//! was set back behind the register's back is no reason to refuse what mends it.

use schemas::id::SenderCode;
use sqlx::PgConnection;

use crate::store::Delivery;
use crate::store::plan::{Write, replaced};

/// Notes the stored versions that these writes will replace or take back.
pub(super) async fn keep(
    connection: &mut PgConnection,
    delivery: &Delivery,
    writes: &[Write<'_>],
) -> Result<(), sqlx::Error> {
    const KEEP: &str = include_str!("sql/history.sql");
    let (keys, lines): (Vec<&str>, Vec<i64>) =
        replaced(writes).map(|write| (write.arrival.key.as_str(), write.line)).unzip();
    if keys.is_empty() {
        return Ok(());
    }
    sqlx::query(KEEP)
        .bind(delivery.sender.as_str())
        .bind(delivery.received_at.to_string())
        .bind(delivery.batch.as_str())
        .bind(keys)
        .bind(lines)
        .execute(connection)
        .await
        .map(|_| ())
}

/// Forgets the history of treatments.
pub(super) async fn forget(
    connection: &mut PgConnection,
    sender: &SenderCode,
    treatments: &[i64],
) -> Result<(), sqlx::Error> {
    const FORGET: &str = include_str!("sql/history_forget.sql");
    sqlx::query(FORGET).bind(sender.as_str()).bind(treatments).execute(connection).await.map(|_| ())
}
