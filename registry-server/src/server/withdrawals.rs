//! `POST /v1/withdrawals` and `POST /v1/withdrawals/lift`: persons leave, and come back.
//!
//! Promises: a sender reaches its own persons only; an erasure that has begun is carried to its end, its bytes included, whoever hangs
//! up; leaving asks for no room on the disk that is kept free for deliveries.

use std::sync::Arc;

use axum::body::Body;
use schemas::canonical;
use schemas::id::SenderCode;
use schemas::withdrawal::{Lift, Lifted, MOST_PERSONS, SCHEMA, Withdrawal};

use crate::body::collect;
use crate::erase;
use crate::problem::Refusal;
use crate::receive::to_the_end;
use crate::registry::Registry;

/// Largest body: as many persons as one request may name, and room to spare.
pub(super) const BODY: u64 = 512 << 10;

/// Erases persons and keeps them out; answers with the erasure receipt.
pub(super) async fn withdraw(registry: &Arc<Registry>, sender: &SenderCode, body: Body) -> Result<Vec<u8>, Refusal> {
    const FORM: &str = "the body must be a withdrawal of 1 to 1000 persons, as schemas/json/withdrawal.json says";
    let turn = registry.admission.turn(sender).await?;
    let body = collect(body, BODY, registry.admission.pace()).await?;
    let place = registry.admission.place().await?;
    let withdrawal: Withdrawal = serde_json::from_slice(&body).map_err(|_| Refusal::BadRequest(FORM))?;
    if withdrawal.schema != SCHEMA || !(1..=MOST_PERSONS).contains(&withdrawal.persons.len()) {
        return Err(Refusal::BadRequest(FORM));
    }
    let (on, sender) = (Arc::clone(registry), sender.clone());
    to_the_end(&registry.tasks, async move {
        let _held = (turn, place);
        erase::withdraw(&on, &sender, withdrawal).await
    })
    .await
}

/// Lets persons in again.
pub(super) async fn lift(registry: &Registry, sender: &SenderCode, body: Body) -> Result<Vec<u8>, Refusal> {
    const FORM: &str = "the body must be {\"state_id\": 32 hexadecimal digits, \"persons\": 1 to 1000 pseudonyms}";
    let _turn = registry.admission.turn(sender).await?;
    let body = collect(body, BODY, registry.admission.pace()).await?;
    let _place = registry.admission.place().await?;
    let lift =
        serde_json::from_slice(&body).ok().filter(|lift: &Lift| (1..=MOST_PERSONS).contains(&lift.persons.len()));
    let lifted = erase::lift(registry, sender, &lift.ok_or(Refusal::BadRequest(FORM))?).await?;
    Ok(canonical::bytes(&Lifted { lifted }))
}
