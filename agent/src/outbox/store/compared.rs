//! When both ends were compared, what differed, and whether they are to be brought together.
//!
//! Promises: what is due stays due until somebody notes that it was done.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteConnection;

use super::{META, Outbox, SET_META};
use crate::outbox::OutboxError;

const DUE: &str = "reconcile_due";
const COMPARED: &str = "compared";
const NO_META: &str = "DELETE FROM meta WHERE name = ?";
/// What a first delivery brought is known from its receipts.
const HAS_MORE: &str = "
SELECT reading = 'full' AND EXISTS (SELECT 1 FROM record WHERE accepted_kind = 'treatment' AND queued_in < id)
FROM cycle WHERE id = ?
";
const NEWEST_RECEIPT: &str = "
SELECT digest FROM batch WHERE delivered_at IS NOT NULL AND digest IS NOT NULL AND cycle < ? ORDER BY delivered_at DESC, id DESC LIMIT 1
";
const IS_SWEEP: &str = "SELECT reading = 'full' FROM cycle WHERE id = ?";

/// What came of the newest comparison with the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedNote {
    /// When it was made.
    pub at: Timestamp,
    /// Treatments that the register should hold.
    pub here: u64,
    /// Treatments that it holds.
    pub there: u64,
    /// Those that it lacks.
    pub missing: u64,
    /// Those that it holds otherwise.
    pub other: u64,
    /// Those that it holds and should not.
    pub surplus: u64,
}

impl ComparedNote {
    /// Treatments that differ.
    #[must_use]
    pub fn differences(&self) -> u64 {
        self.missing + self.other + self.surplus
    }
}

impl Outbox {
    /// Whether the register may have lost or kept what it should not, so that both ends are to be brought together without being asked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reconcile_is_due(&mut self) -> Result<bool, OutboxError> {
        Ok(self.meta(DUE).await?.is_some())
    }

    /// Notes that both ends are to be brought together.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_reconcile_due(&mut self) -> Result<(), OutboxError> {
        Ok(set_due(&mut self.connection).await?)
    }

    /// The newest batch from before a cycle that has a receipt, by its digest.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn newest_receipt(&mut self, before: i64) -> Result<Option<String>, OutboxError> {
        Ok(sqlx::query_scalar(NEWEST_RECEIPT).bind(before).fetch_optional(&mut self.connection).await?)
    }

    /// Notes that both ends were brought together.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reconciled(&mut self) -> Result<(), OutboxError> {
        sqlx::query(NO_META).bind(DUE).execute(&mut self.connection).await?;
        Ok(())
    }

    /// Whether a cycle read everything, and the register holds something from before it that can be compared.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_to_be_compared(&mut self, cycle: i64) -> Result<bool, OutboxError> {
        let answer: Option<bool> =
            sqlx::query_scalar(HAS_MORE).bind(cycle).fetch_optional(&mut self.connection).await?;
        Ok(answer.unwrap_or_default())
    }

    /// Whether a cycle read everything.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_sweep(&mut self, cycle: i64) -> Result<bool, OutboxError> {
        let answer: Option<bool> =
            sqlx::query_scalar(IS_SWEEP).bind(cycle).fetch_optional(&mut self.connection).await?;
        Ok(answer.unwrap_or_default())
    }

    /// The newest comparison; nothing before the first.
    ///
    /// # Errors
    /// When the database fails or the note cannot be read.
    pub async fn compared(&mut self) -> Result<Option<ComparedNote>, OutboxError> {
        let text: Option<String> = sqlx::query_scalar(META).bind(COMPARED).fetch_optional(&mut self.connection).await?;
        let note = text.map(|text| serde_json::from_str(&text)).transpose();
        note.map_err(|_| OutboxError::Inconsistent("meta.compared"))
    }

    /// Keeps a comparison in place of the one before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_compared(&mut self, note: &ComparedNote) -> Result<(), OutboxError> {
        let text = serde_json::to_string(note).map_err(|_| OutboxError::Inconsistent("meta.compared"))?;
        self.set_meta(COMPARED, &text).await
    }
}

/// Notes that both ends are to be brought together.
pub(super) async fn set_due(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::query(SET_META).bind(DUE).bind("yes").execute(connection).await.map(|_| ())
}
