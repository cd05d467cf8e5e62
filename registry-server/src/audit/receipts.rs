//! Stored receipts, and what the log says of them.
//!
//! Promises: a stored batch whose event is missing or says otherwise is found, and so is an event whose batch is gone.

use std::collections::HashMap;

use schemas::audit::{Hash, read_hex};
use schemas::id::{BatchId, SenderCode};
use schemas::receipt::Receipt;

use super::flaw::{Fault, Flaw, NotProved};
use super::rows;
use crate::store::Store;
use crate::store::audit::{Event, What};
use crate::store::transfer::Row;

/// Receipts whose events are still to be met, and events whose receipts are.
#[derive(Debug, Default)]
pub(super) struct Receipts {
    waiting: HashMap<Hash, Claim>,
    surplus: Vec<(String, Hash, Claim)>,
    met: u64,
}

/// What a receipt says of itself, or its event of it.
#[derive(Debug, PartialEq, Eq)]
struct Claim {
    sender: SenderCode,
    batch: BatchId,
    what: What,
}

impl Receipts {
    /// The stored receipts. Those of before the log have no leaf and are passed over.
    pub(super) async fn read(store: &dyn Store) -> Result<Self, NotProved> {
        let mut receipts = Self::default();
        let add = |row: &Row| {
            let (sender, batch) = (rows::text(row, 0).unwrap_or_default(), rows::text(row, 1).unwrap_or_default());
            let flaw = || Flaw::at(format!("the receipt of batch {batch}"), Fault::Receipt);
            let (sender, name) = sender.parse().ok().zip(batch.parse().ok()).ok_or_else(flaw)?;
            let (leaf, claim) = read(sender, name, rows::bytes(row, 4).unwrap_or_default()).ok_or_else(flaw)?;
            let twice = leaf.and_then(|leaf| receipts.waiting.insert(leaf, claim));
            if twice.is_none() { Ok(()) } else { Err(flaw()) }
        };
        rows::each(store, "batch", add).await?;
        Ok(receipts)
    }

    /// Meets an event at a place of the log.
    pub(super) fn meet(&mut self, place: String, leaf: &Hash, event: Event) -> Result<(), NotProved> {
        let Event { sender, what, .. } = event;
        let What::Batch { batch, .. } = &what else { return Ok(()) };
        let Some(sender) = sender else { return Err(Flaw::at(place, Fault::Event)) };
        let of_log = Claim { sender, batch: batch.clone(), what };
        match self.waiting.remove(leaf) {
            None => self.surplus.push((place, *leaf, of_log)),
            Some(claim) if claim == of_log => self.met += 1,
            Some(claim) => {
                return Err(Flaw::at(format!("the receipt of batch {} ({place})", claim.batch), Fault::Receipt));
            }
        }
        Ok(())
    }

    /// Looks at what is left when the whole log was met; tells how many receipts there are. A batch that came meanwhile, and one whose
    /// receipt lost its leaf, are looked up by themselves.
    pub(super) async fn rest(self, store: &dyn Store) -> Result<u64, NotProved> {
        if let Some(claim) = self.waiting.values().next() {
            return Err(Flaw::at(format!("the receipt of batch {}", claim.batch), Fault::NotInLog));
        }
        let mut met = self.met;
        for (place, leaf, of_log) in self.surplus {
            let Claim { sender, batch, .. } = &of_log;
            let stored = store.receipt(sender, batch).await?;
            let stored = stored.ok_or_else(|| Flaw::at(format!("{place}, batch {batch}"), Fault::BatchGone))?;
            let claim = read(sender.clone(), batch.clone(), &stored);
            if claim.as_ref() != Some(&(Some(leaf), of_log)) {
                return Err(Flaw::at(format!("the receipt of the batch of {place}"), Fault::Receipt));
            }
            met += 1;
        }
        Ok(met)
    }
}

/// What a stored receipt says: its leaf, and what its event must say. Nothing where it is no receipt of this batch.
fn read(sender: SenderCode, batch: BatchId, bytes: &[u8]) -> Option<(Option<Hash>, Claim)> {
    let Receipt { body, .. } = serde_json::from_slice(bytes).ok()?;
    if (&body.sender, &body.batch) != (&sender, &batch) {
        return None;
    }
    let leaf = match &body.leaf {
        Some(leaf) => Some(read_hex(leaf)?),
        None => None,
    };
    let verdicts = body.verdicts_by_line(body.verdicts.last().map_or(0, |range| range.to))?;
    let what = What::batch(&batch, body.digest(), &verdicts);
    Some((leaf, Claim { sender, batch, what }))
}
