//! What the register signs about the whole log: how many entries it has, and their root.
//!
//! Promises: one line of text, the same in a receipt, a file and the log itself; two checkpoints of one size with different roots prove
//! to anybody that the log was altered.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{SigningKey, VerifyingKey};
use jiff::Timestamp;
use serde::Serialize;

use super::tree::{Hash, read_hex};
use crate::{canonical, signed};

/// The schema of this version; it begins the text form and is signed.
pub const SCHEMA: &str = "registry-checkpoint/1";

/// The state of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: `test` or `production` of the register whose key signs.
    pub origin: String,
    /// Entries.
    pub size: u64,
    /// Entries of the checkpoint before, so that none can be left out; 0 for the first.
    pub previous: u64,
    /// Root of the tree over them.
    pub root: Hash,
    /// When it was signed.
    pub at: Timestamp,
    /// When the log was put back from a backup last, if ever: its register says so itself.
    pub restored: Option<Restored>,
}

/// A log that was put back to an earlier state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// Entries when the register said so; what once stood behind the backup's last one is lost.
    pub size: u64,
    /// When the register said so.
    pub at: Timestamp,
}

/// A checkpoint under the register's signature. Its text form is one line of fields with a space between: schema, origin, size, size before,
/// root, time, `SIZE@TIME` of the newest restoring or `-`, id of the signing key, signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// What is signed.
    pub body: Checkpoint,
    /// Name of the signing key, as in receipts.
    pub key_id: String,
    /// Ed25519, base64url without padding.
    pub signature: String,
}

/// The text is no checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no checkpoint of a version that this program reads")]
pub struct UnreadableCheckpoint;

/// The signed bytes are the RFC 8785 form of this.
#[derive(Serialize)]
struct Statement<'a> {
    schema: &'a str,
    origin: &'a str,
    size: u64,
    previous: u64,
    root: String,
    at: String,
    restored: Option<String>,
}

impl Checkpoint {
    /// Signs it.
    #[must_use]
    pub fn sign(self, key: &SigningKey) -> SignedCheckpoint {
        let signature = signed::sign(&self.statement(), key);
        SignedCheckpoint { key_id: signed::key_id(&key.verifying_key()), signature, body: self }
    }

    fn statement(&self) -> Statement<'_> {
        Statement {
            schema: SCHEMA,
            origin: &self.origin,
            size: self.size,
            previous: self.previous,
            root: canonical::hex(&self.root),
            at: self.at.to_string(),
            restored: self.restored.map(|restored| restored.to_string()),
        }
    }
}

impl SignedCheckpoint {
    /// Whether the register with this key signed it for this log.
    #[must_use]
    pub fn is_of(&self, key: &VerifyingKey, origin: &str) -> bool {
        self.body.origin == origin
            && self.key_id == signed::key_id(key)
            && signed::holds(&self.body.statement(), &self.signature, key)
    }
}

impl fmt::Display for Restored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.size, self.at)
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Checkpoint { origin, size, previous, root, at, restored } = &self.body;
        let restored = restored.map_or_else(|| "-".to_owned(), |restored| restored.to_string());
        write!(
            f,
            "{SCHEMA} {origin} {size} {previous} {} {at} {restored} {} {}",
            canonical::hex(root),
            self.key_id,
            self.signature
        )
    }
}

impl FromStr for SignedCheckpoint {
    type Err = UnreadableCheckpoint;

    fn from_str(text: &str) -> Result<Self, UnreadableCheckpoint> {
        read(text).filter(|checkpoint| checkpoint.to_string() == text).ok_or(UnreadableCheckpoint)
    }
}

fn read(text: &str) -> Option<SignedCheckpoint> {
    let fields: Vec<&str> = text.split(' ').collect();
    let [SCHEMA, origin, size, previous, root, at, restored, key_id, signature] = fields[..] else { return None };
    let restored = match restored {
        "-" => None,
        text => {
            let (size, at) = text.split_once('@')?;
            Some(Restored { size: size.parse().ok()?, at: at.parse().ok()? })
        }
    };
    let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if ![origin, key_id, signature].into_iter().all(is_word) {
        return None;
    }
    let (origin, key_id, signature) = (origin.to_owned(), key_id.to_owned(), signature.to_owned());
    let body = Checkpoint {
        origin,
        size: size.parse().ok()?,
        previous: previous.parse().ok()?,
        root: read_hex(root)?,
        at: at.parse().ok()?,
        restored,
    };
    Some(SignedCheckpoint { body, key_id, signature })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(restored: Option<Restored>) -> (SignedCheckpoint, SigningKey) {
        let key = SigningKey::from_bytes(&[7; 32]);
        let at = "2026-11-22T10:00:00.5Z".parse().unwrap();
        let body = Checkpoint { origin: "test".into(), size: 130, previous: 128, root: [0xa5; 32], at, restored };
        (body.sign(&key), key)
    }

    #[test]
    fn a_checkpoint_is_read_back_from_its_line_and_verifies() {
        for restored in [None, Some(Restored { size: 77, at: "2026-11-22T09:00:00Z".parse().unwrap() })] {
            let (checkpoint, key) = signed(restored);
            let read: SignedCheckpoint = checkpoint.to_string().parse().unwrap();
            assert_eq!(read, checkpoint);
            assert!(read.is_of(&key.verifying_key(), "test"));
            assert!(!read.is_of(&key.verifying_key(), "production"));
            assert!(!read.is_of(&SigningKey::from_bytes(&[8; 32]).verifying_key(), "test"));
        }
    }

    #[test]
    fn no_altered_line_is_read_and_verifies() {
        let (checkpoint, key) = signed(Some(Restored { size: 77, at: "2026-11-22T09:00:00Z".parse().unwrap() }));
        let line = checkpoint.to_string();
        for place in 0..line.len() {
            for letter in ['0', '1', 'a', 'b', ' ', '-'] {
                let mut other = line.clone();
                other.replace_range(place..=place, &letter.to_string());
                if other != line
                    && let Ok(read) = other.parse::<SignedCheckpoint>()
                {
                    assert!(!read.is_of(&key.verifying_key(), "test"), "{other}");
                }
            }
        }
        for wrong in ["", "-", &line[1..], &format!("{line} "), &format!("{line}\n"), &line.replace("/1", "/2")] {
            assert_eq!(wrong.parse::<SignedCheckpoint>(), Err(UnreadableCheckpoint), "{wrong}");
        }
    }
}
