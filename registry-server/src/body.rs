//! The body of a request: read within its limit, measured before it is unpacked, unpacked only then.
//!
//! Promises: memory never exceeds the limits of a body and of a batch, whatever is sent. Must not know: what a line says.

/// From the wire into memory.
mod collect;
/// Size, lines, depth and digest.
mod measure;

pub use collect::collect;
pub use measure::{Encoding, Measured, measure, unpack};

/// A body that is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// A limit is passed; says which.
    #[error("{0}; send the records in smaller batches")]
    TooLarge(String),
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
