//! The log of a register that delivered, held against the checkpoint that one agent keeps.
//!
//! Promises: everything but the alteration is the register's own doing: real deliveries, receipts, sequencing and signatures.

/// A log as rows, and ways to alter it.
mod altered;
/// A thousand random alterations.
mod random;

use std::sync::Arc;

use schemas::canonical;
use schemas::receipt::{self, LineFinding, ReceiptBody, Verdict};
use schemas::signed::SigningKey;

use super::{NotProved, Proof, Sound, Witness, verify};
use crate::environment::{Environment, Stamp};
use crate::store::audit::{Entry, Sealed, Sign, What};
use crate::store::contract::{self, at, delivery, enrol, treatment};
use crate::store::{Delivery, Store, sqlite};

/// The register's receipt key.
pub(super) fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// Signs as the running register does.
pub(super) fn sign() -> Sign {
    super::signer(key(), "test".into(), Environment::system())
}

/// A delivery whose receipt is made as the running register makes it.
pub(super) fn real(sender: &str, name: u8) -> Delivery {
    let mut delivery = delivery(sender, name, vec![treatment(contract::key(sender, name), (1, 1), name, 5), None]);
    let body = ReceiptBody {
        schema: receipt::SCHEMA.into(),
        sender: delivery.sender.clone(),
        environment: "test".into(),
        batch: delivery.batch.clone(),
        received_at: at().to_string(),
        verdicts: Vec::new(),
        findings: Vec::new(),
        leaf: None,
        checkpoint: None,
    };
    let stamp = Stamp { at: at(), salt: canonical::sha256(&[name]) };
    delivery.seal = Box::new(move |verdicts: &[Verdict], found: &[LineFinding], checkpoint| {
        let body = ReceiptBody { verdicts: receipt::ranges(verdicts), findings: found.to_vec(), ..body.clone() };
        let entry = Entry::new(stamp, Some(&body.sender), What::batch(&body.batch, body.digest(), verdicts));
        let body = ReceiptBody { leaf: Some(canonical::hex(&entry.leaf)), checkpoint, ..body };
        Sealed { receipt: canonical::bytes(&body.sign(&key())), entry }
    });
    delivery
}

/// Fills a store with a log of several checkpoints, the last of which an agent keeps.
pub(super) async fn filled(store: &dyn Store) -> Witness {
    let mut newest = None;
    for sender in ["12", "01"] {
        enrol(store, sender).await;
    }
    for round in 0..9 {
        for (sender, name) in [("12", 10 + round), ("01", 40 + round)].into_iter().take(1 + usize::from(round % 2)) {
            store.accept_batch(real(sender, name)).await.unwrap();
        }
        let stamp = Stamp { at: at(), salt: [100 + round; 32] };
        store.note_event(&Entry::new(stamp, None, What::Lift { persons: 1 })).await.unwrap();
        newest = store.sequence(&sign()).await.unwrap();
    }
    Witness { place: "witness".into(), checkpoint: newest.unwrap().parse().unwrap() }
}

/// The verdict on a log.
pub(super) async fn judged(store: &dyn Store, witnesses: &[Witness]) -> Result<Sound, NotProved> {
    let proof = Proof { key: &key().verifying_key(), origin: "test", witnesses };
    verify(store, &proof).await
}

async fn fresh() -> (tempfile::TempDir, Arc<dyn Store>) {
    let folder = tempfile::tempdir().unwrap();
    let store = sqlite::tests::fresh(&folder.path().join("register.db")).await;
    (folder, store)
}

#[tokio::test]
async fn a_log_that_nobody_altered_is_whole_also_while_events_wait() {
    let (_folder, store) = fresh().await;
    let empty = judged(&*store, &[]).await.unwrap();
    assert_eq!((empty.entries, empty.checkpoints, empty.newest), (0, 0, None));
    let witness = filled(&*store).await;
    store.accept_batch(real("12", 90)).await.unwrap();
    let sound = judged(&*store, std::slice::from_ref(&witness)).await.unwrap();
    assert_eq!((sound.entries, sound.waiting, sound.checkpoints, sound.receipts), (28, 1, 9, 14));
    assert_eq!(sound.newest, Some(witness.checkpoint.to_string()));
    // It goes on, and still holds what the agent keeps.
    store.sequence(&sign()).await.unwrap().unwrap();
    let sound = judged(&*store, &[witness]).await.unwrap();
    assert_eq!((sound.entries, sound.waiting, sound.checkpoints, sound.receipts), (29, 0, 10, 14));
}

#[tokio::test]
async fn a_checkpoint_of_another_register_or_of_more_entries_is_told() {
    let (_folder, store) = fresh().await;
    let Witness { place, checkpoint } = filled(&*store).await;
    let with = |body| Witness { place: place.clone(), checkpoint: schemas::audit::Checkpoint::sign(body, &key()) };
    let body = checkpoint.body;
    for (witness, expected) in [
        (with(schemas::audit::Checkpoint { size: body.size + 1, ..body.clone() }), "fewer entries"),
        (
            with(schemas::audit::Checkpoint { size: body.size - 1, ..body.clone() }),
            "not those that the register signed",
        ),
        (with(schemas::audit::Checkpoint { origin: "production".into(), ..body.clone() }), "did not sign this"),
    ] {
        let told = judged(&*store, &[witness]).await.unwrap_err().to_string();
        assert!(told.starts_with("witness, the checkpoint of ") && told.contains(expected), "{told}");
    }
}

#[tokio::test]
async fn a_log_that_was_put_back_says_so_and_is_whole_by_itself() {
    let (_folder, store) = fresh().await;
    filled(&*store).await;
    let restored = What::Restored { reason: "the disk".into() };
    store.note_event(&Entry::new(Stamp { at: at(), salt: [1; 32] }, None, restored)).await.unwrap();
    store.sequence(&sign()).await.unwrap().unwrap();
    let sound = judged(&*store, &[]).await.unwrap();
    assert_eq!(sound.restored.unwrap().size, sound.entries - 1);
}
