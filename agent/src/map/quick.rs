//! A hash that costs next to nothing, for the few local words that are looked up in each of millions of rows.
//!
//! Promises: equal words have equal hashes. Words that somebody chose to collide cost time and nothing else: they are compared whole.

use std::hash::{BuildHasherDefault, Hasher};

/// Hashes the keys of a small table.
pub(super) type Quick = BuildHasherDefault<Word>;

/// What was hashed so far.
#[derive(Default)]
pub(super) struct Word(u64);

/// An odd number whose bits are spread evenly: the fraction of the golden ratio.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

impl Word {
    fn take(&mut self, bytes: u64) {
        self.0 = (self.0.rotate_left(5) ^ bytes).wrapping_mul(SPREAD);
    }
}

impl Hasher for Word {
    fn write(&mut self, bytes: &[u8]) {
        let (words, tail) = bytes.as_chunks();
        for word in words {
            self.take(u64::from_le_bytes(*word));
        }
        for byte in tail {
            self.take(u64::from(*byte));
        }
    }

    fn finish(&self) -> u64 {
        // A table takes its slot from the lowest bits, which multiplying mixes least.
        self.0 ^ (self.0 >> 32)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::BuildHasher as _;

    use super::*;

    #[test]
    fn words_that_differ_little_have_hashes_that_differ_in_the_lowest_bits() {
        let names =
            ["pre", "post", "PHQ-9", "GAD-7", "weekly-1", "weekly-2", "weekly-10", "followup-6m", "followup-12m"];
        let slots: HashSet<u64> = names.iter().map(|name| Quick::default().hash_one(name) % 128).collect();
        assert!(slots.len() >= names.len() - 1, "{slots:?}");
    }
}
