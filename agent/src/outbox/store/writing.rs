//! The batches of an open cycle on their way into the database: one is filled while the one before it is compressed beside.
//!
//! Promises: batches are written in the order in which they were filled, each with all of its lines and records; none is written twice.

use std::ops::Range;

use schemas::batch::Kind;
use schemas::record::content_hash;
use serde_json::json;
use sqlx::sqlite::SqliteConnection;
use tokio::task::JoinHandle;

use super::packed;
use crate::outbox::OutboxError;
use crate::outbox::page::{self, MOST_BYTES, MOST_RECORDS};

const INSERT_BATCH: &str = "INSERT INTO batch (cycle, records, lines, queued_at) VALUES (?, ?, ?, ?) RETURNING id";
/// `?2` holds the keys, `?3` one letter a line for its kind, `?4` the counter of the first line.
const INSERT_LINES: &str = "
INSERT INTO batch_line (batch, line, kind, key, counter)
SELECT ?1, j.key + 1, CASE substr(?3, j.key + 1, 1) WHEN 't' THEN 'treatment' WHEN 'r' THEN 'retraction' WHEN 'u' THEN 'unit'
    WHEN 'a' THEN 'activity' WHEN 'n' THEN 'run' WHEN 'm' THEN 'subject_merge' WHEN 's' THEN 'subject_split' END, j.value, ?4 + j.key
FROM json_each(?2) j
";
/// `?2` holds the fingerprints one behind the other, `?3` the hashes of the contents, `?4` cells and answers. A retraction leaves its
/// record under the cell that it had. A treatment that is queued still may reach the register, also after a newer version of it was
/// rejected, because batches end in any order.
const UPSERT_RECORDS: &str = "
INSERT INTO record (key, kind, counter, fingerprint, content_hash, cell, answers, queued_in, seen)
SELECT key, kind, counter, substr(?2, 32 * line - 31, 32), substr(?3, 32 * line - 31, 32),
    nullif(CAST(substr(?4, 20 * line - 19, 10) AS INTEGER), 0), CAST(substr(?4, 20 * line - 9, 10) AS INTEGER), ?5, ?5
FROM batch_line WHERE batch = ?1
ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, counter = excluded.counter, fingerprint = excluded.fingerprint,
    accepted_kind = CASE WHEN state = 'queued' AND kind = 'treatment' AND accepted_kind IN ('', 'retraction') THEN 'queued' ELSE accepted_kind END,
    state = 'queued', rule = NULL, content_hash = excluded.content_hash, cell = coalesce(excluded.cell, cell),
    answers = CASE WHEN excluded.cell IS NULL THEN answers ELSE excluded.answers END, queued_in = ?5, seen = ?5
";

/// What stands in a line before its content.
const BEFORE_CONTENT: usize = br#"{"content":"#.len();

/// The batches of one cycle.
pub(super) struct Writing {
    cycle: i64,
    queued_at: String,
    filled: Filled,
    compressed: Option<(JoinHandle<std::io::Result<Page>>, Filled)>,
}

/// One batch's records; their counters follow each other.
#[derive(Default)]
struct Filled {
    lines: Vec<u8>,
    first_counter: i64,
    keys: Vec<String>,
    kinds: String,
    fingerprints: Vec<u8>,
    /// Cell and answers of each.
    counted: Vec<u8>,
    /// Where the lines hold each record's content.
    contents: Vec<(Kind, Range<usize>)>,
}

/// What a page comes to beside: its lines compressed, and the hash of each content.
struct Page {
    frame: Vec<u8>,
    hashes: Vec<u8>,
}

/// One record of a batch.
pub(super) struct Line<'a> {
    /// What it is.
    pub(super) kind: Kind,
    /// Its whole key.
    pub(super) key: &'a str,
    /// Its number.
    pub(super) counter: i64,
    /// Its line, without the line feed.
    pub(super) text: &'a [u8],
    /// How long the content is with which it begins.
    pub(super) content: usize,
    /// The fingerprint of its content.
    pub(super) fingerprint: &'a [u8; 32],
    /// Cell and answers of a treatment; 0 for what has none.
    pub(super) counted: (i64, u32),
}

