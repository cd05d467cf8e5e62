//! The audit log as its register proves it: signing, and finding the place where it was altered.
//!
//! Promises: what is signed is the state that the store worked out in its own transaction. Must not know: HTTP, the command line.

/// What is wrong with a log, and where.
mod flaw;
/// Rows of whole tables, one after the other.
mod rows;
/// Stored receipts, and what the log says of them.
mod receipts;
/// The monthly review.
pub mod review;
/// What people read, on its way.
mod trail;
/// Whether the log is whole.
mod verify;

#[cfg(test)]
mod tests;

use ed25519_dalek::SigningKey;
use schemas::audit::Checkpoint;

pub use flaw::{Fault, Flaw, NotProved};
pub use trail::{Full, Trail};
pub use verify::{Proof, Sound, Witness, verify};

use crate::environment::Environment;
use crate::store::audit::{Head, Sign};

/// Signs the log of an environment with the register's receipt key, at the time of signing.
#[must_use]
pub fn signer(key: SigningKey, origin: String, environment: Environment) -> Sign {
    Box::new(move |Head { size, previous, root, restored }| {
        Checkpoint { origin: origin.clone(), size, previous, root, at: environment.now(), restored }.sign(&key)
    })
}
