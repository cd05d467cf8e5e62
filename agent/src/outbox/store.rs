//! The outbox database: opening, the batches on their way and their receipts. What else is done with it stands in files of its own.
//!
//! Promises: WAL with `synchronous=FULL`; one run at a time holds the directory.

mod account;
mod closing;
mod compared;
mod evidence;
mod found;
mod held;
mod ids;
mod image;
mod lines;
mod mend;
mod notes;
mod objector;
mod overview;
mod pair;
mod purge;
mod packed;
mod queueing;
mod release;
mod reset;
mod sent;
mod standing;
mod vanished;
mod witness;
mod writing;

pub use compared::ComparedNote;
pub use evidence::{Cycle, Year};
pub use found::{Came, FoundRow};
pub use held::{HeldCause, HeldOne, Rejected, Stays};
pub(crate) use image::image;
pub use objector::Dealt;
pub use overview::HeldRow;
pub use pair::{Pair, Says};
pub use purge::{Leaving, Purged, Tell};
pub use queueing::{Hold, Known, Queueing};
pub use release::{Candidate, Release};
pub use reset::ResetNote;
pub use standing::{Again, Standing, Trace};
pub use witness::{Finding, Found, Kept, Settled, Sort};

use std::collections::HashMap;
use std::fs::File;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use schemas::batch::{Manifest, SCHEMA};
use schemas::id::{SenderCode, StateId};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};

use super::page::{self, Sealed};
use super::{Before, CycleStamp, OutboxError};
use crate::activity::Told;

/// Delivered batches are kept this long, so that a register restored from a backup can be filled again.
const BACKUP_HORIZON: jiff::SignedDuration = jiff::SignedDuration::from_hours(35 * 24);

/// The agent's durable state, held by this run.
pub struct Outbox {
    pub(super) connection: SqliteConnection,
    _lock: Option<File>,
}

#[derive(sqlx::FromRow)]
struct QueuedRow {
    id: i64,
    records: i64,
    lines: Vec<u8>,
    cycle: i64,
    payload_sha256: String,
    kid: String,
    environment: String,
    rules: String,
    codelists: String,
    agent: String,
    schedule: Option<String>,
    timezone: Option<String>,
    describes_units: bool,
}

const NEXT: &str = "
SELECT b.id, b.records, b.lines, c.id AS cycle, c.payload_sha256, c.kid, c.environment, c.rules, c.codelists, c.agent,
    c.schedule, c.timezone, EXISTS (SELECT 1 FROM batch_line l WHERE l.batch = b.id AND l.kind = 'unit') AS describes_units
FROM batch b JOIN cycle c ON c.id = b.cycle WHERE b.delivered_at IS NULL AND b.waits = 0 AND b.id > ?
ORDER BY b.id LIMIT 1
";
const SET_DIGEST: &str = "UPDATE batch SET digest = ? WHERE id = ?";
const FINISH_CYCLES: &str = "
UPDATE cycle SET finished_at = ? WHERE finished_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM batch b WHERE b.cycle = cycle.id AND b.delivered_at IS NULL)
";
const IS_BEGUN: &str = "SELECT count(*) > 0 FROM sqlite_schema WHERE name = 'meta'";
const META: &str = "SELECT value FROM meta WHERE name = ?";
const SET_META: &str =
    "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
const SWEPT_AT: &str = "SELECT started_at FROM cycle WHERE reading = 'full' ORDER BY id DESC LIMIT 1";
const CURSOR: &str = "SELECT updated_at FROM cursor WHERE source = ?";
const DROP_OLD: &str = "DELETE FROM batch WHERE delivered_at < ?";

impl Outbox {
    /// Opens the state for writing; only one run may hold it.
    ///
    /// # Errors
    /// [`OutboxError::Locked`] when another run does.
    pub async fn open(state_dir: &Path) -> Result<Self, OutboxError> {
        let lock = hold(state_dir)?;
        let mut connection = options(&database(state_dir)).create_if_missing(true).connect().await?;
        sqlx::migrate!("./migrations").run(&mut connection).await?;
        Ok(Self { connection, _lock: Some(lock) })
    }

