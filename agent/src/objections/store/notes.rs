//! What is noted about the list as a whole.

use super::Objections;
use crate::objections::ObjectionsError;

pub(super) const ANSWERED: &str = "answered_for";
const SEEN: &str = "seen_at_register";

impl Objections {
    /// How many withdrawn persons somebody has answered for that are not in the list.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn answered_for(&mut self) -> Result<u64, ObjectionsError> {
        Ok(self.number(ANSWERED).await?.unwrap_or_default())
    }

    /// Notes for how many somebody answers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_answered_for(&mut self, persons: u64) -> Result<(), ObjectionsError> {
        self.set_meta(ANSWERED, &persons.to_string()).await
    }

    /// How many withdrawn persons the register knew when it was asked last; nothing before the first time and after one was lifted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn seen(&mut self) -> Result<Option<u64>, ObjectionsError> {
        self.number(SEEN).await
    }

    /// Notes how many the register knows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_seen(&mut self, persons: Option<u64>) -> Result<(), ObjectionsError> {
        self.set_meta(SEEN, &persons.map(|persons| persons.to_string()).unwrap_or_default()).await
    }

    async fn number(&mut self, name: &str) -> Result<Option<u64>, ObjectionsError> {
        Ok(self.meta(name).await?.and_then(|text| text.parse().ok()))
    }
}
