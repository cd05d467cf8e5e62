//! Leaving the register: what a sender asks for when a person objects, and the register's signed answer.
//!
//! Promises: the answer names nobody: a commitment in it can be tied to a person only with the salt, which the sender alone keeps; its
//! signature covers everything else in it. Must not know: how something is erased.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{SigningKey, VerifyingKey};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::canonical;
use crate::id::{Pseudonym, RecordKey, Salt, SenderCode, StateId, Version};
use crate::receipt::NotVerified;
use crate::signed;

/// The schema of a withdrawal.
pub const SCHEMA: &str = "registry-withdrawal/1";
/// The schema of the answer.
pub const RECEIPT_SCHEMA: &str = "registry-erasure/1";
/// The schema of an extract.
pub const EXTRACT_SCHEMA: &str = "registry-person-extract/1";
/// Most persons in one request of this module.
pub const MOST_PERSONS: usize = 1_000;

/// What stands before salt and pseudonym in a commitment.
const LABEL: &[u8] = b"fedreg/erasure/v1";

/// Body of `POST /v1/withdrawals`: erase what this sender sent of these persons, and take nothing more of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The state directory that asks.
    pub state_id: StateId,
    /// The register's case that this answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<u32>,
    /// The persons, 1 to [`MOST_PERSONS`].
    #[schemars(length(min = 1, max = 1_000))]
    pub persons: Vec<WithdrawnPerson>,
}

/// One person of a withdrawal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawnPerson {
    /// Who.
    pub pseudonym: Pseudonym,
    /// Made for this request and person; the sender keeps it for as long as it wants to be able to tell whom the receipt is about.
    pub salt: Salt,
}

impl WithdrawnPerson {
    /// What stands for the person in the receipt: hexadecimal SHA-256 over label, the salt's 32 bytes and the pseudonym's text, parted
    /// by zero bytes.
    #[must_use]
    pub fn commitment(&self) -> String {
        let mut bytes = LABEL.to_vec();
        bytes.push(0);
        bytes.extend(self.salt.bytes());
        bytes.push(0);
        bytes.extend(self.pseudonym.as_str().as_bytes());
        canonical::sha256_hex(&bytes)
    }
}

/// Answer to `POST /v1/withdrawals`: the erasure receipt, as it travels and is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErasureReceipt {
    /// What is signed.
    pub body: ErasureBody,
    /// Name of the signing key, as in a batch's receipt.
    pub key_id: String,
    /// Ed25519 over the RFC 8785 bytes of `body`, base64url without padding.
    pub signature: String,
}

/// The signed part of an erasure receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErasureBody {
    /// Always [`RECEIPT_SCHEMA`].
    pub schema: String,
    /// Who asked, and whose records were erased.
    pub sender: SenderCode,
    /// `test` or `production`.
    pub environment: String,
    /// When it was done, RFC 3339 UTC.
    pub received_at: String,
    /// The case that this answers; absent when the register has none of the number that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<u32>,
    /// Persons in the request.
    pub persons: u32,
    /// Those of them of whom the register held something from this sender.
    pub found: u32,
    /// Treatments that were erased.
    pub treatments: u32,
    /// [`WithdrawnPerson::commitment`] of each person, in the order of the request.
    pub commitments: Vec<String>,
    /// What this means for the person, Swedish.
    pub text_sv: String,
    /// The same in English.
    pub text_en: String,
    /// Commitment of the audit log, when the register keeps one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaf: Option<String>,
    /// Newest signed checkpoint of the audit log, when the register keeps one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<String>,
}

impl ErasureBody {
    /// SHA-256 of the body's canonical bytes without leaf and checkpoint: what the audit log says of the receipt, whose leaf it holds.
    #[must_use]
    pub fn digest(&self) -> String {
        let bare = Self { leaf: None, checkpoint: None, ..self.clone() };
        canonical::sha256_hex(&canonical::bytes(&bare))
    }

