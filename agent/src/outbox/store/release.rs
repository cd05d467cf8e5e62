//! Batches that wait for a release, and the log of releases.
//!
//! Promises: a batch that waits is frozen in the transaction that queues it; it is let go, and that is logged, in one transaction; the
//! log is never changed. Looking writes nothing.

use std::collections::{BTreeSet, HashMap, HashSet};

use schemas::id::SenderCode;
use serde_json::json;
use sqlx::Connection as _;
use sqlx::sqlite::SqliteConnection;

use super::{Outbox, QueuedRow, Queueing};
use crate::outbox::{OutboxError, Sealed};
use crate::release::{Because, By, Contents, LeftOut, Words, known};

/// What one cycle queued and nobody has released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The cycle.
    pub cycle: i64,
    /// Its payload hash, as the cycle's report has it.
    pub payload_sha256: String,
    /// When it was queued, RFC 3339 UTC.
    pub queued_at: String,
    /// Why it waits.
    pub because: Vec<Because>,
    mapping: Option<String>,
}

/// One line of the log of releases.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub struct Release {
    /// When, RFC 3339 UTC.
    pub at: String,
    /// The account of the operating system.
    pub account: String,
    /// The account that `sudo` was called from.
    pub behind: Option<String>,
    /// `candidate` or `fields`.
    pub what: String,
    /// The cycle that queued the candidate.
    pub cycle: Option<i64>,
    /// Its payload hash, as the cycle's report has it.
    pub payload_sha256: Option<String>,
    /// Treatments in it.
    pub treatments: i64,
    /// Retractions in it.
    pub retractions: i64,
    /// Descriptions of units in it.
    pub units: i64,
    /// The fields that were approved, separated by commas.
    pub words: String,
}

/// Cycle, payload hash, when it was queued, why it waits, what words meant.
type CandidateRow = (i64, String, String, Option<String>, Option<String>);

/// Why a cycle waits, as it is written with it.
pub(super) struct Frozen {
    because: String,
    mapping: String,
}

const FREEZE: &str = "UPDATE batch SET waits = 1 WHERE cycle = ?";
const INSERT_CANDIDATE: &str = "INSERT INTO candidate (cycle, because, mapping) VALUES (?, ?, ?)";
const CANDIDATES: &str = "
SELECT c.id, c.payload_sha256, c.started_at, k.because, k.mapping FROM cycle c LEFT JOIN candidate k ON k.cycle = c.id
WHERE c.id IN (SELECT cycle FROM batch WHERE waits = 1 AND delivered_at IS NULL) ORDER BY c.id
";
const FREE_TO_GO: &str = "
SELECT coalesce(sum(records), 0) - (SELECT count(*) FROM batch b JOIN batch_line l ON l.batch = b.id
    WHERE b.delivered_at IS NULL AND b.waits = 0 AND l.kind = 'activity')
FROM batch WHERE delivered_at IS NULL AND waits = 0
";
const WAITING: &str = "
SELECT b.id, b.records, b.lines, c.id AS cycle, c.payload_sha256, c.kid, c.environment, c.rules, c.codelists, c.agent,
    c.schedule, c.timezone, EXISTS (SELECT 1 FROM batch_line l WHERE l.batch = b.id AND l.kind = 'unit') AS describes_units
FROM batch b JOIN cycle c ON c.id = b.cycle WHERE b.waits = 1 AND b.cycle = ?1 AND b.id > ?2 ORDER BY b.id LIMIT 1
";
const LET_GO: &str = "UPDATE batch SET waits = 0 WHERE cycle = ?";
const DROP_CANDIDATES: &str = "DELETE FROM candidate WHERE cycle NOT IN (SELECT cycle FROM batch WHERE waits = 1)";
const INSERT_WORDS: &str = "
INSERT INTO released (kind, word) SELECT value->>0, value->>1 FROM json_each(?) WHERE true ON CONFLICT DO NOTHING
";
const DROP_MAPPING: &str = "DELETE FROM released WHERE kind = 'mapping'";
const RELEASED: &str = "SELECT kind, word FROM released";
const INSERT_RELEASE: &str = "
INSERT INTO release_log (at, account, behind, what, cycle, payload_sha256, treatments, retractions, units, words)
VALUES (?, ?, ?, 'candidate', ?, ?, ?, ?, ?, '')
";
const APPROVED: &str = "SELECT name FROM approved_field";
const APPROVE: &str =
    "INSERT INTO approved_field (name) SELECT value FROM json_each(?) WHERE true ON CONFLICT DO NOTHING";
