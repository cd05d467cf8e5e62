//! `POST /v1/person-extract`: all that the register holds on persons from the sender that asks, for a register extract.
//!
//! Promises: a sender is told of its own records only; that it asked is written down before it is told.

use axum::body::Body;
use schemas::canonical;
use schemas::id::SenderCode;
use schemas::withdrawal::{ExtractRequest, MOST_PERSONS};

use super::withdrawals::BODY;
use crate::body::collect;
use crate::erase;
use crate::problem::Refusal;
use crate::registry::Registry;

/// Tells it.
pub(super) async fn extract(registry: &Registry, sender: &SenderCode, body: Body) -> Result<Vec<u8>, Refusal> {
    const FORM: &str = "the body must be {\"persons\": 1 to 1000 pseudonyms}";
    let _turn = registry.admission.turn(sender).await?;
    let body = collect(body, BODY, registry.admission.pace()).await?;
    let _place = registry.admission.place().await?;
    let request = serde_json::from_slice(&body).ok();
    let request = request.filter(|request: &ExtractRequest| (1..=MOST_PERSONS).contains(&request.persons.len()));
    let request = request.ok_or(Refusal::BadRequest(FORM))?;
    Ok(canonical::bytes(&erase::extract(registry, sender, &request.persons).await?))
}
