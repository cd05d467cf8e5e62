//! Who is let in and what each is told: the contract's table of answers, asked with `curl` of the register as it is built.
//!
//! Promises: whoever is not let in learns nothing but that; after every refusal each table of the register holds what it held before.
//! Must not know how the register is made.

/// `curl` as a sender's administrator would use it.
pub(crate) mod curl;
/// A connection that stays open between requests.
pub(crate) mod connection;
/// Certificates that the register's own command does not make.
pub(crate) mod certificate;
/// Batches of one or two treatments.
pub(crate) mod batch;
/// What the register holds.
pub(crate) mod stored;
/// Who never reaches HTTP.
mod handshake;
/// Who may deliver.
mod standing;
/// What one sender may know of another.
mod probing;
/// What becomes of a batch.
mod refusal;
/// A silence that a sender plans.
mod pause;
