//! Who did what with the list, or asked what the register holds of somebody. Never of whom.

use jiff::Timestamp;
use serde::Serialize;

use super::{Objections, written};
use crate::objections::ObjectionsError;

/// Something that somebody did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Act {
    /// When, RFC 3339 UTC.
    pub at: String,
    /// The account of the operating system.
    pub account: String,
    /// The account behind `sudo`.
    pub behind: Option<String>,
    /// The name that was given.
    pub name: Option<String>,
    /// What was done.
    pub what: String,
    /// Of how many persons.
    pub persons: i64,
}

const INSERT: &str = "INSERT INTO act (at, account, behind, name, what, persons) VALUES (?, ?, ?, ?, ?, ?)";
const ACTS: &str = "SELECT at, account, behind, name, what, persons FROM act ORDER BY id";

impl Objections {
    /// Notes what somebody did, `act.at` aside, which is now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_act(&mut self, act: &Act, now: Timestamp) -> Result<(), ObjectionsError> {
        let Act { account, behind, name, what, persons, .. } = act;
        let insert = sqlx::query(INSERT).bind(written(now)).bind(account).bind(behind).bind(name).bind(what);
        insert.bind(persons).execute(&mut self.connection).await?;
        Ok(())
    }

    /// Everything that was done, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn acts(&mut self) -> Result<Vec<Act>, ObjectionsError> {
        Ok(sqlx::query_as(ACTS).fetch_all(&mut self.connection).await?)
    }
}
