//! What stays in the region, for its administrator: held rows by their cause, records that the register rejects, and a second try.

use serde_json::json;
use sqlx::Connection as _;

use super::Outbox;
use crate::outbox::OutboxError;

/// Rows that are held for one cause.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct HeldCause {
    /// `treatment`, `answer` or `unit`.
    pub scope: String,
    /// System of the source.
    pub source: String,
    /// Id of the rule.
    pub rule: String,
    /// The field.
    pub field: String,
    /// The local word that the rule speaks of; empty where there is none that may be kept.
    pub word: String,
    /// How many rows.
    pub n: i64,
    /// Begin of the newest cycle that found one of them, RFC 3339 UTC.
    pub found_at: String,
}

/// One held row.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct HeldOne {
    /// `treatment`, `answer` or `unit`.
    pub scope: String,
    /// System of the source.
    pub source: String,
    /// The source's id, or the short record key.
    pub local_id: String,
    /// Id of the rule.
    pub rule: String,
    /// The field.
    pub field: String,
    /// The local word that the rule speaks of.
    pub word: String,
    /// The unit that the row names.
    pub unit: String,
    /// Begin of the cycle that found it, RFC 3339 UTC.
    pub found_at: String,
}

const CAUSES: &str = "
SELECT scope, source, rule, field, word, count(*) AS n, max(started_at) AS found_at
FROM held JOIN cycle c ON c.id = held.cycle GROUP BY scope, source, rule, field, word ORDER BY n DESC, rule, field, word
";
const IDS: &str = "
SELECT DISTINCT local_id FROM held
WHERE scope = ? AND source = ? AND rule = ? AND field = ? AND word = ? ORDER BY local_id LIMIT ?
";
const ONES: &str = "
SELECT scope, source, local_id, rule, field, word, unit, started_at AS found_at
FROM held JOIN cycle c ON c.id = held.cycle WHERE ?1 IS NULL OR local_id = ?1 ORDER BY source, local_id, scope DESC, rule, field
";
const REJECTED_KEYS: &str = "SELECT key, coalesce(rule, '') FROM record WHERE state = 'rejected' ORDER BY rule, key";
const FORGET_REJECTED: &str = "
UPDATE record SET fingerprint = x'' WHERE state = 'rejected' AND (?1 IS NULL OR key IN (SELECT value FROM json_each(?1)))
";
const DROP_CURSORS: &str = "DELETE FROM cursor";

impl Outbox {
    /// The causes of everything that is held, the one with the most rows first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn held_causes(&mut self) -> Result<Vec<HeldCause>, OutboxError> {
        Ok(sqlx::query_as(CAUSES).fetch_all(&mut self.connection).await?)
    }

    /// The local ids behind a cause, at most so many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn held_ids(&mut self, cause: &HeldCause, most: u32) -> Result<Vec<String>, OutboxError> {
        let ids = sqlx::query_scalar(IDS)
            .bind(&cause.scope)
            .bind(&cause.source)
            .bind(&cause.rule)
            .bind(&cause.field)
            .bind(&cause.word)
            .bind(most);
        Ok(ids.fetch_all(&mut self.connection).await?)
    }

    /// Every held row, or those of one local id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn held_ones(&mut self, local_id: Option<&str>) -> Result<Vec<HeldOne>, OutboxError> {
        Ok(sqlx::query_as(ONES).bind(local_id).fetch_all(&mut self.connection).await?)
    }

    /// Keys of the records that the register rejects, each with its rule.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rejected_keys(&mut self) -> Result<Vec<(String, String)>, OutboxError> {
        Ok(sqlx::query_as(REJECTED_KEYS).fetch_all(&mut self.connection).await?)
    }

    /// Sees to it that the next cycle reads everything and queues rejected records again, these or all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn try_again(&mut self, keys: Option<&[String]>) -> Result<(), OutboxError> {
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        let keys = keys.map(|keys| json!(keys).to_string());
        sqlx::query(FORGET_REJECTED).bind(keys).execute(&mut *transaction).await?;
        sqlx::query(DROP_CURSORS).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(())
    }
}
