//! Programs disturbed exactly at their system calls that write: killed there, or told there that the disk fails.
//!
//! Promises: points are listed from a run of the same program on the same bytes; each point has its own run from the same copy of
//! everything, so that any one can be run again alone. Must not know what a journey proves by it.

/// System calls that write, and points among them.
pub mod call;
/// A program under `strace`.
pub mod strace;
/// What the programs do while they are disturbed.
pub mod course;
/// A register and a region before a deed, and what must come of it.
pub mod stage;
/// What must be true when everything has been said and done.
pub mod whole;
/// One run with a kill, and what is left after it.
pub mod kill;
/// One run in which a call fails.
pub mod fail;
/// Bytes of the agent's queue altered on the disk.
pub mod damage;
/// What a disk holds when the power fails.
pub mod power;
