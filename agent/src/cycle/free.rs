//! The release of a candidate: exactly its records go, and the lines of the account behind them.
//!
//! Promises: objections are read first, and whoever objects is out of the candidate, which then has another hash; the release is logged
//! before anything is sent; a candidate that is not the one that was looked at stays.

use super::send::{Heard, Sent, send};
use super::{CycleError, Surroundings, candidate, first_contact, objectors, open};
use crate::outbox::{Candidate, Outbox, OutboxError};
use crate::push::{Client, Delivered};
use crate::release::{By, Contents};
use crate::setup::Setup;
use crate::withdraw;

/// What came of a release.
pub enum Freed {
    /// Nothing waits.
    Nothing,
    /// The candidate that is to be looked at has this hash.
    Other(String),
    /// It was let go.
    Done {
        /// The candidate.
        candidate: Candidate,
        /// What it holds.
        contents: Contents,
        /// How the delivery ended.
        delivered: Delivered,
        /// The hash of the one that waits behind it.
        next: Option<String>,
    },
}

/// Lets the candidate of this payload hash go, and delivers it.
///
/// # Errors
/// [`CycleError`] tells what stopped it; what was let go stays let go.
pub async fn release(
    setup: &Setup,
    (hash, by): (&str, &By),
    surroundings: &Surroundings<'_>,
) -> Result<Freed, CycleError> {
    let client = Client::new(&setup.config)?;
    let mut outbox = Outbox::open(&setup.config.state_dir()).await?;
    if let Some(other) = other((&mut outbox, setup), hash).await? {
        return Ok(other);
    }
    let heard = match first_contact(setup, &client, &mut outbox, surroundings).await? {
        Some(_) => Heard::Yes,
        None => Heard::No,
    };
    let mut sources = open(setup, (surroundings.now)()).await?;
    let (_, objecting) = objectors(setup, &mut sources, surroundings).await?;
    super::close(sources).await;
    withdraw::note(setup, &objecting, &mut outbox, ((surroundings.now)(), surroundings.random)).await?;
    if let Some(other) = other((&mut outbox, setup), hash).await? {
        return Ok(other);
    }
    let candidates = outbox.candidates().await?;
    let Some(candidate) = candidates.into_iter().next() else { return Ok(Freed::Nothing) };
    let looked = look((&mut outbox, setup), &candidate).await?;
    outbox.let_go(&candidate, (looked.contents, &looked.words), (by, (surroundings.now)())).await?;
    tracing::info!(payload_sha256 = candidate.payload_sha256, account = by.account, "released");
    let Sent { delivered, .. } = send((setup, &client), &mut outbox, surroundings, (heard, None)).await?;
    let next = outbox.candidates().await?.into_iter().next().map(|next| next.payload_sha256);
    Ok(Freed::Done { candidate, contents: looked.contents, delivered, next })
}

/// Why the candidate of this hash is not let go, where it is not the first one, or its bytes are not what was queued.
async fn other((outbox, setup): (&mut Outbox, &Setup), hash: &str) -> Result<Option<Freed>, CycleError> {
    let Some(first) = outbox.candidates().await?.into_iter().next() else { return Ok(Some(Freed::Nothing)) };
    let looked = look((outbox, setup), &first).await?;
    if looked.payload_sha256 != first.payload_sha256 {
        return Err(OutboxError::Inconsistent("cycle.payload_sha256").into());
    }
    Ok((first.payload_sha256 != hash).then_some(Freed::Other(first.payload_sha256)))
}

async fn look((outbox, setup): (&mut Outbox, &Setup), candidate: &Candidate) -> Result<candidate::Looked, CycleError> {
    let looked = candidate::look((outbox, &setup.config.agent.region), candidate, async |_, _| Ok(())).await;
    if let Err(OutboxError::Damaged(batch)) = looked {
        outbox.drop_damaged(batch).await?;
    }
    Ok(looked?)
}
