//! What the agent and the register agree on, and nothing else: the words of the wire, the rules a record must keep, the code lists,
//! and the bytes that are hashed and signed.
//!
//! Promises: no async, no SQL, no HTTP, no clock, no randomness; the same input gives the same output on both ends.
//!
//! The modules in the order a treatment meets them:

/// Identifiers, each a type of its own, parsed once at the edge.
pub mod id;
/// Instruments, programmes, regions and the other code lists: data, compiled in, extended by a local file.
pub mod codelist;
/// A treatment episode with its measurements, and the other records that travel.
pub mod record;
/// The rules that rows and records must keep, the same code on both ends.
pub mod rule;
/// The one byte form that is hashed and signed (RFC 8785).
pub mod canonical;
/// The register's signature over those bytes.
pub mod signed;
/// What is sent: a manifest and one record a line.
pub mod batch;
/// What comes back: a signed answer with a verdict on every line.
pub mod receipt;
/// The audit log: proofs and signed checkpoints, the same code at the register that keeps it and at the agents that witness it.
pub mod audit;
/// What comes back instead when a batch is refused (RFC 9457).
pub mod problem;
/// The answers to `GET /v1/digest`: what the register holds, to be compared.
pub mod digest;
/// The answers to `GET /v1/me` and `POST /v1/generation`.
pub mod contact;
/// What is asked and answered when a sender's keys were lost.
pub mod key_reset;
/// What is asked and answered when a person leaves the register, or asks what it holds.
pub mod withdrawal;
/// What a sender signs under a year's frozen data.
pub mod attestation;
/// The answer to `GET /v1/codelists`.
pub mod published_lists;
/// All of it as JSON Schema and OpenAPI.
pub mod document;
/// When a sender's cycles run: the same times at the agent that keeps them and at the register that waits for them.
pub mod schedule;
/// Swedish or English.
pub mod language;
/// Exit codes, the same for both programs.
pub mod exit;
/// TOML files with environment overrides, and messages that name line and nearest key.
pub mod settings;