const INSERT_APPROVAL: &str = "
INSERT INTO release_log (at, account, behind, what, treatments, retractions, units, words)
VALUES (?, ?, ?, 'fields', 0, 0, 0, ?)
";
const RELEASES: &str = "
SELECT at, account, behind, what, cycle, payload_sha256, treatments, retractions, units, words FROM release_log ORDER BY id
";
/// Of the newest cycles that queued something, but not of this one.
const VOLUMES: &str = "
SELECT sum(n) FROM cycle_count WHERE term IN ('queued', 'retracted') AND cycle < ?1 GROUP BY cycle HAVING sum(n) > 0
ORDER BY cycle DESC LIMIT ?2
";
const LOCAL_IDS: &str = "
SELECT key, local_id FROM vanished WHERE key IN (SELECT value FROM json_each(?1))
UNION ALL SELECT key, local_id FROM found WHERE key IN (SELECT value FROM json_each(?1))
";
const ACCEPTED: &str = "SELECT key FROM record WHERE accepted > 0 AND key IN (SELECT value FROM json_each(?))";

impl Queueing<'_> {
    /// Lets nothing of this cycle leave before somebody has released it. `mapping` stands for what words of the source mean now.
    pub fn wait(&mut self, because: &[Because], mapping: &str) {
        self.frozen = Some(Frozen { because: json!(because).to_string(), mapping: mapping.to_owned() });
    }

    /// What was released before: kind and word.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn released(&mut self) -> Result<BTreeSet<(String, String)>, OutboxError> {
        let words: Vec<(String, String)> = sqlx::query_as(RELEASED).fetch_all(&mut *self.transaction).await?;
        Ok(words.into_iter().collect())
    }

    /// Treatments and retractions of each of so many earlier cycles that queued some.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn volumes(&mut self, cycles: usize) -> Result<Vec<u64>, OutboxError> {
        let cycles = i64::try_from(cycles).unwrap_or(i64::MAX);
        let volumes: Vec<i64> =
            sqlx::query_scalar(VOLUMES).bind(self.cycle).bind(cycles).fetch_all(&mut *self.transaction).await?;
        Ok(volumes.into_iter().map(|n| u64::try_from(n).unwrap_or_default()).collect())
    }
}

/// Freezes what a cycle has queued.
pub(super) async fn freeze(
    connection: &mut SqliteConnection,
    cycle: i64,
    Frozen { because, mapping }: &Frozen,
) -> Result<(), OutboxError> {
    let frozen = sqlx::query(FREEZE).bind(cycle).execute(&mut *connection).await?;
    if frozen.rows_affected() > 0 {
        sqlx::query(INSERT_CANDIDATE).bind(cycle).bind(because).bind(mapping).execute(connection).await?;
    }
    Ok(())
}

