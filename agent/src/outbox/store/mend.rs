//! What is done with a batch that cannot go as it was queued: cut it, drop it, or begin anew.
//!
//! Promises: every record of such a batch stays queued or is queued again by a later cycle; none is lost, none gets a version twice.

use sqlx::Connection as _;
use sqlx::sqlite::SqliteConnection;

use super::Outbox;
use super::compared::set_due;
use crate::outbox::{OutboxError, page};

const INSERT_PART: &str = "
INSERT INTO batch (cycle, records, lines, queued_at) SELECT cycle, ?2, ?3, queued_at FROM batch WHERE id = ?1 RETURNING id
";
const MOVE_LINES: &str =
    "UPDATE batch_line SET batch = ?2, line = line - ?3 WHERE batch = ?1 AND line > ?3 AND line <= ?4";
const DELETE_BATCH: &str = "DELETE FROM batch WHERE id = ?";
const DROP_QUEUE: &str = "DELETE FROM batch WHERE delivered_at IS NULL";
/// The register may have taken a batch whose receipt was never heard; `?1` is the batch, or NULL for all.
pub(super) const MAY_HAVE_ARRIVED: &str = "
UPDATE record SET accepted_kind = 'unknown'
WHERE accepted_kind <> 'treatment' AND key IN (
    SELECT l.key FROM batch b JOIN batch_line l ON l.batch = b.id
    WHERE b.delivered_at IS NULL AND l.kind = 'treatment' AND (?1 IS NULL OR b.id = ?1)
)
";
const FORGET_FINGERPRINTS: &str = "UPDATE record SET fingerprint = x''";
const FORGET_FINGERPRINTS_OF: &str =
    "UPDATE record SET fingerprint = x'' WHERE key IN (SELECT key FROM batch_line WHERE batch = ?)";
const DROP_CURSORS: &str = "DELETE FROM cursor";
const DROP_META: &str = "DELETE FROM meta WHERE name = ?";

impl Outbox {
    /// After a version conflict: forgets queue, name and fingerprints, so that the next run asks for a new generation and sends
    /// everything again. The register's newest versions then come from here.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_anew(&mut self) -> Result<(), OutboxError> {
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(MAY_HAVE_ARRIVED).bind(None::<i64>).execute(&mut *transaction).await?;
        sqlx::query(DROP_QUEUE).execute(&mut *transaction).await?;
        sqlx::query(FORGET_FINGERPRINTS).execute(&mut *transaction).await?;
        for name in ["state_id", "generation"] {
            sqlx::query(DROP_META).bind(name).execute(&mut *transaction).await?;
        }
        sqlx::query(DROP_CURSORS).execute(&mut *transaction).await?;
        set_due(&mut transaction).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Cuts a batch that the register finds too large into two. Answers false when it has one record only.
    ///
    /// # Errors
    /// When the database fails or the batch is damaged.
    pub async fn split(&mut self, batch: i64) -> Result<bool, OutboxError> {
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        let (records, frame): (i64, Vec<u8>) = sqlx::query_as("SELECT records, lines FROM batch WHERE id = ?")
            .bind(batch)
            .fetch_one(&mut *transaction)
            .await?;
        if records < 2 {
            return Ok(false);
        }
        let lines = page::decompress(batch, &frame)?;
        sqlx::query(MAY_HAVE_ARRIVED).bind(batch).execute(&mut *transaction).await?;
        let half = records / 2;
        let ends: Vec<usize> = lines.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(at, _)| at + 1).collect();
        let middle =
            usize::try_from(half).ok().and_then(|n| ends.get(n - 1)).copied().ok_or(OutboxError::Damaged(batch))?;
        for (text, first, last) in [(&lines[..middle], 0, half), (&lines[middle..], half, records)] {
            let frame = page::compress(text).map_err(|_| OutboxError::Inconsistent("batch.lines"))?;
            let part: i64 = sqlx::query_scalar(INSERT_PART)
                .bind(batch)
                .bind(last - first)
                .bind(frame)
                .fetch_one(&mut *transaction)
                .await?;
            // The first part's lines leave the old batch first, so that the second part's numbers begin behind them.
            sqlx::query(MOVE_LINES).bind(batch).bind(part).bind(first).bind(last).execute(&mut *transaction).await?;
        }
        sqlx::query(DELETE_BATCH).bind(batch).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Drops a batch that was damaged on the disk or must not leave, and sees to it that the next cycle reads everything and queues its records again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_damaged(&mut self, batch: i64) -> Result<(), OutboxError> {
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        lose(&mut transaction, batch).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Drops a batch that cannot be read, and sees to it that the next cycle reads everything and queues its records again.
pub(super) async fn lose(connection: &mut SqliteConnection, batch: i64) -> Result<(), OutboxError> {
    for statement in [MAY_HAVE_ARRIVED, FORGET_FINGERPRINTS_OF, DELETE_BATCH] {
        sqlx::query(statement).bind(batch).execute(&mut *connection).await?;
    }
    sqlx::query(DROP_CURSORS).execute(&mut *connection).await?;
    Ok(())
}
