//! Signatures by the key of a client certificate.
//!
//! Promises: only the signature schemes that a handshake would take.

/// Whether this key made a signature over a message, by a signature scheme of TLS 1.3; the key as its certificate holds it.
#[must_use]
pub fn signed(key: &[u8], scheme: u16, (message, signature): (&[u8], &[u8])) -> bool {
    let schemes = rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms;
    let mut ways = schemes.mapping.iter().filter(|(known, _)| u16::from(*known) == scheme).flat_map(|(_, ways)| *ways);
    ways.any(|way| way.verify_signature(key, message, signature).is_ok())
}
