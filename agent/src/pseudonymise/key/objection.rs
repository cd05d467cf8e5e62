//! What is kept of a person who objects: a hash that never changes, and the pseudonym under a seal that only this region can open.
//!
//! Promises: neither the hash nor the sealed pseudonym can be tied to what the register holds without the objection key.

use std::fmt;

use schemas::id::{KeyId, Pseudonym};

use super::{Key, Keys, hash_person, text};
use crate::identity::IdentityNumber;

/// A person who objects.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Objector {
    /// HMAC under the objection key, as the list remembers it.
    pub hash: [u8; 32],
    /// The bytes inside the pseudonym.
    pub person: [u8; 32],
}

/// What a person was called under an earlier person key.
#[derive(Clone, PartialEq, Eq)]
pub struct EarlierName {
    /// That key.
    pub kid: KeyId,
    /// The bytes inside the pseudonym.
    pub person: [u8; 32],
}

impl fmt::Debug for EarlierName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EarlierName")
    }
}

impl fmt::Debug for Objector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Objector")
    }
}

impl Keys {
    /// What is kept of a person who objects.
    #[must_use]
    pub fn objector(&self, person: &IdentityNumber) -> Objector {
        Objector { hash: self.objection(person), person: hash_person(&self.person, b"fedreg/psn/v1", person) }
    }

    /// What a person was called under each earlier person key that is at hand.
    #[must_use]
    pub fn earlier_names(&self, person: &IdentityNumber) -> Vec<EarlierName> {
        let name = |(kid, key): &(KeyId, Key)| EarlierName {
            kid: kid.clone(),
            person: hash_person(key, b"fedreg/psn/v1", person),
        };
        self.earlier.iter().map(name).collect()
    }

    /// Eight hexadecimal digits that tell two objection keys apart and say nothing about either.
    #[must_use]
    pub fn objection_fingerprint(&self) -> String {
        let [a, b, c, d, ..] = self.objection.hash(&[b"key-id"]);
        format!("{:08x}", u32::from_be_bytes([a, b, c, d]))
    }

    /// Puts the bytes inside a pseudonym under a seal, or takes the seal off: the same twice gives what it began with.
    #[must_use]
    pub fn seal(&self, kid: &KeyId, hash: &[u8; 32], bytes: [u8; 32]) -> [u8; 32] {
        let mask = self.objection.hash(&[b"fedreg/objection-seal/v1", kid.as_str().as_bytes(), hash]);
        std::array::from_fn(|place| bytes[place] ^ mask[place])
    }

    /// What stands for the treatment of one who objects, in place of the last part of its record key.
    #[must_use]
    pub fn objectors_row(&self, key: &str) -> String {
        text(self.objection.hash(&[b"fedreg/objectors-row/v1", key.as_bytes()]))
    }

    /// The salt of one objection, from a run's random bytes.
    #[must_use]
    pub fn erasure_salt(&self, hash: &[u8; 32], random: &[u8; 16]) -> [u8; 32] {
        self.objection.hash(&[b"fedreg/erasure-salt/v1", hash, random])
    }
}

/// The pseudonym of a person under a key.
#[must_use]
#[expect(clippy::missing_panics_doc, reason = "32 bytes are always 43 characters of base64url")]
pub fn pseudonym_of(kid: &KeyId, person: [u8; 32]) -> Pseudonym {
    Pseudonym::new(kid, &text(person)).expect("32 bytes are 43 characters")
}
