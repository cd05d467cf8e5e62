//! What the register holds of single persons, in plain words for a register extract.
//!
//! Promises: the whole of every document is told, field by field; nobody's number is in it. Must not know: who asks.

mod extract;

pub use extract::text;
