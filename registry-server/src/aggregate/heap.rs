//! Counts of pairs while they are summed.

use super::small;
use crate::fact::cell::PairCount;

/// One place a pair, and a bit for each place that holds something.
pub(super) struct Heap {
    counts: Vec<(u32, u32)>,
    touched: Vec<u64>,
}

impl Heap {
    /// Room for so many pairs.
    pub(super) fn new(pairs: usize) -> Self {
        Self { counts: vec![(0, 0); pairs], touched: vec![0; pairs.div_ceil(64)] }
    }

    /// Adds the count of a pair.
    pub(super) fn add(&mut self, count: &PairCount) {
        let pair = count.pair as usize;
        self.touched[pair / 64] |= 1 << (pair % 64);
        self.counts[pair].0 += count.count;
        self.counts[pair].1 += count.completed;
    }

    /// Pairs that something was added to.
    pub(super) fn len(&self) -> usize {
        self.touched.iter().map(|bits| bits.count_ones() as usize).sum()
    }

    /// Everything that was added, ascending; leaves it empty.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = PairCount> {
        let Self { counts, touched } = self;
        touched
            .iter_mut()
            .enumerate()
            .flat_map(move |(word, bits)| {
                let mut left = std::mem::take(bits);
                std::iter::from_fn(move || {
                    let bit = left.trailing_zeros() as usize;
                    left &= left.checked_sub(1)?;
                    Some(word * 64 + bit)
                })
            })
            .map(|pair| {
                let (count, completed) = std::mem::take(&mut counts[pair]);
                PairCount { pair: small(pair as u64), count, completed }
            })
    }
}
