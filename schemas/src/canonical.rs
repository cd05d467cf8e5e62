//! The one byte form that is hashed and signed: JSON after RFC 8785 (sorted keys, no spaces, numbers as ECMAScript prints them).
//!
//! Promises: equal values give equal bytes on both ends, whatever the order of fields or the spelling of numbers on the way.

/// The writer of what travels, in one pass.
mod writer;

use serde::Serialize;
use sha2::{Digest, Sha256};

/// The canonical bytes of a value.
///
/// # Panics
/// Never for the types of this crate: their keys are text and their numbers finite.
#[must_use]
pub fn bytes<T: Serialize>(value: &T) -> Vec<u8> {
    writer::write(value).unwrap_or_else(|| {
        serde_json_canonicalizer::to_vec(value).expect("wire types have text keys and finite numbers")
    })
}

/// SHA-256 of bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-256 of bytes, as 64 lower-case hexadecimal digits.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&sha256(bytes))
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a String does not fail");
        text
    })
}

/// Bytes from their lower-case hexadecimal digits; nothing when these are not `N` bytes.
#[must_use]
pub fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| char::from(byte).to_digit(16).filter(|_| !byte.is_ascii_uppercase());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let mut bytes = [0; N];
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()?;
    }
    Some(bytes)
}

/// The payload hash of a cycle: SHA-256 over the canonical bytes of `{content, key}` of each treatment and retraction, in the order
/// of their keys, with nothing between them. Versions, other kinds, batch bounds and compression are outside it.
#[derive(Debug, Clone, Default)]
pub struct PayloadHash(Sha256);

impl PayloadHash {
    /// Adds one record; records must come in the order of their keys.
    pub fn add(&mut self, key: &str, canonical_content: &[u8]) {
        self.0.update(b"{\"content\":");
        self.0.update(canonical_content);
        self.0.update(b",\"key\":\"");
        self.0.update(key.as_bytes());
        self.0.update(b"\"}");
    }

    /// The hash, 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn finish(self) -> String {
        hex(&<[u8; 32]>::from(self.0.finalize()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_keys_take_the_rfc_8785_form() {
        let value: serde_json::Value = serde_json::from_str(
            r#"{"b": 12.0, "a": [1e21, 0.000001, 1E-7, 4.50, 2.8333333333333335, -0.0], "å": "\u00e5\n"}"#,
        )
        .unwrap();
        let expected = r#"{"a":[1e+21,0.000001,1e-7,4.5,2.8333333333333335,0],"b":12,"å":"å\n"}"#;
        assert_eq!(String::from_utf8(bytes(&value)).unwrap(), expected);
    }

    #[test]
    fn the_payload_hash_is_the_hash_of_the_canonical_objects_in_a_row() {
        let mut hash = PayloadHash::default();
        hash.add("k1", br#"{"x":1}"#);
        hash.add("k2", br#"{"x":2}"#);
        assert_eq!(hash.finish(), sha256_hex(br#"{"content":{"x":1},"key":"k1"}{"content":{"x":2},"key":"k2"}"#));
    }
}
