//! What `status` shows of the outbox: reading only.

use super::Outbox;
use crate::outbox::OutboxError;

/// A group of held rows with the same rule.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, serde::Serialize)]
pub struct HeldRow {
    /// `treatment` or `answer`.
    pub scope: String,
    /// Id of the rule.
    pub rule: String,
    /// The field.
    pub field: String,
    /// How many.
    pub n: i64,
    /// How many of them have an accepted version that stands at the register.
    pub standing: i64,
}

const QUEUE_DEPTH: &str =
    "SELECT count(*), coalesce(sum(records), 0), min(queued_at) FROM batch WHERE delivered_at IS NULL";
const HELD: &str = "
SELECT h.scope, h.rule, h.field, count(*) AS n, count(r.key) AS standing
FROM held h LEFT JOIN record r ON h.scope = 'treatment' AND r.key = 'rec1.' || ? || '.' || h.key AND r.accepted_kind = 'treatment'
GROUP BY h.scope, h.rule, h.field ORDER BY h.scope DESC, n DESC, h.rule
";
const HELD_IN_ALL: &str = "SELECT count(*) FROM (SELECT DISTINCT scope, key, CASE scope WHEN 'answer' THEN rowid END FROM held WHERE scope <> 'unit')";
const REJECTED: &str =
    "SELECT coalesce(rule, ''), count(*) FROM record WHERE state = 'rejected' GROUP BY rule ORDER BY 2 DESC, 1";
const LAST_CYCLE: &str = "SELECT id, started_at, finished_at, payload_sha256 FROM cycle ORDER BY id DESC LIMIT 1";
const FINISHED_AT: &str = "SELECT finished_at FROM cycle WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1";
const COUNTS: &str = "SELECT term, rule, n FROM cycle_count WHERE cycle = ? ORDER BY term, n DESC, rule";
const AT_REGISTER: &str = "SELECT count(*) FROM record WHERE accepted_kind = 'treatment'";

impl Outbox {
    /// Batches and records queued, and since when the oldest waits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn depth(&mut self) -> Result<(i64, i64, Option<String>), OutboxError> {
        Ok(sqlx::query_as(QUEUE_DEPTH).fetch_one(&mut self.connection).await?)
    }

    /// A sender's held rows by rule, most first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn held(&mut self, sender: &str) -> Result<Vec<HeldRow>, OutboxError> {
        Ok(sqlx::query_as(HELD).bind(sender).fetch_all(&mut self.connection).await?)
    }

    /// Treatments and answers that are held, each counted once however many rules it breaks.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn held_in_all(&mut self) -> Result<i64, OutboxError> {
        Ok(sqlx::query_scalar(HELD_IN_ALL).fetch_one(&mut self.connection).await?)
    }

    /// Records that the register rejects, by rule.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rejected(&mut self) -> Result<Vec<(String, i64)>, OutboxError> {
        Ok(sqlx::query_as(REJECTED).fetch_all(&mut self.connection).await?)
    }

    /// The newest cycle: number, start, end, payload hash.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_cycle(&mut self) -> Result<Option<(i64, String, Option<String>, String)>, OutboxError> {
        Ok(sqlx::query_as(LAST_CYCLE).fetch_optional(&mut self.connection).await?)
    }

    /// When the newest cycle that came to its end did so; nothing when none did.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finished_at(&mut self) -> Result<Option<jiff::Timestamp>, OutboxError> {
        let text: Option<String> = sqlx::query_scalar(FINISHED_AT).fetch_optional(&mut self.connection).await?;
        text.map(|text| text.parse()).transpose().map_err(|_| OutboxError::Inconsistent("cycle.finished_at"))
    }

    /// What a cycle counted: term, rule, number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counts(&mut self, cycle: i64) -> Result<Vec<(String, String, i64)>, OutboxError> {
        Ok(sqlx::query_as(COUNTS).bind(cycle).fetch_all(&mut self.connection).await?)
    }

    /// Treatments that the register holds from here.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn at_register(&mut self) -> Result<i64, OutboxError> {
        Ok(sqlx::query_scalar(AT_REGISTER).fetch_one(&mut self.connection).await?)
    }
}