    /// Signs the body.
    #[must_use]
    pub fn sign(self, key: &SigningKey) -> ErasureReceipt {
        let signature = signed::sign(&self, key);
        ErasureReceipt { key_id: signed::key_id(&key.verifying_key()), signature, body: self }
    }
}

impl ErasureReceipt {
    /// Verifies that this key signed it as the answer to this request.
    ///
    /// # Errors
    /// [`NotVerified`] says which part failed.
    pub fn verify(&self, key: &VerifyingKey, expected: &ExpectedErasure<'_>) -> Result<(), NotVerified> {
        let body = &self.body;
        self.verify_signature(key)?;
        let asked = || expected.withdrawal.persons.iter().map(WithdrawnPerson::commitment);
        let answers = body.schema == RECEIPT_SCHEMA
            && &body.sender == expected.sender
            && body.environment == expected.environment
            && body.commitments.iter().eq(asked().collect::<Vec<_>>().iter());
        if answers { Ok(()) } else { Err(NotVerified::Content) }
    }

    /// Verifies the signature alone, for one who has the receipt and not the request.
    ///
    /// # Errors
    /// [`NotVerified::Signature`] when it is not this key's.
    pub fn verify_signature(&self, key: &VerifyingKey) -> Result<(), NotVerified> {
        if signed::holds(&self.body, &self.signature, key) { Ok(()) } else { Err(NotVerified::Signature) }
    }
}

/// What an erasure receipt must answer.
#[derive(Debug, Clone, Copy)]
pub struct ExpectedErasure<'a> {
    /// Who asked.
    pub sender: &'a SenderCode,
    /// Where.
    pub environment: &'a str,
    /// What was asked.
    pub withdrawal: &'a Withdrawal,
}

/// Body of `POST /v1/withdrawals/lift`: these persons take back their objection; the register takes newer records of them again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lift {
    /// The state directory that asks.
    pub state_id: StateId,
    /// The persons, 1 to [`MOST_PERSONS`].
    #[schemars(length(min = 1, max = 1_000))]
    pub persons: Vec<Pseudonym>,
}

/// Answer to `POST /v1/withdrawals/lift`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Lifted {
    /// Persons who were withdrawn and are so no more.
    pub lifted: u32,
}

/// Body of `POST /v1/person-extract`: what the register holds of these persons from this sender. The register notes that it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtractRequest {
    /// The persons, 1 to [`MOST_PERSONS`]; usually one under each of its numbers.
    #[schemars(length(min = 1, max = 1_000))]
    pub persons: Vec<Pseudonym>,
}

/// Answer to `POST /v1/person-extract`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PersonExtract {
    /// Always [`EXTRACT_SCHEMA`].
    pub schema: String,
    /// Persons of the request of whom something is held.
    pub found: u32,
    /// Persons of the request whom this sender has withdrawn; nothing is held of them.
    pub withdrawn: u32,
    /// Everything that is held, by record key.
    pub documents: Vec<ExtractedDocument>,
}

/// One treatment as the register holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExtractedDocument {
    /// Which record.
    pub key: RecordKey,
    /// The version that is held.
    pub version: Version,
    /// When the first version of it came, RFC 3339 UTC; absent when an older register took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_received: Option<String>,
    /// Versions that were held before this one, and when each was replaced, the oldest first.
    pub replaced: Vec<ReplacedVersion>,
    /// The whole content, as it was sent and without the pseudonym.
    pub content: Value,
}

/// A version that was held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplacedVersion {
    /// Which.
    pub version: Version,
    /// When a later one took its place, RFC 3339 UTC.
    pub replaced_at: String,
}

/// What a sender answers to a case of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseAnswer {
    /// The person is not known here.
    NoneFound,
    /// The person was withdrawn; a withdrawal that names the case says so by itself.
    Withdrawn,
}

/// Body of `POST /v1/cases/{number}`, and its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseReply {
    /// What the sender found.
    pub answer: CaseAnswer,
}

