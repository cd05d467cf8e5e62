//! `GET /v1/digest` and `GET /v1/digest/{buckets}`: what a sender has here, for its reconciliation.
//!
//! Promises: a sender is answered of its own records only, and takes a place like a batch while everything is read. Must not know: what
//! a sender makes of it.

use schemas::canonical;
use schemas::digest::{Digest, read_buckets};
use schemas::id::SenderCode;

use crate::digest::{buckets, lines};
use crate::problem::Refusal;
use crate::registry::Registry;

/// The digests.
pub(super) async fn whole(registry: &Registry, sender: &SenderCode) -> Result<Vec<u8>, Refusal> {
    let _turn = registry.admission.turn(sender).await?;
    let _place = registry.admission.place().await?;
    let store = &*registry.store;
    let generation = store.newest_generation(sender).await?;
    Ok(canonical::bytes(&Digest { generation, buckets: buckets(store, sender).await? }))
}

/// The lines of some buckets.
pub(super) async fn part(registry: &Registry, sender: &SenderCode, named: &str) -> Result<Vec<u8>, Refusal> {
    const FORM: &str = "the address must end in buckets, two hexadecimal digits each, joined by commas";
    let named = read_buckets(named).ok_or(Refusal::BadRequest(FORM))?;
    let _turn = registry.admission.turn(sender).await?;
    let _place = registry.admission.place().await?;
    Ok(lines(&*registry.store, sender, &named).await?.into_bytes())
}
