//! Rows that stay in the region: held with their rule, or rejected by the register and now without an object.
//!
//! Promises: never more than a page of held rows waits in memory; of a value only a code list's own word is kept.

use serde_json::{Value, json};

use super::Queueing;
use crate::outbox::OutboxError;

/// Held rows that wait in memory.
const MOST_HELD: usize = 1_000;

/// A row that stays: which, why, and never a value of a person.
#[derive(Debug, Clone, Copy)]
pub struct Hold<'a> {
    /// `treatment`, `answer` or `unit`.
    pub scope: &'static str,
    /// Index of its source.
    pub source: usize,
    /// The last part of its record key; a unit's own id.
    pub key: &'a str,
    /// The source's id, or the short record key.
    pub local_id: &'a str,
    /// Id of the rule.
    pub rule: &'a str,
    /// The field.
    pub field: &'a str,
    /// The local word of a code list that the rule speaks of; else empty.
    pub word: &'a str,
    /// The unit that the row names; else empty.
    pub unit: &'a str,
    /// What its treatment is counted under; nothing for a unit.
    pub cell: Option<i64>,
    /// Its number among the held answers of its key.
    pub item: u32,
    /// Answers that a held treatment keeps back with it.
    pub answers: u32,
}

const DELETE_HELD: &str = "DELETE FROM held WHERE source = ?1 AND key IN (SELECT value FROM json_each(?2))";
const DELETE_EXCLUDED: &str = "DELETE FROM excluded WHERE source = ?1 AND key IN (SELECT value FROM json_each(?2))";
const DELETE_HELD_UNITS: &str = "DELETE FROM held WHERE scope = 'unit'";
const DELETE_ALL_HELD: &str = "DELETE FROM held WHERE source = ?";
const DELETE_ALL_EXCLUDED: &str = "DELETE FROM excluded WHERE source = ?";
const INSERT_HELD: &str = "
INSERT INTO held (scope, key, source, local_id, rule, field, word, unit, cell, item, answers, cycle)
SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8, value->>9, value->>10, ?2
FROM json_each(?1)
";
/// Without a fingerprint, so that the same content goes again when the record is ready again.
const DROP_REJECTED: &str = "
UPDATE record SET state = 'closed', rule = NULL, fingerprint = x''
WHERE state = 'rejected' AND key IN (SELECT value FROM json_each(?))
";

impl Queueing<'_> {
    /// Notes a row that stays. What is forgotten must be forgotten before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hold(&mut self, row: &Hold<'_>) -> Result<(), OutboxError> {
        let Hold { scope, source, key, local_id, rule, field, word, unit, cell, item, answers } = *row;
        let source = &self.sources[source];
        self.held.push(json!([scope, key, source, local_id, rule, field, word, unit, cell, item, answers]));
        if self.held.len() >= MOST_HELD { self.write_held().await } else { Ok(()) }
    }

    pub(super) async fn write_held(&mut self) -> Result<(), OutboxError> {
        let held = Value::Array(std::mem::take(&mut self.held)).to_string();
        sqlx::query(INSERT_HELD).bind(held).bind(self.cycle).execute(&mut *self.transaction).await?;
        Ok(())
    }

    /// Held rows that wait in memory, for a test of their number.
    #[cfg(test)]
    pub(crate) fn waiting(&self) -> usize {
        self.held.len()
    }

    /// Notes that the register's rejection of some records has no object any more, because their rows stay now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_rejected(&mut self, keys: &[&str]) -> Result<(), OutboxError> {
        sqlx::query(DROP_REJECTED).bind(json!(keys).to_string()).execute(&mut *self.transaction).await?;
        Ok(())
    }

    /// Forgets what was told of units, which every cycle reads anew.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_held_units(&mut self) -> Result<(), OutboxError> {
        sqlx::query(DELETE_HELD_UNITS).execute(&mut *self.transaction).await?;
        Ok(())
    }

    /// Forgets what stayed of a source's treatments that were read again, or of the whole source.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_what_stayed(&mut self, source: usize, keys: Option<&[&str]>) -> Result<(), OutboxError> {
        let source = &self.sources[source];
        let keys = keys.map(|keys| json!(keys).to_string());
        let statements =
            if keys.is_some() { [DELETE_HELD, DELETE_EXCLUDED] } else { [DELETE_ALL_HELD, DELETE_ALL_EXCLUDED] };
        for statement in statements {
            let statement = sqlx::query(statement).bind(source);
            let statement = match &keys {
                Some(keys) => statement.bind(keys),
                None => statement,
            };
            statement.execute(&mut *self.transaction).await?;
        }
        Ok(())
    }
}
