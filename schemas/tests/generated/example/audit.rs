//! The examples of the audit log: a log of five entries, of which a sender has seen three.

use schemas::audit::{Checkpoint, CheckpointAnswer, Hash, Inclusion, SignedCheckpoint, Tail, commitment, leaf_hash};
use schemas::canonical;

use super::signing_key;

/// What the example's sender has seen of the log.
pub(crate) fn seen() -> SignedCheckpoint {
    checkpoint(3, 0, "2026-01-15T01:17:42Z")
}

/// The leaf of the example receipt.
pub(crate) fn leaf() -> Hash {
    leaves()[3]
}

/// The answer to the sender's next question.
pub(crate) fn answer() -> CheckpointAnswer {
    let leaves = leaves();
    let hexadecimal = |proof: Vec<Hash>| proof.iter().map(|hash| canonical::hex(hash)).collect();
    let tail = Tail { base: leaves[..3].iter().copied().collect(), leaves: leaves[3..].to_vec() };
    CheckpointAnswer {
        checkpoint: Some(checkpoint(5, 3, "2026-01-15T01:17:43Z").to_string()),
        consistency: hexadecimal(tail.consistency()),
        inclusion: tail.inclusion(3).map(|path| Inclusion { position: 3, path: hexadecimal(path) }),
    }
}

fn leaves() -> Vec<Hash> {
    let event = |number: u8| format!(r#"{{"at":"2026-01-15T01:17:4{number}Z","kind":"lift","persons":1}}"#);
    (0..5).map(|number| leaf_hash(&commitment(&[number; 32], event(number).as_bytes()))).collect()
}

fn checkpoint(size: usize, previous: u64, at: &str) -> SignedCheckpoint {
    let range: schemas::audit::Range = leaves()[..size].iter().copied().collect();
    let (size, root, at) = (range.size(), range.root(), at.parse().unwrap());
    Checkpoint { origin: "test".into(), size, previous, root, at, restored: None }.sign(&signing_key())
}