impl Salt {
    /// The salt of these random bytes.
    ///
    /// # Panics
    /// Never: 32 bytes have the form of a salt.
    #[must_use]
    pub fn of(bytes: [u8; 32]) -> Self {
        URL_SAFE_NO_PAD.encode(bytes).parse().expect("32 bytes are 43 characters of base64url")
    }

    /// The 32 bytes.
    ///
    /// # Panics
    /// Never: the form was looked at when the text was read.
    #[must_use]
    pub fn bytes(&self) -> [u8; 32] {
        let bytes = URL_SAFE_NO_PAD.decode(self.as_str()).ok();
        bytes.and_then(|bytes| bytes.try_into().ok()).expect("the form of a salt is the spelling of 32 bytes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(hmac: char, salt: u8) -> WithdrawnPerson {
        let pseudonym = format!("psn1.r12-g1.{}", hmac.to_string().repeat(43)).parse().unwrap();
        WithdrawnPerson { pseudonym, salt: Salt::of([salt; 32]) }
    }

    fn withdrawal(persons: Vec<WithdrawnPerson>) -> Withdrawal {
        Withdrawal { schema: SCHEMA.into(), state_id: "a".repeat(32).parse().unwrap(), case: None, persons }
    }

    fn receipt(withdrawal: &Withdrawal) -> (ErasureReceipt, VerifyingKey) {
        let key = SigningKey::from_bytes(&[7; 32]);
        let body = ErasureBody {
            schema: RECEIPT_SCHEMA.into(),
            sender: "12".parse().unwrap(),
            environment: "test".into(),
            received_at: "2026-01-01T00:00:00Z".into(),
            case: None,
            persons: 2,
            found: 1,
            treatments: 3,
            commitments: withdrawal.persons.iter().map(WithdrawnPerson::commitment).collect(),
            text_sv: "Raderat.".into(),
            text_en: "Erased.".into(),
            leaf: None,
            checkpoint: None,
        };
        (body.sign(&key), key.verifying_key())
    }

    #[test]
    fn a_commitment_changes_with_the_salt_and_with_the_person() {
        assert_eq!(person('a', 1).commitment(), person('a', 1).commitment());
        assert_ne!(person('a', 1).commitment(), person('a', 2).commitment());
        assert_ne!(person('a', 1).commitment(), person('b', 1).commitment());
        // Worked out by hand, so that both ends keep to it: printf 'fedreg/erasure/v1\0' + 32 times 01 + '\0psn1.r12-g1.aaa...' | sha256sum
        assert_eq!(person('a', 1).commitment(), "22f7ea443fc705901a944551f707c1920d3f7e69daa38124ad54bdf50150daf7");
    }

    #[test]
    fn a_receipt_answers_its_own_request_only_and_a_salt_has_one_spelling() {
        let asked = withdrawal(vec![person('a', 1), person('b', 2)]);
        let (mut receipt, key) = receipt(&asked);
        let (sender, other) = ("12".parse().unwrap(), "01".parse().unwrap());
        let verify = |receipt: &ErasureReceipt, withdrawal: &Withdrawal, sender: &SenderCode| {
            receipt.verify(&key, &ExpectedErasure { sender, environment: "test", withdrawal })
        };
        assert_eq!(verify(&receipt, &asked, &sender), Ok(()));
        assert_eq!(verify(&receipt, &asked, &other), Err(NotVerified::Content));
        for persons in
            [vec![person('a', 1)], vec![person('b', 2), person('a', 1)], vec![person('a', 1), person('b', 3)]]
        {
            assert_eq!(verify(&receipt, &withdrawal(persons), &sender), Err(NotVerified::Content));
        }
        receipt.body.found = 2;
        assert_eq!(verify(&receipt, &asked, &sender), Err(NotVerified::Signature));
        assert!(format!("{}B", "A".repeat(42)).parse::<Salt>().is_err(), "the last character holds four bits only");
    }
}
