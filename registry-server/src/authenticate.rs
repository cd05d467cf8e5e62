//! Who is at the other end.
//!
//! Promises: an identity comes from a certificate that the handshake verified, and from nothing that the other end merely says.

/// What a certificate's key signed.
pub mod key;
/// A region's agent.
pub mod region;
