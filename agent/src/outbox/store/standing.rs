//! What the register should hold, and what is done about a treatment that it does not hold so.
//!
//! Promises: what is queued again keeps its place in the accounting of the cycles that read it; a content that is not the one that a
//! receipt closed is never queued again. Must not know: what the register says.

use std::collections::BTreeMap;

use schemas::batch::{self, Envelope, Kind};
use schemas::digest::{Line, bucket};
use schemas::id::Version;
use schemas::record::content_hash;
use serde_json::{Value, json};
use sqlx::Connection as _;
use sqlx::sqlite::SqliteConnection;

use super::{Outbox, SET_META};
use crate::outbox::OutboxError;
use crate::outbox::page::{self, MOST_BYTES, MOST_RECORDS};

/// Treatments that are looked at together.
const PAGE: i64 = 2_000;

const STANDING: &str = "
SELECT key, accepted_generation, accepted, accepted_hash FROM record
WHERE accepted_kind = 'treatment' AND key > ? ORDER BY key LIMIT ?
";
const TRACES: &str = "
SELECT j.value AS key, f.local_id, coalesce(r.state = 'queued', 0) AS is_under_way,
    coalesce(r.accepted_kind = 'retraction', 0) AS was_taken_back, r.key IS NOT NULL AS has_record
FROM json_each(?) j LEFT JOIN record r ON r.key = j.value
LEFT JOIN found f ON f.key = substr(j.value, -43) AND f.treatment = 1
";
/// The lines of the versions that receipts closed.
const KEPT: &str = "
SELECT l.batch, l.line, l.key, r.accepted_hash FROM batch_line l JOIN record r ON r.key = l.key AND r.accepted = l.counter
WHERE l.kind = 'treatment' AND l.key IN (SELECT value FROM json_each(?)) ORDER BY l.batch, l.line
";
const LINES: &str = "SELECT lines FROM batch WHERE id = ?";
/// Those that a source shows and no rule keeps back.
const READY: &str = "
SELECT count(*) FROM json_each(?) j JOIN found f ON f.key = substr(j.value, -43) AND f.treatment = 1
WHERE NOT EXISTS (SELECT 1 FROM held h WHERE h.key = f.key AND h.scope = 'treatment')
    AND NOT EXISTS (SELECT 1 FROM excluded e WHERE e.key = f.key)
";
const FORGET: &str = "UPDATE record SET fingerprint = x'' WHERE key IN (SELECT value FROM json_each(?))";
const DROP_CURSORS: &str = "DELETE FROM cursor";
const ADOPT: &str = "
INSERT INTO record (key, kind, counter, fingerprint, accepted, accepted_kind, state, content_hash, accepted_generation, accepted_hash)
SELECT value->>0, 'treatment', value->>2, x'', value->>2, 'treatment', 'closed', unhex(value->>3), value->>1, unhex(value->>3)
FROM json_each(?) WHERE true
ON CONFLICT (key) DO UPDATE SET accepted = excluded.accepted, accepted_kind = excluded.accepted_kind, fingerprint = x'',
    accepted_generation = excluded.accepted_generation, accepted_hash = excluded.accepted_hash
";
const NEWEST_CYCLE: &str = "SELECT max(id) FROM cycle";
const INSERT_BATCH: &str = "INSERT INTO batch (cycle, records, lines, queued_at) VALUES (?, ?, ?, ?) RETURNING id";
const INSERT_LINES: &str = "
INSERT INTO batch_line (batch, line, kind, key, counter)
SELECT ?1, j.key + 1, j.value->>0, j.value->>1, ?2 + j.key FROM json_each(?3) j
";
/// One that was rejected since is to be tried again, because what goes now is an earlier content.
const QUEUE: &str = "
INSERT INTO record (key, kind, counter, fingerprint, content_hash)
SELECT value->>1, value->>0, ?1 + key, x'', unhex(value->>2) FROM json_each(?2) WHERE true
ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, counter = excluded.counter, content_hash = excluded.content_hash,
    fingerprint = CASE WHEN state = 'rejected' THEN x'' ELSE fingerprint END, state = 'queued', rule = NULL
";

/// A treatment that the register should hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its whole key.
    pub key: String,
    /// The newest version that a receipt closed; nothing where an older agent noted a part of it only.
    pub version: Option<Version>,
    /// The hash of that version's content; nothing likewise.
    pub content: Option<[u8; 32]>,
}

