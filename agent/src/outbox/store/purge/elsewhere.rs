//! Treatments of persons who left that the register may hold under somebody else's name: taken back there, and only then forgotten here.
//!
//! Promises: a retraction that is lost on its way is queued again until a receipt closes it; nothing is left of a treatment behind it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemas::batch::Kind;
use schemas::canonical;
use schemas::record::{Retraction, RetractionReason};
use serde_json::json;
use sqlx::Connection as _;
use sqlx::sqlite::SqliteConnection;

use super::clean;
use super::pages::{Pages, rewrite};
use super::{Leaving, delete_rows};
use crate::outbox::OutboxError;
use crate::outbox::store::objector::hexes;
use crate::outbox::store::{Again, Outbox, Queueing, SET_META};

/// `?1` holds whole keys, `?2` the persons who leave: whoever bears the record at the register is not one of them.
const ELSEWHERE: &str = "
SELECT r.key FROM json_each(?1) j JOIN record r ON r.key = j.value JOIN bearer b ON b.key = substr(r.key, -43)
WHERE r.accepted_kind IN ('treatment', 'unknown') AND b.person NOT IN (SELECT unhex(value) FROM json_each(?2))
";
const NOTE: &str = "INSERT OR IGNORE INTO leavers_record (key) SELECT value FROM json_each(?)";
const NOTE_KNOWN: &str =
    "INSERT OR IGNORE INTO leavers_record (key) SELECT key FROM record WHERE key IN (SELECT value FROM json_each(?))";
/// What waits to be sent arrives before the retraction.
const MAY_ARRIVE: &str = "
UPDATE record SET accepted_kind = 'unknown'
WHERE kind = 'treatment' AND accepted_kind <> 'treatment' AND (accepted_kind = 'queued' OR state = 'queued')
    AND key IN (SELECT value FROM json_each(?))
";
/// The lines of these are gone, also those of retractions.
const AS_TREATMENT: &str = "UPDATE record SET kind = 'treatment' WHERE key IN (SELECT value FROM json_each(?))";
/// What the accounting and the next reading go by.
const STRIP: &str = "
UPDATE record SET fingerprint = x'', content_hash = NULL, cell = NULL, answers = 0, queued_in = 0, seen = 0, state = 'closed', rule = NULL
WHERE kind = 'treatment' AND key IN (SELECT value FROM json_each(?))
";
/// A source names somebody else again, whose treatment it is then.
const NOT_THEIRS: &str = "
DELETE FROM leavers_record
WHERE EXISTS (SELECT 1 FROM found f WHERE f.key = substr(leavers_record.key, -43) AND f.person IS NOT NULL)
";
const TO_QUEUE: &str = "
SELECT r.key FROM leavers_record t JOIN record r ON r.key = t.key
WHERE r.accepted_kind IN ('treatment', 'unknown') AND NOT EXISTS (
    SELECT 1 FROM batch_line l JOIN batch b ON b.id = l.batch
    WHERE l.key = r.key AND l.counter = r.counter AND l.kind = 'retraction' AND b.delivered_at IS NULL)
ORDER BY r.key
";
const TAKEN_BACK: &str = "
SELECT t.key FROM leavers_record t JOIN record r ON r.key = t.key
WHERE r.state = 'closed' AND r.accepted_kind IN ('', 'retraction')
";
const FORGET: &str = "DELETE FROM leavers_record WHERE key IN (SELECT value FROM json_each(?))";

/// Keeps of these keys what takes those back that the register may hold under the name of somebody who stays; answers which. To be asked
/// once the pages are rewritten, which tells what may have arrived.
pub(super) async fn keep(
    connection: &mut SqliteConnection,
    keys: &BTreeSet<&str>,
    leaving: &[Leaving],
) -> Result<BTreeSet<String>, OutboxError> {
    let persons: Vec<[u8; 32]> = leaving.iter().map(|one| one.person).collect();
    let elsewhere = sqlx::query_scalar(ELSEWHERE).bind(json!(keys).to_string()).bind(hexes(&persons));
    let elsewhere: Vec<String> = elsewhere.fetch_all(&mut *connection).await?;
    if !elsewhere.is_empty() {
        let kept = json!(elsewhere).to_string();
        for statement in [NOTE, AS_TREATMENT, STRIP] {
            sqlx::query(statement).bind(&kept).execute(&mut *connection).await?;
        }
    }
    Ok(elsewhere.into_iter().collect())
}

impl Outbox {
    /// Queues the retraction of every treatment of those who left that the register may hold under another name, unless it is on its way.
    /// It waits for no release, and for the register's generation where this state directory has none. Answers how many were queued.
    ///
    /// # Errors
    /// When the database fails; then none is queued.
    pub async fn take_back_elsewhere(&mut self, now: Timestamp) -> Result<u64, OutboxError> {
        sqlx::query(NOT_THEIRS).execute(&mut self.connection).await?;
        if self.generation().await?.is_none() {
            return Ok(0);
        }
        let keys: Vec<String> = sqlx::query_scalar(TO_QUEUE).fetch_all(&mut self.connection).await?;
        // Under any other reason the register would leave the treatment in what it has frozen.
        let content = canonical::bytes(&Retraction { reason: RetractionReason::ProtectedIdentity });
        let again = |key| Again { kind: Kind::Retraction, key, content: content.clone() };
        let again: Vec<Again> = keys.into_iter().map(again).collect();
        self.queue_again(&again, now).await?;
        Ok(again.len() as u64)
    }

    /// Forgets what was taken back so, now that receipts say it: its rows, and its lines in every page.
    ///
    /// # Errors
    /// When the database fails; then nothing is changed.
    pub(in crate::outbox::store) async fn forget_elsewhere(&mut self) -> Result<(), OutboxError> {
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(NOT_THEIRS).execute(&mut *transaction).await?;
        let keys: Vec<String> = sqlx::query_scalar(TAKEN_BACK).fetch_all(&mut *transaction).await?;
        if !keys.is_empty() {
            let gone: BTreeSet<&str> = keys.iter().map(String::as_str).collect();
            rewrite(&mut transaction, Pages::default(), &gone).await?;
            delete_rows(&mut transaction, &gone, &BTreeSet::new()).await?;
            sqlx::query(FORGET).bind(json!(gone).to_string()).execute(&mut *transaction).await?;
            sqlx::query(SET_META).bind(clean::DUE).bind("yes").execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }
}

impl Queueing<'_> {
    /// Notes records of which the sources say by now that they are of persons who have left: they are taken back behind this cycle.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_elsewhere(&mut self, keys: &[String]) -> Result<(), OutboxError> {
        let keys = json!(keys).to_string();
        for statement in [NOTE_KNOWN, MAY_ARRIVE, STRIP] {
            sqlx::query(statement).bind(&keys).execute(&mut *self.transaction).await?;
        }
        Ok(())
    }
}
