//! Whether the log is whole: every entry, their order, every checkpoint over them, and a checkpoint that somebody kept outside.
//!
//! Promises: everything is worked out again from what the entries say; the place of the first fault is told. A register that runs may
//! go on meanwhile: tables are read in an order in which what comes on the way is no fault.

use ed25519_dalek::VerifyingKey;
use schemas::audit::{Hash, Range, Restored, SignedCheckpoint};

use super::flaw::{Fault, Flaw, NotProved};
use super::receipts::Receipts;
use super::rows;
use crate::store::Store;
use crate::store::audit::{Entry, Event, What};
use crate::store::transfer::Row;

/// What the log is held against.
#[derive(Debug, Clone, Copy)]
pub struct Proof<'a> {
    /// The register's receipt key.
    pub key: &'a VerifyingKey,
    /// `test` or `production`.
    pub origin: &'a str,
    /// Checkpoints that were kept outside.
    pub witnesses: &'a [Witness],
}

/// A checkpoint that somebody kept outside the register.
#[derive(Debug, Clone)]
pub struct Witness {
    /// Where it stands, for the message.
    pub place: String,
    /// What stands there.
    pub checkpoint: SignedCheckpoint,
}

/// A log that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    /// Entries that have their place.
    pub entries: u64,
    /// Events that wait for theirs.
    pub waiting: u64,
    /// Checkpoints.
    pub checkpoints: u64,
    /// The newest of them, in its text form.
    pub newest: Option<String>,
    /// Stored receipts whose events were found.
    pub receipts: u64,
    /// When the log was put back from a backup last.
    pub restored: Option<Restored>,
}

/// Entries as they were read.
#[derive(Debug, Default)]
struct Entries {
    leaves: Vec<Hash>,
    /// Places at which the register said that it was put back.
    restored: Vec<Restored>,
}

/// Proves the log, or tells the first fault.
///
/// # Errors
/// [`NotProved`] with the fault and its place, or when the store fails.
pub async fn verify(store: &dyn Store, proof: &Proof<'_>) -> Result<Sound, NotProved> {
    let mut receipts = Receipts::read(store).await?;
    // What waits now may have its place when the entries are read; the other way round it would be in neither.
    let waiting = waiting(store, &mut receipts).await?;
    let mut signed = 0;
    let first_look = |row: &Row| -> Result<(), NotProved> {
        signed = rows::integer(row, 0).unwrap_or_default();
        Ok(())
    };
    rows::each(store, "audit_checkpoint", first_look).await?;
    let entries = entries(store, &mut receipts).await?;
    if signed > entries.size() {
        return Err(Flaw::at(format!("the checkpoint of {signed} entries"), Fault::Short));
    }
    let mut chain = Chain { range: Range::default(), count: 0, newest: None };
    rows::each(store, "audit_checkpoint", |row| chain.add(row, &entries, proof)).await?;
    if chain.range.size() != entries.size() {
        return Err(Flaw::at(format!("entry {}", chain.range.size()), Fault::Unsigned));
    }
    proof.witnesses.iter().try_for_each(|witness| entries.agree_with(witness, proof))?;
    Ok(Sound {
        entries: entries.size(),
        waiting,
        checkpoints: chain.count,
        newest: chain.newest,
        receipts: receipts.rest(store).await?,
        restored: entries.restored.last().copied(),
    })
}

/// Checks what waits for its place; tells how much there is.
async fn waiting(store: &dyn Store, receipts: &mut Receipts) -> Result<u64, NotProved> {
    let mut count = 0;
    let check = |row: &Row| {
        count += 1;
        let place = format!("waiting entry {count}");
        let (leaf, event) = entry(row, 0).map_err(|fault| Flaw::at(&*place, fault))?;
        receipts.meet(place, &leaf, event)
    };
    rows::each(store, "audit_pending", check).await?;
    Ok(count)
}

