//! The pages that hold something of persons who leave, and the same pages without it.
//!
//! Promises: every page is looked at; one that cannot be read goes whole, and its records are queued again by a later cycle.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemas::batch::{Envelope, Kind};
use schemas::canonical::PayloadHash;
use serde_json::json;
use sqlx::sqlite::SqliteConnection;

use super::Leaving;
use crate::outbox::store::mend::{MAY_HAVE_ARRIVED, lose};
use crate::outbox::{OutboxError, page};

/// What begins a pseudonym, wherever it stands in a line.
const PSEUDONYM: &str = "psn1.";
/// Characters of its last part.
const HMAC: usize = 43;

/// What the pages hold of persons who leave.
#[derive(Default)]
pub(super) struct Pages {
    /// Keys of lines that name them, each with the place of its person.
    pub(super) keys: Vec<(String, usize)>,
    /// The places of persons whom a page that may have been sent names.
    pub(super) sent: HashSet<usize>,
    /// Numbers of the lines that name them, by batch.
    lines: BTreeMap<i64, BTreeSet<i64>>,
    damaged: Vec<i64>,
}

const PAGE: &str = "
SELECT id, lines, digest IS NOT NULL OR delivered_at IS NOT NULL FROM batch WHERE id > ? ORDER BY id LIMIT 1
";
const LINES_OF: &str = "SELECT batch, line FROM batch_line WHERE key IN (SELECT value FROM json_each(?))";
const FRAME: &str = "SELECT lines, cycle, digest IS NOT NULL FROM batch WHERE id = ?";
const CYCLE: &str = "SELECT cycle FROM batch WHERE id = ?";
const DELETE_BATCH: &str = "DELETE FROM batch WHERE id = ?";
/// A batch on its way is another batch from now on.
const SET_PAGE: &str = "
UPDATE batch SET lines = ?2, records = ?3, digest = CASE WHEN delivered_at IS NULL THEN NULL ELSE digest END WHERE id = ?1
";
const DELETE_LINES: &str = "DELETE FROM batch_line WHERE batch = ?1 AND line IN (SELECT value FROM json_each(?2))";
const NUMBER_LINES: &str = "
UPDATE batch_line SET line = line - (SELECT count(*) FROM json_each(?2) gone WHERE gone.value < batch_line.line) WHERE batch = ?1
";
/// In the order of the keys; the lines inside a batch are in it.
const PAGES_OF_CYCLE: &str = "
SELECT b.id, b.lines FROM batch b WHERE b.cycle = ?1 ORDER BY
    (SELECT min(key) FROM batch_line l WHERE l.batch = b.id AND l.kind IN ('treatment', 'retraction'))
";
const DELIVERED: &str = "SELECT EXISTS (SELECT 1 FROM batch WHERE cycle = ? AND delivered_at IS NOT NULL)";
const SET_HASH: &str = "UPDATE cycle SET payload_sha256 = ? WHERE id = ?";

impl Pages {
    /// Looks at every page.
    pub(super) async fn look(connection: &mut SqliteConnection, leaving: &[Leaving]) -> Result<Self, OutboxError> {
        let persons: HashMap<String, usize> =
            leaving.iter().zip(0..).map(|(one, place)| (URL_SAFE_NO_PAD.encode(one.person), place)).collect();
        let mut pages = Self::default();
        let mut newest = 0;
        loop {
            let page: Option<(i64, Vec<u8>, bool)> =
                sqlx::query_as(PAGE).bind(newest).fetch_optional(&mut *connection).await?;
            let Some((batch, frame, sent)) = page else { return Ok(pages) };
            newest = batch;
            let Ok(text) = page::decompress(batch, &frame) else {
                pages.damaged.push(batch);
                continue;
            };
            for (number, line) in (1..).zip(String::from_utf8_lossy(&text).lines()) {
                for person in named(line).filter_map(|hmac| persons.get(hmac)) {
                    pages.lines.entry(batch).or_default().insert(number);
                    pages.keys.extend(key(line).map(|key| (key, *person)));
                    pages.sent.extend(sent.then_some(*person));
                }
            }
        }
    }
}

