//! What a sender may take of the register.

use schemas::batch::Limits;
use serde::{Deserialize, Serialize};

/// The `[limits]` section; every key has a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitSettings {
    /// Bytes of a request body.
    pub body: u64,
    /// Bytes of a batch after decompression.
    pub decompressed: u64,
    /// Decompressed bytes for one compressed byte.
    pub ratio: u64,
    /// Records of a batch.
    pub records: u32,
    /// Bytes of a line.
    pub line: u64,
    /// Nested objects and arrays of a line.
    pub depth: u32,
    /// Requests of one sender in a minute; they may come all at once.
    pub requests_per_minute: u32,
    /// Batches that are worked on at the same time; 0 answers every batch with 503.
    pub concurrent_batches: usize,
    /// Batches of one sender at the same time: one is read while the other is stored. Further ones wait.
    pub batches_per_sender: usize,
    /// Seconds that a batch waits for its turn before it is answered with 503.
    pub queue_seconds: u64,
    /// Seconds without a byte after which a request is given up.
    pub idle_seconds: u64,
    /// Seconds in which a request's body must have come whole.
    pub body_seconds: u64,
    /// Seconds of the register's work that a sender may waste at once with what is refused or rejected; from then on a tenth of the time.
    pub wasted_seconds: u64,
    /// Bytes that must be free where the database lies; below it batches are answered with 507.
    pub min_free: u64,
    /// Connections of all senders at the same time.
    pub connections: usize,
    /// Connections of one sender at the same time; further ones are closed at once.
    pub connections_per_sender: usize,
    /// Seconds after which a connection takes no more requests, and its sender opens another.
    pub connection_seconds: u64,
}

impl Default for LimitSettings {
    fn default() -> Self {
        let Limits { body, decompressed, ratio, records, line, depth } = Limits::default();
        Self {
            body,
            decompressed,
            ratio,
            records,
            line,
            depth,
            requests_per_minute: 1_200,
            concurrent_batches: 4,
            batches_per_sender: 2,
            queue_seconds: 10,
            idle_seconds: 30,
            body_seconds: 60,
            wasted_seconds: 2,
            min_free: 256 << 20,
            connections: 256,
            connections_per_sender: 8,
            connection_seconds: 3_600,
        }
    }
}

impl LimitSettings {
    /// What a batch may measure, as `GET /v1/me` shows it.
    #[must_use]
    pub fn batch(&self) -> Limits {
        Limits {
            body: self.body,
            decompressed: self.decompressed,
            ratio: self.ratio,
            records: self.records,
            line: self.line,
            depth: self.depth,
        }
    }
}
