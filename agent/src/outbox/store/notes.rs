//! Notes of daemon and administrator, kept as one value each.
//!
//! Promises: they can be written beside a run that holds the state directory, because no cycle writes them.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::ConnectOptions as _;

use super::{Outbox, database, options};
use crate::outbox::{OutboxError, PauseNote, RunNote};

const RUN: &str = "run";
const PAUSE: &str = "pause";

impl Outbox {
    /// Opens the state for a note, also beside a run that is going on; makes it when there is none.
    ///
    /// # Errors
    /// When the directory cannot be made or the database fails.
    pub async fn open_for_notes(state_dir: &Path) -> Result<Self, OutboxError> {
        let file = database(state_dir);
        if !file.is_file() {
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

    async fn note<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<Option<T>, OutboxError> {
        let text = self.meta(name).await?;
        text.map(|text| serde_json::from_str(&text).map_err(|_| OutboxError::Inconsistent(name))).transpose()
    }

    async fn set_note(&mut self, name: &'static str, note: &impl Serialize) -> Result<(), OutboxError> {
        let text = serde_json::to_string(note).map_err(|_| OutboxError::Inconsistent(name))?;
        self.set_meta(name, &text).await
    }
}
