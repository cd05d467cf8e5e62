//! From a region's pseudonym to the register's own name for a person: `s = HMAC-SHA256(P, "fedreg/rekey/v1" 00 kid 00 h)`.
//!
//! Promises: the region's value `h` goes no further than `Pepper::rekey`; neither it nor the pepper is ever printed.
//! Must not know: where a name is kept.

/// What is left of the erased.
mod tombstone;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use schemas::id::Pseudonym;
use sha2::Sha256;
use zeroize::Zeroizing;

pub use tombstone::{TombKey, Tombstone};

const LABEL: &[u8] = b"fedreg/rekey/v1";

/// The register's own key over every region's pseudonyms, 32 bytes.
pub struct Pepper(Zeroizing<[u8; 32]>);

/// The register's name for a person under one of a sender's keys.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Alias {
    /// The sender's key id.
    pub kid: String,
    /// The re-keyed value.
    pub s: [u8; 32],
}

impl Pepper {
    /// A pepper of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads the text of a pepper file: 32 bytes in base64url without padding.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text.trim()).ok()?);
        Some(Self(Zeroizing::new(<[u8; 32]>::try_from(bytes.as_slice()).ok()?)))
    }

    /// Names the person behind a pseudonym; nothing when its last part is not the one base64url spelling of 32 bytes.
    #[must_use]
    pub fn rekey(&self, pseudonym: &Pseudonym) -> Option<Alias> {
        let h = URL_SAFE_NO_PAD.decode(pseudonym.hmac()).ok().filter(|h| h.len() == 32)?;
        let mut mac = self.mac();
        for part in [LABEL, b"\0", pseudonym.key_id().as_bytes(), b"\0", &h] {
            mac.update(part);
        }
        Some(Alias { kid: pseudonym.key_id().to_owned(), s: mac.finalize().into_bytes().into() })
    }

    /// A key for another purpose, `HMAC-SHA256(pepper, label)`.
    pub(crate) fn derived(&self, label: &[u8]) -> Zeroizing<[u8; 32]> {
        let mut mac = self.mac();
        mac.update(label);
        Zeroizing::new(mac.finalize().into_bytes().into())
    }

    fn mac(&self) -> Hmac<Sha256> {
        Hmac::new_from_slice(&*self.0).expect("HMAC takes a key of any length")
    }
}

impl fmt::Debug for Pepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pepper")
    }
}

impl fmt::Debug for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Alias({})", self.kid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pepper() -> Pepper {
        Pepper::new(std::array::from_fn(|i| 0x20 + u8::try_from(i).unwrap()))
    }

    #[test]
    fn the_published_vectors_come_out() {
        for (h, s) in [
            ("CVd4_FUzPrEfEBKm0_8I65ropJV8TNLHLskggemvtb0", "vjZdjS30h36uqIDPamXoqkCcu5T4lBK2taQkzBoeDyw"),
            ("ijisCsCA7MVJZuYFj-uTHbO9WUVkYSHCMA5C1JFQ_F8", "oYEE2SLfgeWxGXelkV7KyVB2MKSdFKL50EOXZcXZDws"),
            ("_mAgBYJQ0FK64EvApvfPMFS8Y0SP_XbpWotYBePYIxs", "XQKB0ls7VqW9-R79sv-dfAWGXd9ZZ1LaDhygRrf1hw0"),
        ] {
            let alias = pepper().rekey(&Pseudonym::new(&"r01-g1".parse().unwrap(), h).unwrap()).unwrap();
            assert_eq!(URL_SAFE_NO_PAD.encode(alias.s), s);
        }
    }

    #[test]
    fn a_second_spelling_of_the_same_bytes_is_refused() {
        // 43 characters hold 258 bits; the last two must be zero.
        let bent = "CVd4_FUzPrEfEBKm0_8I65ropJV8TNLHLskggemvtb1";
        assert_eq!(pepper().rekey(&Pseudonym::new(&"r01-g1".parse().unwrap(), bent).unwrap()), None);
    }

    #[test]
    fn a_pepper_file_that_is_too_short_is_refused() {
        assert!(Pepper::read("AAAA").is_none());
        assert!(Pepper::read(&format!("{}\n", URL_SAFE_NO_PAD.encode([1; 32]))).is_some());
    }
}
