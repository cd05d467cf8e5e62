//! Notes of daemon, administrator and cycles, kept as one value each.
//!
//! Promises: they can be written beside a run that holds the state directory, because no cycle writes any while a transaction is open.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{ConnectOptions as _, Connection as _};

use super::{META, Outbox, SET_META, database, options};
use crate::outbox::{FailureNote, OutboxError, PauseNote, ReachNote, RunNote, Told};

const RUN: &str = "run";
const PAUSE: &str = "pause";
const FAILURE: &str = "failure";
const REACH: &str = "reach";
const NO_META: &str = "DELETE FROM meta WHERE name = ?";

impl Outbox {
    /// Opens the state for a note, also beside a run that is going on; makes it when there is none.
    ///
    /// # Errors
    /// When the directory cannot be made or the database fails.
    pub async fn open_for_notes(state_dir: &Path) -> Result<Self, OutboxError> {
        let file = database(state_dir);
        if Self::open_to_read(state_dir).await?.is_none() {
            // Whoever holds the directory has made it.
            match Self::open(state_dir).await {
                Ok(_) | Err(OutboxError::Locked(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Self { connection: options(&file).connect().await?, _lock: None })
    }

    /// How far the daemon has come; nothing before its first start.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn run_note(&mut self) -> Result<Option<RunNote>, OutboxError> {
        self.note(RUN).await
    }

    /// Notes how far the daemon has come.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_run_note(&mut self, note: &RunNote) -> Result<(), OutboxError> {
        self.set_note(RUN, note).await
    }

    /// What ended the newest run before its end; nothing when the newest came to it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn failure_note(&mut self) -> Result<Option<FailureNote>, OutboxError> {
        self.note(FAILURE).await
    }

    /// Notes what ended a run before its end, or that one came to its end.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_failure_note(&mut self, note: Option<&FailureNote>) -> Result<(), OutboxError> {
        match note {
            Some(note) => self.set_note(FAILURE, note).await,
            None => Ok(sqlx::query(NO_META).bind(FAILURE).execute(&mut self.connection).await.map(drop)?),
        }
    }

    /// How the way to the register was lately.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reach_note(&mut self) -> Result<ReachNote, OutboxError> {
        Ok(self.note(REACH).await?.unwrap_or_default())
    }

    /// Notes how the way to the register was.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_reach_note(&mut self, note: &ReachNote) -> Result<(), OutboxError> {
        self.set_note(REACH, note).await
    }

    /// The newest planned silence or its end; nothing when there never was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pause_note(&mut self) -> Result<Option<PauseNote>, OutboxError> {
        self.note(PAUSE).await
    }

    /// Notes a planned silence, its end, or that the register knows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_pause_note(&mut self, note: &PauseNote) -> Result<(), OutboxError> {
        self.set_note(PAUSE, note).await
    }

    /// Notes what came of telling the register of a note: `told`, unless another note has taken its place meanwhile. That one is then
    /// to be told, even if somebody has told it already, because the register may have heard the older one last. Answers the note that
    /// stands now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pause_was_told(&mut self, sent: &PauseNote, told: Told) -> Result<Option<PauseNote>, OutboxError> {
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        let text: Option<String> = sqlx::query_scalar(META).bind(PAUSE).fetch_optional(&mut *transaction).await?;
        let Some(now) = read::<PauseNote>(PAUSE, text)? else { return Ok(None) };
        let note = if now == *sent { PauseNote { told, ..now } } else { PauseNote { told: Told::NotYet, ..now } };
        sqlx::query(SET_META).bind(PAUSE).bind(written(PAUSE, &note)?).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(Some(note))
    }

    pub(super) async fn note<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<Option<T>, OutboxError> {
        read(name, self.meta(name).await?)
    }

    pub(super) async fn set_note(&mut self, name: &'static str, note: &impl Serialize) -> Result<(), OutboxError> {
        self.set_meta(name, &written(name, note)?).await
    }
}

fn read<T: DeserializeOwned>(name: &'static str, text: Option<String>) -> Result<Option<T>, OutboxError> {
    text.map(|text| serde_json::from_str(&text).map_err(|_| OutboxError::Inconsistent(name))).transpose()
}

fn written(name: &'static str, note: &impl Serialize) -> Result<String, OutboxError> {
    serde_json::to_string(note).map_err(|_| OutboxError::Inconsistent(name))
}
