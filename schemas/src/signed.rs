//! The register's signature: Ed25519 over the RFC 8785 bytes of what is signed.
//!
//! Promises: equal content signs to equal bytes, so that a signed document can be made again. Must not know: what is signed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, Signer as _, VerifyingKey};
use serde::Serialize;

use crate::canonical;

/// The register's private receipt key.
pub use ed25519_dalek::SigningKey;

/// The signature of a value, base64url without padding.
#[must_use]
pub fn sign<T: Serialize>(value: &T, key: &SigningKey) -> String {
    URL_SAFE_NO_PAD.encode(key.sign(&canonical::bytes(value)).to_bytes())
}

/// Whether a signature is this key's over this value.
#[must_use]
pub fn holds<T: Serialize>(value: &T, signature: &str, key: &VerifyingKey) -> bool {
    let bytes = URL_SAFE_NO_PAD.decode(signature).ok();
    let signature = bytes.and_then(|bytes| Signature::from_slice(&bytes).ok());
    signature.is_some_and(|signature| key.verify_strict(&canonical::bytes(value), &signature).is_ok())
}

/// The short name of a key: the first 16 hexadecimal digits of SHA-256 over the public key's 32 bytes.
#[must_use]
pub fn key_id(key: &VerifyingKey) -> String {
    canonical::hex(&canonical::sha256(key.as_bytes())[..8])
}
