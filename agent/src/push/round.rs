//! Batches one behind the other, the next under way while the register works on the one before, until none is left or one does not go.
//!
//! Promises: what describes units is delivered before anything behind it is sent; when one batch must wait or ends the run, those under
//! way are heard to their end and no other is sent.
//! Must not know: how long to wait, or how often.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use schemas::id::SenderCode;
use schemas::receipt::{Expected, Receipt};

use super::{ClientError, Decision, Delivered, Delivery, PushError, Refusal, decide};
use crate::outbox::{Outbox, OutboxError, Sealed};

/// Batches under way at once: as many as the register takes of one sender, which reads one while it stores the other.
const AT_ONCE: usize = 2;

/// What came of a round.
pub(super) struct Round {
    /// Why it ended; nothing when nothing is queued any more.
    pub(super) halt: Option<Halt>,
    /// Batches that it closed.
    pub(super) closed: u32,
}

/// What stops a round.
pub(super) enum Halt {
    /// A batch must be sent again later, after the longest time that the register asked for.
    Wait(Option<Duration>, String),
    /// The delivery is over.
    End(Delivered),
}

/// Sends what is queued, oldest first.
pub(super) async fn send(outbox: &mut Outbox, delivery: &Delivery<'_>) -> Result<Round, PushError> {
    let mut under_way = FuturesUnordered::new();
    let mut round = Round { halt: None, closed: 0 };
    let (mut newest, mut alone) = (0, false);
    loop {
        while round.halt.is_none() && !alone && under_way.len() < AT_ONCE {
            let Some(batch) = next(outbox, delivery.sender, newest).await? else { break };
            (delivery.attempt)();
            if let Some(sentence) = (delivery.refuse)(&batch.plain) {
                // Its records are read again, so that the faulty one is held by itself and the others go.
                outbox.drop_damaged(batch.id).await?;
                round.halt = Some(Halt::End(Delivered::Refused(Refusal::Failed, sentence)));
                break;
            }
            (newest, alone) = (batch.id, batch.describes_units);
            under_way.push(attempt(batch, delivery));
        }
        let Some((batch, decision, bytes)) = under_way.next().await else { return Ok(round) };
        alone &= !under_way.is_empty();
        if matches!(decision, Decision::Close(..)) {
            round.closed += 1;
        }
        let halt = act((outbox, delivery), &batch, (decision, bytes)).await?;
        if matches!(halt, Some(Halt::End(Delivered::BegunAnew))) {
            // What is still under way is not queued any more.
            return Ok(Round { halt, ..round });
        }
        round.halt = graver(round.halt, halt);
    }
}

/// Does what the register's answer to a batch means.
async fn act(
    (outbox, delivery): (&mut Outbox, &Delivery<'_>),
    batch: &Sealed,
    (decision, bytes): (Decision, Vec<u8>),
) -> Result<Option<Halt>, OutboxError> {
    Ok(match decision {
        Decision::Close(receipt, verdicts) => {
            let behind = outbox.close(batch.id, (&receipt, &bytes), &verdicts, (delivery.now)()).await?;
            // Whoever hears of the delivery may end the run there and then.
            if behind {
                outbox.begin_anew().await?;
            }
            (delivery.delivered)(batch.records_of_care());
            behind.then_some(Halt::End(Delivered::BegunAnew))
        }
        Decision::Split => (!outbox.split(batch.id).await?).then(|| {
            let sentence = "a single record is larger than the register allows; report it to the register".into();
            Halt::End(Delivered::Refused(Refusal::Failed, sentence))
        }),
        Decision::BeginAnew => {
            outbox.begin_anew().await?;
            Some(Halt::End(Delivered::BegunAnew))
        }
        Decision::Stop(refusal, sentence) => Some(Halt::End(Delivered::Refused(refusal, sentence))),
        Decision::Wait(asked, sentence) => Some(Halt::Wait(asked, sentence)),
    })
}

/// An end is graver than a wait, and a longer wait than a shorter one.
fn graver(one: Option<Halt>, other: Option<Halt>) -> Option<Halt> {
    match (one, other) {
        (Some(Halt::Wait(one, sentence)), Some(Halt::Wait(other, _))) => Some(Halt::Wait(one.max(other), sentence)),
        (one @ Some(Halt::End(_)), _) | (one, None) => one,
        (_, other) => other,
    }
}

/// The next batch behind another. One that was damaged ends the run, so that somebody looks at the disk, but it is dropped first: the
/// records are queued again from the source.
async fn next(outbox: &mut Outbox, sender: &SenderCode, behind: i64) -> Result<Option<Sealed>, OutboxError> {
    let next = outbox.next_behind(sender, behind).await;
    if let Err(OutboxError::Damaged(batch)) = next {
        outbox.drop_damaged(batch).await?;
    }
    next
}

async fn attempt(batch: Sealed, delivery: &Delivery<'_>) -> (Sealed, Decision, Vec<u8>) {
    let expected = Expected {
        sender: delivery.sender,
        environment: delivery.environment,
        batch: &batch.digest,
        records: batch.records,
    };
    let (decision, bytes) = match delivery.client.put_batch(&batch).await {
        Ok(answer) => {
            let decision = decide(&answer, |receipt: &Receipt| delivery.client.verify(receipt, &expected));
            (decision, answer.body)
        }
        Err(ClientError::Refused(sentence)) => (Decision::Stop(Refusal::NotAllowed, sentence), Vec::new()),
        Err(error) => (Decision::Wait(None, error.to_string()), Vec::new()),
    };
    (batch, decision, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_told_before_a_wait_and_the_longest_wait_is_kept() {
        let wait = |seconds: Option<u64>| Some(Halt::Wait(seconds.map(Duration::from_secs), "later".into()));
        let end = || Some(Halt::End(Delivered::Later("over".into())));
        let told = |halt| match halt {
            None => "nothing".to_owned(),
            Some(Halt::Wait(asked, _)) => format!("wait {asked:?}"),
            Some(Halt::End(_)) => "end".to_owned(),
        };
        for (one, other, expected) in [
            (None, None, "nothing"),
            (None, wait(Some(3)), "wait Some(3s)"),
            (wait(Some(3)), None, "wait Some(3s)"),
            (wait(None), wait(Some(7)), "wait Some(7s)"),
            (wait(Some(9)), wait(Some(7)), "wait Some(9s)"),
            (wait(Some(9)), end(), "end"),
            (end(), wait(Some(9)), "end"),
        ] {
            assert_eq!(told(graver(one, other)), expected);
        }
    }
}
