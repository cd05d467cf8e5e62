//! Who may work now: rate, turn and room.
//!
//! Promises: a sender takes one place at a time, so that none crowds out the others; places are given in the order of asking; standing
//! and certificate are looked at on every request, so that a revocation holds at once, on open connections too.

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

use crate::authenticate::region::RegionIdentity;
use crate::config::LimitSettings;
use crate::environment::Environment;
use crate::problem::Refusal;
use crate::registry::Registry;
use crate::store::SenderStatus;

/// Rates and places.
pub struct Admission {
    rates: RateLimiter<SenderCode, DashMapStateStore<SenderCode>, Uptime, NoOpMiddleware<Nanos>>,
    clock: Uptime,
    places: Arc<Semaphore>,
    senders: Mutex<HashMap<SenderCode, Arc<Semaphore>>>,
    settings: LimitSettings,
}

/// A place in which one batch is worked on; given back when dropped.
#[derive(Debug)]
pub(super) struct Turn {
    _sender: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
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
        }
    }

    /// Seconds without a byte after which a body is given up.
    pub(crate) fn idle(&self) -> Duration {
        Duration::from_secs(self.settings.idle_seconds)
    }

    /// Waits for a place, first behind the sender's own batches, then behind everybody's.
    pub(super) async fn turn(&self, sender: &SenderCode) -> Result<Turn, Refusal> {
        let own = {
            let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(senders.entry(sender.clone()).or_insert_with(|| Arc::new(Semaphore::new(1))))
        };
        let both = async {
            let sender = own.acquire_owned().await.ok()?;
            let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
            Some(Turn { _sender: sender, _place: place })
        };
        let patience = Duration::from_secs(self.settings.queue_seconds);
        tokio::time::timeout(patience, both).await.ok().flatten().ok_or(Refusal::Busy)
    }

    /// Refuses when the file system of the database has less room than it should.
    pub(super) fn room(&self, folder: &Path) -> Result<(), Refusal> {
        let Ok(system) = rustix::fs::statvfs(folder) else { return Ok(()) };
        let free = system.f_bavail.saturating_mul(system.f_frsize);
        if free < self.settings.min_free { Err(Refusal::DiskFull) } else { Ok(()) }
    }

    fn rate(&self, sender: &SenderCode) -> Result<(), Refusal> {
        self.rates.check_key(sender).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            Refusal::TooManyRequests(wait.as_secs() + 1)
        })
    }
}

/// The sender behind a connection, when it may make a request now.
pub(crate) async fn admit(registry: &Registry, peer: Option<&RegionIdentity>) -> Result<SenderCode, Refusal> {
    let peer = peer.ok_or(Refusal::SenderNotActive)?;
    if peer.environment != registry.stage || peer.not_after < registry.environment.now() {
        return Err(Refusal::SenderNotActive);
    }
    if registry.store.sender_status(&peer.sender).await? != Some(SenderStatus::Active) {
        return Err(Refusal::SenderNotActive);
    }
    registry.admission.rate(&peer.sender)?;
    Ok(peer.sender.clone())
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