impl Outbox {
    /// Records queued that need no release, without monthly counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn free_to_go(&mut self) -> Result<i64, OutboxError> {
        Ok(sqlx::query_scalar(FREE_TO_GO).fetch_one(&mut self.connection).await?)
    }

    /// What waits for a release, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn candidates(&mut self) -> Result<Vec<Candidate>, OutboxError> {
        let rows: Vec<CandidateRow> = sqlx::query_as(CANDIDATES).fetch_all(&mut self.connection).await?;
        rows.into_iter()
            .map(|(cycle, payload_sha256, queued_at, because, mapping)| {
                let because = because.map_or(Ok(Vec::new()), |text| serde_json::from_str(&text));
                let because = because.map_err(|_| OutboxError::Inconsistent("candidate.because"))?;
                Ok(Candidate { cycle, payload_sha256, queued_at, because, mapping })
            })
            .collect()
    }

    /// The oldest batch of a candidate behind another, as it will be sent.
    ///
    /// # Errors
    /// [`OutboxError::Damaged`] when its bytes are not what was queued.
    pub async fn waiting(
        &mut self,
        sender: &SenderCode,
        (candidate, behind): (&Candidate, i64),
    ) -> Result<Option<Sealed>, OutboxError> {
        let row = sqlx::query_as::<_, QueuedRow>(WAITING).bind(candidate.cycle).bind(behind);
        match row.fetch_optional(&mut self.connection).await? {
            Some(row) => Ok(Some(self.sealed(sender, row).await?)),
            None => Ok(None),
        }
    }

    /// Lets a candidate go, whose contents and words these are, and logs who did.
    ///
    /// # Errors
    /// When the database fails; then nothing is changed.
    pub async fn let_go(
        &mut self,
        candidate: &Candidate,
        (contents, words): (Contents, &Words),
        (by, now): (&By, jiff::Timestamp),
    ) -> Result<(), OutboxError> {
        let mut kept: Vec<(&str, &str)> = words.kept().collect();
        kept.extend(candidate.mapping.iter().map(|mapping| ("mapping", mapping.as_str())));
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(LET_GO).bind(candidate.cycle).execute(&mut *transaction).await?;
        for statement in [DROP_CANDIDATES, DROP_MAPPING] {
            sqlx::query(statement).execute(&mut *transaction).await?;
        }
        sqlx::query(INSERT_WORDS).bind(json!(kept).to_string()).execute(&mut *transaction).await?;
        sqlx::query(INSERT_RELEASE)
            .bind(now.to_string())
            .bind(&by.account)
            .bind(&by.behind)
            .bind(candidate.cycle)
            .bind(&candidate.payload_sha256)
            .bind(contents.treatments)
            .bind(contents.retractions)
            .bind(contents.units)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The fields of this version that nobody has approved.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn left_out(&mut self) -> Result<LeftOut, OutboxError> {
        let approved: Vec<String> = sqlx::query_scalar(APPROVED).fetch_all(&mut self.connection).await?;
        Ok(LeftOut::beside(&approved.into_iter().collect()))
    }

    /// Approves every field of the version that runs first; a later one changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pin_fields(&mut self) -> Result<(), OutboxError> {
        let approved: Option<String> = sqlx::query_scalar(APPROVED).fetch_optional(&mut self.connection).await?;
        if approved.is_none() {
            let names = json!(known().collect::<Vec<_>>()).to_string();
            sqlx::query(APPROVE).bind(names).execute(&mut self.connection).await?;
        }
        Ok(())
    }

    /// Approves every field of this version; answers those that nobody had, and logs who did.
    ///
    /// # Errors
    /// When the database fails; then nothing is changed.
    pub async fn approve_fields(&mut self, (by, now): (&By, jiff::Timestamp)) -> Result<Vec<String>, OutboxError> {
        self.pin_fields().await?;
        let new: Vec<String> = self.left_out().await?.names().map(str::to_owned).collect();
        if new.is_empty() {
            return Ok(new);
        }
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(APPROVE).bind(json!(new).to_string()).execute(&mut *transaction).await?;
        sqlx::query(INSERT_APPROVAL)
            .bind(now.to_string())
            .bind(&by.account)
            .bind(&by.behind)
            .bind(new.join(", "))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(new)
    }

    /// Every release, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn releases(&mut self) -> Result<Vec<Release>, OutboxError> {
        Ok(sqlx::query_as(RELEASES).fetch_all(&mut self.connection).await?)
    }

    /// The source's ids of treatments, by the last part of their keys, where the newest readings found them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn local_ids(&mut self, keys: &[&str]) -> Result<HashMap<String, String>, OutboxError> {
        let ids: Vec<(String, String)> =
            sqlx::query_as(LOCAL_IDS).bind(json!(keys).to_string()).fetch_all(&mut self.connection).await?;
        Ok(ids.into_iter().collect())
    }

    /// Those of these records that the register has accepted in some version.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn accepted(&mut self, keys: &[&str]) -> Result<HashSet<String>, OutboxError> {
        let accepted: Vec<String> =
            sqlx::query_scalar(ACCEPTED).bind(json!(keys).to_string()).fetch_all(&mut self.connection).await?;
        Ok(accepted.into_iter().collect())
    }
}
