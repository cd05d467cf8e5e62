//! What waits to be delivered and what was delivered: the agent's durable state.
//!
//! Promises: rows, cursor and counts of a cycle commit together; what is queued is sent as the same bytes until a receipt closes it;
//! nothing identifiable is ever written; a page that was damaged on the disk is found before it is sent.
//! Must not know: the network, the source, or what an identity is.

mod notes;
mod page;
mod store;
mod tally;

#[cfg(test)]
mod tests;

use std::fs::TryLockError;
use std::path::Path;

use sqlx::migrate::MigrateError;

pub use notes::{FailureNote, PauseNote, ReachNote, RunNote, Told};
pub use page::{Encoding, Sealed};
pub(crate) use store::image;
pub use store::{Again, ComparedNote, Pair, Says, Standing, Trace};
pub use store::{Came, FoundRow, HeldCause, HeldOne, HeldRow, Hold, Known, Outbox, Queueing, Rejected, Stays};
pub use store::{Candidate, Cycle, Release, ResetNote, Year};
pub use store::{Dealt, Leaving, Purged, Tell};
pub use store::{FILE, hold};
pub use store::{Finding, Found, Kept, Settled, Sort};
pub use tally::{Tally, Term};

/// What identifies the rules and lists under which a cycle queues; it stands in the manifest of each of its batches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CycleStamp {
    /// When the cycle began, RFC 3339 UTC.
    pub started_at: String,
    /// `full`, or from when changes were read.
    pub reading: String,
    /// Hash of all that decides besides the rows what becomes of them.
    pub basis: String,
    /// The person key in use.
    pub kid: String,
    /// `test` or `production`.
    pub environment: String,
    /// Hash of the rules.
    pub rules: String,
    /// Hash of the code lists.
    pub codelists: String,
    /// Version of the agent.
    pub agent: String,
    /// When cycles are planned.
    pub schedule: String,
    /// Zone of the plan.
    pub timezone: String,
}

/// What earlier cycles have left for the choice of the next reading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Before {
    /// The newest `updated_at` read so far.
    pub cursor: Option<jiff::Timestamp>,
    /// The newest cycle's [`CycleStamp::basis`].
    pub basis: Option<String>,
    /// When everything was read last.
    pub swept_at: Option<jiff::Timestamp>,
}

/// Why the state cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// Another run of the agent holds the state directory.
    #[error("another run holds {0}; wait until it has ended")]
    Locked(String),
    /// The state directory cannot be made or written.
    #[error(
        "cannot use the state directory {path} ({reason}); let [agent] state_dir name a folder that this account may write to"
    )]
    Directory {
        /// The directory.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// The database failed.
    #[error("the outbox, outbox.db in [agent] state_dir, cannot be used ({0}); check the disk and who may write there")]
    Database(sqlx::Error),
    /// The database lacks a table or a column: it is of an older version of the agent, which only a run brings to this one, or the disk
    /// has altered a name in it.
    #[error(
        "the state directory is of an older version of the agent; run `registry-agent once` first. If that says the same, outbox.db is \
         damaged: check the disk, move outbox.db and every file whose name begins so away, but not objections.db, and run it again"
    )]
    Older,
    /// The database's tables are not this version's.
    #[error(
        "the outbox, outbox.db in [agent] state_dir, cannot be brought to this version ({0}); install the agent's newest version, which \
         may have written it"
    )]
    Migration(MigrateError),
    /// The database is damaged beyond what a run can mend by itself.
    #[error(
        "the outbox, outbox.db in [agent] state_dir, is damaged ({0}); check the disk, move outbox.db and every file whose name begins so \
         away, but not objections.db, and run `registry-agent once`: it reads everything again, and nothing is doubled at the register"
    )]
    Malformed(String),
    /// A page does not decompress to what was queued.
    #[error(
        "batch {0} in the outbox is damaged on the disk and was not sent; check the disk, the next run queues its records again"
    )]
    Damaged(i64),
    /// A stored value is not of its form.
    #[error(
        "the outbox, outbox.db in [agent] state_dir, holds something of the wrong form in {0}; check the disk, move outbox.db and every \
         file whose name begins so away, but not objections.db, and run `registry-agent once`: it reads everything again, and nothing is \
         doubled at the register"
    )]
    Inconsistent(&'static str),
}

impl OutboxError {
    /// Why a file that one run at a time holds is not held: another run does, or the file system refuses.
    pub(crate) fn of_lock(path: &Path, error: TryLockError) -> Self {
        let path = path.display().to_string();
        match error {
            TryLockError::WouldBlock => Self::Locked(path),
            TryLockError::Error(error) => Self::Directory { path, reason: format!("it cannot be locked: {error}") },
        }
    }
}

impl From<sqlx::Error> for OutboxError {
    fn from(error: sqlx::Error) -> Self {
        // The tables are made by this program alone, so that one that lacks something is an older program's.
        let lacks = error.as_database_error().is_some_and(|error| {
            ["no such column", "no such table"].iter().any(|words| error.message().starts_with(words))
        });
        match error {
            _ if lacks => Self::Older,
            error if is_malformed(&error) => Self::Malformed(error.to_string()),
            error => Self::Database(error),
        }
    }
}

impl From<MigrateError> for OutboxError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            // What a released program has written down of its tables never changes.
            error @ (MigrateError::VersionMismatch(_) | MigrateError::Dirty(_)) => Self::Malformed(error.to_string()),
            error => Self::Migration(error),
        }
    }
}

/// Whether the file is damaged or no database at all, or holds what this program never writes: a value of another type, one that the
/// tables themselves refuse, or tables and triggers that its own statements, which are fixed, do not fit.
fn is_malformed(error: &sqlx::Error) -> bool {
    const UNFIT: i32 = 1;
    const CORRUPT: i32 = 11;
    const CONSTRAINT: i32 = 19;
    const NOT_A_DATABASE: i32 = 26;
    if matches!(error, sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)) {
        return true;
    }
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<i32>().ok());
    code.is_some_and(|code| matches!(code & 0xff, UNFIT | CORRUPT | CONSTRAINT | NOT_A_DATABASE))
}
