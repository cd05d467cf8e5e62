//! The identity numbers of Swedish health care: read into one form, and found in other texts.
//!
//! Promises: the same person in any spelling has one form; a number that is not clearly somebody's is refused with its rule; what is
//! read can be neither printed nor serialised. Must not know: keys, rows, or what a person is treated for.

mod number;
mod scan;

pub use number::{IdentityKind, IdentityNumber, IdentityText, TestIdentities, read_every_century, read_identity};
pub(crate) use number::{fold, is_dash, is_invisible};
pub use scan::looks_like_identity;
