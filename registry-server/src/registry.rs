//! One running register: everything that a request needs, put together once.
//!
//! Promises: nothing in here changes while the register runs but the store, the counters and the places in the queue.

use std::path::PathBuf;
use std::sync::Arc;

use ed25519_dalek::SigningKey;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use schemas::batch::Limits;
use schemas::codelist::CodeLists;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::admission::Admission;
use crate::audit::Trail;
use crate::environment::Environment;
use crate::metrics::Metrics;
use crate::store::Store;
use crate::subject::{Pepper, TombKey};

/// One running register.
pub struct Registry {
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// Clock and randomness.
    pub environment: Environment,
    /// `test` or `production`.
    pub stage: String,
    /// How a person reaches the register.
    pub contact: Option<String>,
    /// What a batch may measure.
    pub limits: Limits,
    /// How many requests for extracts somebody may hand in in twelve months.
    pub quota: u32,
    /// The code lists in force.
    pub lists: CodeLists,
    /// Their hash.
    pub lists_hash: String,
    /// The rules' hash.
    pub rules_hash: String,
    /// The key over pseudonyms.
    pub pepper: Pepper,
    /// The key of what was erased.
    pub tombs: TombKey,
    /// The key that signs receipts.
    pub receipt_key: SigningKey,
    /// Who may work now.
    pub admission: Admission,
    /// The folder whose file system must have room.
    pub data_dir: PathBuf,
    /// What people read, on its way into the audit log.
    pub trail: Trail,
    /// What was counted since the start.
    pub metrics: Metrics,
    /// Cancelled when the disk failed under the store and the process must end.
    pub broken: CancellationToken,
    /// The work that a stop waits for.
    pub tasks: TaskTracker,
}

/// The last day that is not in the future: the day in Sweden, and one more for a sender whose clock runs ahead.
#[must_use]
pub fn last_day(now: Timestamp) -> Date {
    let today = schemas::rule::today(now);
    today.checked_add(1.day()).unwrap_or(today)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_changes_at_midnight_in_sweden() {
        for (now, day) in [
            ("2026-06-30T21:59:59Z", "2026-07-01"),
            ("2026-06-30T22:00:00Z", "2026-07-02"),
            ("2026-12-31T22:59:59Z", "2027-01-01"),
            ("2026-12-31T23:00:00Z", "2027-01-02"),
        ] {
            assert_eq!(last_day(now.parse().unwrap()).to_string(), day, "{now}");
        }
    }
}
