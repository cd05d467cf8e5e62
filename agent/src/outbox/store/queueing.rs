//! One cycle's transaction: everything that it queues, counts and holds back, with the cursor, or nothing of it.
//!
//! Promises: records are numbered by one counter that only grows; a record equal to its newest queued version is not queued again.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use schemas::batch::{self, Kind};
use schemas::id::Version;
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnection;
use sqlx::{Sqlite, Transaction};

use super::found::{Fills, FoundRow, Waiting};
use super::release::{self, Frozen};
use super::writing::{Line, Writing};
use crate::activity::Told;
use crate::map::Cell;
use crate::outbox::{CycleStamp, OutboxError, Term};

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
    accepted_kind IN ('treatment', 'unknown') OR state = 'queued' AS at_register, state = 'rejected' AS rejected
FROM record WHERE key IN (SELECT value FROM json_each(?))
";
const COUNTS_TOLD: &str = "SELECT key, fingerprint FROM record WHERE kind = 'activity'";
const DELETE_HELD: &str = "DELETE FROM held WHERE source = ?1 AND key IN (SELECT value FROM json_each(?2))";
const DELETE_EXCLUDED: &str = "DELETE FROM excluded WHERE source = ?1 AND key IN (SELECT value FROM json_each(?2))";
const DELETE_HELD_UNITS: &str = "DELETE FROM held WHERE scope = 'unit'";
const DELETE_ALL_HELD: &str = "DELETE FROM held WHERE source = ?";
const DELETE_ALL_EXCLUDED: &str = "DELETE FROM excluded WHERE source = ?";
/// The migration says so; the first cycle after it reads everything.
const LACKS_CELLS: &str = "SELECT EXISTS (SELECT 1 FROM meta WHERE name = 'lacks_cells')";
const HAS_CELLS: &str = "DELETE FROM meta WHERE name = 'lacks_cells'";
const CELL: &str = "
INSERT INTO cell (unit, programme, month) VALUES (?, ?, ?)
ON CONFLICT (unit, programme, month) DO UPDATE SET month = excluded.month RETURNING id
";
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
const DROP_OLD_HELD: &str = "DELETE FROM held WHERE source NOT IN (SELECT value FROM json_each(?))";
const DROP_OLD_FOUND: &str = "DELETE FROM found WHERE source NOT IN (SELECT value FROM json_each(?))";
const DROP_OLD_EXCLUDED: &str = "DELETE FROM excluded WHERE source NOT IN (SELECT value FROM json_each(?))";
const DROP_OLD_VANISHED: &str = "DELETE FROM vanished WHERE source NOT IN (SELECT value FROM json_each(?))";
const DROP_OLD_CURSORS: &str = "DELETE FROM cursor WHERE source NOT IN (SELECT value FROM json_each(?))";
const DROP_OLD_NOTES: &str = "
DELETE FROM meta WHERE (name LIKE 'exact_ids.%' OR name LIKE 'files.%')
    AND substr(name, instr(name, '.') + 1) NOT IN (SELECT value FROM json_each(?))
";
const INSERT_COUNT: &str = "INSERT INTO cycle_count (cycle, term, rule, n) VALUES (?, ?, ?, ?)";
const SET_META: &str =
    "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
const SET_CURSOR: &str = "
INSERT INTO cursor (source, updated_at) VALUES (?, ?)
ON CONFLICT (source) DO UPDATE SET updated_at = max(updated_at, excluded.updated_at)
";
const FINISH_CYCLE: &str = "UPDATE cycle SET payload_sha256 = ? WHERE id = ?";

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

    async fn write_held(&mut self) -> Result<(), OutboxError> {
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

    /// Forgets what is known of sources that are not configured any more.
    async fn drop_old_sources(&mut self) -> Result<(), OutboxError> {
        let sources = json!(self.sources).to_string();
        for statement in
            [DROP_OLD_HELD, DROP_OLD_FOUND, DROP_OLD_EXCLUDED, DROP_OLD_VANISHED, DROP_OLD_CURSORS, DROP_OLD_NOTES]
        {
            sqlx::query(statement).bind(&sources).execute(&mut *self.transaction).await?;
        }
        Ok(())
    }

    /// Writes everything for good, with the payload hash and each source's new cursor. Returns the cycle's number.
    ///
    /// # Errors
    /// When the database fails; then nothing of the cycle is kept.
    pub async fn commit(mut self, payload_sha256: &str, cursors: &[Option<Timestamp>]) -> Result<i64, OutboxError> {
        self.writing.end(&mut self.transaction).await?;
        if let Some(frozen) = self.frozen.take() {
            release::freeze(&mut self.transaction, self.cycle, &frozen).await?;
        }
        self.write_held().await?;
        for source in 0..self.sources.len() {
            self.write_found(source).await?;
        }
        self.end_waiting().await?;
        sqlx::query(HAS_CELLS).execute(&mut *self.transaction).await?;
        self.drop_old_sources().await?;
        for ((term, rule), n) in std::mem::take(&mut self.counts) {
            let count = sqlx::query(INSERT_COUNT).bind(self.cycle).bind(term.word()).bind(rule).bind(n);
            count.execute(&mut *self.transaction).await?;
        }
        sqlx::query(SET_META)
            .bind("source_system")
            .bind(self.sources.join("\n"))
            .execute(&mut *self.transaction)
            .await?;
        sqlx::query(SET_META).bind("basis").bind(&self.basis).execute(&mut *self.transaction).await?;
        sqlx::query(SET_META).bind("counter").bind(self.counter.to_string()).execute(&mut *self.transaction).await?;
        for (source, cursor) in self.sources.iter().zip(cursors) {
            if let Some(cursor) = cursor {
                let set = sqlx::query(SET_CURSOR).bind(source).bind(cursor.as_microsecond());
                set.execute(&mut *self.transaction).await?;
            }
        }
        sqlx::query(FINISH_CYCLE).bind(payload_sha256).bind(self.cycle).execute(&mut *self.transaction).await?;
        self.transaction.commit().await?;
        Ok(self.cycle)
    }
}
