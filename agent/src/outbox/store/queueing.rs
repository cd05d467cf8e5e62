//! One cycle's transaction: everything that it queues, counts and holds back, with the cursor, or nothing of it.
//!
//! Promises: records are numbered by one counter that only grows; a record equal to its newest queued version is not queued again.

/// Its end: what is kept for good, and what of older cycles is not.
mod end;
/// Rows that stay.
mod stays;

use std::collections::{BTreeMap, HashMap};

use schemas::batch::{self, Kind};
use schemas::id::Version;
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnection;
use sqlx::{Sqlite, Transaction};

use super::found::{Fills, FoundRow, Waiting};
use super::release::Frozen;
use super::writing::{Line, Writing};
use crate::activity::Told;
use crate::map::Cell;
use crate::outbox::{CycleStamp, OutboxError, Term};

pub use stays::Hold;

/// The newest queued version of a record.
#[derive(Debug, Clone, Default, sqlx::FromRow)]
pub struct Known {
    /// Its key.
    pub key: String,
    /// `treatment`, `retraction` or `unit`.
    pub kind: String,
    /// Keyed hash of its content.
    pub fingerprint: Vec<u8>,
    /// Whether the register holds the treatment, or may come to by what is queued; also while its retraction is on its way.
    pub at_register: bool,
    /// Whether the register rejects it.
    pub rejected: bool,
}

/// An open cycle.
pub struct Queueing<'a> {
    pub(super) transaction: Transaction<'a, Sqlite>,
    pub(super) cycle: i64,
    generation: u32,
    counter: i64,
    writing: Writing,
    counts: BTreeMap<(Term, String), i64>,
    held: Vec<Value>,
    /// For each source.
    found: Vec<Waiting>,
    fills: Fills,
    pub(super) sources: Vec<String>,
    basis: String,
    /// Why what is queued waits for a person, where it does.
    pub(super) frozen: Option<Frozen>,
}

const INSERT_CYCLE: &str = "
INSERT INTO cycle (started_at, reading, payload_sha256, kid, environment, rules, codelists, agent, schedule, timezone)
VALUES (?, ?, '', ?, ?, ?, ?, ?, ?, ?) RETURNING id
";
const KNOWN: &str = "
SELECT key, kind, fingerprint,
    accepted_kind IN ('treatment', 'unknown', 'queued') OR state = 'queued' AS at_register, state = 'rejected' AS rejected
FROM record WHERE key IN (SELECT value FROM json_each(?))
";
const COUNTS_TOLD: &str = "SELECT key, fingerprint FROM record WHERE kind = 'activity'";
/// The migration says so; the first cycle after it reads everything.
const LACKS_CELLS: &str = "SELECT EXISTS (SELECT 1 FROM meta WHERE name = 'lacks_cells')";
const CELL: &str = "
INSERT INTO cell (unit, programme, month) VALUES (?, ?, ?)
ON CONFLICT (unit, programme, month) DO UPDATE SET month = excluded.month RETURNING id
";

/// The newest queued versions of some records, by key.
pub(super) async fn known(
    connection: &mut SqliteConnection,
    keys: &[&str],
) -> Result<HashMap<String, Known>, OutboxError> {
    let known: Vec<Known> = sqlx::query_as(KNOWN).bind(json!(keys).to_string()).fetch_all(connection).await?;
    Ok(known.into_iter().map(|known| (known.key.clone(), known)).collect())
}

/// The newest queued monthly counts.
pub(super) async fn counts_told(connection: &mut SqliteConnection) -> Result<Told, OutboxError> {
    let told: Vec<(String, Vec<u8>)> = sqlx::query_as(COUNTS_TOLD).fetch_all(connection).await?;
    Ok(Told { fingerprints: told.into_iter().collect(), left_until: None })
}

