//! Delivery to the register: one connection out, to one host and port.
//!
//! Promises: a batch is closed only by a receipt whose signature and content verify; whatever else the register says is turned into
//! one of a few decisions; waiting grows with full jitter and obeys `Retry-After`, and a longer one than a run waits for ends it; a
//! register that several runs have not reached is tried once a run.
//! Must not know: what a batch holds.

mod attestation;
/// Whether a register that does not answer is left alone for longer.
pub(crate) mod breaker;
mod client;
mod digest;
mod proxy;
mod unanswered;
mod reply;
mod reset;
mod round;
/// What this agent sees of the register's audit log.
pub(crate) mod witness;
mod withdrawal;

pub use client::{Client, ClientError};
pub use reply::{Decision, Refusal, decide};

use std::time::Duration;

use jiff::Timestamp;
use schemas::id::SenderCode;

use crate::outbox::{Outbox, OutboxError};
use round::{Halt, Round};

/// The longest wait between attempts.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Who sends, and how time passes: the composition root decides.
pub struct Delivery<'a> {
    /// The register.
    pub client: &'a Client,
    /// Who sends.
    pub sender: &'a SenderCode,
    /// `test` or `production`.
    pub environment: &'a str,
    /// The clock.
    pub now: &'a (dyn Fn() -> Timestamp + Sync),
    /// A random number from 0 to 1, for the jitter.
    pub chance: &'a (dyn Fn() -> f64 + Sync),
    /// Told before every attempt at a batch.
    pub attempt: &'a (dyn Fn() + Sync),
    /// Looks at the plain bytes of every batch before it is sent; a sentence refuses it.
    pub refuse: &'a (dyn Fn(&[u8]) -> Option<String> + Sync),
    /// Told after every closed batch: records delivered, without monthly counts.
    pub delivered: &'a (dyn Fn(u32) + Sync),
}

/// How a delivery ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    /// Nothing is queued any more.
    Everything,
    /// The register refuses what no repetition will change; the sentence says what to do.
    Refused(Refusal, String),
    /// The register does not answer, or not usefully; the queue waits.
    Later(String),
    /// What is left waits until somebody releases it; the oldest has this payload hash.
    Frozen(String),
    /// The register remembers later versions than this state directory; everything is sent again by the next run.
    BegunAnew,
}

/// Why a delivery broke off without the register's doing.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// The state failed.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// Certificates or keys cannot be used.
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// Sends batches, oldest first, until the outbox is empty or the register refuses.
///
/// # Errors
/// [`PushError`] when the state fails; what was not closed stays queued.
pub async fn deliver(outbox: &mut Outbox, delivery: &Delivery<'_>) -> Result<Delivered, PushError> {
    let attempts = breaker::attempts(outbox.reach_note().await?.in_vain);
    let mut failures = 0;
    loop {
        let Round { halt, closed } = round::send(outbox, delivery).await?;
        match halt {
            None => return Ok(Delivered::Everything),
            Some(Halt::End(delivered)) => return Ok(delivered),
            Some(Halt::Wait(asked, sentence)) => {
                failures = if closed == 0 { failures + 1 } else { 1 };
                let Some(wait) = wait(asked, (failures, attempts), (delivery.chance)()) else {
                    return Ok(Delivered::Later(sentence));
                };
                tracing::warn!(attempt = failures, wait_ms = wait.as_millis(), "not delivered yet: {sentence}");
                tokio::time::sleep(wait).await;
            }
        }
    }
}

/// How long to wait after so many failures of so many attempts, as long as the register asked where it did; none when the run had better
/// end.
fn wait(asked: Option<Duration>, (failures, attempts): (u32, u32), chance: f64) -> Option<Duration> {
    let wait = asked.unwrap_or_else(|| back_off(failures, chance));
    (failures < attempts && wait <= LONGEST_WAIT).then_some(wait)
}

/// Full jitter: anything from nothing to a ceiling that doubles.
fn back_off(failures: u32, chance: f64) -> Duration {
    let ceiling = Duration::from_millis(250) * 2_u32.pow(failures.min(8));
    ceiling.mul_f64(chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::breaker::ATTEMPTS;
    use super::*;

    #[test]
    fn the_wait_never_exceeds_a_ceiling_that_doubles() {
        assert_eq!(back_off(1, 1.0), Duration::from_millis(500));
        assert_eq!(back_off(3, 0.5), Duration::from_secs(1));
        assert_eq!(back_off(900, 1.0), back_off(8, 1.0));
        assert_eq!(back_off(5, 0.0), Duration::ZERO);
        assert!(back_off(ATTEMPTS, 1.0) <= LONGEST_WAIT);
    }

    #[test]
    fn a_register_that_asks_for_more_than_a_minute_is_left_alone_until_the_next_run() {
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        for (asked, failures, expected) in [
            (seconds(7), 1, seconds(7)),
            (seconds(60), 1, seconds(60)),
            (seconds(61), 1, None),
            (seconds(3_600), 1, None),
            (seconds(7), ATTEMPTS, None),
            (None, 1, Some(Duration::from_millis(500))),
            (None, ATTEMPTS, None),
        ] {
            assert_eq!(wait(asked, (failures, ATTEMPTS), 1.0), expected, "{asked:?} after {failures}");
        }
        assert_eq!(wait(seconds(7), (1, 1), 1.0), None, "a register that stays away is tried once");
    }
}
