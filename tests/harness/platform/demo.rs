//! The regions of a demo: how many and how large, in which order they join, and what keeps their tables.

use super::{ENGINES, Engine};

/// The order in which regions join; the first four have shapes of their own.
pub const SENDERS: [&str; 21] = [
    "01", "12", "14", "03", "04", "05", "06", "07", "08", "09", "10", "13", "17", "18", "19", "20", "21", "22", "23",
    "24", "25",
];
/// Regions, when nothing else is asked for.
pub const REGIONS: u8 = 4;
/// Treatments in each region, when nothing else is asked for.
pub const TREATMENTS: u32 = 300;
/// Seed of everything invented, when nothing else is asked for.
pub const SEED: u64 = 1;

/// What keeps the tables of the region that joins as this one, from 0: each engine in turn.
#[must_use]
pub const fn engine(ordinal: usize) -> Engine {
    ENGINES[ordinal % ENGINES.len()]
}
