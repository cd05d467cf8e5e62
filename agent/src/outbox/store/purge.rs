//! A person leaves: everything of theirs goes out of the state directory, and the erasure at the register is queued.
//!
//! Promises: pages are rewritten, rows deleted and the erasures queued in one transaction; once the file is cleaned behind it, no byte
//! of the database or its log holds the person's pseudonym or record keys. A batch on its way becomes another batch, one that becomes empty goes; the payload hash
//! of a cycle of which nothing was delivered is worked out again. Of a treatment that the register may hold under somebody else's name
//! the key stays until it was taken back there.

mod clean;
mod elsewhere;
mod pages;

use std::collections::{BTreeSet, HashMap, HashSet};

use schemas::id::SenderCode;
use schemas::rule::Rule;
use serde_json::json;
use sqlx::Connection as _;
use sqlx::sqlite::SqliteConnection;

use super::objector::{Dealt, hexes};
use super::{META, Outbox, SET_META, pair};
use crate::outbox::OutboxError;
pub(super) use clean::DUE as CLEAN_DUE;
use pages::{Pages, rewrite};

/// A person who leaves.
#[derive(Clone, Copy)]
pub struct Leaving {
    /// As the list of objections remembers them.
    pub hash: [u8; 32],
    /// The bytes inside the pseudonym.
    pub person: [u8; 32],
    /// When the register is told.
    pub tell: Tell,
}

/// When the register is told of a person who leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tell {
    /// In any case: somebody asked for it.
    Always,
    /// When it may hold something of theirs.
    IfKnown,
}

/// What went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purged {
    /// Records.
    pub records: u64,
    /// Persons whose erasure is queued.
    pub queued: u64,
}

const KEYS_OF: &str = "
SELECT key, person FROM found WHERE person IN (SELECT unhex(value) FROM json_each(?1))
UNION SELECT key, person FROM bearer WHERE person IN (SELECT unhex(value) FROM json_each(?1))
";
/// And whether the register took one, or may have.
const RECORDS: &str = "
SELECT key, accepted > 0 OR accepted_kind = 'unknown' FROM record WHERE key IN (SELECT value FROM json_each(?))
";
/// Lines of batches that were never put together for sending.
const UNSENT: &str = "
SELECT DISTINCT l.key FROM batch_line l JOIN batch b ON b.id = l.batch
WHERE b.digest IS NULL AND b.delivered_at IS NULL AND l.key IN (SELECT value FROM json_each(?))
";
const SENT: &str = "
SELECT DISTINCT l.key FROM batch_line l JOIN batch b ON b.id = l.batch
WHERE (b.digest IS NOT NULL OR b.delivered_at IS NOT NULL) AND l.key IN (SELECT value FROM json_each(?))
";
const DELETE_RECORDS: &str = "DELETE FROM record WHERE key IN (SELECT value FROM json_each(?))";
/// Stands in `meta` when others may have sent before this state directory did.
pub(super) const UNKNOWN_PAST: &str = "unknown_past";
/// By the last part of the key. What is deleted of `found` first leaves its person in `bearer`.
const DELETE_ROWS: [&str; 5] = [
    "DELETE FROM found WHERE key IN (SELECT value FROM json_each(?))",
    "DELETE FROM bearer WHERE key IN (SELECT value FROM json_each(?))",
    "DELETE FROM held WHERE scope <> 'unit' AND key IN (SELECT value FROM json_each(?))",
    "DELETE FROM excluded WHERE key IN (SELECT value FROM json_each(?))",
    "DELETE FROM vanished WHERE key IN (SELECT value FROM json_each(?))",
];
/// Whose the rows of an id are that several persons share is not kept; the reading that follows finds anew what is still shared.
const DELETE_SHARED: [&str; 2] = [
    "DELETE FROM found WHERE key IN (SELECT key FROM held WHERE scope = 'treatment' AND rule = ?)",
    "DELETE FROM held WHERE scope <> 'unit' AND key IN (SELECT key FROM held WHERE scope = 'treatment' AND rule = ?)",
];
const DEAL_WITH: &str = "
INSERT INTO objector (hash, state) SELECT unhex(value), ?2 FROM json_each(?1) WHERE true
ON CONFLICT (hash) DO UPDATE SET state = excluded.state
";

