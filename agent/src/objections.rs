//! The persons who said no: found in every source in every cycle, and kept from everything behind the pseudonym.
//!
//! Promises: a person is known by hashes only, under a key that never leaves the region; whoever objects in one source is left out of all.
//! Must not know: what is delivered when.

mod collect;

pub use collect::collect;
