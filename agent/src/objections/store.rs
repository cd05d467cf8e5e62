//! The list of objections: a database of its own in the state directory.
//!
//! Promises: WAL with `synchronous=FULL`, deleted bytes are overwritten; the list of one objection key is never read under another.

mod acts;
mod earlier;
mod erased;
mod lifted;
mod notes;
mod rows;

pub use acts::Act;
pub use erased::KeptReceipt;
pub(super) use rows::Rows;

use std::collections::BTreeMap;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use jiff::Timestamp;
use schemas::canonical;
use schemas::id::KeyId;
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};

use super::{ObjectionsError, Origin};
use crate::map::Reason;
use crate::outbox;
use crate::pseudonymise::{EarlierName, Keys, Objector};

/// The list, opened.
pub struct Objections {
    connection: SqliteConnection,
}

/// An objection that is to be remembered.
pub struct NewObjection {
    /// Who.
    pub objector: Objector,
    /// What they were called under earlier person keys that are still at hand.
    pub earlier: Vec<EarlierName>,
    /// Where it came from.
    pub origin: Origin,
    /// Why.
    pub reason: Reason,
    /// Since when: a day, or a moment RFC 3339.
    pub registered_at: String,
}

/// A person of whom something may still have to be erased.
pub struct Open {
    /// As the list remembers them.
    pub hash: [u8; 32],
    /// The person key of the pseudonym.
    pub kid: KeyId,
    /// The bytes inside the pseudonym.
    pub person: [u8; 32],
    /// The salt of the newest request.
    pub salt: [u8; 32],
    /// The register's case that the newest request answers.
    pub case: Option<u32>,
    /// Whether somebody asked for it.
    pub asked: bool,
    /// Whether the register has confirmed an erasure.
    pub erased: bool,
    /// The number of the request in which the register was told and has not answered; 0 for none.
    pub request: i64,
}

/// How many are remembered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// In all.
    pub all: u64,
    /// Whose erasure the register has confirmed.
    pub erased: u64,
    /// Who may have been sent, and whose erasure is not confirmed.
    pub waiting: u64,
    /// Whose erasure is confirmed, or may be without our having heard of it.
    pub withdrawn: u64,
    /// In all, by where they came from.
    pub by_origin: BTreeMap<String, u64>,
    /// In all, by reason.
    pub by_reason: BTreeMap<String, u64>,
}

const IS_BEGUN: &str = "SELECT count(*) > 0 FROM sqlite_schema WHERE name = 'meta'";
const META: &str = "SELECT value FROM meta WHERE name = ?";
const SET_META: &str =
    "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
const HASHES: &str = "SELECT hash FROM objection";
const INSERT: &str = "
INSERT OR IGNORE INTO objection (hash, registered_at, origin, reason, kid, sealed, salt)
SELECT unhex(value->>0), value->>1, value->>2, value->>3, ?2, unhex(value->>4), unhex(value->>5) FROM json_each(?1)
";
const ASK: &str = "
UPDATE objection SET asked = 1, case_number = ?2, kid = ?3, sealed = unhex(v.sealed), salt = unhex(v.salt)
FROM (SELECT unhex(value->>0) AS hash, value->>4 AS sealed, value->>5 AS salt FROM json_each(?1)) v WHERE objection.hash = v.hash
";
const OPEN: &str = "
SELECT hash, kid, sealed, salt, case_number, asked, erased_at IS NOT NULL, tried FROM objection WHERE sealed IS NOT NULL ORDER BY hash
";
const COUNTS: &str = "
SELECT origin, reason, count(*), count(erased_at), sum(sealed IS NOT NULL AND erased_at IS NULL),
    sum(tried OR erased_at IS NOT NULL) FROM objection GROUP BY 1, 2
";
const KEY: &str = "objection_key";

type OpenRow = (Vec<u8>, String, Vec<u8>, Vec<u8>, Option<u32>, bool, bool, i64);

