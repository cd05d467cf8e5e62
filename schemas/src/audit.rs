//! The register's audit log as anybody can check it: a Merkle tree after RFC 6962, and the checkpoints that the register signs.
//!
//! Promises: a leaf is a salted commitment, so nobody learns an event from a hash; a proof that verifies cannot be made for another
//! tree. Must not know: what the events say, or where the log is kept.

/// What the register signs about the whole log.
mod checkpoint;
/// Proofs that a log holds an entry, or extends an earlier state of itself.
mod proof;
/// Hashes and roots.
mod tree;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use checkpoint::{Checkpoint, Restored, SCHEMA, SignedCheckpoint, UnreadableCheckpoint};
pub use proof::{Tail, extends, includes};
pub use tree::{Hash, Range, commitment, leaf_hash, node_hash, read_hex};

/// Answer to `GET /v1/checkpoint?from=SIZE&leaf=HEX`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckpointAnswer {
    /// The newest checkpoint, in the text form of [`SignedCheckpoint`]; nothing while the log is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<String>,
    /// That the log of this checkpoint extends the one of `from` entries: hashes in hexadecimal, in the order of RFC 6962 section
    /// 2.1.2. Empty also where the log has fewer entries than `from`.
    pub consistency: Vec<String>,
    /// That the log holds the leaf asked for; nothing when it does not stand among the entries behind `from`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inclusion: Option<Inclusion>,
}

/// That a log holds a leaf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Inclusion {
    /// The leaf's place in the log, from 0.
    pub position: u64,
    /// Its audit path: hashes in hexadecimal, in the order of RFC 6962 section 2.1.1.
    pub path: Vec<String>,
}
