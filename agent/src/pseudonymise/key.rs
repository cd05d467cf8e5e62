//! The sender's three keys, and everything that is computed under them.
//!
//! Promises: key bytes are wiped from memory when dropped and never printed; a file that others may read is refused; an existing file is never
//! overwritten; all formats are those of the wire, byte for byte (HMAC-SHA256, parts separated by one zero byte).
//! Must not know: where randomness comes from, rows, or which key the register knows.

mod file;
mod objection;

#[cfg(test)]
mod tests;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use schemas::id::{KeyId, Pseudonym, RecordKey, SenderCode};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::identity::IdentityNumber;
pub use file::KeyError;
pub use objection::{EarlierName, Objector, pseudonym_of};

/// The keys of one sender.
pub struct Keys {
    id: KeyId,
    sender: SenderCode,
    person: Key,
    record: Key,
    objection: Key,
    /// Person keys of before, oldest first.
    earlier: Vec<(KeyId, Key)>,
}

impl Keys {
    /// Makes new keys. `random` fills a slice with bytes from the operating system.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] when the id is not one of a sender's own, `r<CODE>-g<GENERATION>`.
    pub fn generate(id: &KeyId, mut random: impl FnMut(&mut [u8])) -> Result<Self, KeyError> {
        let mut key = || {
            let mut bytes = Zeroizing::new([0; 32]);
            random(&mut bytes[..]);
            Key::new(bytes)
        };
        Self::new(id.clone(), [key(), key(), key()])
    }

    /// New person and record keys beside the same objection key, so that who said no is still known.
    ///
    /// # Errors
    /// As [`Keys::generate`].
    pub fn renewed(&self, id: &KeyId, random: impl FnMut(&mut [u8])) -> Result<Self, KeyError> {
        let Self { id, sender, person, record, .. } = Self::generate(id, random)?;
        Ok(Self { id, sender, person, record, objection: Key::new(self.objection.bytes.clone()), earlier: Vec::new() })
    }

    /// With the person key of an older file beside them, if its objection key is the same: who objects is then known under both.
    pub fn remember(&mut self, before: Self) {
        let is_one_s = before.objection_fingerprint() == self.objection_fingerprint();
        if is_one_s && before.sender == self.sender && before.id.generation() < self.id.generation() {
            self.earlier.push((before.id, before.person));
        }
    }

    /// The name of the person key.
    #[must_use]
    pub fn id(&self) -> &KeyId {
        &self.id
    }

    /// Eight hexadecimal digits that tell two person keys apart and say nothing about either.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let [a, b, c, d, ..] = self.person.hash(&[b"key-id"]);
        format!("{:08x}", u32::from_be_bytes([a, b, c, d]))
    }

    /// The person as the register knows them.
    #[must_use]
    pub fn pseudonym(&self, person: &IdentityNumber) -> Pseudonym {
        pseudonym_of(&self.id, hash_person(&self.person, b"fedreg/psn/v1", person))
    }

    /// The treatment as the register knows it: the same as long as the source calls it by the same id.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "32 bytes are always 43 characters of base64url")]
    pub fn record_key(&self, source_system: &str, local_id: &str) -> RecordKey {
        let hash = self.record_hash(source_system, local_id);
        RecordKey::new(&self.sender, &text(hash)).expect("32 bytes are 43 characters")
    }

    /// The bytes inside [`Keys::record_key`], for tables that hold many.
    #[must_use]
    pub fn record_hash(&self, source_system: &str, local_id: &str) -> [u8; 32] {
        self.record.hash(&[b"fedreg/rec/v1", source_system.as_bytes(), local_id.trim().as_bytes()])
    }

    /// The person as the list of objections remembers them; it never leaves the agent.
    #[must_use]
    pub fn objection(&self, person: &IdentityNumber) -> [u8; 32] {
        hash_person(&self.objection, b"fedreg/objection/v1", person)
    }

    /// What shows whether a record's canonical content changed, without keeping the content.
    #[must_use]
    pub fn content_fingerprint(&self, content: &[u8]) -> [u8; 32] {
        self.record.hash(&[b"fedreg/fp/v1", content])
    }

    fn new(id: KeyId, [person, record, objection]: [Key; 3]) -> Result<Self, KeyError> {
        let scope = id.as_str().split_once("-g").map_or("", |(scope, _)| scope);
        let sender = scope.strip_prefix('r').and_then(|code| code.parse().ok()).ok_or(KeyError::NotOwnId)?;
        Ok(Self { id, sender, person, record, objection, earlier: Vec::new() })
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", self.id)
    }
}

/// A key with its hash prepared: preparing costs as much as hashing a short message.
struct Key {
    bytes: Zeroizing<[u8; 32]>,
    prepared: Hmac<Sha256>,
}

impl Key {
    fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        let prepared = Hmac::new_from_slice(&bytes[..]).expect("HMAC takes a key of any length");
        Self { bytes, prepared }
    }

    /// The parts with one zero byte between them.
    fn hash(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut hmac = self.prepared.clone();
        for (place, part) in parts.iter().enumerate() {
            if place > 0 {
                hmac.update(&[0]);
            }
            hmac.update(part);
        }
        hmac.finalize().into_bytes().into()
    }
}

fn hash_person(key: &Key, label: &[u8], person: &IdentityNumber) -> [u8; 32] {
    key.hash(&[label, person.kind().type_text().as_bytes(), person.digits().as_bytes()])
}

fn text(hash: [u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(hash)
}
