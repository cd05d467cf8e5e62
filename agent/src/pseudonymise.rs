//! The only bridge from an identity to a pseudonym.
//!
//! Promises: what comes out holds no identity number, and nothing that looks like one; the same person gives the same pseudonym under
//! the same key. Must not know: where rows come from, or what is delivered when.

mod bridge;
mod key;
mod met;

pub use bridge::{Fate, KeyedAnswer, Objectors, Pseudonymised, Pseudonymiser, row_name};
pub use key::{EarlierName, KeyError, Keys, Objector, pseudonym_of};
