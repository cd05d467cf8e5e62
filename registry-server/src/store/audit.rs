//! The audit log as the stores keep it: what is noted of an event, and how noted events become an ordered log.
//!
//! Promises: an event is noted in the transaction of what happened, so there is none without the other; no event holds a record key or
//! a pseudonym, so that an erasure leaves the log whole; what is ordered once keeps its place. Must not know: keys, HTTP, SQL.

/// What is noted.
mod event;
/// How what was noted gets its place.
mod order;

pub use event::{Entry, Event, Sealed, What};
pub(crate) use order::{Newest, Noted, Ordered, order, tail};

use schemas::audit::{Hash, Restored, SignedCheckpoint, Tail};

/// The state of the log that a checkpoint is signed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Entries.
    pub size: u64,
    /// Entries of the checkpoint before.
    pub previous: u64,
    /// Root of the tree over them.
    pub root: Hash,
    /// When the log was put back from a backup last.
    pub restored: Option<Restored>,
}

/// Signs the state of the log.
pub type Sign = Box<dyn Fn(Head) -> SignedCheckpoint + Send + Sync>;

/// The log from an earlier state on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogTail {
    /// The newest checkpoint, in its text form.
    pub newest: String,
    /// Entries under it.
    pub size: u64,
    /// The leaves, summarised up to the earlier state; nothing when the log has not come so far.
    pub tail: Option<Tail>,
}