    /// Opens the state for reading beside a run that may be going on. Nothing when there is no state yet.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open_to_read(state_dir: &Path) -> Result<Option<Self>, OutboxError> {
        let file = database(state_dir);
        if !file.is_file() {
            return Ok(None);
        }
        let mut connection = options(&file).pragma("query_only", "ON").connect().await?;
        // A first run that was killed before its first table stood has left a file with nothing in it.
        let is_begun: bool = sqlx::query_scalar(IS_BEGUN).fetch_one(&mut connection).await?;
        Ok(is_begun.then_some(Self { connection, _lock: None }))
    }

    /// This state directory's name and the generation that the register gave it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn generation(&mut self) -> Result<Option<(StateId, u32)>, OutboxError> {
        let (state, generation) = (self.meta("state_id").await?, self.meta("generation").await?);
        match (state, generation) {
            (Some(state), Some(generation)) => {
                let state = state.parse().map_err(|_| OutboxError::Inconsistent("meta.state_id"))?;
                Ok(Some((state, generation.parse().map_err(|_| OutboxError::Inconsistent("meta.generation"))?)))
            }
            _ => Ok(None),
        }
    }

    /// The name of this state directory, given at first use from random bytes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn state_id(&mut self, random: [u8; 16]) -> Result<StateId, OutboxError> {
        let name = match self.meta("state_id").await? {
            Some(name) => name,
            None => schemas::canonical::hex(&random),
        };
        self.set_meta("state_id", &name).await?;
        name.parse().map_err(|_| OutboxError::Inconsistent("meta.state_id"))
    }

    /// Remembers the generation that the register gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_generation(&mut self, generation: u32) -> Result<(), OutboxError> {
        if generation > 1 {
            // Another state directory wrote before this one, and what it sent is not known here.
            self.set_meta(purge::UNKNOWN_PAST, "yes").await?;
            compared::set_due(&mut self.connection).await?;
        }
        self.set_meta("generation", &generation.to_string()).await
    }

    /// What earlier cycles have left of a source.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn before(&mut self, source: &str) -> Result<Before, OutboxError> {
        let cursor: Option<i64> = sqlx::query_scalar(CURSOR).bind(source).fetch_optional(&mut self.connection).await?;
        let cursor = cursor.map(jiff::Timestamp::from_microsecond).transpose();
        Ok(Before {
            cursor: cursor.map_err(|_| OutboxError::Inconsistent("cursor.updated_at"))?,
            basis: self.meta("basis").await?,
            swept_at: self.swept_at().await?,
        })
    }

    /// When everything was read last.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn swept_at(&mut self) -> Result<Option<jiff::Timestamp>, OutboxError> {
        let swept_at: Option<String> = sqlx::query_scalar(SWEPT_AT).fetch_optional(&mut self.connection).await?;
        let swept_at = swept_at.map(|text| text.parse()).transpose();
        swept_at.map_err(|_| OutboxError::Inconsistent("cycle.started_at"))
    }

    /// Opens a cycle's transaction; `sources` are the systems of the sources in the order of their indexes.
    ///
    /// # Errors
    /// When the database fails or no generation is known.
    pub async fn begin_cycle(&mut self, stamp: &CycleStamp, sources: Vec<String>) -> Result<Queueing<'_>, OutboxError> {
        let (_, generation) = self.generation().await?.ok_or(OutboxError::Inconsistent("meta.generation"))?;
        let counter = match self.meta("counter").await? {
            Some(text) => text.parse().map_err(|_| OutboxError::Inconsistent("meta.counter"))?,
            None => 0,
        };
        let transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        Queueing::begin(transaction, stamp, sources, (generation, counter)).await
    }

    /// The oldest batch that no receipt has closed, sealed for sending.
    ///
    /// # Errors
    /// [`OutboxError::Damaged`] when its bytes are not what was queued.
    pub async fn next(&mut self, sender: &SenderCode) -> Result<Option<Sealed>, OutboxError> {
        self.next_behind(sender, 0).await
    }

    /// Likewise the oldest that was queued behind a batch.
    ///
    /// # Errors
    /// [`OutboxError::Damaged`] when its bytes are not what was queued.
    pub async fn next_behind(&mut self, sender: &SenderCode, batch: i64) -> Result<Option<Sealed>, OutboxError> {
        let Some(row) = sqlx::query_as::<_, QueuedRow>(NEXT).bind(batch).fetch_optional(&mut self.connection).await?
        else {
            return Ok(None);
        };
        let sealed = self.sealed(sender, row).await?;
        sqlx::query(SET_DIGEST).bind(sealed.digest.as_str()).bind(sealed.id).execute(&mut self.connection).await?;
        Ok(Some(sealed))
    }

    /// A batch as it is sent.
    async fn sealed(&mut self, sender: &SenderCode, row: QueuedRow) -> Result<Sealed, OutboxError> {
        let (state_id, _) = self.generation().await?.ok_or(OutboxError::Inconsistent("meta.generation"))?;
        let manifest = Manifest {
            schema: SCHEMA.into(),
            sender: sender.clone(),
            environment: row.environment,
            kid: row.kid.parse().map_err(|_| OutboxError::Inconsistent("cycle.kid"))?,
            state_id,
            cycle: u64::try_from(row.cycle).map_err(|_| OutboxError::Inconsistent("cycle.id"))?,
            records: u32::try_from(row.records).map_err(|_| OutboxError::Inconsistent("batch.records"))?,
            payload_sha256: row.payload_sha256,
            rules: row.rules,
            codelists: row.codelists,
            agent: row.agent,
            schedule: row.schedule,
            timezone: row.timezone,
        };
        page::seal((row.id, row.describes_units), &manifest, &row.lines)
    }

    /// Ends cycles that queued nothing, and drops delivered batches that the register's backups no longer need.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tidy(&mut self, now: jiff::Timestamp) -> Result<(), OutboxError> {
        sqlx::query(FINISH_CYCLES).bind(now.to_string()).execute(&mut self.connection).await?;
        let horizon = now.checked_sub(BACKUP_HORIZON).unwrap_or(jiff::Timestamp::MIN);
        sqlx::query(DROP_OLD).bind(horizon.to_string()).execute(&mut self.connection).await?;
        Ok(())
    }

    /// The newest queued versions of some records, by key, for a preview.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn known(&mut self, keys: &[&str]) -> Result<HashMap<String, Known>, OutboxError> {
        queueing::known(&mut self.connection, keys).await
    }

    /// The newest queued monthly counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counts_told(&mut self) -> Result<Told, OutboxError> {
        queueing::counts_told(&mut self.connection).await
    }

    /// The source systems that the newest cycle read; none before the first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn source_systems(&mut self) -> Result<Vec<String>, OutboxError> {
        let systems = self.meta("source_system").await?;
        Ok(systems.map(|text| text.lines().map(str::to_owned).collect()).unwrap_or_default())
    }

    /// Whether another state directory may have sent what is not known here.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_unknown_past(&mut self) -> Result<bool, OutboxError> {
        Ok(self.meta(purge::UNKNOWN_PAST).await?.is_some())
    }

    async fn meta(&mut self, name: &str) -> Result<Option<String>, OutboxError> {
        Ok(sqlx::query_scalar(META).bind(name).fetch_optional(&mut self.connection).await?)
    }

    async fn set_meta(&mut self, name: &str, value: &str) -> Result<(), OutboxError> {
        sqlx::query(SET_META).bind(name).bind(value).execute(&mut self.connection).await?;
        Ok(())
    }
}

/// The state's file in the state directory.
pub const FILE: &str = "outbox.db";

/// Keeps every other run from a state directory until the value goes; makes the directory where there is none.
///
/// # Errors
/// [`OutboxError::Locked`] when another run holds it.
pub fn hold(state_dir: &Path) -> Result<File, OutboxError> {
    let mut folder = std::fs::DirBuilder::new();
    folder.recursive(true).mode(0o700).create(state_dir).map_err(|error| directory(state_dir, &error))?;
    let lock_file = state_dir.join("lock");
    let lock = File::create(&lock_file).map_err(|error| directory(state_dir, &error))?;
    lock.try_lock().map_err(|error| OutboxError::of_lock(&lock_file, error))?;
    Ok(lock)
}

fn database(state_dir: &Path) -> PathBuf {
    state_dir.join(FILE)
}

fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(std::time::Duration::from_secs(10))
        .pragma("temp_store", "MEMORY")
        .pragma("secure_delete", "ON")
        .disable_statement_logging()
}

fn directory(path: &Path, error: &std::io::Error) -> OutboxError {
    OutboxError::Directory { path: path.display().to_string(), reason: error.to_string() }
}