async fn entries(store: &dyn Store, receipts: &mut Receipts) -> Result<Entries, NotProved> {
    let mut entries = Entries::default();
    let add = |row: &Row| {
        let (position, place) = (entries.size(), format!("entry {}", entries.size()));
        if rows::integer(row, 0) != Some(position) {
            return Err(Flaw::at(place, Fault::Position));
        }
        let (leaf, event) = entry(row, 1).map_err(|fault| Flaw::at(&*place, fault))?;
        if let What::Restored { .. } = event.what {
            entries.restored.push(Restored { size: position, at: event.at });
        }
        entries.leaves.push(leaf);
        receipts.meet(place, &leaf, event)
    };
    rows::each(store, "audit_leaf", add).await?;
    Ok(entries)
}

/// Leaf, event and salt from a column on.
fn entry(row: &Row, column: usize) -> Result<(Hash, Event), Fault> {
    let leaf: Option<Hash> = rows::bytes(row, column).and_then(|bytes| bytes.try_into().ok());
    let salt: Option<Hash> = rows::bytes(row, column + 2).and_then(|bytes| bytes.try_into().ok());
    let text = rows::text(row, column + 1).ok_or(Fault::Event)?;
    let (leaf, salt) = leaf.zip(salt).ok_or(Fault::Leaf)?;
    if Entry::leaf(&salt, text) != leaf {
        return Err(Fault::Leaf);
    }
    Ok((leaf, serde_json::from_str(text).map_err(|_| Fault::Event)?))
}

impl Entries {
    fn size(&self) -> u64 {
        self.leaves.len() as u64
    }

    /// The newest word of being put back, among the first so many entries.
    fn restored_within(&self, size: u64) -> Option<Restored> {
        self.restored.iter().rev().find(|restored| restored.size < size).copied()
    }

    /// Looks whether a checkpoint from outside was signed over these entries.
    fn agree_with(&self, witness: &Witness, proof: &Proof<'_>) -> Result<(), NotProved> {
        let Witness { place, checkpoint } = witness;
        let size = checkpoint.body.size;
        let flaw = |fault| {
            Flaw::at(format!("{place}, the checkpoint of {size} entries signed at {}", checkpoint.body.at), fault)
        };
        if !checkpoint.is_of(proof.key, proof.origin) {
            return Err(flaw(Fault::Signature));
        }
        let within = usize::try_from(size).ok().and_then(|size| self.leaves.get(..size));
        let root = within.ok_or_else(|| flaw(Fault::Short))?.iter().copied().collect::<Range>().root();
        if root == checkpoint.body.root { Ok(()) } else { Err(flaw(Fault::Root)) }
    }
}

/// The checkpoints as they were met.
struct Chain {
    range: Range,
    count: u64,
    newest: Option<String>,
}

impl Chain {
    fn add(&mut self, row: &Row, entries: &Entries, proof: &Proof<'_>) -> Result<(), NotProved> {
        let size = rows::integer(row, 0).unwrap_or_default();
        if size > entries.size() {
            // Signed since the entries were read.
            return Ok(());
        }
        let flaw = |fault| Flaw::at(format!("the checkpoint of {size} entries"), fault);
        let text = rows::text(row, 1).unwrap_or_default();
        let signed: SignedCheckpoint = text.parse().map_err(|_| flaw(Fault::Signature))?;
        if !signed.is_of(proof.key, proof.origin) {
            return Err(flaw(Fault::Signature));
        }
        if signed.body.previous != self.range.size() || size <= self.range.size() {
            return Err(flaw(Fault::Chain));
        }
        let place = |size: u64| usize::try_from(size).unwrap_or(usize::MAX);
        self.range.extend(entries.leaves[place(self.range.size())..place(size)].iter().copied());
        let body = &signed.body;
        let is_of_these =
            (body.size, body.root, body.restored) == (size, self.range.root(), entries.restored_within(size));
        if !is_of_these || rows::bytes(row, 2) != Some(self.range.peaks().as_flattened()) {
            return Err(flaw(Fault::Root));
        }
        self.count += 1;
        self.newest = Some(text.to_owned());
        Ok(())
    }
}
