//! A candidate that waits for a release, read from the outbox page by page as it will be sent.
//!
//! Promises: the hash is worked out from the very bytes that will be sent; nothing is written.

use schemas::batch::{Envelope, Kind};
use schemas::canonical::PayloadHash;
use schemas::id::SenderCode;

use crate::outbox::{Candidate, Outbox, OutboxError};
use crate::release::{Contents, Words};

/// What a candidate holds.
pub struct Looked {
    /// The payload hash of its lines.
    pub payload_sha256: String,
    /// How many of which kind.
    pub contents: Contents,
    /// What it speaks of.
    pub words: Words,
    /// Each batch as the register will know it, and its records.
    pub batches: Vec<(String, u32)>,
}

/// Reads a candidate; `each` is told every batch with its lines.
///
/// # Errors
/// When the state fails or a page is damaged.
pub async fn look(
    (outbox, sender): (&mut Outbox, &SenderCode),
    candidate: &Candidate,
    mut each: impl AsyncFnMut(&mut Outbox, (i64, &[Envelope<'_>])) -> Result<(), OutboxError>,
) -> Result<Looked, OutboxError> {
    let (mut hash, mut words, mut contents) = (PayloadHash::default(), Words::default(), Contents::default());
    let (mut batches, mut newest) = (Vec::new(), 0);
    while let Some(page) = outbox.waiting(sender, (candidate, newest)).await? {
        newest = page.id;
        let lines = page.plain.split(|byte| *byte == b'\n').skip(1).filter(|line| !line.is_empty());
        let envelopes: Vec<Envelope<'_>> =
            lines.map(serde_json::from_slice).collect::<Result<_, _>>().map_err(|_| OutboxError::Damaged(page.id))?;
        for Envelope { kind, key, content, .. } in &envelopes {
            let content = content.get().as_bytes();
            words.add(*kind, key, content);
            match kind {
                Kind::Treatment => contents.treatments += 1,
                Kind::Retraction => contents.retractions += 1,
                _ => contents.units += u32::from(*kind == Kind::Unit),
            }
            if matches!(kind, Kind::Treatment | Kind::Retraction) {
                hash.add(key, content);
            }
        }
        each(outbox, (page.id, &envelopes)).await?;
        batches.push((page.digest.to_string(), page.records));
    }
    Ok(Looked { payload_sha256: hash.finish(), contents, words, batches })
}
