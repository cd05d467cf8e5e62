//! Everybody who objects by now, on the way out: what is remembered is taken out of the outbox.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::WithdrawError;
use crate::objections::{Collected, NewObjection, Objections};
use crate::outbox::{Dealt, Leaving, Outbox, Purged, Tell};
use crate::setup::Setup;

/// Remembers whom the sources name, and takes everybody out who has not been taken out of this state directory yet. `random` are bytes
/// that no other run has.
///
/// # Errors
/// When the list or the state fails; the next run goes on from there.
pub async fn note(
    setup: &Setup,
    collected: &Collected,
    outbox: &mut Outbox,
    (now, random): (Timestamp, [u8; 16]),
) -> Result<Purged, WithdrawError> {
    let mut objections = Objections::open(&setup.config.state_dir(), &setup.keys).await?;
    let known: BTreeSet<[u8; 32]> = objections.hashes().await?.into_iter().collect();
    let new: Vec<NewObjection> = collected
        .persons
        .values()
        .filter(|said| !known.contains(&said.objector.hash))
        .map(|said| NewObjection {
            objector: said.objector,
            earlier: said.earlier.clone(),
            origin: said.origin,
            reason: said.reason,
            registered_at: said.registered_on.map_or_else(|| now.to_string(), |day| day.to_string()),
        })
        .collect();
    objections.remember(&new, (&setup.keys, &random)).await?;
    objections.drop_old_seals(now).await?;
    objections.drop_old_lifted(now).await?;
    outbox.set_unreadable(collected.unreadable).await?;
    take_out(setup, &mut objections, outbox).await
}

/// Takes everybody out of the outbox who is remembered and has not been taken out.
///
/// # Errors
/// When the list or the state fails.
pub(super) async fn take_out(
    setup: &Setup,
    objections: &mut Objections,
    outbox: &mut Outbox,
) -> Result<Purged, WithdrawError> {
    let dealt = outbox.objectors().await?;
    let mut open = objections.open_ones(&setup.keys).await?;
    open.retain(|one| !dealt.contains_key(&one.hash));
    let leaving: Vec<Leaving> = open
        .iter()
        .map(|one| Leaving {
            hash: one.hash,
            person: one.person,
            tell: if one.asked { Tell::Always } else { Tell::IfKnown },
        })
        .collect();
    let purged = outbox.purge(&setup.config.agent.region, &leaving).await?;
    // Confirmed to a state directory that was lost.
    let confirmed: Vec<[u8; 32]> = open.iter().filter(|one| one.erased && !one.asked).map(|one| one.hash).collect();
    outbox.set_objectors(&confirmed, Dealt::Confirmed).await?;
    let none: Vec<[u8; 32]> = outbox
        .objectors()
        .await?
        .into_iter()
        .filter(|(_, dealt)| *dealt == Dealt::NoneSent)
        .map(|(hash, _)| hash)
        .collect();
    objections.drop_seals(&none).await?;
    Ok(purged)
}
