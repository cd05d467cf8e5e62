//! Leaving the register: from a sender's request to a signed receipt, and how the erased leave the disk as well.
//!
//! Promises: the regions' pseudonyms end here; a sender reaches persons under its own keys only; nothing that is logged or counted names
//! a person. Must not know: HTTP, SQL.

/// When erased bytes are removed from the disk.
mod nightly;
/// The signed answer.
mod receipt;

use std::sync::Arc;

use schemas::canonical;
use schemas::id::{KeyId, Pseudonym, SenderCode};
use schemas::withdrawal::{
    EXTRACT_SCHEMA, ExtractedDocument, Lift, PersonExtract, ReplacedVersion, Withdrawal, WithdrawnPerson,
};

use crate::problem::Refusal;
use crate::registry::Registry;
use crate::store::erasure::Document;
use crate::store::{Erasure, Persons};
use crate::subject::Alias;

pub(crate) use nightly::{clean, nightly};

/// Erases persons and bars them; gives the receipt's bytes.
pub(crate) async fn withdraw(
    registry: &Arc<Registry>,
    sender: &SenderCode,
    withdrawal: Withdrawal,
) -> Result<Vec<u8>, Refusal> {
    let digest = canonical::sha256_hex(&canonical::bytes(&withdrawal));
    let stamp = registry.environment.stamp();
    let commitments = withdrawal.persons.iter().map(WithdrawnPerson::commitment).collect();
    let erasure = Erasure {
        sender: sender.clone(),
        digest,
        stamp,
        case: withdrawal.case,
        persons: aliases(registry, sender, withdrawal.persons.iter().map(|person| &person.pseudonym))?,
        tombs: registry.tombs.clone(),
        seal: receipt::seal(registry, (sender.clone(), stamp), commitments),
        state: withdrawal.state_id,
    };
    let receipt = registry.store.erase(erasure).await?;
    registry.metrics.erased(&receipt, stamp.at);
    Ok(receipt)
}

/// Lets persons in again; tells how many were withdrawn.
pub(crate) async fn lift(registry: &Registry, sender: &SenderCode, lift: &Lift) -> Result<u32, Refusal> {
    let persons = persons(registry, sender, &lift.persons)?;
    Ok(registry.store.lift(&persons, registry.environment.stamp()).await?)
}

/// Tells what is held of persons from a sender, and notes that it was told.
pub(crate) async fn extract(
    registry: &Registry,
    sender: &SenderCode,
    asked: &[Pseudonym],
) -> Result<PersonExtract, Refusal> {
    let persons = persons(registry, sender, asked)?;
    let disclosed = registry.store.disclose(&persons, registry.environment.stamp()).await?;
    registry.metrics.extracted(sender);
    let documents = disclosed.documents.into_iter().map(document).collect::<Option<_>>();
    Ok(PersonExtract {
        schema: EXTRACT_SCHEMA.to_owned(),
        found: disclosed.found,
        withdrawn: disclosed.withdrawn,
        documents: documents.ok_or_else(|| Refusal::Unexpected("a stored document cannot be read".to_owned()))?,
    })
}

fn document(stored: Document) -> Option<ExtractedDocument> {
    let replaced = stored.replaced.into_iter();
    Some(ExtractedDocument {
        key: stored.key.parse().ok()?,
        version: stored.version,
        first_received: stored.first_received,
        replaced: replaced.map(|(version, replaced_at)| ReplacedVersion { version, replaced_at }).collect(),
        content: serde_json::from_str(&stored.content).ok()?,
    })
}

fn persons(registry: &Registry, sender: &SenderCode, pseudonyms: &[Pseudonym]) -> Result<Persons, Refusal> {
    let persons = aliases(registry, sender, pseudonyms.iter())?;
    Ok(Persons { sender: sender.clone(), persons, tombs: registry.tombs.clone() })
}

/// The register's own names for a sender's persons.
fn aliases<'a>(
    registry: &Registry,
    sender: &SenderCode,
    pseudonyms: impl Iterator<Item = &'a Pseudonym>,
) -> Result<Vec<Alias>, Refusal> {
    let alias = |pseudonym: &Pseudonym| {
        let own = pseudonym.key_id().parse().is_ok_and(|kid: KeyId| kid.belongs_to(sender));
        if !own {
            return Err(Refusal::KeyOfAnother);
        }
        registry.pepper.rekey(pseudonym).ok_or(Refusal::BadRequest("a pseudonym must end in the base64url of 32 bytes"))
    };
    pseudonyms.map(alias).collect()
}
