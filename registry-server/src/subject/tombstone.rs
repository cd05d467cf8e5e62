//! What is left of a person or a record that was erased: a hash under a key of the register's own, derived from the pepper.
//!
//! Promises: without the pepper a tombstone says nothing, not even to one who holds every key of the regions; the key is never printed.
//! Must not know: where tombstones are kept.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::Pepper;

const LABEL: &[u8] = b"fedreg/tombstone/v1";

/// A tombstone of a person or of a record.
pub type Tombstone = [u8; 32];

/// The key of the tombstones, `HMAC-SHA256(pepper, "fedreg/tombstone/v1")`, ready for use.
#[derive(Clone)]
pub struct TombKey(Hmac<Sha256>);

impl Pepper {
    /// The key of the tombstones.
    ///
    /// # Panics
    /// Never: HMAC takes a key of any length.
    #[must_use]
    pub fn tomb_key(&self) -> TombKey {
        let mut mac = self.mac();
        mac.update(LABEL);
        TombKey(Hmac::new_from_slice(&mac.finalize().into_bytes()).expect("HMAC takes a key of any length"))
    }
}

impl TombKey {
    /// The tombstone of a person by the register's name for it.
    #[must_use]
    pub fn person(&self, s: &[u8; 32]) -> Tombstone {
        self.of(b"person", s)
    }

    /// The tombstone of a record by its key.
    #[must_use]
    pub fn record(&self, key: &str) -> Tombstone {
        self.of(b"record", key.as_bytes())
    }

    fn of(&self, kind: &[u8], what: &[u8]) -> Tombstone {
        let mut mac = self.0.clone();
        for part in [kind, b"\0", what] {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for TombKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TombKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tombstones_differ_by_kind_person_and_pepper_and_come_out_as_worked_out_elsewhere() {
        let key = Pepper::new([0x20; 32]).tomb_key();
        let hex = |tombstone: Tombstone| schemas::canonical::hex(&tombstone);
        assert_eq!(hex(key.person(&[7; 32])), "183aba3723056e7fe502640e31326b1a11a69f7fb386ffaa1b98a7bce58d1e04");
        assert_eq!(hex(key.record("rec1.12.aaa")), "13b3e95092306ed4197a0a137e9af13d9e7d3e57b5a184eef067128f02da929f");
        assert_ne!(key.person(&[0x61; 32]), key.record(&"a".repeat(32)));
        assert_ne!(key.person(&[7; 32]), Pepper::new([0x21; 32]).tomb_key().person(&[7; 32]));
    }
}
