//! `GET /v1/digest` and `GET /v1/digest/{buckets}`: what a sender has here, for its reconciliation.
//!
//! Promises: a sender is answered of its own records only, and takes a place like a batch while everything is read. Must not know: what
//! a sender makes of it.

use axum::http::Uri;
use schemas::canonical;
use schemas::digest::{Digest, fingerprint, read_buckets};
use schemas::id::SenderCode;

use crate::digest::{buckets, lines};
use crate::problem::Refusal;
use crate::registry::Registry;
use crate::store::Ends;

/// The digests. A sender that tells the fingerprint of its own lets the register know whether both ends hold the same.
pub(super) async fn whole(registry: &Registry, sender: &SenderCode, uri: &Uri) -> Result<Vec<u8>, Refusal> {
    let _turn = registry.admission.turn(sender).await?;
    let _place = registry.admission.place().await?;
    let store = &*registry.store;
    let generation = store.newest_generation(sender).await?;
    let buckets = buckets(store, sender).await?;
    if let Some(here) = uri.query().and_then(|query| query.strip_prefix("here=")) {
        let ends = if here == fingerprint(&buckets) { Ends::Equal } else { Ends::Different };
        store.note_comparison(sender, ends, registry.environment.now()).await?;
    }
    Ok(canonical::bytes(&Digest { generation, buckets }))
}

/// The lines of some buckets.
pub(super) async fn part(registry: &Registry, sender: &SenderCode, named: &str) -> Result<Vec<u8>, Refusal> {
    const FORM: &str = "the address must end in buckets, two hexadecimal digits each, joined by commas";
    let named = read_buckets(named).ok_or(Refusal::BadRequest(FORM))?;
    let _turn = registry.admission.turn(sender).await?;
    let _place = registry.admission.place().await?;
    Ok(lines(&*registry.store, sender, &named).await?.into_bytes())
}
