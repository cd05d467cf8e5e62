//! A receipt read again without the register: who signed it, and what it says in words; and what this agent found wrong with the
//! register's audit log, likewise.
//!
//! Promises: every byte of the signed part is under the signature that is verified, known or not; nothing is asked of anybody. Must not
//! know: where receipts are kept.

/// What was found wrong with the audit log, in words.
mod finding;
/// What a receipt says, in words.
mod words;

use schemas::audit::SignedCheckpoint;
use schemas::receipt::{self, Receipt, ReceiptKey};
use schemas::signed;
use schemas::withdrawal::{ErasureReceipt, RECEIPT_SCHEMA};
use serde_json::Value;

pub use finding::sentence;
pub use words::lines;

/// A receipt of either kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// The answer to a batch.
    Batch(Receipt),
    /// The answer to a withdrawal.
    Erasure(ErasureReceipt),
}

/// Why a receipt proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unproved {
    /// Another key signed it.
    #[error(
        "it was signed with key {receipt}, and {file} is key {given}; fetch the receipt.pub of its time from the register"
    )]
    OtherKey {
        /// The receipt's key id.
        receipt: String,
        /// The file with the key at hand.
        file: String,
        /// That key's id.
        given: String,
    },
    /// The signature is not over these bytes.
    #[error("the signature does not belong to what stands in it; the file was altered")]
    Signature,
    /// The verdicts do not cover the lines once each.
    #[error("its verdicts do not cover its records once each; ask the register")]
    Verdicts,
    /// The checkpoint inside is not the register's.
    #[error("the checkpoint of the audit log in it is not signed by the same key; ask the register")]
    Checkpoint,
}

impl Document {
    /// Reads a receipt's file. Nothing when it is none of this version; with it the part that is signed, as it stands.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<(Self, Value)> {
        let whole: Value = serde_json::from_slice(bytes).ok()?;
        let signed = whole.get("body")?.clone();
        let document = match signed.get("schema")?.as_str()? {
            receipt::SCHEMA => Self::Batch(serde_json::from_value(whole).ok()?),
            RECEIPT_SCHEMA => Self::Erasure(serde_json::from_value(whole).ok()?),
            _ => return None,
        };
        Some((document, signed))
    }

    /// The signing key's id.
    #[must_use]
    pub fn key_id(&self) -> &str {
        match self {
            Self::Batch(Receipt { key_id, .. }) | Self::Erasure(ErasureReceipt { key_id, .. }) => key_id,
        }
    }

    /// The checkpoint of the audit log in it, and the environment that it must be of.
    fn checkpoint(&self) -> (Option<&str>, &str) {
        match self {
            Self::Batch(Receipt { body, .. }) => (body.checkpoint.as_deref(), &body.environment),
            Self::Erasure(ErasureReceipt { body, .. }) => (body.checkpoint.as_deref(), &body.environment),
        }
    }

    fn signature(&self) -> &str {
        match self {
            Self::Batch(Receipt { signature, .. }) | Self::Erasure(ErasureReceipt { signature, .. }) => signature,
        }
    }

    /// Whether the register with this key signed it; `file` names where the key stands.
    ///
    /// # Errors
    /// [`Unproved`] says why it proves nothing.
    pub fn verify(&self, signed: &Value, (key, file): (&ReceiptKey, &str)) -> Result<(), Unproved> {
        let given = signed::key_id(key);
        if self.key_id() != given {
            return Err(Unproved::OtherKey { receipt: self.key_id().into(), file: file.into(), given });
        }
        if !signed::holds(signed, self.signature(), key) {
            return Err(Unproved::Signature);
        }
        if let Self::Batch(Receipt { body, .. }) = self
            && body.verdicts_by_line(body.verdicts.last().map_or(0, |range| range.to)).is_none()
        {
            return Err(Unproved::Verdicts);
        }
        match self.checkpoint() {
            (Some(text), environment) => {
                let checkpoint = text.parse::<SignedCheckpoint>().ok();
                let is_whole = checkpoint.is_some_and(|checkpoint| checkpoint.is_of(key, environment));
                if is_whole { Ok(()) } else { Err(Unproved::Checkpoint) }
            }
            (None, _) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
