//! Who may work now: rate, turn and room.
//!
//! Promises: a sender has a few turns at a time and takes a place only with what it has sent whole, so that none crowds out the others,
//! not by slowness and not by garbage either; turns and places are given in the order of asking.
//! Must not know: who is enrolled, or what is asked for.

/// Time that a sender wastes.
mod waste;

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use schemas::id::SenderCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::body::Pace;
use crate::config::LimitSettings;
use crate::environment::Environment;
use waste::Waste;

/// Rates and places.
pub struct Admission {
    rates: RateLimiter<SenderCode, DashMapStateStore<SenderCode>, Uptime, NoOpMiddleware<Nanos>>,
    clock: Uptime,
    places: Arc<Semaphore>,
    senders: Mutex<HashMap<SenderCode, Arc<Semaphore>>>,
    settings: LimitSettings,
    waste: Waste,
}

/// Why a request must come again later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotNow {
    /// Too many requests; the seconds to wait.
    #[error("this sender has made more requests than it may; wait as Retry-After says")]
    TooManyRequests(u64),
    /// Too much of what the sender has sent was refused or rejected; the seconds to wait.
    #[error(
        "too much of what this sender has sent was refused or rejected; see why in the receipts, and wait as Retry-After says"
    )]
    TooMuchRefused(u64),
    /// Every place is taken.
    #[error("the register is working on other batches; send it again as Retry-After says")]
    Busy,
    /// Less room than the register needs.
    #[error("the register's disk is full and its staff must make room; send it again as Retry-After says")]
    DiskFull,
}

/// A sender's turn to send something; given back when dropped.
#[derive(Debug)]
pub struct Turn(#[expect(dead_code, reason = "it is held, not read")] OwnedSemaphorePermit);

/// A place in which something that was sent is worked on; given back when dropped.
#[derive(Debug)]
pub struct Place(#[expect(dead_code, reason = "it is held, not read")] OwnedSemaphorePermit);

/// Work that was begun for a sender.
#[derive(Debug)]
pub struct Work {
    sender: SenderCode,
    begun: Duration,
}

impl Admission {
    /// Admission under these limits.
    #[must_use]
    pub fn new(settings: &LimitSettings, environment: &Environment) -> Self {
        let rate = NonZeroU32::new(settings.requests_per_minute).unwrap_or(NonZeroU32::MIN);
        let clock = Uptime(environment.clone());
        Self {
            rates: RateLimiter::dashmap_with_clock(Quota::per_minute(rate), clock.clone()),
            clock,
            places: Arc::new(Semaphore::new(settings.concurrent_batches)),
            senders: Mutex::default(),
            settings: settings.clone(),
            waste: Waste::new(Duration::from_secs(settings.wasted_seconds)),
        }
    }

    /// How fast a body must come.
    #[must_use]
    pub fn pace(&self) -> Pace {
        let LimitSettings { idle_seconds, body_seconds, .. } = self.settings;
        Pace { idle: Duration::from_secs(idle_seconds), total: Duration::from_secs(body_seconds) }
    }

    /// Waits behind what the sender itself sends: it has one turn for what is stored and one for what comes next, unless set otherwise.
    ///
    /// # Errors
    /// When the turn does not come in time.
    pub async fn turn(&self, sender: &SenderCode) -> Result<Turn, NotNow> {
        let turns = self.settings.batches_per_sender;
        let own = {
            let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(senders.entry(sender.clone()).or_insert_with(|| Arc::new(Semaphore::new(turns))))
        };
        self.wait(own).await.map(Turn)
    }

    /// Waits for a place behind everybody's work.
    ///
    /// # Errors
    /// When none comes free in time.
    pub async fn place(&self) -> Result<Place, NotNow> {
        self.wait(Arc::clone(&self.places)).await.map(Place)
    }

    async fn wait(&self, semaphore: Arc<Semaphore>) -> Result<OwnedSemaphorePermit, NotNow> {
        let patience = Duration::from_secs(self.settings.queue_seconds);
        let permit = tokio::time::timeout(patience, semaphore.acquire_owned()).await;
        permit.ok().and_then(Result::ok).ok_or(NotNow::Busy)
    }

    /// Refuses when the file system of the database has less room than it should.
    ///
    /// # Errors
    /// When it has less.
    pub fn room(&self, folder: &Path) -> Result<(), NotNow> {
        let Ok(system) = rustix::fs::statvfs(folder) else { return Ok(()) };
        let free = system.f_bavail.saturating_mul(system.f_frsize);
        if free < self.settings.min_free { Err(NotNow::DiskFull) } else { Ok(()) }
    }

    /// Begins work on what a sender has sent; tells when too much of its earlier work came to nothing.
    ///
    /// # Errors
    /// When the sender must wait first.
    pub fn begin(&self, sender: &SenderCode) -> Result<Work, NotNow> {
        let begun = self.clock.0.clock.uptime();
        match self.waste.wait(sender, begun) {
            Some(wait) => Err(NotNow::TooMuchRefused(wait.as_secs() + 1)),
            None => Ok(Work { sender: sender.clone(), begun }),
        }
    }

    /// Ends work of which a share from 0 to 1 came to nothing.
    pub fn end(&self, Work { sender, begun }: &Work, wasted: f64) {
        let now = self.clock.0.clock.uptime();
        let spent = now.saturating_sub(*begun).mul_f64(wasted.clamp(0.0, 1.0));
        if !spent.is_zero() {
            self.waste.charge(sender, spent, now);
        }
    }

    /// Counts a request of a sender against its rate.
    ///
    /// # Errors
    /// When the sender has made as many as it may.
    pub fn rate(&self, sender: &SenderCode) -> Result<(), NotNow> {
        self.rates.check_key(sender).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            NotNow::TooManyRequests(wait.as_secs() + 1)
        })
    }
}

/// The clock of the rates.
#[derive(Debug, Clone)]
struct Uptime(Environment);

impl governor::clock::Clock for Uptime {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::new(u64::try_from(self.0.clock.uptime().as_nanos()).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(code: &str) -> SenderCode {
        code.parse().unwrap()
    }

    #[tokio::test]
    async fn a_sender_has_its_turns_and_places_are_everybody_s() {
        let settings = LimitSettings { concurrent_batches: 2, queue_seconds: 0, ..LimitSettings::default() };
        let admission = Admission::new(&settings, &Environment::system());
        let (first, _second) =
            (admission.turn(&sender("12")).await.unwrap(), admission.turn(&sender("12")).await.unwrap());
        assert_eq!(admission.turn(&sender("12")).await.unwrap_err(), NotNow::Busy);
        assert!(admission.turn(&sender("01")).await.is_ok());
        drop(first);
        assert!(admission.turn(&sender("12")).await.is_ok());
        let (first, _second) = (admission.place().await.unwrap(), admission.place().await.unwrap());
        assert_eq!(admission.place().await.unwrap_err(), NotNow::Busy);
        drop(first);
        assert!(admission.place().await.is_ok());
    }

    #[test]
    fn room_is_refused_only_below_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        for (min_free, expected) in [(0, Ok(())), (u64::MAX, Err(NotNow::DiskFull))] {
            let settings = LimitSettings { min_free, ..LimitSettings::default() };
            assert_eq!(Admission::new(&settings, &Environment::system()).room(folder.path()), expected);
        }
    }
}
