//! What comes back: the register's signed answer to a batch, with a verdict on every line.
//!
//! Promises: a receipt names records by line number, never by key; its signature covers everything else in it; a stored receipt is
//! repeated byte for byte. A receipt whose signature does not verify closes nothing.

use ed25519_dalek::pkcs8::DecodePublicKey as _;
use ed25519_dalek::{SigningKey, VerifyingKey};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{BatchId, SenderCode};
use crate::{canonical, signed};

/// The register's public receipt key.
pub use ed25519_dalek::VerifyingKey as ReceiptKey;

/// The receipt schema of this version.
pub const SCHEMA: &str = "registry-receipt/1";

/// A receipt as it travels and is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Receipt {
    /// What is signed.
    pub body: ReceiptBody,
    /// Name of the signing key: the first 16 hexadecimal digits of SHA-256 over the public key's 32 bytes.
    pub key_id: String,
    /// Ed25519 over the RFC 8785 bytes of `body`, base64url without padding.
    pub signature: String,
}

/// The signed part of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReceiptBody {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Who delivered.
    pub sender: SenderCode,
    /// `test` or `production`.
    pub environment: String,
    /// Which batch.
    pub batch: BatchId,
    /// When it was stored, RFC 3339 UTC.
    pub received_at: String,
    /// The verdicts, in the order of the lines; together they cover every record once.
    pub verdicts: Vec<VerdictRange>,
    /// Why lines were rejected.
    pub findings: Vec<LineFinding>,
    /// Commitment of the audit log, when the register keeps one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaf: Option<String>,
    /// Newest signed checkpoint of the audit log, when the register keeps one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<String>,
}

/// One verdict for neighbouring lines. Line 1 is the first record, not the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VerdictRange {
    /// First line.
    pub from: u32,
    /// Last line, inclusive.
    pub to: u32,
    /// What became of them.
    pub verdict: Verdict,
}

/// What became of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Stored; there was none before.
    Accepted,
    /// Stored in place of an earlier version.
    Replaced,
    /// This version is stored already, with the same content.
    Unchanged,
    /// A later version is stored already.
    Stale,
    /// Breaks a rule; not stored.
    Rejected,
}

impl Verdict {
    /// The word on the wire and in the audit log.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Replaced => "replaced",
            Self::Unchanged => "unchanged",
            Self::Stale => "stale",
            Self::Rejected => "rejected",
        }
    }
}

/// One broken rule of one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LineFinding {
    /// The line, from 1 for the first record.
    pub line: u32,
    /// Id of the rule (see [`crate::rule`]).
    pub rule: String,
    /// The field, never its value.
    pub field: String,
}

/// Why a receipt proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotVerified {
    /// The key file is not an Ed25519 public key.
    #[error("the receipt key is not an Ed25519 public key in PEM form; fetch receipt.pub from the register again")]
    Key,
    /// The signature is not this key's over these bytes.
    #[error("the receipt's signature does not belong to the register's receipt key; nothing was closed")]
    Signature,
    /// The signed content does not answer what was sent.
    #[error("the receipt answers another sender, environment, batch or number of records; nothing was closed")]
    Content,
}

impl ReceiptBody {
    /// Signs the body.
    #[must_use]
    pub fn sign(self, key: &SigningKey) -> Receipt {
        let signature = signed::sign(&self, key);
        Receipt { key_id: signed::key_id(&key.verifying_key()), signature, body: self }
    }

    /// SHA-256 of the body's canonical bytes without leaf and checkpoint: what the audit log says of the receipt, whose leaf it holds.
    #[must_use]
    pub fn digest(&self) -> String {
        let bare = Self { leaf: None, checkpoint: None, ..self.clone() };
        canonical::sha256_hex(&canonical::bytes(&bare))
    }

    /// The verdict on each of `records` lines, or nothing when the ranges do not cover exactly those.
    #[must_use]
    pub fn verdicts_by_line(&self, records: u32) -> Option<Vec<Verdict>> {
        let mut verdicts = Vec::new();
        let mut next = 1;
        for range in &self.verdicts {
            if range.from != next || range.to < range.from || range.to > records {
                return None;
            }
            verdicts.extend((range.from..=range.to).map(|_| range.verdict));
            next = range.to + 1;
        }
        (next == records + 1).then_some(verdicts)
    }
}

