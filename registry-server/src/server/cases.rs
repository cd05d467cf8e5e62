//! `POST /v1/cases/{number}`: a sender has looked for the person of a case and found none. Whoever finds one withdraws the person under
//! the case's number instead.
//!
//! Promises: a sender answers for itself only.

use axum::body::Body;
use schemas::canonical;
use schemas::id::SenderCode;
use schemas::withdrawal::{CaseAnswer, CaseReply};

use crate::body::collect;
use crate::problem::Refusal;
use crate::registry::Registry;
use crate::store::CaseStep;

/// Largest body.
const BODY: u64 = 1 << 10;

/// Writes the answer down, and repeats it.
pub(super) async fn answer(
    registry: &Registry,
    (sender, number): (SenderCode, &str),
    body: Body,
) -> Result<Vec<u8>, Refusal> {
    const FORM: &str =
        "the body must be {\"answer\": \"none_found\"}; a withdrawal that names the case answers it by itself";
    let number = number.parse().map_err(|_| Refusal::NotFound)?;
    let _turn = registry.admission.turn(&sender).await?;
    let body = collect(body, BODY, registry.admission.pace()).await?;
    let _place = registry.admission.place().await?;
    let reply: Option<CaseReply> = serde_json::from_slice(&body).ok();
    let Some(CaseReply { answer: answer @ CaseAnswer::NoneFound }) = reply else {
        return Err(Refusal::BadRequest(FORM));
    };
    let step = CaseStep::Answer { number, sender, answer };
    registry.store.set_case(&step, registry.environment.stamp()).await?.ok_or(Refusal::NotFound)?;
    Ok(canonical::bytes(&CaseReply { answer }))
}