impl Outbox {
    /// Takes persons out, and queues their erasure where the register is to be told. Doing it again changes nothing.
    ///
    /// # Errors
    /// When the database fails; then nothing is changed.
    pub async fn purge(&mut self, sender: &SenderCode, leaving: &[Leaving]) -> Result<Purged, OutboxError> {
        if leaving.is_empty() {
            return Ok(Purged::default());
        }
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        let mut theirs = keys_of(&mut transaction, sender, leaving).await?;
        let pages = Pages::look(&mut transaction, leaving).await?;
        theirs.extend(pages.keys.iter().cloned());
        let mut sent = sent(&mut transaction, &theirs).await?;
        sent.extend(&pages.sent);
        let past: Option<String> =
            sqlx::query_scalar(META).bind(UNKNOWN_PAST).fetch_optional(&mut *transaction).await?;

        let keys: BTreeSet<&str> = theirs.iter().map(|(key, _)| key.as_str()).collect();
        rewrite(&mut transaction, pages, &keys).await?;
        let elsewhere = elsewhere::keep(&mut transaction, &keys, leaving).await?;
        let records = delete_rows(&mut transaction, &keys, &elsewhere).await?;
        for statement in DELETE_SHARED {
            sqlx::query(statement).bind(Rule::TreatmentIdShared.id()).execute(&mut *transaction).await?;
        }
        let persons: Vec<[u8; 32]> = leaving.iter().map(|one| one.person).collect();
        pair::forget(&mut transaction, &persons).await?;
        let told =
            |(index, one): &(usize, &Leaving)| past.is_some() || one.tell == Tell::Always || sent.contains(index);
        let (queued, none): (Vec<_>, Vec<_>) = leaving.iter().enumerate().partition(told);
        for (persons, dealt) in [(&queued, Dealt::Queued), (&none, Dealt::NoneSent)] {
            let hashes: Vec<[u8; 32]> = persons.iter().map(|(_, one)| one.hash).collect();
            sqlx::query(DEAL_WITH).bind(hexes(&hashes)).bind(dealt.word()).execute(&mut *transaction).await?;
        }
        sqlx::query(SET_META).bind(clean::DUE).bind("yes").execute(&mut *transaction).await?;
        transaction.commit().await?;
        self.fold_log().await?;
        Ok(Purged { records, queued: queued.len() as u64 })
    }

    /// How many records of some persons the register holds or may come to, and how many persons those are: reading only.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn known_of(&mut self, sender: &SenderCode, leaving: &[Leaving]) -> Result<(u64, u64), OutboxError> {
        let theirs = keys_of(&mut self.connection, sender, leaving).await?;
        let keys: BTreeSet<&str> = theirs.iter().map(|(key, _)| key.as_str()).collect();
        let records: Vec<(String, bool)> =
            sqlx::query_as(RECORDS).bind(json!(keys).to_string()).fetch_all(&mut self.connection).await?;
        let records: HashSet<String> = records.into_iter().map(|(key, _)| key).collect();
        let persons: HashSet<usize> =
            theirs.iter().filter(|(key, _)| records.contains(key)).map(|(_, person)| *person).collect();
        Ok((records.len() as u64, persons.len() as u64))
    }
}

/// The whole keys of the persons' treatments, each with the place of its person.
async fn keys_of(
    connection: &mut SqliteConnection,
    sender: &SenderCode,
    leaving: &[Leaving],
) -> Result<Vec<(String, usize)>, OutboxError> {
    let persons: Vec<[u8; 32]> = leaving.iter().map(|one| one.person).collect();
    let rows: Vec<(String, Vec<u8>)> = sqlx::query_as(KEYS_OF).bind(hexes(&persons)).fetch_all(connection).await?;
    let places: HashMap<&[u8], usize> =
        persons.iter().zip(0..).map(|(person, place)| (person.as_slice(), place)).collect();
    let one =
        |(key, person): (String, Vec<u8>)| Some((format!("rec1.{sender}.{key}"), *places.get(person.as_slice())?));
    Ok(rows.into_iter().filter_map(one).collect())
}

/// The places of persons of whom the register may hold something. What cannot have been sent is what stands in no batch but one that
/// was never put together, and was never accepted, nor stood in one that may have arrived.
async fn sent(connection: &mut SqliteConnection, theirs: &[(String, usize)]) -> Result<HashSet<usize>, OutboxError> {
    let keys = json!(theirs.iter().map(|(key, _)| key).collect::<BTreeSet<_>>()).to_string();
    let mut of = async |statement| -> Result<HashSet<String>, OutboxError> {
        let keys: Vec<String> = sqlx::query_scalar(statement).bind(&keys).fetch_all(&mut *connection).await?;
        Ok(keys.into_iter().collect())
    };
    let (sent, unsent) = (of(SENT).await?, of(UNSENT).await?);
    let records: Vec<(String, bool)> = sqlx::query_as(RECORDS).bind(&keys).fetch_all(connection).await?;
    let records: HashSet<String> = records
        .into_iter()
        .filter(|(key, taken)| *taken || sent.contains(key) || !unsent.contains(key))
        .map(|(key, _)| key)
        .collect();
    Ok(theirs.iter().filter(|(key, _)| records.contains(key)).map(|(_, person)| *person).collect())
}

/// Deletes what is known under these keys; of some the record stays.
async fn delete_rows(
    connection: &mut SqliteConnection,
    keys: &BTreeSet<&str>,
    but: &BTreeSet<String>,
) -> Result<u64, OutboxError> {
    let records: Vec<&&str> = keys.iter().filter(|key| !but.contains(**key)).collect();
    let deleted = sqlx::query(DELETE_RECORDS).bind(json!(records).to_string()).execute(&mut *connection).await?;
    let last: Vec<&str> = keys.iter().filter_map(|key| key.rsplit('.').next()).collect();
    for statement in DELETE_ROWS {
        sqlx::query(statement).bind(json!(last).to_string()).execute(&mut *connection).await?;
    }
    Ok(deleted.rows_affected() + but.len() as u64)
}
