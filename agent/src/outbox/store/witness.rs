//! What this agent keeps as a witness of the register's audit log.
//!
//! Promises: what a receipt says of the log is kept in the transaction that closes its batch; the largest checkpoint is kept, whatever the
//! order in which receipts come; a finding is noted once and never deleted. Must not know: signatures, the network.

use jiff::Timestamp;
use schemas::audit::SignedCheckpoint;
use serde::Serialize;
use sqlx::{Connection as _, SqliteConnection};

use super::Outbox;
use crate::outbox::OutboxError;

const KEPT: &str = "SELECT checkpoint, leaf, leaf_at FROM witness";
/// A leaf stands behind the checkpoint of its own receipt; one that came with an earlier checkpoint may stand before the kept one.
const HEARD: &str = "
INSERT INTO witness (id, size, checkpoint, leaf, leaf_at) VALUES (1, ?1, ?2, ?3, ?4)
ON CONFLICT (id) DO UPDATE SET checkpoint = CASE WHEN ?1 > size THEN ?2 ELSE checkpoint END,
    leaf = CASE WHEN ?1 >= size THEN ?3 ELSE leaf END, leaf_at = CASE WHEN ?1 >= size THEN ?4 ELSE leaf_at END,
    size = max(size, ?1)
";
const KEEP: &str = "
INSERT INTO witness (id, size, checkpoint) VALUES (1, ?1, ?2)
ON CONFLICT (id) DO UPDATE SET size = ?1, checkpoint = ?2
";
const SETTLED: &str = "UPDATE witness SET leaf = NULL, leaf_at = NULL";
/// What is found again before anybody has accepted it is no other finding.
const FOUND: &str = "
INSERT INTO witness_finding (found_at, sort, kept, shown, leaf) SELECT ?1, ?2, ?3, ?4, ?5
WHERE NOT EXISTS (
    SELECT 1 FROM witness_finding
    WHERE sort = ?2 AND kept = ?3 AND shown = ?4 AND leaf = ?5 AND accepted_at IS NULL
)
";
const FINDINGS: &str =
    "SELECT id, found_at, sort, kept, shown, leaf, accepted_at, accepted_by FROM witness_finding ORDER BY id";
const ACCEPT: &str =
    "UPDATE witness_finding SET accepted_at = ?2, accepted_by = ?3 WHERE id = ?1 AND accepted_at IS NULL";

/// What is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// The largest checkpoint that was seen.
    pub checkpoint: Option<SignedCheckpoint>,
    /// The leaf of the newest receipt, hexadecimal, and when the register gave it; nothing once the log was seen to hold it.
    pub leaf: Option<(String, Timestamp)>,
}

/// What was wrong with the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// It has fewer entries than the register signed before.
    Shorter,
    /// It does not begin with the entries that the register signed before.
    Other,
    /// The register says itself that it was put back from a backup.
    Restored,
    /// The register shows what it did not sign.
    Unsigned,
    /// It does not hold the entry of a receipt.
    Missing,
}

/// Something wrong, ready to be noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What.
    pub sort: Sort,
    /// The checkpoint that was kept, in its text form; empty when none was.
    pub kept: String,
    /// What the register showed, in its text form; empty when it showed nothing.
    pub shown: String,
    /// The receipt's leaf, where it is about one.
    pub leaf: String,
}

/// Something wrong, as it was noted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its number.
    pub id: i64,
    /// When it was found, RFC 3339 UTC.
    pub found_at: String,
    /// What.
    pub sort: Sort,
    /// The checkpoint that was kept.
    pub kept: String,
    /// What the register showed.
    pub shown: String,
    /// The receipt's leaf, where it is about one.
    pub leaf: String,
    /// When somebody accepted it.
    pub accepted_at: Option<String>,
    /// Who did.
    pub accepted_by: Option<String>,
}

/// What a receipt says of the log.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heard<'a> {
    /// Its checkpoint, in the text form.
    pub(super) checkpoint: Option<&'a str>,
    /// Its leaf, hexadecimal.
    pub(super) leaf: Option<&'a str>,
    /// When the register gave it, RFC 3339 UTC.
    pub(super) at: &'a str,
}

#[derive(sqlx::FromRow)]
struct FindingRow {
    id: i64,
    found_at: String,
    sort: String,
    kept: String,
    shown: String,
    leaf: String,
    accepted_at: Option<String>,
    accepted_by: Option<String>,
}

impl Sort {
    const ALL: [Self; 5] = [Self::Shorter, Self::Other, Self::Restored, Self::Unsigned, Self::Missing];

