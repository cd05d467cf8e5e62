//! What the register holds of a sender's own accounting, and what it counts itself.

use schemas::id::Version;
use schemas::record::{Counted, Reading, Run};

use super::StoreError;

/// The rows of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountRows {
    /// The sender's accounting lines, each in its newest version, by key.
    pub lines: Vec<(Version, Run)>,
    /// Active treatments by month of `ended_on`, `YYYY-MM`.
    pub active: Vec<(String, u64)>,
    /// What the batches of each cycle did.
    pub cycles: Vec<CycleRow>,
    /// Batches that were stored before the register noted what they did.
    pub untold: u64,
    /// Treatments that were erased, and when (RFC 3339).
    pub erased: Vec<(String, u64)>,
    /// What was held beyond what receipts and erasures come to when both ends held the same last; nothing before the first time.
    pub drift: Option<i64>,
    /// When the sender compared both ends last, RFC 3339, and what it found.
    pub compared: Option<(String, Ends)>,
}

/// What a comparison of both ends found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// Both hold the same.
    Equal,
    /// They do not.
    Different,
}

impl Ends {
    /// The word in the tables.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Different => "different",
        }
    }
}

/// A sender's comparison as it is read: drift, time, word.
pub(super) type StoredComparison = (Option<i64>, Option<String>, Option<String>);

/// Takes what is held beyond what receipts and erasures come to as it is now; the same statement on both engines.
pub(super) const DRIFT: &str = "UPDATE sender SET drift = (SELECT COUNT(*) FROM treatment WHERE sender = $1)
        - (SELECT CAST(COALESCE(SUM(added) - SUM(removed), 0) AS BIGINT) FROM batch WHERE sender = $1)
        + (SELECT CAST(COALESCE(SUM(treatments), 0) AS BIGINT) FROM erasure WHERE sender = $1)
    WHERE code = $1";

/// The comparison of a row.
pub(super) fn compared(at: Option<String>, word: Option<&str>) -> Option<(String, Ends)> {
    let ends = [Ends::Equal, Ends::Different].into_iter().find(|ends| Some(ends.word()) == word)?;
    Some((at?, ends))
}

/// What the batches of one cycle did, by the register's own receipts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CycleRow {
    /// Generation of the state directory.
    pub generation: u32,
    /// Its cycle.
    pub cycle: u64,
    /// When the last of them came, RFC 3339.
    pub received_at: String,
    /// Lines of treatments that were neither refused nor too late.
    pub accepted: u64,
    /// Treatments that were not here before.
    pub added: u64,
    /// Treatments that were taken back.
    pub removed: u64,
}

/// An accounting line as both engines read it.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct StoredRun {
    generation: i64,
    counter: i64,
    cycle: i64,
    reading: String,
    counted: String,
    month: String,
    unit: String,
    programme: String,
    found: i64,
    accepted: i64,
    unchanged: i64,
    rejected: i64,
    held: i64,
    excluded: i64,
    pending: i64,
    reasons: String,
}

/// A cycle's batches likewise: generation, cycle, time, then the three counts.
pub(super) type StoredCycle = (i64, i64, String, i64, i64, i64);

impl StoredRun {
    /// The line and its version.
    pub(super) fn read(self) -> Result<(Version, Run), StoreError> {
        let wrong = |column| StoreError::Inconsistent { table: "run", column, id: self.counter };
        let count = |value: i64, column| u64::try_from(value).map_err(|_| wrong(column));
        let version = Version {
            generation: u32::try_from(self.generation).map_err(|_| wrong("generation"))?,
            counter: count(self.counter, "counter")?,
        };
        let reading = [Reading::Full, Reading::Increment].into_iter().find(|reading| reading.word() == self.reading);
        let counted =
            [Counted::Treatments, Counted::Answers].into_iter().find(|counted| counted.word() == self.counted);
        let run = Run {
            cycle: count(self.cycle, "cycle")?,
            reading: reading.ok_or_else(|| wrong("reading"))?,
            counted: counted.ok_or_else(|| wrong("counted"))?,
            found: count(self.found, "found")?,
            accepted: count(self.accepted, "accepted")?,
            unchanged: count(self.unchanged, "unchanged")?,
            rejected: count(self.rejected, "rejected")?,
            held: count(self.held, "held")?,
            excluded: count(self.excluded, "excluded")?,
            pending: count(self.pending, "pending")?,
            reasons: serde_json::from_str(&self.reasons).map_err(|_| wrong("reasons"))?,
            month: self.month,
            unit: self.unit,
            programme: self.programme,
        };
        Ok((version, run))
    }
}

/// A cycle's row from what was read.
pub(super) fn cycle(row: StoredCycle) -> Result<CycleRow, StoreError> {
    let (generation, cycle, received_at, accepted, added, removed) = row;
    let wrong = |column| StoreError::Inconsistent { table: "batch", column, id: cycle };
    Ok(CycleRow {
        generation: u32::try_from(generation).map_err(|_| wrong("generation"))?,
        cycle: u64::try_from(cycle).map_err(|_| wrong("cycle"))?,
        received_at,
        accepted: u64::try_from(accepted).map_err(|_| wrong("accepted"))?,
        added: u64::try_from(added).map_err(|_| wrong("added"))?,
        removed: u64::try_from(removed).map_err(|_| wrong("removed"))?,
    })
}

/// A count that the database made.
pub(super) fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or_default()
}
