//! The comparison at the end of a cycle: looking only after a reading of everything, and mending where the register may have lost
//! something or another state directory wrote before this one.
//!
//! Promises: a register that does not answer, or not yet to this question, ends no cycle; nothing is mended before everything that was
//! queued has its receipt.

use jiff::Timestamp;
use schemas::problem::ProblemType;

use super::{Comparison, Ground, Permit, ReconcileError, Repaired, Whole, look, repair};
use crate::config::{Content, Keeps};
use crate::outbox::{ComparedNote, Outbox, OutboxError};
use crate::push::{Client, ClientError, Delivered, Delivery, deliver};
use crate::schedule;
use crate::setup::Setup;

/// How often both ends are compared after a reading of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Often {
    /// Each time: a person asked for the reading.
    EveryTime,
    /// Once for each planned sweep. A source that cannot tell what changed is read whole by every run, and the register would go through
    /// all its rows as often.
    AsSweepsArePlanned,
}

/// Compares both ends after a cycle where it should be done, and brings them together where that is due. Tells what was found last.
///
/// # Errors
/// When the state fails, or certificates cannot be used any more.
pub async fn stage(
    (setup, often): (&Setup, Often),
    outbox: &mut Outbox,
    delivery: &Delivery<'_>,
    (cycle, delivered): (i64, &Delivered),
) -> Result<Option<ComparedNote>, ReconcileError> {
    if *delivered != Delivered::Everything {
        return Ok(None);
    }
    if has_lost_a_receipt(outbox, delivery.client, cycle).await? {
        tracing::warn!("the register has lost what it gave a receipt for; what it lacks is sent again");
        outbox.set_reconcile_due().await?;
    }
    let due = outbox.reconcile_is_due().await?;
    let now = (delivery.now)();
    let planned = is_time(setup, often, outbox, now).await? && outbox.is_to_be_compared(cycle).await?;
    if !due && !planned {
        return Ok(None);
    }
    let Some(mut comparison) = answered(look(delivery.client, outbox).await)? else { return Ok(None) };
    if due {
        let ground = Ground { whole: whole(setup, outbox, cycle).await?, permit: Permit::Little };
        let repaired = mend(outbox, delivery, &comparison, ground).await?;
        if repaired != Repaired::default() {
            let Some(again) = answered(look(delivery.client, outbox).await)? else { return Ok(None) };
            comparison = again;
        }
        if repaired.read_again == 0 {
            outbox.reconciled().await?;
        }
    }
    let note = comparison.note(now);
    outbox.set_compared(&note).await?;
    if !comparison.is_equal() {
        tracing::warn!(
            differences = note.differences(),
            "the register does not hold what was delivered; see `registry-agent reconcile --dry-run`"
        );
    }
    Ok(Some(note))
}

async fn is_time(setup: &Setup, often: Often, outbox: &mut Outbox, now: Timestamp) -> Result<bool, OutboxError> {
    let last = outbox.compared().await?.map(|note| note.at);
    Ok(often == Often::EveryTime || schedule::sweep_is_due(&setup.config.schedule, last, now))
}

/// Whether the newest receipt from before this cycle is one that the register does not know any more, as after it was put back from a
/// backup.
async fn has_lost_a_receipt(outbox: &mut Outbox, client: &Client, cycle: i64) -> Result<bool, ReconcileError> {
    let Some(batch) = outbox.newest_receipt(cycle).await? else { return Ok(false) };
    match client.has_receipt(&batch).await {
        Ok(has) => Ok(!has),
        Err(error) if is_for_later(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

async fn mend(
    outbox: &mut Outbox,
    delivery: &Delivery<'_>,
    comparison: &Comparison,
    ground: Ground,
) -> Result<Repaired, ReconcileError> {
    if comparison.is_equal() {
        return Ok(Repaired::default());
    }
    let repaired = repair(outbox, comparison, ground, (delivery.now)()).await?;
    tracing::warn!(
        sent_again = repaired.sent_again,
        taken_back = repaired.taken_back,
        read_again = repaired.read_again,
        left = repaired.left,
        "the register did not hold what was delivered"
    );
    // What is sent again is nothing that a person waits for.
    let quietly = Delivery { delivered: &|_| (), ..*delivery };
    deliver(outbox, &quietly).await?;
    Ok(repaired)
}

/// How far everything that ever was delivered is known here.
///
/// # Errors
/// When the state fails.
pub async fn whole(setup: &Setup, outbox: &mut Outbox, cycle: i64) -> Result<Whole, OutboxError> {
    if !outbox.has_unknown_past().await? {
        return Ok(Whole::Yes);
    }
    let shows_all = setup
        .places
        .iter()
        .all(|place| place.config.keeps == Keeps::All && place.config.content != Some(Content::Delta));
    Ok(if shows_all && outbox.is_sweep(cycle).await? { Whole::AsFarAsShown } else { Whole::No })
}

/// What was answered; nothing where the register may answer another time, or is older than the question.
fn answered(looked: Result<Comparison, ReconcileError>) -> Result<Option<Comparison>, ReconcileError> {
    match looked {
        Ok(comparison) => Ok(Some(comparison)),
        Err(ReconcileError::Client(error)) if is_for_later(&error) => {
            tracing::warn!("what the register holds is not compared: {error}");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn is_for_later(error: &ClientError) -> bool {
    let unknown = matches!(error, ClientError::Problem(problem) if problem.kind == ProblemType::NotFound);
    unknown || error.is_temporary()
}