impl Objections {
    /// Opens the list for writing; makes an empty one where there is none.
    ///
    /// # Errors
    /// [`ObjectionsError::OtherKey`] when it was made under another objection key.
    pub async fn open(state_dir: &Path, keys: &Keys) -> Result<Self, ObjectionsError> {
        let mut folder = std::fs::DirBuilder::new();
        folder.recursive(true).mode(0o700).create(state_dir).map_err(ObjectionsError::Directory)?;
        let mut connection = options(state_dir).create_if_missing(true).connect().await?;
        sqlx::migrate!("./migrations/objections").run(&mut connection).await?;
        let mut objections = Self { connection };
        if !objections.belongs_to(keys).await? {
            objections.set_meta(KEY, &keys.objection_fingerprint()).await?;
        }
        Ok(objections)
    }

    /// Opens the list for reading; nothing when there is none.
    ///
    /// # Errors
    /// As [`Objections::open`].
    pub async fn open_to_read(state_dir: &Path, keys: &Keys) -> Result<Option<Self>, ObjectionsError> {
        if !state_dir.join(FILE).is_file() {
            return Ok(None);
        }
        let mut connection = options(state_dir).pragma("query_only", "ON").connect().await?;
        // A first run that was killed before its first table stood has left a file with nothing in it.
        let is_begun: bool = sqlx::query_scalar(IS_BEGUN).fetch_one(&mut connection).await?;
        if !is_begun {
            return Ok(None);
        }
        let mut objections = Self { connection };
        objections.belongs_to(keys).await?;
        Ok(Some(objections))
    }

    /// Whether the list bears this objection key; false when it bears none yet.
    async fn belongs_to(&mut self, keys: &Keys) -> Result<bool, ObjectionsError> {
        let file = keys.objection_fingerprint();
        match self.meta(KEY).await? {
            None => Ok(false),
            Some(list) if list == file => Ok(true),
            Some(list) => Err(ObjectionsError::OtherKey { list, file }),
        }
    }

