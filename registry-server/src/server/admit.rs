//! Which sender may make a request now.
//!
//! Promises: asked before every endpoint of the regions; whoever is revoked, suspended, expired or of another environment gets nowhere.

use schemas::id::SenderCode;

use crate::authenticate::region::RegionIdentity;
use crate::problem::Refusal;
use crate::registry::Registry;
use crate::store::SenderStatus;

/// The sender behind a connection, when it may make a request now.
///
/// The rate comes first, so that nobody can make the database busy by asking. Standing and certificate are looked at on every request, so
/// that a revocation holds at once, on open connections too.
///
/// # Errors
/// Why it may not.
pub(super) async fn admit(registry: &Registry, peer: Option<&RegionIdentity>) -> Result<SenderCode, Refusal> {
    let peer = peer.ok_or(Refusal::SenderNotActive)?;
    if peer.environment != registry.stage || peer.not_after < registry.environment.now() {
        return Err(Refusal::SenderNotActive);
    }
    registry.admission.rate(&peer.sender)?;
    match registry.store.sender_status(&peer.sender).await? {
        Some(SenderStatus::Active) => Ok(peer.sender.clone()),
        Some(SenderStatus::Suspended) => Err(Refusal::Suspended),
        Some(SenderStatus::Revoked) | None => Err(Refusal::SenderNotActive),
    }
}