impl Receipt {
    /// Verifies signature and meaning: this key, sender, environment, batch and number of records.
    ///
    /// # Errors
    /// [`NotVerified`] says which part failed.
    pub fn verify(&self, key: &VerifyingKey, expected: &Expected<'_>) -> Result<Vec<Verdict>, NotVerified> {
        let body = &self.body;
        if !signed::holds(body, &self.signature, key) {
            return Err(NotVerified::Signature);
        }
        let answers = body.schema == SCHEMA
            && &body.sender == expected.sender
            && body.environment == expected.environment
            && &body.batch == expected.batch;
        if !answers {
            return Err(NotVerified::Content);
        }
        body.verdicts_by_line(expected.records).ok_or(NotVerified::Content)
    }
}

/// What a receipt must answer.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Who sent.
    pub sender: &'a SenderCode,
    /// Where to.
    pub environment: &'a str,
    /// Which batch.
    pub batch: &'a BatchId,
    /// How many records it had.
    pub records: u32,
}

/// Reads the register's public receipt key (PEM, SubjectPublicKeyInfo).
///
/// # Errors
/// [`NotVerified::Key`] when the text is something else.
pub fn read_public_key(pem: &str) -> Result<VerifyingKey, NotVerified> {
    VerifyingKey::from_public_key_pem(pem).map_err(|_| NotVerified::Key)
}

/// Folds verdicts in line order into ranges.
#[must_use]
pub fn ranges(verdicts: &[Verdict]) -> Vec<VerdictRange> {
    let mut ranges: Vec<VerdictRange> = Vec::new();
    for (line, &verdict) in (1..).zip(verdicts) {
        match ranges.last_mut() {
            Some(last) if last.verdict == verdict => last.to = line,
            _ => ranges.push(VerdictRange { from: line, to: line, verdict }),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(verdicts: &[Verdict]) -> (Receipt, VerifyingKey) {
        let key = SigningKey::from_bytes(&[7; 32]);
        let body = ReceiptBody {
            schema: SCHEMA.into(),
            sender: "12".parse().unwrap(),
            environment: "test".into(),
            batch: "0".repeat(64).parse().unwrap(),
            received_at: "2026-01-01T00:00:00Z".into(),
            verdicts: ranges(verdicts),
            findings: vec![],
            leaf: None,
            checkpoint: None,
        };
        (body.sign(&key), key.verifying_key())
    }

    fn verify(receipt: &Receipt, key: &VerifyingKey, sender: &str, records: u32) -> Result<Vec<Verdict>, NotVerified> {
        let (sender, batch) = (sender.parse().unwrap(), "0".repeat(64).parse().unwrap());
        receipt.verify(key, &Expected { sender: &sender, environment: "test", batch: &batch, records })
    }

    #[test]
    fn a_signed_receipt_verifies_and_gives_the_verdicts_back() {
        let verdicts = [Verdict::Accepted, Verdict::Accepted, Verdict::Rejected, Verdict::Stale];
        let (receipt, key) = receipt(&verdicts);
        assert_eq!(receipt.body.verdicts.len(), 3);
        assert_eq!(verify(&receipt, &key, "12", 4).unwrap(), verdicts);
    }

    #[test]
    fn a_receipt_that_was_altered_or_answers_something_else_is_refused() {
        let (mut receipt, key) = receipt(&[Verdict::Rejected]);
        assert_eq!(verify(&receipt, &key, "01", 1), Err(NotVerified::Content));
        assert_eq!(verify(&receipt, &key, "12", 2), Err(NotVerified::Content));
        let other = SigningKey::from_bytes(&[8; 32]).verifying_key();
        assert_eq!(verify(&receipt, &other, "12", 1), Err(NotVerified::Signature));
        receipt.body.verdicts[0].verdict = Verdict::Accepted;
        assert_eq!(verify(&receipt, &key, "12", 1), Err(NotVerified::Signature));
    }
}
