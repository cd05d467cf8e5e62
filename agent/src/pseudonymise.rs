//! The only bridge from an identity to a pseudonym.
//!
//! Promises: what comes out holds no identity number, and nothing that looks like one; the same person gives the same pseudonym under
//! the same key. Must not know: where rows come from, or what is delivered when.

mod bridge;
mod identity_number;
mod key;
mod scan;

pub use bridge::{Fate, KeyedAnswer, Objectors, Pseudonymised, Pseudonymiser};
pub use identity_number::{
    IdentityKind, IdentityNumber, IdentityText, TestIdentities, read_every_century, read_identity,
};
pub use key::{KeyError, Keys};
pub use scan::looks_like_identity;
