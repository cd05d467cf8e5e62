//! What the program takes from the world around it: the time and randomness, handed in so that tests can choose both.
//!
//! Promises: only `Environment::system` asks the operating system; everything else asks this.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The time of day, UTC. It may jump.
    fn now(&self) -> Timestamp;

    /// Time since some fixed moment. It must not jump back; a clock that does not tell is taken by its time of day.
    fn uptime(&self) -> Duration {
        Duration::try_from(self.now().duration_since(Timestamp::UNIX_EPOCH)).unwrap_or_default()
    }
}

/// Gives random bytes fit for keys.
pub trait Entropy: Send + Sync {
    /// Fills the slice.
    fn fill(&self, bytes: &mut [u8]);
}

/// A moment: when something is done, and the salt under which the audit log commits to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// When.
    pub at: Timestamp,
    /// Random bytes, of this moment alone.
    pub salt: [u8; 32],
}

/// Clock and randomness together.
#[derive(Clone)]
pub struct Environment {
    /// The clock; TLS checks the validity of certificates by it too.
    pub clock: Arc<dyn Clock>,
    /// The randomness. Private keys of TLS come from the TLS library's own source.
    pub entropy: Arc<dyn Entropy>,
}

impl Environment {
    /// The operating system's clock and randomness.
    #[must_use]
    pub fn system() -> Self {
        Self { clock: Arc::new(SystemClock::default()), entropy: Arc::new(SystemEntropy) }
    }

    /// The time of day.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The time of day with a salt of its own.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        Stamp { at: self.now(), salt: self.random() }
    }

    /// So many random bytes.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes);
        bytes
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Environment")
    }
}

struct SystemClock {
    started: std::time::Instant,
}

impl Default for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the composition root's clock")]
    fn default() -> Self {
        Self { started: std::time::Instant::now() }
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the composition root's clock")]
    fn now(&self) -> Timestamp {
        // A thousandth of a second is what a log or a receipt can use.
        Timestamp::now().round(jiff::Unit::Millisecond).unwrap_or(Timestamp::UNIX_EPOCH)
    }
    fn uptime(&self) -> Duration {
        self.started.elapsed()
    }
}

struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "the composition root's randomness")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("Linux gives random bytes to every process once it has booted");
    }
}
