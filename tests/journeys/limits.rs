//! Too large, too often, too busy, too full: what the register does when a sender asks more than it may or there is no room.
//!
//! Promises: each refusal has its problem type, says when to come back where that helps, and leaves every table as it was; the process
//! lives and its memory stays flat. Must not know how the register measures.

/// What is larger than a limit.
mod size;
/// What comes too often or at a bad time.
mod pace;
/// What agents do when they are told to come back.
mod wait;
/// A file system without room.
pub(crate) mod disk;
