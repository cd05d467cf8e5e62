//! A state directory whose set is sent again under new keys.
//!
//! Promises: what the old keys named is forgotten in one transaction, with the note that everything is to be sent again; what says who
//! left, what was released and what was received stays.

use schemas::id::KeyId;
use serde::{Deserialize, Serialize};
use sqlx::Connection as _;

use super::purge::{CLEAN_DUE, UNKNOWN_PAST};
use super::{Outbox, SET_META};
use crate::outbox::OutboxError;

/// A reset that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResetNote {
    /// The new key.
    pub kid: KeyId,
    /// Treatments of the set at the register that is to be replaced, once the register has told.
    pub standing: Option<u64>,
    /// Whether somebody takes a set with fewer treatments.
    pub takes_fewer: bool,
    /// The newest cycle before it.
    pub after: i64,
}

const NOTE: &str = "key_reset";
/// Rows of before, in an order in which nothing is put aside for records that are gone.
const FORGET: [&str; 12] = [
    "DELETE FROM record",
    "DELETE FROM found",
    "DELETE FROM bearer",
    "DELETE FROM leavers_record",
    "DELETE FROM excluded",
    "DELETE FROM held",
    "DELETE FROM vanished",
    "DELETE FROM person_pair",
    "DELETE FROM candidate",
    "DELETE FROM batch",
    "DELETE FROM cursor",
    "DELETE FROM meta WHERE name IN ('state_id', 'generation', 'compared')",
];
const NEWEST: &str = "SELECT coalesce(max(id), 0) FROM cycle";
const SWEPT: &str = "SELECT EXISTS (SELECT 1 FROM cycle WHERE reading = 'full' AND id > ?)";
const DELIVERED: &str = "SELECT count(*) FROM record WHERE accepted_kind = 'treatment'";
const NO_META: &str = "DELETE FROM meta WHERE name = ?";

impl Outbox {
    /// Forgets everything that the old keys named; the next cycle reads everything and sends it under the new ones.
    ///
    /// # Errors
    /// When the database fails; then nothing is changed.
    pub async fn begin_reset(&mut self, kid: &KeyId) -> Result<(), OutboxError> {
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        let after = sqlx::query_scalar(NEWEST).fetch_one(&mut *transaction).await?;
        let note = ResetNote { kid: kid.clone(), standing: None, takes_fewer: false, after };
        let text = serde_json::to_string(&note).map_err(|_| OutboxError::Inconsistent(NOTE))?;
        for statement in FORGET {
            sqlx::query(statement).execute(&mut *transaction).await?;
        }
        sqlx::query(SET_META).bind(NOTE).bind(text).execute(&mut *transaction).await?;
        // What the old set holds is known here no more.
        sqlx::query(SET_META).bind(UNKNOWN_PAST).bind("yes").execute(&mut *transaction).await?;
        sqlx::query(SET_META).bind(CLEAN_DUE).bind("yes").execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// The reset that is under way; nothing when none is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reset_note(&mut self) -> Result<Option<ResetNote>, OutboxError> {
        self.note(NOTE).await
    }

    /// Notes how far the reset is, or that it is done.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_reset_note(&mut self, note: Option<&ResetNote>) -> Result<(), OutboxError> {
        match note {
            Some(note) => self.set_note(NOTE, note).await,
            None => Ok(sqlx::query(NO_META).bind(NOTE).execute(&mut self.connection).await.map(drop)?),
        }
    }

    /// Treatments that the register has taken since; nothing before everything was read once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delivered_since(&mut self, note: &ResetNote) -> Result<Option<u64>, OutboxError> {
        let swept: bool = sqlx::query_scalar(SWEPT).bind(note.after).fetch_one(&mut self.connection).await?;
        if !swept {
            return Ok(None);
        }
        let count: i64 = sqlx::query_scalar(DELIVERED).fetch_one(&mut self.connection).await?;
        Ok(u64::try_from(count).ok())
    }
}