    /// Whether records may have gone with what is wrong.
    #[must_use]
    pub fn may_have_lost(self) -> bool {
        !matches!(self, Self::Unsigned)
    }

    /// The word in tables and documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Shorter => "shorter",
            Self::Other => "other",
            Self::Restored => "restored",
            Self::Unsigned => "unsigned",
            Self::Missing => "missing",
        }
    }
}

/// Keeps what a verified receipt says of the log, in the caller's transaction.
pub(super) async fn heard(connection: &mut SqliteConnection, heard: Heard<'_>) -> Result<(), OutboxError> {
    let checkpoint = heard.checkpoint.and_then(|text| text.parse::<SignedCheckpoint>().ok());
    if checkpoint.is_none() && heard.leaf.is_none() {
        return Ok(());
    }
    let size = checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.body.size);
    sqlx::query(HEARD)
        .bind(size.cast_signed())
        .bind(checkpoint.map(|checkpoint| checkpoint.to_string()))
        .bind(heard.leaf)
        .bind(heard.at)
        .execute(connection)
        .await?;
    Ok(())
}

impl Outbox {
    /// Keeps what the verified receipt of an erasure says of the log: its checkpoint and leaf, and when the register gave it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hear(
        &mut self,
        (checkpoint, leaf): (Option<&str>, Option<&str>),
        at: &str,
    ) -> Result<(), OutboxError> {
        heard(&mut self.connection, Heard { checkpoint, leaf, at }).await
    }

    /// What is kept of the log; nothing before the first receipt.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn witness(&mut self) -> Result<Kept, OutboxError> {
        let row: Option<(Option<String>, Option<String>, Option<String>)> =
            sqlx::query_as(KEPT).fetch_optional(&mut self.connection).await?;
        let Some((checkpoint, leaf, leaf_at)) = row else { return Ok(Kept::default()) };
        let broken = |_| OutboxError::Inconsistent("witness.checkpoint");
        let checkpoint = checkpoint.map(|text| text.parse()).transpose().map_err(broken)?;
        let at = leaf_at.map(|at| at.parse::<Timestamp>()).transpose();
        Ok(Kept { checkpoint, leaf: leaf.zip(at.map_err(|_| OutboxError::Inconsistent("witness.leaf_at"))?) })
    }

    /// Keeps another checkpoint from now on, ends the search for the newest receipt's leaf, and notes what was found, in one
    /// transaction. Answers whether the finding is new.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn witnessed(
        &mut self,
        (keep, settled): (Option<&SignedCheckpoint>, Settled),
        found: Option<&Found>,
        now: Timestamp,
    ) -> Result<bool, OutboxError> {
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        if let Some(checkpoint) = keep {
            let query = sqlx::query(KEEP).bind(checkpoint.body.size.cast_signed()).bind(checkpoint.to_string());
            query.execute(&mut *transaction).await?;
        }
        if settled == Settled::Yes {
            sqlx::query(SETTLED).execute(&mut *transaction).await?;
        }
        let mut is_new = false;
        if let Some(Found { sort, kept, shown, leaf }) = found {
            let query = sqlx::query(FOUND).bind(now.to_string()).bind(sort.word()).bind(kept).bind(shown).bind(leaf);
            is_new = query.execute(&mut *transaction).await?.rows_affected() == 1;
        }
        transaction.commit().await?;
        Ok(is_new)
    }

    /// Everything that was ever found, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn findings(&mut self) -> Result<Vec<Finding>, OutboxError> {
        let rows: Vec<FindingRow> = sqlx::query_as(FINDINGS).fetch_all(&mut self.connection).await?;
        let finding = |row: FindingRow| {
            let FindingRow { id, found_at, sort, kept, shown, leaf, accepted_at, accepted_by } = row;
            let sort = Sort::ALL.into_iter().find(|known| known.word() == sort);
            let sort = sort.ok_or(OutboxError::Inconsistent("witness_finding.sort"))?;
            Ok(Finding { id, found_at, sort, kept, shown, leaf, accepted_at, accepted_by })
        };
        rows.into_iter().map(finding).collect()
    }

    /// Notes that somebody has taken up a finding. Answers whether there is such a one that nobody had.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn accept_finding(&mut self, id: i64, name: &str, now: Timestamp) -> Result<bool, OutboxError> {
        let query = sqlx::query(ACCEPT).bind(id).bind(now.to_string()).bind(name);
        Ok(query.execute(&mut self.connection).await?.rows_affected() == 1)
    }
}

/// Whether the search for the newest receipt's leaf is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// The log holds it, or that it does not is noted.
    Yes,
    /// It is to be asked for again.
    NotYet,
}

#[cfg(test)]
mod tests;
