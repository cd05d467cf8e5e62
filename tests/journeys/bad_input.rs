//! Whatever is wrong around a program: one sentence that says what to do, the documented exit code, nothing half-done.
//!
//! Promises: each case is a good installation with one thing spoilt; no panic, no trace and no identity number is ever told.
//! Must not know how the programs are made.

/// An installation with one thing spoilt.
mod case;
/// The agent's cases.
mod agent;
/// A register of another version.
mod other_version;
/// The register's cases.
mod register;
