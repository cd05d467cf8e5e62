//! What the service manager is told: ready, stopping, reloading, a line of status, and that the work goes on.
//!
//! Promises: without a service manager nothing is said; one that does not listen stops nothing; the watchdog is fed only when somebody
//! who works says so.

use std::sync::Mutex;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sd_notify::NotifyState;

/// Between two signs of life, at least.
const BETWEEN: SignedDuration = SignedDuration::from_secs(1);

/// The service manager, if there is one.
#[derive(Debug)]
pub struct Service {
    watchdog: Option<Duration>,
    said: Mutex<Said>,
}

#[derive(Debug, Default)]
struct Said {
    status: String,
    alive_at: Option<Timestamp>,
}

impl Service {
    /// A service manager that wants a sign of life within this time, if it wants any.
    #[must_use]
    pub fn new(watchdog: Option<Duration>) -> Self {
        Self { watchdog, said: Mutex::default() }
    }

    /// The time after which the next sign of life is due, with as much to spare.
    #[must_use]
    pub fn patience(&self) -> Duration {
        self.watchdog.map_or(Duration::MAX, |watchdog| watchdog / 2)
    }

    /// The daemon works by its plan.
    pub fn ready(&self) {
        notify(&[NotifyState::Ready]);
    }

    /// The configuration is read again; [`Service::ready`] ends it.
    pub fn reloading(&self) {
        if let Ok(now) = NotifyState::monotonic_usec_now() {
            notify(&[NotifyState::Reloading, now]);
        }
    }

    /// The daemon ends soon.
    pub fn stopping(&self) {
        notify(&[NotifyState::Stopping]);
    }

    /// One line for people; said when it is another than before.
    pub fn status(&self, line: &str) {
        let mut said = self.said.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if said.status != line {
            notify(&[NotifyState::Status(line)]);
            line.clone_into(&mut said.status);
        }
    }

    /// The work goes on.
    pub fn alive(&self, now: Timestamp) {
        if self.watchdog.is_none() {
            return;
        }
        let mut said = self.said.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // A clock that was set back must not silence it.
        let lately = said.alive_at.is_some_and(|before| now.duration_since(before).abs() < BETWEEN);
        if !lately {
            notify(&[NotifyState::Watchdog]);
            said.alive_at = Some(now);
        }
    }
}

fn notify(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!("the service manager does not listen ({error})");
    }
}
