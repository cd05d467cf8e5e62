//! The machine-readable contract in `json/` and `examples/`: made from the types, committed, and kept equal to a fresh making.
//!
//! Promises: a change of a wire type, a rule or an example shows as a change of a committed file. After an intended one,
//! `UPDATE_GENERATED=1 cargo test -p schemas --test generated` writes the files anew.
//!
//! The modules in the order in which the contract comes about:

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails; the lint's setting for tests does not reach their helpers"
)]

/// What is generated: one JSON Schema for each thing on the wire, and the rule list.
mod schema;
/// One valid value of each thing on the wire.
mod example;
/// Committed files against fresh ones.
mod committed;
/// Whether schemas, types and examples say the same.
mod agreement;