/// The last parts of the pseudonyms in a line.
fn named(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices(PSEUDONYM).filter_map(|(at, _)| {
        let (_, hmac) = line[at + PSEUDONYM.len()..].split_once('.')?;
        hmac.get(..HMAC)
    })
}

fn key(line: &str) -> Option<String> {
    serde_json::from_str::<Envelope>(line).ok().map(|envelope| envelope.key.into_owned())
}

/// Writes every page that holds something of theirs without it: lines that name them, and all lines of their keys.
pub(super) async fn rewrite(
    connection: &mut SqliteConnection,
    pages: Pages,
    keys: &BTreeSet<&str>,
) -> Result<(), OutboxError> {
    let Pages { mut lines, damaged, .. } = pages;
    let of_keys: Vec<(i64, i64)> =
        sqlx::query_as(LINES_OF).bind(json!(keys).to_string()).fetch_all(&mut *connection).await?;
    for (batch, line) in of_keys {
        lines.entry(batch).or_default().insert(line);
    }
    let mut cycles = BTreeSet::new();
    for batch in damaged {
        lines.remove(&batch);
        cycles.extend(sqlx::query_scalar::<_, i64>(CYCLE).bind(batch).fetch_optional(&mut *connection).await?);
        lose(connection, batch).await?;
    }
    for (batch, gone) in lines {
        cycles.insert(without(connection, batch, &gone).await?);
    }
    for cycle in cycles {
        hash_again(connection, cycle).await?;
    }
    Ok(())
}

/// Takes lines out of a batch; answers its cycle.
async fn without(connection: &mut SqliteConnection, batch: i64, gone: &BTreeSet<i64>) -> Result<i64, OutboxError> {
    let (frame, cycle, sealed): (Vec<u8>, i64, bool) =
        sqlx::query_as(FRAME).bind(batch).fetch_one(&mut *connection).await?;
    let text = page::decompress(batch, &frame)?;
    let mut kept = Vec::with_capacity(text.len());
    let mut records = 0_i64;
    for (_, line) in (1..).zip(text.split_inclusive(|byte| *byte == b'\n')).filter(|(number, _)| !gone.contains(number))
    {
        kept.extend_from_slice(line);
        records += 1;
    }
    if sealed {
        sqlx::query(MAY_HAVE_ARRIVED).bind(batch).execute(&mut *connection).await?;
    }
    if records == 0 {
        sqlx::query(DELETE_BATCH).bind(batch).execute(&mut *connection).await?;
        return Ok(cycle);
    }
    let frame = page::compress(&kept).map_err(|_| OutboxError::Inconsistent("batch.lines"))?;
    sqlx::query(SET_PAGE).bind(batch).bind(frame).bind(records).execute(&mut *connection).await?;
    let gone = json!(gone).to_string();
    for statement in [DELETE_LINES, NUMBER_LINES] {
        sqlx::query(statement).bind(batch).bind(&gone).execute(&mut *connection).await?;
    }
    Ok(cycle)
}

/// Works out the payload hash of a cycle again, unless some of it was delivered under the hash that it had.
async fn hash_again(connection: &mut SqliteConnection, cycle: i64) -> Result<(), OutboxError> {
    if sqlx::query_scalar(DELIVERED).bind(cycle).fetch_one(&mut *connection).await? {
        return Ok(());
    }
    let pages: Vec<(i64, Vec<u8>)> = sqlx::query_as(PAGES_OF_CYCLE).bind(cycle).fetch_all(&mut *connection).await?;
    let mut hash = PayloadHash::default();
    for (batch, frame) in pages {
        let text = page::decompress(batch, &frame)?;
        for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let envelope: Envelope =
                serde_json::from_slice(line).map_err(|_| OutboxError::Inconsistent("batch.lines"))?;
            if matches!(envelope.kind, Kind::Treatment | Kind::Retraction) {
                hash.add(&envelope.key, envelope.content.get().as_bytes());
            }
        }
    }
    sqlx::query(SET_HASH).bind(hash.finish()).bind(cycle).execute(connection).await?;
    Ok(())
}
