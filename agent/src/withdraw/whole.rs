//! Whether the list is whole, by what others know of withdrawn persons.

use std::collections::BTreeSet;

use schemas::contact::Me;

use super::WithdrawError;
use crate::objections::{self, Objections};
use crate::outbox::{Dealt, Outbox};
use crate::setup::Setup;

/// What is known of withdrawn persons, beside what the list holds.
struct Known {
    /// Persons whom the register or this state directory knows.
    elsewhere: u64,
    /// Of these the ones in the list.
    withdrawn: u64,
    /// Whom this state directory knows and the list lacks.
    lost: Vec<[u8; 32]>,
}

/// Compares the list with what the register, when it was asked, and this state directory know of withdrawn persons. A register that
/// knows of fewer than it did was put back from a backup: erasures that may be lost with it are queued again.
///
/// # Errors
/// [`objections::ObjectionsError::Fewer`] when the list was lost: nothing may be read or sent then.
pub async fn agree(setup: &Setup, outbox: &mut Outbox, me: Option<&Me>) -> Result<(), WithdrawError> {
    let mut objections = Objections::open(&setup.config.state_dir(), &setup.keys).await?;
    let Known { elsewhere, withdrawn, .. } = known(&mut objections, outbox, me).await?;
    objections::agree(elsewhere, withdrawn, objections.answered_for().await?)?;
    let Some(me) = me else { return Ok(()) };
    outbox.set_cases(&me.cases).await?;
    if objections.seen().await?.is_some_and(|seen| me.withdrawn < seen) {
        tracing::warn!("the register knows of fewer withdrawn persons than before; the erasures are sent again");
        queue_again(setup, &mut objections, outbox).await?;
    }
    objections.set_seen(Some(me.withdrawn)).await?;
    Ok(())
}

/// Queues every erasure once more that a backup of the register may lack.
///
/// # Errors
/// When the list or the state fails.
pub async fn erase_again(setup: &Setup, outbox: &mut Outbox) -> Result<(), WithdrawError> {
    let mut objections = Objections::open(&setup.config.state_dir(), &setup.keys).await?;
    queue_again(setup, &mut objections, outbox).await
}

async fn queue_again(setup: &Setup, objections: &mut Objections, outbox: &mut Outbox) -> Result<(), WithdrawError> {
    let open = objections.open_ones(&setup.keys).await?;
    let again: Vec<[u8; 32]> = open.iter().filter(|one| one.erased).map(|one| one.hash).collect();
    Ok(outbox.set_objectors(&again, Dealt::Queued).await?)
}

/// Notes that somebody answers for going on without the objections that are missing; answers how many those are.
///
/// # Errors
/// When the list or the state fails.
pub async fn answer_for(setup: &Setup, outbox: &mut Outbox, me: &Me) -> Result<u64, WithdrawError> {
    let mut objections = Objections::open(&setup.config.state_dir(), &setup.keys).await?;
    let Known { elsewhere, withdrawn, lost } = known(&mut objections, outbox, Some(me)).await?;
    let missing = elsewhere.saturating_sub(withdrawn);
    if objections::agree(elsewhere, withdrawn, objections.answered_for().await?).is_ok() {
        return Ok(0);
    }
    objections.set_answered_for(missing).await?;
    outbox.forget_objectors(&lost).await?;
    Ok(missing)
}

async fn known(objections: &mut Objections, outbox: &mut Outbox, me: Option<&Me>) -> Result<Known, WithdrawError> {
    let listed: BTreeSet<[u8; 32]> = objections.hashes().await?.into_iter().collect();
    let mut dealt = outbox.objectors().await?;
    dealt.retain(|hash, dealt| *dealt != Dealt::NoneSent && !listed.contains(hash));
    let lost: Vec<[u8; 32]> = dealt.into_keys().collect();
    let withdrawn = objections.count().await?.withdrawn;
    let elsewhere = me.map_or(0, |me| me.withdrawn).max(withdrawn + lost.len() as u64);
    Ok(Known { elsewhere, withdrawn, lost })
}
