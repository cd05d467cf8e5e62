//! `POST /v1/key-reset`: a sender whose keys were lost sends its whole set again under new ones, which then takes the old one's place.
//!
//! Promises: a sender reaches its own set only.

use axum::body::Body;
use schemas::canonical;
use schemas::id::SenderCode;
use schemas::key_reset::KeyReset as Asked;

use crate::body::collect;
use crate::problem::Refusal;
use crate::registry::Registry;
use crate::store::KeyReset;

/// Largest body, bytes.
const BODY: u64 = 4 << 10;

/// Takes a step; answers what counts and what does not yet.
pub(super) async fn step(registry: &Registry, sender: &SenderCode, body: Body) -> Result<Vec<u8>, Refusal> {
    const FORM: &str = "the body must be a step of a key reset, as schemas/json/key-reset.json says";
    let _turn = registry.admission.turn(sender).await?;
    registry.admission.room(&registry.data_dir)?;
    let body = collect(body, BODY, registry.admission.pace()).await?;
    let _place = registry.admission.place().await?;
    let Asked { state_id, kid, step } = serde_json::from_slice(&body).map_err(|_| Refusal::BadRequest(FORM))?;
    let reset = KeyReset { sender: sender.clone(), kid, state: state_id, step };
    Ok(canonical::bytes(&registry.store.reset_keys(&reset, registry.environment.stamp()).await?))
}