impl Writing {
    /// Nothing yet.
    pub(super) fn new(cycle: i64, queued_at: String) -> Self {
        Self { cycle, queued_at, filled: Filled::default(), compressed: None }
    }

    /// Adds a record; its counter is the next after the last one's.
    pub(super) async fn add(&mut self, connection: &mut SqliteConnection, line: &Line<'_>) -> Result<(), OutboxError> {
        if !self.filled.keys.is_empty() && self.filled.lines.len() + line.text.len() > MOST_BYTES {
            self.turn_page(connection).await?;
        }
        let filled = &mut self.filled;
        if filled.keys.is_empty() {
            filled.first_counter = line.counter;
        }
        let content = filled.lines.len() + BEFORE_CONTENT;
        filled.contents.push((line.kind, content..content + line.content));
        filled.lines.extend_from_slice(line.text);
        filled.lines.push(b'\n');
        filled.keys.push(line.key.to_owned());
        filled.kinds.push(letter(line.kind));
        filled.fingerprints.extend_from_slice(line.fingerprint);
        packed::push(&mut filled.counted, line.counted.0);
        packed::push(&mut filled.counted, line.counted.1.into());
        if filled.keys.len() >= MOST_RECORDS { self.turn_page(connection).await } else { Ok(()) }
    }

    /// Writes all that was added.
    pub(super) async fn end(&mut self, connection: &mut SqliteConnection) -> Result<(), OutboxError> {
        self.turn_page(connection).await?;
        self.turn_page(connection).await
    }

    /// Begins the next batch: the one before is written, the one that was filled is compressed meanwhile.
    async fn turn_page(&mut self, connection: &mut SqliteConnection) -> Result<(), OutboxError> {
        let mut filled = std::mem::take(&mut self.filled);
        let lines = std::mem::take(&mut filled.lines);
        let next = (!filled.keys.is_empty()).then(|| {
            self.filled.lines.reserve(lines.len());
            let contents = std::mem::take(&mut filled.contents);
            (tokio::task::spawn_blocking(move || finish(&lines, &contents)), filled)
        });
        if let Some((compressing, filled)) = std::mem::replace(&mut self.compressed, next) {
            let page = compressing.await.ok().and_then(Result::ok).ok_or(OutboxError::Inconsistent("batch.lines"))?;
            self.write(connection, (page, &filled)).await?;
        }
        Ok(())
    }

    async fn write(
        &self,
        connection: &mut SqliteConnection,
        (Page { frame, hashes }, filled): (Page, &Filled),
    ) -> Result<(), OutboxError> {
        let batch: i64 = sqlx::query_scalar(INSERT_BATCH)
            .bind(self.cycle)
            .bind(i64::try_from(filled.keys.len()).unwrap_or(i64::MAX))
            .bind(frame)
            .bind(&self.queued_at)
            .fetch_one(&mut *connection)
            .await?;
        sqlx::query(INSERT_LINES)
            .bind(batch)
            .bind(json!(filled.keys).to_string())
            .bind(&filled.kinds)
            .bind(filled.first_counter)
            .execute(&mut *connection)
            .await?;
        let upsert = sqlx::query(UPSERT_RECORDS).bind(batch).bind(&filled.fingerprints).bind(hashes);
        upsert.bind(&filled.counted).bind(self.cycle).execute(&mut *connection).await?;
        Ok(())
    }
}

fn finish(lines: &[u8], contents: &[(Kind, Range<usize>)]) -> std::io::Result<Page> {
    let hashes = contents.iter().flat_map(|(kind, place)| content_hash(*kind, &lines[place.clone()])).collect();
    Ok(Page { frame: page::compress(lines)?, hashes })
}

/// What tells the kinds apart in the statement above.
fn letter(kind: Kind) -> char {
    match kind {
        Kind::Treatment => 't',
        Kind::Retraction => 'r',
        Kind::Unit => 'u',
        Kind::Activity => 'a',
        Kind::Run => 'n',
        Kind::SubjectMerge => 'm',
        Kind::SubjectSplit => 's',
    }
}
