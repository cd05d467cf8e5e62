//! Delivery to the register: one connection out, to one host and port.
//!
//! Promises: a batch is closed only by a receipt whose signature and content verify; whatever else the register says is turned into
//! one of a few decisions; waiting grows with full jitter and obeys `Retry-After`.
//! Must not know: what a batch holds.

mod client;
mod proxy;
mod unanswered;
mod reply;

pub use client::{Client, ClientError};
pub use reply::{Decision, Refusal, decide};

use std::time::Duration;

use jiff::Timestamp;
use schemas::id::SenderCode;
use schemas::receipt::{Expected, Receipt};

use crate::outbox::{Outbox, OutboxError, Sealed};

/// Attempts at one batch before a run leaves it queued.
const ATTEMPTS: u32 = 6;
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
    /// Told after every closed batch: records delivered.
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
    let mut failures = 0;
    while let Some(batch) = next(outbox, delivery.sender).await? {
        (delivery.attempt)();
        if let Some(sentence) = (delivery.refuse)(&batch.plain) {
            // Its records are read again, so that the faulty one is held by itself and the others go.
            outbox.drop_damaged(batch.id).await?;
            return Ok(Delivered::Refused(Refusal::Failed, sentence));
        }
        let (decision, bytes) = attempt(&batch, delivery).await;
        match decision {
            Decision::Close(receipt, verdicts) => {
                failures = 0;
                let behind = outbox.close(batch.id, (&receipt, &bytes), &verdicts, (delivery.now)()).await?;
                // Whoever hears of the delivery may end the run there and then.
                if behind {
                    outbox.begin_anew().await?;
                }
                (delivery.delivered)(batch.records);
                if behind {
                    return Ok(Delivered::BegunAnew);
                }
            }
            Decision::Split => {
                if !outbox.split(batch.id).await? {
                    let sentence =
                        "a single record is larger than the register allows; report it to the register".into();
                    return Ok(Delivered::Refused(Refusal::Failed, sentence));
                }
            }
            Decision::BeginAnew => {
                outbox.begin_anew().await?;
                return Ok(Delivered::BegunAnew);
            }
            Decision::Stop(refusal, sentence) => return Ok(Delivered::Refused(refusal, sentence)),
            Decision::Wait(asked, sentence) => {
                failures += 1;
                if failures >= ATTEMPTS {
                    return Ok(Delivered::Later(sentence));
                }
                let wait = asked.unwrap_or_else(|| back_off(failures, (delivery.chance)()));
                tracing::warn!(attempt = failures, wait_ms = wait.as_millis(), "not delivered yet: {sentence}");
                tokio::time::sleep(wait.min(LONGEST_WAIT)).await;
            }
        }
    }
    Ok(Delivered::Everything)
}

/// The next batch. One that was damaged ends the run, so that somebody looks at the disk, but it is dropped first: the records are
/// queued again from the source.
async fn next(outbox: &mut Outbox, sender: &SenderCode) -> Result<Option<Sealed>, OutboxError> {
    let next = outbox.next(sender).await;
    if let Err(OutboxError::Damaged(batch)) = next {
        outbox.drop_damaged(batch).await?;
    }
    next
}

async fn attempt(batch: &Sealed, delivery: &Delivery<'_>) -> (Decision, Vec<u8>) {
    let expected = Expected {
        sender: delivery.sender,
        environment: delivery.environment,
        batch: &batch.digest,
        records: batch.records,
    };
    match delivery.client.put_batch(batch).await {
        Ok(answer) => {
            let decision = decide(&answer, |receipt: &Receipt| delivery.client.verify(receipt, &expected));
            (decision, answer.body)
        }
        Err(ClientError::Refused(sentence)) => (Decision::Stop(Refusal::NotAllowed, sentence), Vec::new()),
        Err(error) => (Decision::Wait(None, error.to_string()), Vec::new()),
    }
}

/// Full jitter: anything from nothing to a ceiling that doubles.
fn back_off(failures: u32, chance: f64) -> Duration {
    let ceiling = Duration::from_millis(250) * 2_u32.pow(failures.min(8));
    ceiling.mul_f64(chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_never_exceeds_a_ceiling_that_doubles() {
        assert_eq!(back_off(1, 1.0), Duration::from_millis(500));
        assert_eq!(back_off(3, 0.5), Duration::from_secs(1));
        assert_eq!(back_off(900, 1.0), back_off(8, 1.0));
        assert_eq!(back_off(5, 0.0), Duration::ZERO);
    }
}