impl Standing {
    /// The line that the register should tell; nothing where it cannot be known.
    #[must_use]
    pub fn line(&self) -> Option<Line> {
        Some(Line { key: self.key.parse().ok()?, version: self.version?, content: self.content? })
    }
}

/// What is known of a treatment whose key came from elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Trace {
    /// Its whole key.
    pub key: String,
    /// The source's id, where a source shows it.
    pub local_id: Option<String>,
    /// Whether a record of it is on its way.
    pub is_under_way: bool,
    /// Whether the last word on it was that it is taken back.
    pub was_taken_back: bool,
    /// Whether a record of it was ever queued.
    pub has_record: bool,
}

/// A record that goes once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    /// Treatment or retraction.
    pub kind: Kind,
    /// Its whole key.
    pub key: String,
    /// Its canonical content.
    pub content: Vec<u8>,
}

impl Outbox {
    /// Treatments that the register should hold, in the order of their keys, behind a key; none when there are no more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn standing_behind(&mut self, key: &str) -> Result<Vec<Standing>, OutboxError> {
        type Row = (String, Option<i64>, i64, Option<Vec<u8>>);
        let query = sqlx::query_as(STANDING).bind(key).bind(PAGE);
        let rows: Vec<Row> = query.fetch_all(&mut self.connection).await?;
        Ok(rows.into_iter().map(standing).collect())
    }

    /// Likewise all those in some buckets of the digest.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn standing_in(&mut self, buckets: &[u8]) -> Result<Vec<Standing>, OutboxError> {
        let (mut all, mut last) = (Vec::new(), String::new());
        loop {
            let page = self.standing_behind(&last).await?;
            let Some(newest) = page.last() else { return Ok(all) };
            last.clone_from(&newest.key);
            all.extend(page.into_iter().filter(|one| buckets.contains(&bucket(&one.key))));
        }
    }

    /// What is known of some treatments, by whole key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn traces(&mut self, keys: &[&str]) -> Result<Vec<Trace>, OutboxError> {
        let traces = sqlx::query_as(TRACES).bind(json!(keys).to_string());
        Ok(traces.fetch_all(&mut self.connection).await?)
    }

    /// The contents of some treatments as receipts closed them, by whole key, where they are still kept and whole.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn kept_contents(&mut self, keys: &[String]) -> Result<BTreeMap<String, Vec<u8>>, OutboxError> {
        type Row = (i64, i64, String, Option<Vec<u8>>);
        let rows: Vec<Row> = sqlx::query_as(KEPT).bind(json!(keys).to_string()).fetch_all(&mut self.connection).await?;
        let mut contents = BTreeMap::new();
        for batch in rows.chunk_by(|one, other| one.0 == other.0) {
            let frame: Option<Vec<u8>> =
                sqlx::query_scalar(LINES).bind(batch[0].0).fetch_optional(&mut self.connection).await?;
            let Some(plain) = frame.and_then(|frame| page::decompress(batch[0].0, &frame).ok()) else { continue };
            let lines: Vec<&[u8]> = plain.split(|byte| *byte == b'\n').collect();
            for (_, line, key, hash) in batch {
                let text = usize::try_from(*line).ok().and_then(|line| lines.get(line.checked_sub(1)?));
                let content = text.and_then(|text| content_of(text, key));
                let is_it = |content: &Vec<u8>| {
                    hash.as_ref().is_none_or(|hash| *hash == content_hash(Kind::Treatment, content))
                };
                contents.extend(content.filter(is_it).map(|content| (key.clone(), content)));
            }
        }
        Ok(contents)
    }

    /// Lets a reading of everything queue these treatments again. Tells how many it will find, and how many no source shows or a rule
    /// keeps back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_fingerprints(&mut self, keys: &[&str]) -> Result<(u64, u64), OutboxError> {
        let list = json!(keys).to_string();
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        let ready: i64 = sqlx::query_scalar(READY).bind(&list).fetch_one(&mut *transaction).await?;
        sqlx::query(FORGET).bind(&list).execute(&mut *transaction).await?;
        if ready > 0 {
            sqlx::query(DROP_CURSORS).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        let ready = u64::try_from(ready).unwrap_or_default();
        Ok((ready, (keys.len() as u64).saturating_sub(ready)))
    }

    /// Notes what the register holds of treatments that a source shows, so that the next reading of everything decides what becomes of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn adopt(&mut self, lines: &[&Line]) -> Result<u64, OutboxError> {
        if lines.is_empty() {
            return Ok(0);
        }
        let row = |line: &&Line| {
            json!([line.key, line.version.generation, line.version.counter, schemas::canonical::hex(&line.content)])
        };
        let rows = Value::Array(lines.iter().map(row).collect()).to_string();
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(ADOPT).bind(rows).execute(&mut *transaction).await?;
        sqlx::query(DROP_CURSORS).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(lines.len() as u64)
    }

    /// The newest version that was queued here.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn newest_version(&mut self) -> Result<Version, OutboxError> {
        let generation = self.generation().await?.map_or(0, |(_, generation)| generation);
        let wrong = |_| OutboxError::Inconsistent("meta.counter");
        let counter = self.meta("counter").await?.map_or(Ok(0), |text| text.parse().map_err(wrong))?;
        Ok(Version { generation, counter })
    }

    /// Queues records once more, in new versions, behind everything that is queued.
    ///
    /// # Errors
    /// When the database fails; then none is queued.
    pub async fn queue_again(&mut self, records: &[Again], now: jiff::Timestamp) -> Result<(), OutboxError> {
        if records.is_empty() {
            return Ok(());
        }
        let Version { generation, mut counter } = self.newest_version().await?;
        if generation == 0 {
            return Err(OutboxError::Inconsistent("meta.generation"));
        }
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        let cycle: Option<i64> = sqlx::query_scalar(NEWEST_CYCLE).fetch_one(&mut *transaction).await?;
        let cycle = cycle.ok_or(OutboxError::Inconsistent("cycle"))?;
        let queued_at = now.to_string();
        let mut rest = records;
        while !rest.is_empty() {
            let (batch, left) = rest.split_at(fitting(rest));
            let first = Version { generation, counter: counter + 1 };
            write(&mut transaction, batch, (cycle, &queued_at), first).await?;
            (counter, rest) = (counter + batch.len() as u64, left);
        }
        sqlx::query(SET_META).bind("counter").bind(counter.to_string()).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(())
    }
}

