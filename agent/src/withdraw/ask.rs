//! What somebody asks for by name of a person: to be withdrawn, or to be taken again.

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemas::withdrawal::{Lift, Lifted, MOST_PERSONS};

use super::WithdrawError;
use super::note::take_out;
use crate::identity::IdentityNumber;
use crate::map::Reason;
use crate::objections::{NewObjection, Objections, Origin};
use crate::outbox::{Dealt, Outbox};
use crate::pseudonymise::{EarlierName, Objector, pseudonym_of};
use crate::push::ClientError;
use crate::setup::Setup;

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Persons, each once.
    pub persons: u64,
    /// Of these the ones whose erasure is queued.
    pub queued: u64,
    /// Records that were taken out of the state.
    pub records: u64,
}

/// Remembers persons and queues their erasure. For a case of the register only of those is told of whom it may hold something.
///
/// # Errors
/// When the list or the state fails; what is remembered stays remembered, and the next run goes on from there.
pub async fn ask(
    setup: &Setup,
    (persons, case): (&[IdentityNumber], Option<u32>),
    outbox: &mut Outbox,
    (now, random): (Timestamp, [u8; 16]),
) -> Result<Asked, WithdrawError> {
    let mut objections = Objections::open(&setup.config.state_dir(), &setup.keys).await?;
    let mut new = remembered(setup, persons, now);
    let asked_for = new.iter().map(|one| one.objector.hash).collect();
    // Whoever leaves under one number leaves under the others too.
    let others = outbox.other_numbers(&asked_for).await?;
    new.extend(others.into_iter().map(|objector| objection((objector, Vec::new()), now)));
    let mut asked = Asked { persons: new.len() as u64, queued: 0, records: 0 };
    if case.is_some() {
        objections.remember(&new, (&setup.keys, &random)).await?;
        asked.records += take_out(setup, &mut objections, outbox).await?.records;
        let dealt = outbox.objectors().await?;
        new.retain(|one| dealt.get(&one.objector.hash).is_some_and(|dealt| *dealt != Dealt::NoneSent));
    }
    let hashes: Vec<[u8; 32]> = new.iter().map(|one| one.objector.hash).collect();
    answer_for_earlier_keys(setup, &mut objections, &hashes).await?;
    objections.ask(&new, case, (&setup.keys, &random)).await?;
    outbox.forget_objectors(&hashes).await?;
    let purged = take_out(setup, &mut objections, outbox).await?;
    outbox.take_back_elsewhere(now).await?;
    Ok(Asked { queued: hashes.len() as u64, records: asked.records + purged.records, ..asked })
}

/// Remembers persons while another run holds the state: the next one takes them out. Of a case only the objections are remembered.
///
/// # Errors
/// When the list or the state fails.
pub async fn remember(
    setup: &Setup,
    (persons, case): (&[IdentityNumber], Option<u32>),
    (now, random): (Timestamp, [u8; 16]),
) -> Result<(), WithdrawError> {
    let mut objections = Objections::open(&setup.config.state_dir(), &setup.keys).await?;
    let new = remembered(setup, persons, now);
    if case.is_some() {
        return Ok(objections.remember(&new, (&setup.keys, &random)).await?);
    }
    let hashes: Vec<[u8; 32]> = new.iter().map(|one| one.objector.hash).collect();
    answer_for_earlier_keys(setup, &mut objections, &hashes).await?;
    objections.ask(&new, None, (&setup.keys, &random)).await?;
    let mut beside = Outbox::open_for_notes(&setup.config.state_dir()).await?;
    Ok(beside.forget_objectors(&hashes).await?)
}

/// The register counts a person whom it erased under an earlier person key for good: it cannot know who it was when the person is named
/// under this one.
async fn answer_for_earlier_keys(
    setup: &Setup,
    objections: &mut Objections,
    hashes: &[[u8; 32]],
) -> Result<(), WithdrawError> {
    let more = objections.erased_before(hashes, setup.keys.id()).await?;
    if more > 0 {
        let answered = objections.answered_for().await?;
        objections.set_answered_for(answered + more).await?;
    }
    Ok(())
}

/// Persons as the list knows them, each once.
#[must_use]
pub fn once_each(setup: &Setup, persons: &[IdentityNumber]) -> Vec<Objector> {
    each_with_earlier_names(setup, persons).map(|(objector, _)| objector).collect()
}

fn each_with_earlier_names(
    setup: &Setup,
    persons: &[IdentityNumber],
) -> impl Iterator<Item = (Objector, Vec<EarlierName>)> {
    let mut hashes = BTreeSet::new();
    let objectors = persons.iter().map(|person| (setup.keys.objector(person), setup.keys.earlier_names(person)));
    objectors.filter(move |(objector, _)| hashes.insert(objector.hash))
}

fn remembered(setup: &Setup, persons: &[IdentityNumber], now: Timestamp) -> Vec<NewObjection> {
    each_with_earlier_names(setup, persons).map(|names| objection(names, now)).collect()
}

fn objection((objector, earlier): (Objector, Vec<EarlierName>), now: Timestamp) -> NewObjection {
    NewObjection { objector, earlier, origin: Origin::Stdin, reason: Reason::Objection, registered_at: now.to_string() }
}

/// Takes objections back, at the register first, which refuses the persons' records until then.
///
/// # Errors
/// When the register cannot be told, nothing is lifted.
pub async fn lift(
    setup: &Setup,
    persons: &[IdentityNumber],
    (outbox, now, random): (&mut Outbox, Timestamp, [u8; 16]),
    tell: impl AsyncFn(&Lift) -> Result<Lifted, ClientError>,
) -> Result<u64, WithdrawError> {
    let mut objections = Objections::open(&setup.config.state_dir(), &setup.keys).await?;
    let known = objections.hashes().await?;
    let mut objectors = once_each(setup, persons);
    objectors.retain(|objector| known.contains(&objector.hash));
    let state_id = outbox.state_id(random).await?;
    let dealt = outbox.objectors().await?;
    let told: Vec<&Objector> =
        objectors.iter().filter(|objector| dealt.get(&objector.hash) != Some(&Dealt::NoneSent)).collect();
    for chunk in told.chunks(MOST_PERSONS) {
        let persons = chunk.iter().map(|objector| pseudonym_of(setup.keys.id(), objector.person)).collect();
        tell(&Lift { state_id: state_id.clone(), persons }).await?;
    }
    let hashes: Vec<[u8; 32]> = objectors.iter().map(|objector| objector.hash).collect();
    outbox.forget_objectors(&hashes).await?;
    objections.set_seen(None).await?;
    answer_for_earlier_keys(setup, &mut objections, &hashes).await?;
    Ok(objections.lift(&hashes, (&setup.keys, &told), now).await?)
}

/// Takes back once more what was taken back while a backup of the register may still hold the persons as withdrawn: it may have been put
/// back to one.
///
/// # Errors
/// When the list or the state fails, or the register cannot be told.
pub async fn lift_again(
    setup: &Setup,
    (outbox, random): (&mut Outbox, [u8; 16]),
    tell: impl AsyncFn(&Lift) -> Result<Lifted, ClientError>,
) -> Result<(), WithdrawError> {
    let mut objections = Objections::open(&setup.config.state_dir(), &setup.keys).await?;
    let lifted = objections.lifted(&setup.keys).await?;
    let state_id = outbox.state_id(random).await?;
    for chunk in lifted.chunks(MOST_PERSONS) {
        let persons = chunk.iter().map(|person| pseudonym_of(setup.keys.id(), *person)).collect();
        tell(&Lift { state_id: state_id.clone(), persons }).await?;
    }
    Ok(())
}