impl<'a> Queueing<'a> {
    pub(super) async fn begin(
        mut transaction: Transaction<'a, Sqlite>,
        stamp: &CycleStamp,
        sources: Vec<String>,
        (generation, counter): (u32, i64),
    ) -> Result<Self, OutboxError> {
        let cycle = sqlx::query_scalar(INSERT_CYCLE)
            .bind(&stamp.started_at)
            .bind(&stamp.reading)
            .bind(&stamp.kid)
            .bind(&stamp.environment)
            .bind(&stamp.rules)
            .bind(&stamp.codelists)
            .bind(&stamp.agent)
            .bind(&stamp.schedule)
            .bind(&stamp.timezone)
            .fetch_one(&mut *transaction)
            .await?;
        let lacks_cells = sqlx::query_scalar(LACKS_CELLS).fetch_one(&mut *transaction).await?;
        Ok(Self {
            transaction,
            cycle,
            generation,
            counter,
            writing: Writing::new(cycle, stamp.started_at.clone()),
            counts: BTreeMap::new(),
            held: Vec::new(),
            found: sources.iter().map(|_| Waiting::default()).collect(),
            fills: if lacks_cells { Fills::Cells } else { Fills::Nothing },
            sources,
            basis: stamp.basis.clone(),
            frozen: None,
        })
    }

    /// The newest queued versions of some records, by key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn known(&mut self, keys: &[&str]) -> Result<HashMap<String, Known>, OutboxError> {
        known(&mut self.transaction, keys).await
    }

    /// The newest queued monthly counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counts_told(&mut self) -> Result<Told, OutboxError> {
        counts_told(&mut self.transaction).await
    }

    /// Queues a record: its kind, its whole key, its canonical content and the content's fingerprint.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn queue(
        &mut self,
        kind: Kind,
        key: &str,
        content: &[u8],
        fingerprint: &[u8; 32],
    ) -> Result<(), OutboxError> {
        self.write((kind, key), (content, fingerprint), (0, 0)).await
    }

    /// Queues a treatment likewise, with the cell and the number of answers that it is counted with.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn queue_treatment(
        &mut self,
        key: &str,
        content: &[u8],
        fingerprint: &[u8; 32],
        counted: (i64, u32),
    ) -> Result<(), OutboxError> {
        self.write((Kind::Treatment, key), (content, fingerprint), counted).await
    }

    async fn write(
        &mut self,
        (kind, key): (Kind, &str),
        (content, fingerprint): (&[u8], &[u8; 32]),
        counted: (i64, u32),
    ) -> Result<(), OutboxError> {
        self.counter += 1;
        let number = u64::try_from(self.counter).map_err(|_| OutboxError::Inconsistent("meta.counter"))?;
        let version = Version { generation: self.generation, counter: number };
        let text = batch::line(kind, key, version, content);
        let content = content.len();
        let line = Line { kind, key, counter: self.counter, text: &text, content, fingerprint, counted };
        self.writing.add(&mut self.transaction, &line).await
    }

    /// The number of a cell: unit, programme and month.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cell(&mut self, cell: &Cell) -> Result<i64, OutboxError> {
        let Cell { unit, programme, month } = cell;
        let id = sqlx::query_scalar(CELL).bind(unit).bind(programme).bind(month);
        Ok(id.fetch_one(&mut *self.transaction).await?)
    }

    /// Notes a treatment id that was read, of the source with an index.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn found(&mut self, source: usize, row: &FoundRow<'_>) -> Result<(), OutboxError> {
        if self.found[source].add(row) { self.write_found(source).await } else { Ok(()) }
    }

    /// Notes the rule that excludes a treatment, by its last part of the record key, with its cell and answers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn exclude(
        &mut self,
        (source, key): (usize, &str),
        rule: &'static str,
        counted: (i64, u32),
    ) -> Result<(), OutboxError> {
        if self.found[source].exclude(key, rule, counted) { self.write_found(source).await } else { Ok(()) }
    }

    async fn write_found(&mut self, source: usize) -> Result<(), OutboxError> {
        self.found[source].write(&mut self.transaction, (&self.sources[source], self.cycle), self.fills).await
    }

    /// Counts treatments or answers under a term, with the rule where one decided.
    pub fn count(&mut self, term: Term, rule: &str, n: u64) {
        *self.counts.entry((term, rule.to_owned())).or_default() += i64::try_from(n).unwrap_or(i64::MAX);
    }
}
