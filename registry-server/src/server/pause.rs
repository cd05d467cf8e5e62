//! `POST` and `DELETE /v1/pause`: a silence that a sender has planned, so that the register's staff see *paused* and not *silent*.
//!
//! Promises: a sender speaks only for itself; the newest word stands. Must not know: whether a sender is late.

use axum::body::Body;
use schemas::canonical;
use schemas::contact::Pause;
use schemas::id::SenderCode;

use crate::body::collect;
use crate::problem::Refusal;
use crate::registry::Registry;

/// Largest body: a reason of the longest form, and the rest.
const BODY: u64 = 4 << 10;

/// Keeps a silence in place of an earlier one, and answers with it.
pub(super) async fn begin(registry: &Registry, sender: &SenderCode, body: Body) -> Result<Vec<u8>, Refusal> {
    let _turn = registry.admission.turn(sender).await?;
    registry.admission.room(&registry.data_dir)?;
    let body = collect(body, BODY, registry.admission.pace()).await?;
    let _place = registry.admission.place().await?;
    let pause: Pause = serde_json::from_slice(&body).ok().filter(Pause::has_reason).ok_or(Refusal::BadRequest(
        "the body must be {\"until\": a day, \"reason\": one line of 1 to 200 characters}",
    ))?;
    registry.store.set_pause(sender, Some(&pause), registry.environment.now()).await?;
    Ok(canonical::bytes(&pause))
}

/// Ends a silence; without one nothing changes.
pub(super) async fn end(registry: &Registry, sender: &SenderCode) -> Result<Vec<u8>, Refusal> {
    let _turn = registry.admission.turn(sender).await?;
    let _place = registry.admission.place().await?;
    registry.store.set_pause(sender, None, registry.environment.now()).await?;
    Ok(b"{}".to_vec())
}
