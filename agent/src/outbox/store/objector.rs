//! How this state directory has dealt with persons who object, and the register's cases that wait for an answer.
//!
//! Must not know: who anybody is; a person is a hash here.

use std::collections::BTreeMap;

use schemas::canonical;
use schemas::contact::OpenCase;
use serde_json::{Value, json};
use sqlx::Connection as _;

use super::Outbox;
use crate::outbox::OutboxError;

/// How a person who objects has been dealt with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dealt {
    /// The register cannot hold anything of theirs.
    NoneSent,
    /// The register is to be told.
    Queued,
    /// The register has confirmed the erasure.
    Confirmed,
}

const STATES: &str = "SELECT hash, state FROM objector";
const SET_STATE: &str = "UPDATE objector SET state = ?2 WHERE hash IN (SELECT unhex(value) FROM json_each(?1))";
const FORGET: &str = "DELETE FROM objector WHERE hash IN (SELECT unhex(value) FROM json_each(?))";
const DROP_CURSORS: &str = "DELETE FROM cursor";
const CASES: &str = "cases";
const UNREADABLE: &str = "objections_unreadable";

impl Dealt {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::NoneSent => "none",
            Self::Queued => "queued",
            Self::Confirmed => "done",
        }
    }
}

impl Outbox {
    /// Every person who objects whom this state directory has dealt with.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn objectors(&mut self) -> Result<BTreeMap<[u8; 32], Dealt>, OutboxError> {
        let rows: Vec<(Vec<u8>, String)> = sqlx::query_as(STATES).fetch_all(&mut self.connection).await?;
        let one = |(hash, state): (Vec<u8>, String)| {
            let dealt = [Dealt::NoneSent, Dealt::Queued, Dealt::Confirmed].into_iter().find(|d| d.word() == state);
            Some((hash.try_into().ok()?, dealt?))
        };
        rows.into_iter().map(|row| one(row).ok_or(OutboxError::Inconsistent("objector"))).collect()
    }

    /// Notes how some persons have been dealt with by now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_objectors(&mut self, hashes: &[[u8; 32]], dealt: Dealt) -> Result<(), OutboxError> {
        sqlx::query(SET_STATE).bind(hexes(hashes)).bind(dealt.word()).execute(&mut self.connection).await?;
        Ok(())
    }

    /// Forgets persons who took their objection back, or who are to be dealt with again; the next cycle reads everything.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_objectors(&mut self, hashes: &[[u8; 32]]) -> Result<(), OutboxError> {
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(FORGET).bind(hexes(hashes)).execute(&mut *transaction).await?;
        sqlx::query(DROP_CURSORS).execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// The cases that waited for this sender's answer when the register was asked last.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cases(&mut self) -> Result<Vec<OpenCase>, OutboxError> {
        Ok(self.note(CASES).await?.unwrap_or_default())
    }

    /// Rows of the newest list of objections whose number cannot be read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unreadable(&mut self) -> Result<u64, OutboxError> {
        Ok(self.note(UNREADABLE).await?.unwrap_or_default())
    }

    /// Notes how many those are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_unreadable(&mut self, rows: u64) -> Result<(), OutboxError> {
        self.set_note(UNREADABLE, &rows).await
    }

    /// Notes the cases that wait for an answer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_cases(&mut self, cases: &[OpenCase]) -> Result<(), OutboxError> {
        self.set_note(CASES, &cases).await
    }
}

/// Hashes as a statement takes many of them.
pub(super) fn hexes(hashes: &[[u8; 32]]) -> String {
    json!(hashes.iter().map(|hash| Value::from(canonical::hex(hash))).collect::<Vec<_>>()).to_string()
}
