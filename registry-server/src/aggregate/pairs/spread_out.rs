//! The scores of one instrument and comparison, spread out over the cells: small numbers in place of pairs, and counts beside them.
//!
//! Promises: a sum over cells costs what stands in them; its pairs are distinct and ascend, however they came in.

use std::collections::HashMap;

use super::Series;
use crate::fact::cell::CellSeries;
use crate::indicator::{Pair, Scores};

/// One series, ready to be summed.
#[derive(Debug)]
pub(super) struct SpreadOut {
    /// Every pair that occurs, ascending.
    distinct: Vec<Scores>,
    /// First and second members of each cell.
    members: Vec<(u64, u64)>,
    /// Where the counts of each cell begin, and where those of the last one end.
    begins: Vec<u32>,
    counts: Vec<Count>,
}

/// How often a pair occurs in a cell.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    cell: u32,
    /// Its place among the distinct pairs.
    pair: u32,
    times: u32,
    completed: u32,
}

/// One series, as it comes in.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    numbers: HashMap<(u64, u64), u32>,
    distinct: Vec<Scores>,
    members: HashMap<u32, (u64, u64)>,
    last: (u32, u64, u64),
    counts: Vec<Count>,
}

impl Gathering {
    /// Counts members of a cell.
    pub(super) fn members(&mut self, cell: u32, (firsts, seconds): (u64, u64)) {
        if self.last.0 != cell {
            self.flush();
            self.last.0 = cell;
        }
        self.last.1 += firsts;
        self.last.2 += seconds;
    }

    /// Counts a pair of a cell.
    pub(super) fn pair(&mut self, cell: u32, pair: &Pair) {
        let number = self.number(pair.scores);
        self.counts.push(Count { cell, pair: number, times: small(pair.count), completed: small(pair.completed) });
    }

    /// Counts all pairs of a series of cells.
    pub(super) fn counted(&mut self, series: &CellSeries, cell_of: &[Option<u32>]) {
        let numbers: Vec<u32> = series
            .distinct
            .iter()
            .map(|(first, second)| self.number(Scores { first: *first, second: *second }))
            .collect();
        self.counts.reserve(series.counts.len());
        for counted in &series.counts {
            if let Some(cell) = cell_of[counted.group as usize] {
                let pair = numbers[counted.pair as usize];
                self.counts.push(Count { cell, pair, times: counted.count, completed: counted.completed });
            }
        }
    }

    /// Brings everything into order.
    pub(super) fn finish(mut self, cells: usize) -> SpreadOut {
        self.flush();
        let mut members = vec![(0, 0); cells];
        for (cell, counted) in &self.members {
            members[*cell as usize] = *counted;
        }
        let mut order: Vec<u32> = (0..small(self.distinct.len() as u64)).collect();
        let key = |number: &u32| self.distinct[*number as usize];
        order.sort_unstable_by(|a, b| {
            let (a, b) = (key(a), key(b));
            a.first.total_cmp(&b.first).then_with(|| a.second.total_cmp(&b.second))
        });
        let mut place = vec![0_u32; order.len()];
        for (new, old) in (0..).zip(&order) {
            place[*old as usize] = new;
        }
        let distinct = order.iter().map(key).collect();
        let (begins, counts) = merged(self.counts, &place, cells);
        SpreadOut { distinct, members, begins, counts }
    }

    fn flush(&mut self) {
        let (cell, firsts, seconds) = std::mem::take(&mut self.last);
        if firsts + seconds > 0 {
            let known = self.members.entry(cell).or_default();
            known.0 += firsts;
            known.1 += seconds;
        }
    }

    fn number(&mut self, scores: Scores) -> u32 {
        let next = small(self.distinct.len() as u64);
        let number = *self.numbers.entry((scores.first.to_bits(), scores.second.to_bits())).or_insert(next);
        if number == next {
            self.distinct.push(scores);
        }
        number
    }
}

impl SpreadOut {
    /// Every pair that occurs, ascending.
    pub(super) fn distinct(&self) -> &[Scores] {
        &self.distinct
    }

    /// The sum over some cells; `None` where none of them has a member.
    pub(super) fn sum(&self, cells: impl Iterator<Item = u32>) -> Option<Series> {
        let mut sum = Series::default();
        let mut heap = Heap::new(self.distinct.len());
        for cell in cells {
            let cell = cell as usize;
            sum.firsts += self.members[cell].0;
            sum.seconds += self.members[cell].1;
            for count in &self.counts[self.begins[cell] as usize..self.begins[cell + 1] as usize] {
                heap.add(count);
            }
        }
        for (pair, count, completed) in heap.drain() {
            sum.places.push(small(pair as u64));
            let [count, completed] = [count, completed].map(u64::from);
            sum.pairs.push(Pair { scores: self.distinct[pair], count, completed });
        }
        (sum.firsts + sum.seconds > 0).then_some(sum)
    }
}

/// The counts by cell, each pair once in a cell and in its place among the distinct ones; and where each cell's begin.
fn merged(counts: Vec<Count>, place: &[u32], cells: usize) -> (Vec<u32>, Vec<Count>) {
    let mut begins = vec![0_u32; cells + 1];
    for count in &counts {
        begins[count.cell as usize + 1] += 1;
    }
    for cell in 0..cells {
        begins[cell + 1] += begins[cell];
    }
    let mut next = begins.clone();
    let mut sorted = vec![Count::default(); counts.len()];
    for count in counts {
        let at = &mut next[count.cell as usize];
        sorted[*at as usize] = Count { pair: place[count.pair as usize], ..count };
        *at += 1;
    }
    let mut heap = Heap::new(place.len());
    let mut kept: Vec<Count> = Vec::new();
    let mut begins_kept = Vec::with_capacity(cells + 1);
    begins_kept.push(0);
    for cell in 0..cells {
        sorted[begins[cell] as usize..begins[cell + 1] as usize].iter().for_each(|count| heap.add(count));
        let number = small(cell as u64);
        kept.extend(heap.drain().map(|(pair, times, completed)| Count {
            cell: number,
            pair: small(pair as u64),
            times,
            completed,
        }));
        begins_kept.push(small(kept.len() as u64));
    }
    (begins_kept, kept)
}

/// Counts of pairs while they are summed: one place a pair, and a bit for each place that holds something.
struct Heap {
    counts: Vec<(u32, u32)>,
    touched: Vec<u64>,
}

impl Heap {
    fn new(pairs: usize) -> Self {
        Self { counts: vec![(0, 0); pairs], touched: vec![0; pairs.div_ceil(64)] }
    }

    fn add(&mut self, count: &Count) {
        let pair = count.pair as usize;
        self.touched[pair / 64] |= 1 << (pair % 64);
        self.counts[pair].0 += count.times;
        self.counts[pair].1 += count.completed;
    }

    /// Everything that was added, ascending; leaves it empty.
    fn drain(&mut self) -> impl Iterator<Item = (usize, u32, u32)> {
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
                (pair, count, completed)
            })
    }
}

/// Numbers of treatments and of distinct scores, which stay far below four thousand millions.
fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
