//! A sender's signature under its part of a year's frozen data: what the register shows it, and what it signs.
//!
//! Promises: what is signed names cut, year, sender, and the hashes of the part and of the whole, so that a signature stands for nothing
//! else. Must not know: which algorithm a certificate's key has.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::canonical;
use crate::id::SenderCode;

/// The form of what is signed.
pub const SCHEMA: &str = "registry-attestation/1";

/// Longest name of who signs, in characters.
pub const LONGEST_NAME: usize = 100;

/// A sender's part of a year's frozen data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// [`SCHEMA`].
    pub schema: String,
    /// Number of the cut, as people write it: `c1`.
    pub cut: String,
    /// The year that it is of.
    pub year: i16,
    /// Hash of the whole cut, hexadecimal.
    pub hash: String,
    /// Whose part.
    pub sender: SenderCode,
    /// The sender's treatments in it, when it was made.
    pub treatments: u64,
    /// Hash of the sender's part, hexadecimal.
    pub share: String,
}

/// Answer to `GET /v1/cuts/{year}`: what the sender is to sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct YearCut {
    /// What is to be signed.
    pub statement: Statement,
    /// Name of the cut, for people.
    pub name: String,
    /// When it was made, RFC 3339.
    pub made_at: String,
    /// The last day whose deliveries count for the year.
    pub stop: Date,
    /// The last day on which comments are taken.
    pub comments_until: Date,
    /// The sender's treatments that left it since, because persons were withdrawn or keys were lost.
    pub left: u64,
    /// Who signed for the sender; nothing while nobody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<String>,
}

/// Body of `POST /v1/attestations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attestation {
    /// What is signed.
    pub statement: Statement,
    /// Who signs for the sender, for people.
    #[schemars(length(min = 1, max = 100))]
    pub signed_by: String,
    /// How the certificate's key signs: a signature scheme of TLS 1.3 (RFC 8446, section 4.2.3).
    pub scheme: u16,
    /// The signature over [`Attestation::signed`], base64url without padding.
    pub signature: String,
}

impl Attestation {
    /// The bytes that are signed: statement and name, canonical.
    #[must_use]
    pub fn signed(statement: &Statement, signed_by: &str) -> Vec<u8> {
        canonical::bytes(&serde_json::json!({ "statement": statement, "signed_by": signed_by }))
    }

    /// Whether somebody signs.
    #[must_use]
    pub fn has_name(&self) -> bool {
        is_name(self.signed_by.trim())
    }
}

/// Whether a text can be a name: one line of reasonable length.
#[must_use]
pub fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= LONGEST_NAME && !text.chars().any(char::is_control)
}
