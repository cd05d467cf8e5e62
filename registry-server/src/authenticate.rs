//! Who is at the other end.
//!
//! Promises: a sender's identity comes from a certificate that the handshake verified, a person's from a password and a one-time code
//! together, and neither from what the other end merely says.

/// What a certificate's key signed.
pub mod key;
/// A region's agent.
pub mod region;

/// Whether an attempt to sign in succeeds.
pub mod attempt;
/// E-mail addresses by which people sign in.
pub mod email;
/// What an identity provider's word makes of somebody.
pub mod mapping;
/// One-time codes.
pub mod one_time;
/// Passwords.
pub mod password;
/// What each role may.
pub mod permit;
/// What a person is to the register.
pub mod role;
/// Secrets of second factors as they are kept.
pub mod sealed;
/// What a signed-in browser holds.
pub mod session;

pub use permit::{Action, Permit, permit};
pub use role::Role;
