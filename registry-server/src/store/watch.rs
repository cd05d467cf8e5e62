//! What senders are watched by: what came on each day, what was rejected by which rule, what their connections tell; and when the
//! register itself was up.
//!
//! Promises: a day's counts are written with the batch that they count; counts only, of no person.
//! Must not know: what is wrong, whom it is told to.

/// One batch with its manifest.
pub mod batch;
/// What came of units.
pub mod unit;

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use schemas::id::{BatchId, HsaId, SenderCode};
use schemas::receipt::{Receipt, Verdict};
use schemas::rule::today;

use super::plan::Done;
use super::{Delivery, Payload, StoreError};
use batch::ToldBatch;
use unit::UnitArrivals;

/// What a sender's connection tells of its machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    /// When.
    pub at: Timestamp,
    /// Seconds that its clock is ahead; nothing when it does not tell its time.
    pub skew_s: Option<i64>,
    /// When its certificate ends.
    pub certificate_until: Timestamp,
}

/// What came on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Day {
    /// Batches.
    pub batches: u64,
    /// Their records.
    pub records: u64,
    /// Treatments that were not here before.
    pub added: u64,
    /// Records that were rejected.
    pub rejected: u64,
}

/// What is known of a sender's deliveries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// Whose.
    pub sender: SenderCode,
    /// Days on which something came.
    pub days: BTreeMap<Date, Day>,
    /// Records that were rejected, by day and rule; one that broke several counts under each.
    pub rejects: BTreeMap<(Date, String), u64>,
    /// Version of its agent.
    pub agent: Option<String>,
    /// Hash of the rules that its agent ran last.
    pub rules: Option<String>,
    /// The form that its newest batch is written in.
    pub schema: Option<String>,
    /// The latest end of a treatment that it has delivered, `YYYY-MM-DD`.
    pub newest_end: Option<String>,
    /// What its connection told last.
    pub heard: Option<Heard>,
}

/// A stored batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBatch {
    /// Its digest.
    pub digest: String,
    /// When it came, RFC 3339.
    pub received_at: String,
    /// Its records.
    pub records: u64,
    /// Its receipt.
    pub receipt: Vec<u8>,
}

/// When the register was up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// Since when it is.
    pub began_at: Timestamp,
    /// When it was seen up last before that; nothing when it never was down.
    pub down_at: Option<Timestamp>,
}

/// Whether a sign of life is the first of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beat {
    /// It is: what lies before may have been an outage.
    First,
    /// The process has been up since the last.
    Again,
}

/// What is kept for whoever watches.
#[async_trait]
pub trait Watch: Send + Sync {
    /// Keeps what a sender's connection tells.
    async fn note_heard(&self, code: &SenderCode, heard: &Heard) -> Result<(), StoreError>;

    /// What is known of every sender's deliveries, the days from this one on; by code.
    async fn histories(&self, from: Date) -> Result<Vec<History>, StoreError>;

    /// A sender's newest batches, the newest first.
    async fn batches(&self, code: &SenderCode, most: u32) -> Result<Vec<StoredBatch>, StoreError>;

    /// One of a sender's batches with what its manifest said; nothing where the sender delivered none of that name.
    async fn told_batch(&self, code: &SenderCode, batch: &BatchId) -> Result<Option<ToldBatch>, StoreError>;

    /// What came of units from each sender that sent treatments of them or describes them, by sender and unit.
    async fn unit_arrivals(&self, units: &[HsaId]) -> Result<Vec<UnitArrivals>, StoreError>;

    /// Notes that the register is up.
    async fn beat(&self, beat: Beat, at: Timestamp) -> Result<(), StoreError>;

    /// When the register was up; nothing before its first sign of life.
    async fn life(&self) -> Result<Option<Life>, StoreError>;
}

/// A pause in the signs of life that is an outage, seconds.
const OUTAGE_S: i64 = 600;

