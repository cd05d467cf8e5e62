//! What waits until a person lets it go: why a queue waits, and what of it nobody has let go before.
//!
//! Promises: pure; names units, programmes and fields, never a person. Must not know: the outbox, or how anything is sent.

mod because;
mod fields;
mod words;

pub use because::{Because, Volume, sentences, waits};
pub use fields::{LeftOut, known};
pub use words::{RUNS, Words, is_unusual};

use serde::Serialize;

/// Who releases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// The account of the operating system.
    pub account: String,
    /// The account that `sudo` was called from.
    pub behind: Option<String>,
}

/// How many records of which kind a candidate holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Contents {
    /// Treatments.
    pub treatments: u32,
    /// Retractions.
    pub retractions: u32,
    /// Descriptions of units.
    pub units: u32,
}
