//! The answer to `GET /v1/codelists`: the lists that the register uses, signed, so that agents use the same.
//!
//! Promises: the same lists give the same bytes; whoever verifies gets lists of exactly the hash that the document, `/v1/me` and the
//! manifests name. Must not know: where lists are kept, or which were in use before.

use ed25519_dalek::{SigningKey, VerifyingKey};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::codelist::{Addition, CodeLists};
use crate::signed;

/// The schema of this version.
pub const SCHEMA: &str = "registry-codelists/1";

/// The document as it travels and as an agent keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublishedLists {
    /// What is signed.
    pub body: PublishedBody,
    /// Name of the signing key, as in receipts.
    pub key_id: String,
    /// Ed25519 over the RFC 8785 bytes of `body`, base64url without padding.
    pub signature: String,
}

/// The signed part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublishedBody {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// `test` or `production`.
    pub environment: String,
    /// The lists' hash, as in `/v1/me` and in manifests.
    pub hash: String,
    /// Every list.
    pub lists: Vec<PublishedList>,
}

/// One list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublishedList {
    /// Its name, the file's without `.csv`.
    pub name: String,
    /// Its CSV text with header.
    pub csv: String,
}

/// Why a document is not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotUsable {
    /// The signature is not this key's over these bytes.
    #[error("their signature does not belong to the register's receipt key; ask the register for its receipt.pub")]
    Signature,
    /// Another schema or environment, or lists that do not have the hash that the document names.
    #[error("they are of another schema or environment, or do not have the hash that they name; ask the register")]
    Content,
    /// A list that this version cannot read.
    #[error("this version cannot read them ({0}); upgrade the agent")]
    Unreadable(String),
}

impl PublishedBody {
    /// The document of some lists.
    #[must_use]
    pub fn of(lists: &CodeLists, environment: &str) -> Self {
        let published =
            |(name, csv): (crate::codelist::ListName, String)| PublishedList { name: name.to_string(), csv };
        Self {
            schema: SCHEMA.into(),
            environment: environment.into(),
            hash: lists.hash(),
            lists: lists.texts().into_iter().map(published).collect(),
        }
    }

    /// Signs the document.
    #[must_use]
    pub fn sign(self, key: &SigningKey) -> PublishedLists {
        let signature = signed::sign(&self, key);
        PublishedLists { key_id: signed::key_id(&key.verifying_key()), signature, body: self }
    }
}

impl PublishedLists {
    /// The lists, when they are this register's for this environment.
    ///
    /// # Errors
    /// [`NotUsable`] says which part failed.
    pub fn verify(&self, key: &VerifyingKey, environment: &str) -> Result<CodeLists, NotUsable> {
        let body = &self.body;
        if !signed::holds(body, &self.signature, key) {
            return Err(NotUsable::Signature);
        }
        if body.schema != SCHEMA || body.environment != environment {
            return Err(NotUsable::Content);
        }
        let texts: Result<Vec<Addition>, NotUsable> = body.lists.iter().map(addition).collect();
        let lists = CodeLists::of_texts(&texts?).map_err(|error| NotUsable::Unreadable(error.to_string()))?;
        if lists.hash() == body.hash { Ok(lists) } else { Err(NotUsable::Content) }
    }
}

fn addition(PublishedList { name, csv }: &PublishedList) -> Result<Addition, NotUsable> {
    let list = name.parse().map_err(|_| NotUsable::Unreadable(format!("there is no list {name}")))?;
    Ok(Addition { list, file: format!("{name}.csv"), text: csv.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codelist::ListName;

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn document() -> PublishedLists {
        let text = "code,name,kind,condition\ntrygg,Trygg,treatment,anxiety\n".into();
        let local = Addition { list: ListName::Programmes, file: "local.csv".into(), text };
        PublishedBody::of(&CodeLists::builtin().with_additions(&[local]).unwrap(), "test").sign(&key())
    }

    fn verify(document: &PublishedLists) -> Result<CodeLists, NotUsable> {
        document.verify(&key().verifying_key(), "test")
    }

    #[test]
    fn a_document_gives_the_lists_of_its_hash_with_what_the_register_added() {
        let document = document();
        let lists = verify(&document).unwrap();
        assert_eq!(lists.hash(), document.body.hash);
        assert!(lists.programme("trygg").is_some());
    }

    #[test]
    fn a_document_that_was_altered_or_is_for_somebody_else_is_refused() {
        let signed = |alter: fn(&mut PublishedBody)| {
            let mut body = document().body;
            alter(&mut body);
            body.sign(&key())
        };
        assert!(verify(&signed(|_| ())).is_ok());
        let mut altered = document();
        altered.body.lists[0].csv.push_str("b,B,treatment,,worry,,,false,,,,\n");
        assert_eq!(verify(&altered).unwrap_err(), NotUsable::Signature);
        let mut altered = document();
        altered.signature = "x".into();
        assert_eq!(verify(&altered).unwrap_err(), NotUsable::Signature);
        let other = SigningKey::from_bytes(&[8; 32]).verifying_key();
        assert_eq!(document().verify(&other, "test").unwrap_err(), NotUsable::Signature);
        assert_eq!(document().verify(&key().verifying_key(), "production").unwrap_err(), NotUsable::Content);
        assert_eq!(verify(&signed(|body| body.hash = "0".repeat(64))).unwrap_err(), NotUsable::Content);
        assert_eq!(
            verify(&signed(|body| body.schema = "registry-codelists/2".into())).unwrap_err(),
            NotUsable::Content
        );
    }

    #[test]
    fn lists_that_this_version_cannot_read_are_told() {
        for (alter, told) in [
            (
                (|body: &mut PublishedBody| body.lists[0].name = "moods".into()) as fn(&mut PublishedBody),
                "there is no list moods",
            ),
            (
                |body| body.lists[0].csv = body.lists[0].csv.replacen("code,", "code2,", 1),
                "programmes.csv, line 1, column code2",
            ),
            (|body| drop(body.lists.pop()), "test-identities.csv, line 1: is missing"),
        ] {
            let mut body = document().body;
            alter(&mut body);
            let error = verify(&body.sign(&key())).unwrap_err();
            assert!(error.to_string().contains(told), "{error}");
        }
    }
}