fn standing((key, generation, counter, hash): (String, Option<i64>, i64, Option<Vec<u8>>)) -> Standing {
    let version = generation.and_then(|generation| {
        Some(Version { generation: generation.try_into().ok()?, counter: counter.try_into().ok()? })
    });
    Standing { key, version, content: hash.and_then(|hash| hash.try_into().ok()) }
}

/// The content of a treatment's line.
fn content_of(line: &[u8], key: &str) -> Option<Vec<u8>> {
    let envelope: Envelope<'_> = serde_json::from_slice(line).ok()?;
    let is_it = envelope.kind == Kind::Treatment && envelope.key == key;
    is_it.then(|| envelope.content.get().as_bytes().to_vec())
}

/// How many records make the next batch.
fn fitting(records: &[Again]) -> usize {
    let mut bytes = 0;
    let fits = |record: &&Again| {
        bytes += record.content.len() + record.key.len() + 128;
        bytes <= MOST_BYTES
    };
    records.iter().take(MOST_RECORDS).take_while(fits).count().max(1)
}

async fn write(
    connection: &mut SqliteConnection,
    records: &[Again],
    (cycle, queued_at): (i64, &str),
    first: Version,
) -> Result<(), OutboxError> {
    let mut text = Vec::new();
    for (record, counter) in records.iter().zip(first.counter..) {
        let version = Version { counter, ..first };
        text.extend(batch::line(record.kind, &record.key, version, &record.content));
        text.push(b'\n');
    }
    let frame = page::compress(&text).map_err(|_| OutboxError::Inconsistent("batch.lines"))?;
    let row = |record: &Again| {
        let hash = schemas::canonical::hex(&content_hash(record.kind, &record.content));
        json!([record.kind.word(), record.key, hash])
    };
    let rows = Value::Array(records.iter().map(row).collect()).to_string();
    let first = i64::try_from(first.counter).map_err(|_| OutboxError::Inconsistent("meta.counter"))?;
    let batch: i64 = sqlx::query_scalar(INSERT_BATCH)
        .bind(cycle)
        .bind(i64::try_from(records.len()).unwrap_or(i64::MAX))
        .bind(frame)
        .bind(queued_at)
        .fetch_one(&mut *connection)
        .await?;
    sqlx::query(INSERT_LINES).bind(batch).bind(first).bind(&rows).execute(&mut *connection).await?;
    sqlx::query(QUEUE).bind(first).bind(&rows).execute(connection).await?;
    Ok(())
}