/// The statements, the same on both engines.
pub(super) mod sql {
    pub(in crate::store) const HEARD: &str = "INSERT INTO sender_told (sender, skew_s, certificate_until, heard_at)
        VALUES ($1, $2, $3, $4) ON CONFLICT (sender) DO UPDATE
        SET skew_s = excluded.skew_s, certificate_until = excluded.certificate_until, heard_at = excluded.heard_at";
    pub(in crate::store) const TOLD: &str = "INSERT INTO sender_told (sender, rules, newest_end, batch_schema)
        VALUES ($1, $2, $3, $4) ON CONFLICT (sender) DO UPDATE
        SET rules = excluded.rules, batch_schema = excluded.batch_schema,
            newest_end = CASE WHEN sender_told.newest_end IS NULL OR sender_told.newest_end < excluded.newest_end
                THEN excluded.newest_end ELSE sender_told.newest_end END";
    pub(in crate::store) const DAY: &str = "INSERT INTO delivery_day (sender, day, batches, records, added, rejected)
        VALUES ($1, $2, 1, $3, $4, $5) ON CONFLICT (sender, day) DO UPDATE
        SET batches = delivery_day.batches + 1, records = delivery_day.records + excluded.records,
            added = delivery_day.added + excluded.added, rejected = delivery_day.rejected + excluded.rejected";
    pub(in crate::store) const REJECT: &str = "INSERT INTO reject_day (sender, day, rule, records)
        VALUES ($1, $2, $3, $4) ON CONFLICT (sender, day, rule) DO UPDATE
        SET records = reject_day.records + excluded.records";
    pub(in crate::store) const SENDERS: &str =
        "SELECT code, agent, rules, batch_schema, newest_end, skew_s, certificate_until, heard_at
        FROM sender LEFT JOIN sender_told ON sender_told.sender = code ORDER BY code";
    pub(in crate::store) const DAYS: &str =
        "SELECT sender, day, batches, records, added, rejected FROM delivery_day WHERE day >= $1";
    pub(in crate::store) const REJECTS: &str = "SELECT sender, day, rule, records FROM reject_day WHERE day >= $1";
    pub(in crate::store) const BATCHES: &str = "SELECT digest, received_at, records, receipt FROM batch
        WHERE sender = $1 ORDER BY received_at DESC, digest LIMIT $2";
    pub(in crate::store) const LIFE: &str = "SELECT began_at, seen_at, down_at FROM register_life";
    pub(in crate::store) const LIVE: &str = "INSERT INTO register_life (one, began_at, seen_at, down_at)
        VALUES (1, $1, $2, $3) ON CONFLICT (one) DO UPDATE
        SET began_at = excluded.began_at, seen_at = excluded.seen_at, down_at = excluded.down_at";
}

/// What a stored delivery adds to its day.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) day: String,
    pub(super) records: i64,
    pub(super) added: i64,
    pub(super) rejected: i64,
    /// Records by the rule that rejected them.
    pub(super) rules: BTreeMap<String, i64>,
    pub(super) newest_end: Option<String>,
}

impl Share {
    /// What a delivery adds, by its receipt.
    pub(super) fn of(delivery: &Delivery, receipt: &[u8], done: Done) -> Self {
        let ends = delivery.records.iter().flatten().filter_map(|record| match &record.payload {
            Payload::Treatment(arrival) => Some(arrival.ended_on.to_string()),
            _ => None,
        });
        let mut share = Self {
            day: today(delivery.received_at).to_string(),
            records: i64::try_from(delivery.records.len()).unwrap_or(i64::MAX),
            added: done.added,
            newest_end: ends.max(),
            ..Self::default()
        };
        if let Ok(Receipt { body, .. }) = serde_json::from_slice(receipt) {
            let rejected = body.verdicts.iter().filter(|range| range.verdict == Verdict::Rejected);
            share.rejected = rejected.map(|range| i64::from(range.to - range.from) + 1).sum();
            let lines: BTreeSet<(String, u32)> =
                body.findings.into_iter().map(|finding| (finding.rule, finding.line)).collect();
            for (rule, _) in lines {
                *share.rules.entry(rule).or_default() += 1;
            }
        }
        share
    }
}

