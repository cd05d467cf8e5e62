//! Whether a cycle reads everything or what changed: pure.
//!
//! Promises: an increment is enough only as long as rows mean what they meant when they were read last; otherwise, and whenever the
//! planned sweep is due, everything is read.

use jiff::Timestamp;
use schemas::canonical;
use serde_json::json;

use crate::extract::Reading;
use crate::outbox::Before;
use crate::pseudonymise::Objectors;
use crate::schedule;
use crate::setup::{Place, Setup};

/// One hash over all that decides besides a row itself what becomes of it: queries, maps, lists, rules, keys and objections.
pub(super) fn basis(setup: &Setup, objectors: &Objectors) -> String {
    let config = &setup.config;
    canonical::sha256_hex(&canonical::bytes(&json!({
        "source": config.source,
        "map": config.map,
        "codelists": setup.lists.hash(),
        "rules": schemas::rule::hash(),
        "agent": env!("CARGO_PKG_VERSION"),
        "key": [setup.keys.id().as_str(), &setup.keys.fingerprint()],
        "test_identities": config.pseudonym.allow_test_identities,
        "objectors": objectors.digest(),
    })))
}

/// Chooses, from what the cycles before have left.
pub(super) fn choose(setup: &Setup, place: &Place, (before, basis): (&Before, &str), now: Timestamp) -> Reading {
    let since = before.cursor.and_then(|newest| newest.checked_sub(place.overlap).ok());
    match since {
        Some(since) if before.basis.as_deref() == Some(basis) && !sweep_is_due(setup, before, now) => {
            Reading::Since(since)
        }
        _ => Reading::Full,
    }
}

/// The sweep finds what no `updated_at` shows: a score that was changed by hand, a date that is no longer in the future.
fn sweep_is_due(setup: &Setup, before: &Before, now: Timestamp) -> bool {
    schedule::sweep_is_due(&setup.config.schedule, before.swept_at, now)
}
