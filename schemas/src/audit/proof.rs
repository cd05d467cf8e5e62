//! Proofs that a log holds an entry, or extends an earlier state of itself (RFC 6962 sections 2.1.1 and 2.1.2).
//!
//! Promises: proofs are made from a summary of everything up to an earlier state and the leaves behind it; verifying needs no log.

use std::ops;

use super::tree::{Hash, Range, node_hash};

/// A log from an earlier state on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tail {
    /// Everything up to the earlier state.
    pub base: Range,
    /// The leaves behind it.
    pub leaves: Vec<Hash>,
}

impl Tail {
    /// How many leaves the whole log has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.base.size() + self.leaves.len() as u64
    }

    /// The proof that the whole log extends the earlier state.
    #[must_use]
    pub fn consistency(&self) -> Vec<Hash> {
        let (old, size) = (self.base.size(), self.size());
        let mut proof = Vec::new();
        if old == 0 || old == size {
            return proof;
        }
        // From the whole tree down to the subtree that ends where the old tree did; each step leaves the other half in the proof.
        let (mut within, mut is_old_root) = (0..size, true);
        while within.end != old {
            let middle = within.start + split(within.end - within.start);
            if old <= middle {
                proof.push(self.hash(middle..within.end));
                within.end = middle;
            } else {
                proof.push(self.hash(within.start..middle));
                within.start = middle;
                is_old_root = false;
            }
        }
        if !is_old_root {
            proof.push(self.hash(within));
        }
        proof.reverse();
        proof
    }

    /// The audit path of the leaf at a place behind the earlier state; nothing when there is none.
    #[must_use]
    pub fn inclusion(&self, position: u64) -> Option<Vec<Hash>> {
        if position < self.base.size() || position >= self.size() {
            return None;
        }
        let (mut within, mut path) = (0..self.size(), Vec::new());
        while within.end - within.start > 1 {
            let middle = within.start + split(within.end - within.start);
            if position < middle {
                path.push(self.hash(middle..within.end));
                within.end = middle;
            } else {
                path.push(self.hash(within.start..middle));
                within.start = middle;
            }
        }
        path.reverse();
        Some(path)
    }

    /// The root of the leaves from one place to another, which are a subtree of a tree that ends behind the base. So no root of the base
    /// covers both sides of where they begin.
    fn hash(&self, within: ops::Range<u64>) -> Hash {
        let (mut peaks, mut start) = (Vec::new(), 0);
        let mut rest = self.base.size();
        for peak in self.base.peaks() {
            let covers = 1_u64 << rest.ilog2();
            if start >= within.start && start + covers <= within.end {
                peaks.push(*peak);
            }
            rest -= covers;
            start += covers;
        }
        let from = within.start.max(self.base.size());
        let known = from.min(within.end).saturating_sub(within.start);
        let mut range = Range::new(known, peaks).unwrap_or_default();
        let place = |position: u64| usize::try_from(position.saturating_sub(self.base.size())).unwrap_or(usize::MAX);
        range.extend(self.leaves.get(place(from)..place(within.end)).unwrap_or_default().iter().copied());
        range.root()
    }
}

/// The size of the left subtree of a tree of two or more leaves: the largest power of two below the size.
fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// Whether a proof shows that the log with one size and root extends that with another.
#[must_use]
pub fn extends((old, old_root): (u64, &Hash), (new, new_root): (u64, &Hash), proof: &[Hash]) -> bool {
    if old > new {
        return false;
    }
    if old == 0 || old == new {
        return proof.is_empty() && (old == 0 || old_root == new_root);
    }
    // An old tree that is a whole subtree of the new one is where the path begins, and is not repeated in the proof.
    let (first, mut rest) = if old.is_power_of_two() {
        (*old_root, proof)
    } else {
        let Some((first, rest)) = proof.split_first() else { return false };
        (*first, rest)
    };
    let (mut place, mut last) = (old - 1, new - 1);
    while place & 1 == 1 {
        place >>= 1;
        last >>= 1;
    }
    let (mut of_old, mut of_new) = (first, first);
    while last > 0 {
        // The last node of a level may have no sibling; it rises as it is.
        if place & 1 == 1 || place != last {
            let Some((sibling, others)) = rest.split_first() else { return false };
            rest = others;
            if place & 1 == 1 {
                of_old = node_hash(sibling, &of_old);
                of_new = node_hash(sibling, &of_new);
            } else {
                of_new = node_hash(&of_new, sibling);
            }
        }
        place >>= 1;
        last >>= 1;
    }
    rest.is_empty() && of_old == *old_root && of_new == *new_root
}

/// Whether a path shows that the log with a size and root holds a leaf at a place.
#[must_use]
pub fn includes((size, root): (u64, &Hash), (position, leaf): (u64, &Hash), path: &[Hash]) -> bool {
    if position >= size {
        return false;
    }
    let (mut place, mut last, mut hash, mut rest) = (position, size - 1, *leaf, path);
    while last > 0 {
        if place & 1 == 1 || place != last {
            let Some((sibling, others)) = rest.split_first() else { return false };
            rest = others;
            hash = if place & 1 == 1 { node_hash(sibling, &hash) } else { node_hash(&hash, sibling) };
        }
        place >>= 1;
        last >>= 1;
    }
    rest.is_empty() && hash == *root
}

#[cfg(test)]
mod tests;
