//! Pairs of scores as they come in, counted by group.
//!
//! Promises: each pair stands once in a group and ascends, however and however often it came in.

use foldhash::HashMap;

use super::heap::Heap;
use super::small;
use crate::fact::cell::{PairCount, PairCounts};
use crate::indicator::Pair;

/// The pairs of one instrument and comparison.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    numbers: HashMap<(u64, u64), u32>,
    distinct: Vec<(f64, f64)>,
    /// Each with its group.
    counts: Vec<(u32, PairCount)>,
}

impl Gathering {
    /// Counts a pair of a group.
    pub(super) fn pair(&mut self, group: u32, pair: &Pair) {
        let (first, second) = (pair.scores.first, pair.scores.second);
        let next = small(self.distinct.len() as u64);
        let number = *self.numbers.entry((first.to_bits(), second.to_bits())).or_insert(next);
        if number == next {
            self.distinct.push((first, second));
        }
        let [count, completed] = [pair.count, pair.completed].map(small);
        self.counts.push((group, PairCount { pair: number, count, completed }));
    }

    /// Brings the pairs of so many groups into order.
    pub(super) fn finish(self, groups: usize) -> PairCounts {
        let mut order: Vec<u32> = (0..small(self.distinct.len() as u64)).collect();
        let key = |number: &u32| self.distinct[*number as usize];
        order.sort_unstable_by(|a, b| {
            let (a, b) = (key(a), key(b));
            a.0.total_cmp(&b.0).then_with(|| a.1.total_cmp(&b.1))
        });
        let mut place = vec![0_u32; order.len()];
        for (new, old) in (0..).zip(&order) {
            place[*old as usize] = new;
        }
        let distinct: Vec<(f64, f64)> = order.iter().map(key).collect();
        let (ends, sorted) = by_group(&self.counts, groups);
        let mut made = PairCounts { begins: vec![0], distinct, counts: Vec::with_capacity(sorted.len()) };
        let mut heap = Heap::new(place.len());
        let mut begin = 0;
        for end in ends {
            for count in &sorted[begin..end] {
                heap.add(&PairCount { pair: place[count.pair as usize], ..*count });
            }
            made.counts.extend(heap.drain());
            made.begins.push(small(made.counts.len() as u64));
            begin = end;
        }
        made
    }
}

/// The counts of one group behind those of another, and where those of each end.
fn by_group(counts: &[(u32, PairCount)], groups: usize) -> (Vec<usize>, Vec<PairCount>) {
    let mut ends = vec![0_usize; groups];
    for (group, _) in counts {
        ends[*group as usize] += 1;
    }
    let mut begin = 0;
    for end in &mut ends {
        begin += std::mem::replace(end, begin);
    }
    let mut sorted = vec![PairCount::default(); counts.len()];
    for (group, count) in counts {
        let at = &mut ends[*group as usize];
        sorted[*at] = *count;
        *at += 1;
    }
    (ends, sorted)
}
