//! The body of a request: read within its limit, measured before it is unpacked, unpacked only then.
//!
//! Promises: memory never exceeds the limits of a body and of a batch, whatever is sent. Must not know: what a line says.

/// From the wire into memory.
mod collect;
/// Size, lines, depth and digest.
mod measure;

use std::time::Duration;

pub use collect::collect;
pub use measure::{Encoding, Measured, measure, unpack};

/// How fast a body must come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Longest time without a byte.
    pub idle: Duration,
    /// Longest time from its first byte to its last.
    pub total: Duration,
}

/// A body that is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// A limit is passed; says which.
    #[error("{0}; send the records in smaller batches")]
    TooLarge(String),
    /// It came too slowly.
    #[error("the body did not come whole within {0} seconds; send the records in smaller batches")]
    TooSlow(u64),
    /// It stopped coming.
    #[error("the body stopped coming; send it again")]
    Stalled,
    /// The connection broke.
    #[error("the body was cut off; send it again")]
    Cut,
    /// It is not what its encoding says.
    #[error("the body is not a whole zstd stream; send it again")]
    NotZstd,
}

impl BodyError {
    /// The refusal of a body above the limit, in bytes.
    pub(crate) fn above(limit: u64) -> Self {
        Self::TooLarge(format!("the body has more than {limit} bytes"))
    }
}
