//! Time and chance of a scripted year: both follow from the script, and nothing asks the machine.

use std::sync::{Arc, Mutex, PoisonError};

use end_to_end::platform::Random;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use registry_server::environment::{Clock, Entropy, Environment};

/// The time and the chance of everybody in the script.
#[derive(Clone)]
pub(crate) struct Moment(Arc<Inner>);

struct Inner {
    now: Mutex<Timestamp>,
    random: Mutex<Random>,
}

impl Moment {
    pub(crate) fn new(seed: u64) -> Self {
        let (now, random) = (Mutex::new(Timestamp::UNIX_EPOCH), Mutex::new(Random::new(seed)));
        Self(Arc::new(Inner { now, random }))
    }

    pub(super) fn now(&self) -> Timestamp {
        *self.0.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Goes on to a time of day in Sweden.
    pub(crate) fn set(&self, at: DateTime) {
        let sweden = TimeZone::get("Europe/Stockholm").unwrap();
        let at = at.to_zoned(sweden).unwrap().timestamp();
        let mut now = self.0.now.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(*now < at, "the script goes back from {now} to {at}");
        *now = at;
    }

    pub(super) fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// The register's.
    pub(super) fn environment(&self) -> Environment {
        Environment { clock: Arc::new(self.clone()), entropy: Arc::new(self.clone()) }
    }
}

impl Clock for Moment {
    fn now(&self) -> Timestamp {
        Self::now(self)
    }
}

impl Entropy for Moment {
    fn fill(&self, bytes: &mut [u8]) {
        let mut random = self.0.random.lock().unwrap_or_else(PoisonError::into_inner);
        for part in bytes.chunks_mut(8) {
            part.copy_from_slice(&random.number().to_le_bytes()[..part.len()]);
        }
    }
}
