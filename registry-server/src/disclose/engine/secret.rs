//! The register's key over tables: tags of persons, the dice of rounding, the order of what is hidden beside.
//!
//! Promises: the same persons give the same number in every table of a cut, in whatever order they come; without the key nothing can be
//! foretold; the key is never printed. Source: disclosure, section 5.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::error::Unspecified;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

/// What stands for a set of persons: the tags of all of them, one over the other.
pub(super) type Tags = [u8; 32];

/// What stands for one person in what is kept of a release.
pub(super) type ShortTag = [u8; 8];

/// The key of one cut.
pub struct Secret {
    key: Zeroizing<[u8; 32]>,
    cut: String,
}

impl Secret {
    /// The register's key, for tables of one cut.
    #[must_use]
    pub fn new(key: &[u8; 32], cut: &str) -> Self {
        Self { key: Zeroizing::new(*key), cut: cut.to_owned() }
    }

    /// The same key for another cut.
    pub(super) fn of_cut(&self, cut: &str) -> Self {
        Self { key: self.key.clone(), cut: cut.to_owned() }
    }

    pub(super) fn cut(&self) -> &str {
        &self.cut
    }

    /// The tag of one person in what is kept of the cut's releases.
    pub(super) fn short_tag(&self, subject: &[u8]) -> ShortTag {
        let tag = self.of(&[b"fedreg/sdc/kept", b"\0", self.cut.as_bytes(), b"\0", subject]);
        std::array::from_fn(|place| tag[place])
    }

    /// The tag of one person.
    pub(super) fn tag(&self, subject: &[u8]) -> Tags {
        self.of(&[b"fedreg/sdc/subject", b"\0", subject])
    }

    /// A number that these persons always have, evenly spread over all numbers.
    pub(super) fn dice(&self, tags: &Tags) -> u64 {
        first(&self.of(&[b"fedreg/sdc/round", b"\0", self.cut.as_bytes(), b"\0", tags]))
    }

    /// A number that puts cells, by the names of their codes, in an order nobody can foretell.
    pub(super) fn turn(&self, spelled: &[u8]) -> u64 {
        first(&self.of(&[b"fedreg/sdc/order", b"\0", self.cut.as_bytes(), b"\0", spelled]))
    }

    /// A text that only the holder of this key reads, and nobody alters unseen; the same text is the same bytes again.
    ///
    /// # Errors
    /// The cipher refuses, which it does for texts of many gigabytes only.
    pub(super) fn seal(&self, text: &str) -> Result<Vec<u8>, Unspecified> {
        let mut bytes = text.as_bytes().to_vec();
        // This cipher stays safe where a nonce is used again: texts that are equal can be told, which is meant.
        self.cipher()?.seal_in_place_append_tag(nonce(), Aad::from(self.cut.as_bytes()), &mut bytes)?;
        Ok(bytes)
    }

    /// A text that was sealed with this key for this cut; nothing where it was not.
    pub(super) fn unseal(&self, mut bytes: Vec<u8>) -> Option<String> {
        let text = self.cipher().ok()?.open_in_place(nonce(), Aad::from(self.cut.as_bytes()), &mut bytes).ok()?;
        String::from_utf8(text.to_vec()).ok()
    }

    fn cipher(&self) -> Result<LessSafeKey, Unspecified> {
        let key = Zeroizing::new(self.of(&[b"fedreg/sdc/stored"]));
        Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM_SIV, &*key)?))
    }

    fn of(&self, parts: &[&[u8]]) -> Tags {
        self.mac(parts).finalize().into_bytes().into()
    }

    fn mac(&self, parts: &[&[u8]]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&*self.key).expect("HMAC takes a key of any length");
        for part in parts {
            mac.update(part);
        }
        mac
    }
}

fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

fn first(bytes: &Tags) -> u64 {
    bytes[..8].iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}
