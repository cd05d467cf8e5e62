//! Leaving the register, in the words of the store.

/// Between tombstones and what a delivery names.
pub(crate) mod barred;
