//! Whether a source's database can look up the ids of treatments, as earlier cycles found.
//!
//! Promises: until a reading of the whole source has found every id fit, the answer is no.

use super::Outbox;
use crate::outbox::OutboxError;

impl Outbox {
    /// Whether every id of a source, named by its system, was its own trimmed text when the source was read whole.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ids_are_exact(&mut self, system: &str) -> Result<bool, OutboxError> {
        Ok(self.meta(&name(system)).await?.is_some_and(|value| value == "yes"))
    }

    /// Notes that they were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_exact_ids(&mut self, system: &str) -> Result<(), OutboxError> {
        self.set_meta(&name(system), "yes").await
    }

    /// Notes that one was not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_spaced_ids(&mut self, system: &str) -> Result<(), OutboxError> {
        self.set_meta(&name(system), "no").await
    }
}

fn name(system: &str) -> String {
    format!("exact_ids.{system}")
}