/// A sender as it is read.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct SenderRow {
    code: String,
    agent: Option<String>,
    rules: Option<String>,
    batch_schema: Option<String>,
    newest_end: Option<String>,
    skew_s: Option<i64>,
    certificate_until: Option<String>,
    heard_at: Option<String>,
}
/// A day as it is read.
pub(super) type DayRow = (String, String, i64, i64, i64, i64);
/// Rejects of a day as they are read.
pub(super) type RejectRow = (String, String, String, i64);
/// A batch as it is read.
pub(super) type BatchRow = (String, String, i64, Vec<u8>);
/// When the register was up, as it is read: since, seen, before.
pub(super) type LifeRow = (String, String, Option<String>);

/// Histories of what was read.
pub(super) fn histories(
    senders: Vec<SenderRow>,
    days: Vec<DayRow>,
    rejects: Vec<RejectRow>,
) -> Result<Vec<History>, StoreError> {
    let mut found: BTreeMap<String, History> = BTreeMap::new();
    for row in senders {
        let SenderRow { code, agent, rules, batch_schema: schema, newest_end, skew_s, certificate_until, heard_at } =
            row;
        let heard = certificate_until
            .zip(heard_at)
            .map(|(until, at)| Ok(Heard { at: moment(&at)?, skew_s, certificate_until: moment(&until)? }));
        let sender = code.parse().map_err(|_| wrong("sender", "code"))?;
        let (days, rejects) = (BTreeMap::new(), BTreeMap::new());
        let history = History { sender, days, rejects, agent, rules, schema, newest_end, heard: heard.transpose()? };
        found.insert(code, history);
    }
    for (code, day, batches, records, added, rejected) in days {
        let Some(history) = found.get_mut(&code) else { continue };
        let [batches, records, added, rejected] = [batches, records, added, rejected].map(i64::unsigned_abs);
        history.days.insert(date(&day)?, Day { batches, records, added, rejected });
    }
    for (code, day, rule, records) in rejects {
        let Some(history) = found.get_mut(&code) else { continue };
        history.rejects.insert((date(&day)?, rule), records.unsigned_abs());
    }
    Ok(found.into_values().collect())
}

/// A batch of what was read.
pub(super) fn stored((digest, received_at, records, receipt): BatchRow) -> StoredBatch {
    StoredBatch { digest, received_at, records: records.unsigned_abs(), receipt }
}

/// When the register was up.
pub(super) fn life(row: Option<LifeRow>) -> Result<Option<Life>, StoreError> {
    let Some((began_at, _, down_at)) = row else { return Ok(None) };
    let down_at = down_at.as_deref().map(moment).transpose()?;
    Ok(Some(Life { began_at: moment(&began_at)?, down_at }))
}

/// The row after a sign of life.
pub(super) fn beaten(row: Option<LifeRow>, (beat, at): (Beat, Timestamp)) -> Result<LifeRow, StoreError> {
    let now = at.to_string();
    let Some((began_at, seen_at, down_at)) = row else { return Ok((now.clone(), now, None)) };
    let was_down = beat == Beat::First && at.as_second() - moment(&seen_at)?.as_second() > OUTAGE_S;
    Ok(if was_down { (now.clone(), now, Some(seen_at)) } else { (began_at, now, down_at) })
}

fn date(text: &str) -> Result<Date, StoreError> {
    text.parse().map_err(|_| wrong("delivery_day", "day"))
}

fn moment(text: &str) -> Result<Timestamp, StoreError> {
    text.parse().map_err(|_| wrong("sender_told", "heard_at"))
}

fn wrong(table: &'static str, column: &'static str) -> StoreError {
    StoreError::Inconsistent { table, column, id: 0 }
}
