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

/// A treatment that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stays {
    /// The source's id, or the short record key.
    pub treatment: String,
    /// The version that stands at the register, `generation.counter`; none where it has none.
    pub version: Option<String>,
}

/// A record that the register rejects.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Rejected {
    /// Its key.
    pub key: String,
    /// Id of the rule.
    pub rule: String,
    /// The source's id of the treatment, or the short record key; none where the newest readings have not found it.
    pub treatment: Option<String>,
}

const CAUSES: &str = "
SELECT scope, source, rule, field, word, count(*) AS n, max(started_at) AS found_at
FROM held JOIN cycle c ON c.id = held.cycle GROUP BY scope, source, rule, field, word ORDER BY n DESC, rule, field, word
";
const IDS: &str = "
SELECT h.local_id, max(CASE WHEN r.accepted_kind = 'treatment' THEN coalesce(r.accepted_generation || '.', '') || r.accepted END)
FROM held h LEFT JOIN record r ON h.scope = 'treatment' AND r.key = 'rec1.' || ?7 || '.' || h.key
WHERE h.scope = ?1 AND h.source = ?2 AND h.rule = ?3 AND h.field = ?4 AND h.word = ?5
GROUP BY h.local_id ORDER BY h.local_id LIMIT ?6
";
const ONES: &str = "
SELECT scope, source, local_id, rule, field, word, unit, started_at AS found_at
FROM held JOIN cycle c ON c.id = held.cycle WHERE ?1 IS NULL OR local_id = ?1 ORDER BY source, local_id, scope DESC, rule, field
";
const REJECTED: &str = "
SELECT r.key, coalesce(r.rule, '') AS rule, f.local_id AS treatment
FROM record r LEFT JOIN found f ON f.key = substr(r.key, -43) WHERE r.state = 'rejected' ORDER BY r.rule, r.key
";
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

    /// What is behind a cause, at most so many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn held_behind(
        &mut self,
        cause: &HeldCause,
        (sender, most): (&str, u32),
    ) -> Result<Vec<Stays>, OutboxError> {
        let ids = sqlx::query_as(IDS)
            .bind(&cause.scope)
            .bind(&cause.source)
            .bind(&cause.rule)
            .bind(&cause.field)
            .bind(&cause.word)
            .bind(most)
            .bind(sender);
        let rows: Vec<(String, Option<String>)> = ids.fetch_all(&mut self.connection).await?;
        Ok(rows.into_iter().map(|(treatment, version)| Stays { treatment, version }).collect())
    }

    /// Every held row, or those of one local id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn held_ones(&mut self, local_id: Option<&str>) -> Result<Vec<HeldOne>, OutboxError> {
        Ok(sqlx::query_as(ONES).bind(local_id).fetch_all(&mut self.connection).await?)
    }

    /// The records that the register rejects.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rejected_ones(&mut self) -> Result<Vec<Rejected>, OutboxError> {
        Ok(sqlx::query_as(REJECTED).fetch_all(&mut self.connection).await?)
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