    /// Everybody who objects, by hash.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hashes(&mut self) -> Result<Vec<[u8; 32]>, ObjectionsError> {
        let hashes: Vec<Vec<u8>> = sqlx::query_scalar(HASHES).fetch_all(&mut self.connection).await?;
        hashes.into_iter().map(|hash| bytes(hash, "objection.hash")).collect()
    }

    /// Remembers whom it does not know yet. `random` are bytes that no other run has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remember(
        &mut self,
        new: &[NewObjection],
        (keys, random): (&Keys, &[u8; 16]),
    ) -> Result<(), ObjectionsError> {
        let rows = rows_of(new, (keys, random));
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(INSERT).bind(rows).bind(keys.id().as_str()).execute(&mut *transaction).await?;
        earlier::remember(&mut transaction, new, keys).await?;
        Ok(transaction.commit().await?)
    }

    /// Remembers persons for whom somebody asks, known or not: the erasure is to be sent whatever was sent before, for a case of the
    /// register where there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ask(
        &mut self,
        new: &[NewObjection],
        case: Option<u32>,
        (keys, random): (&Keys, &[u8; 16]),
    ) -> Result<(), ObjectionsError> {
        let rows = rows_of(new, (keys, random));
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(INSERT).bind(&rows).bind(keys.id().as_str()).execute(&mut *transaction).await?;
        // Once before the person is known under another key, and once more for those of whom no name was kept.
        earlier::remember(&mut transaction, new, keys).await?;
        sqlx::query(ASK).bind(&rows).bind(case).bind(keys.id().as_str()).execute(&mut *transaction).await?;
        earlier::remember(&mut transaction, new, keys).await?;
        Ok(transaction.commit().await?)
    }

    /// Everybody of whom something may still have to be erased, at the register or in a backup of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_ones(&mut self, keys: &Keys) -> Result<Vec<Open>, ObjectionsError> {
        let rows: Vec<OpenRow> = sqlx::query_as(OPEN).fetch_all(&mut self.connection).await?;
        let one = |(hash, kid, sealed, salt, case, asked, erased, request): OpenRow| {
            let hash = bytes(hash, "objection.hash")?;
            let kid: KeyId = kid.parse().map_err(|_| ObjectionsError::Inconsistent("objection.kid"))?;
            let person = keys.seal(&kid, &hash, bytes(sealed, "objection.sealed")?);
            Ok(Open { hash, kid, person, salt: bytes(salt, "objection.salt")?, case, asked, erased, request })
        };
        rows.into_iter().map(one).collect()
    }

    /// How many are remembered.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(&mut self) -> Result<Count, ObjectionsError> {
        let rows: Vec<(String, String, i64, i64, i64, i64)> =
            sqlx::query_as(COUNTS).fetch_all(&mut self.connection).await?;
        let mut count = Count::default();
        for (origin, reason, all, erased, waiting, withdrawn) in rows {
            let [all, erased, waiting, withdrawn] =
                [all, erased, waiting, withdrawn].map(|n| u64::try_from(n).unwrap_or_default());
            count.all += all;
            count.erased += erased;
            count.waiting += waiting;
            count.withdrawn += withdrawn;
            *count.by_origin.entry(origin).or_default() += all;
            *count.by_reason.entry(reason).or_default() += all;
        }
        Ok(count)
    }

    /// The list as bytes of a database file.
    ///
    /// # Errors
    /// When the database fails or the copy cannot be made.
    pub async fn image(&mut self, state_dir: &Path) -> Result<Vec<u8>, ObjectionsError> {
        Ok(outbox::image(&mut self.connection, state_dir).await?)
    }

    async fn meta(&mut self, name: &str) -> Result<Option<String>, ObjectionsError> {
        Ok(sqlx::query_scalar(META).bind(name).fetch_optional(&mut self.connection).await?)
    }

    async fn set_meta(&mut self, name: &str, value: &str) -> Result<(), ObjectionsError> {
        sqlx::query(SET_META).bind(name).bind(value).execute(&mut self.connection).await?;
        Ok(())
    }
}

/// The list's file in the state directory.
pub const FILE: &str = "objections.db";

fn options(state_dir: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(state_dir.join(FILE))
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(std::time::Duration::from_secs(10))
        .pragma("temp_store", "MEMORY")
        .pragma("secure_delete", "ON")
        .disable_statement_logging()
}

fn rows_of(new: &[NewObjection], (keys, random): (&Keys, &[u8; 16])) -> String {
    let row = |one: &NewObjection| {
        let Objector { hash, person } = one.objector;
        let (sealed, salt) = (keys.seal(keys.id(), &hash, person), keys.erasure_salt(&hash, random));
        json!([
            canonical::hex(&hash),
            one.registered_at,
            one.origin.word(),
            one.reason.word(),
            canonical::hex(&sealed),
            canonical::hex(&salt)
        ])
    };
    Value::Array(new.iter().map(row).collect()).to_string()
}

fn bytes(blob: Vec<u8>, place: &'static str) -> Result<[u8; 32], ObjectionsError> {
    blob.try_into().map_err(|_| ObjectionsError::Inconsistent(place))
}

/// Hashes as a statement takes many of them.
fn hexes(hashes: &[[u8; 32]]) -> String {
    json!(hashes.iter().map(|hash| canonical::hex(hash)).collect::<Vec<_>>()).to_string()
}

/// Hashes with the bytes that are kept beside each.
fn pairs(rows: impl Iterator<Item = ([u8; 32], [u8; 32])>) -> String {
    Value::Array(rows.map(|(hash, kept)| json!([canonical::hex(&hash), canonical::hex(&kept)])).collect()).to_string()
}

/// A moment as it is kept.
fn written(now: Timestamp) -> String {
    now.to_string()
}
