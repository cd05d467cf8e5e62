//! When erased bytes are removed from the disk: in the night after the erasure, and whenever somebody asks for it.
//!
//! Promises: within a day and a quarter of an hour after an erasure, as long as the register runs; what fails is tried again a little
//! later; however many servers run on one database, one of them does it.

use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use tokio_util::sync::CancellationToken;

use crate::registry::Registry;
use crate::store::{Cleaned, Cleaning, Store, StoreError};
use crate::turn::Turn;

/// When the night's work begins in Sweden: nobody looks at figures, and the agents' usual hour is over.
const HOUR: Time = Time::constant(3, 0, 0, 0);
/// How often the register looks whether it is time.
const PACE: Duration = Duration::from_mins(15);

/// Removes erased bytes every night until the register stops or its disk fails.
pub(crate) async fn nightly(registry: Arc<Registry>, stop: CancellationToken) {
    let registry = &*registry;
    let turn = Turn { pace: PACE, failed: "erased bytes were not removed" };
    // What is left after one night waits for the next.
    let once = move || async move { of_the_night(&*registry.store, registry.environment.now()).await.map(|_| false) };
    turn.again((&registry.broken, &stop), once).await;
}

/// Removes the bytes of what was erased before the last night's hour.
async fn of_the_night(store: &dyn Store, now: Timestamp) -> Result<Cleaned, StoreError> {
    clean(store, Cleaning { up_to: last_night(now), at: now }).await
}

/// Removes the bytes of the erasures that wait for it, and logs what came of it.
pub(crate) async fn clean(store: &dyn Store, cleaning: Cleaning) -> Result<Cleaned, StoreError> {
    let cleaned = store.clean(cleaning).await?;
    if cleaned.erasures > 0 {
        tracing::info!(
            erasures = cleaned.erasures,
            "the bytes of erased records were removed from the database's files"
        );
    }
    for left in &cleaned.left {
        tracing::warn!("after an erasure something is left to do: {left}");
    }
    Ok(cleaned)
}

/// The last time that the night's hour came.
fn last_night(now: Timestamp) -> Timestamp {
    // A host without a zone database is an hour off for a part of the year.
    let sweden = TimeZone::get("Europe/Stockholm").unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(1)));
    let today = now.to_zoned(sweden.clone()).date();
    let at = |day: jiff::civil::Date| day.to_datetime(HOUR).to_zoned(sweden.clone()).map(|time| time.timestamp());
    let yesterday = today.checked_sub(1.day()).unwrap_or(today);
    at(today).ok().filter(|night| *night <= now).or_else(|| at(yesterday).ok()).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::{enrol, erasure::erasure};
    use crate::store::sqlite;

    #[tokio::test]
    async fn an_erasure_s_bytes_are_removed_in_the_next_night_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = sqlite::tests::fresh(&folder.path().join("register.db")).await;
        enrol(&*store, "12").await;
        let cleaned = async |now: &str| of_the_night(&*store, now.parse().unwrap()).await.unwrap().erasures;
        store.erase(erasure(1, &[1])).await.unwrap();
        // The erasure is of 12 o'clock on the first of November.
        for (now, expected) in [
            ("2026-11-01T12:00:00Z", 0),
            ("2026-11-02T01:59:59Z", 0),
            ("2026-11-02T02:00:00Z", 1),
            ("2026-11-02T02:15:00Z", 0),
            ("2026-11-03T02:00:00Z", 0),
        ] {
            assert_eq!(cleaned(now).await, expected, "{now}");
        }
        store.close().await;
    }

    #[test]
    fn the_night_s_hour_comes_once_a_day_also_when_the_clocks_change() {
        for (now, night) in [
            ("2026-11-22T10:00:00Z", "2026-11-22T02:00:00Z"),
            ("2026-11-22T02:00:00Z", "2026-11-22T02:00:00Z"),
            ("2026-11-22T01:59:59Z", "2026-11-21T02:00:00Z"),
            ("2026-06-30T22:30:00Z", "2026-06-30T01:00:00Z"),
            // In March three o'clock comes an hour after one; in October two to three comes twice.
            ("2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z"),
            ("2026-03-29T00:59:59Z", "2026-03-28T02:00:00Z"),
            ("2026-10-25T01:59:59Z", "2026-10-24T01:00:00Z"),
            ("2026-10-25T02:00:00Z", "2026-10-25T02:00:00Z"),
        ] {
            assert_eq!(last_night(now.parse().unwrap()).to_string(), night, "{now}");
        }
    }
}
