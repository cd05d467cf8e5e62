//! The scores of one instrument and comparison over all finest cells, and their sums.
//!
//! Promises: a total is summed from totals that are summed already, so that all sums together cost little more than the cells hold; the
//! pairs of a sum are distinct and ascend.

use std::borrow::Cow;

use super::Series;
use crate::aggregate::heap::Heap;
use crate::aggregate::{Group, parallel};
use crate::fact::cell::{PairCount, PairCounts};
use crate::indicator::{Pair, Scores};

/// So many counts are sooner sorted than laid out with a place for every pair.
const FEW: usize = 48;

/// One series, ready to be summed.
#[derive(Debug)]
pub(super) struct SpreadOut<'a> {
    /// First and second members of each finest cell.
    pub(super) members: Vec<(u64, u64)>,
    /// The pairs of each of the groups that cells are made of; none where nobody has both members.
    pub(super) counts: Option<Cow<'a, PairCounts>>,
}

/// Of which groups of counts each finest cell is made.
#[derive(Debug)]
pub(super) struct Leaves {
    begins: Vec<usize>,
    groups: Vec<u32>,
}

/// The sums of one series over every group.
#[derive(Debug)]
pub struct Sums {
    distinct: Vec<Scores>,
    sums: Vec<Sum>,
}

/// The sum over one group, as its reader sees it.
#[derive(Debug, Clone, Copy)]
pub struct Summed<'s> {
    /// Treatments that have the first member.
    pub firsts: u64,
    /// Treatments that have the second member.
    pub seconds: u64,
    counts: &'s [PairCount],
    distinct: &'s [Scores],
}

/// The sum over one group.
#[derive(Debug, Default)]
struct Sum {
    members: (u64, u64),
    counts: Vec<PairCount>,
}

impl Leaves {
    /// Each cell of its own group.
    pub(super) fn own(cells: usize) -> Self {
        Self { begins: (0..=cells).collect(), groups: (0..cells).map(crate::aggregate::next_number).collect() }
    }

    /// Of groups, each with the cell that it belongs to.
    pub(super) fn of(cell_of: &[Option<u32>], cells: usize) -> Self {
        let mut leaves: Vec<(u32, u32)> =
            cell_of.iter().zip(0..).filter_map(|(cell, group)| Some(((*cell)?, group))).collect();
        leaves.sort_unstable();
        let begins = (0..=cells).map(|cell| leaves.partition_point(|leaf| (leaf.0 as usize) < cell)).collect();
        Self { begins, groups: leaves.into_iter().map(|(_, group)| group).collect() }
    }

    fn of_cell(&self, cell: u32) -> &[u32] {
        let cell = cell as usize;
        &self.groups[self.begins[cell]..self.begins[cell + 1]]
    }
}

impl SpreadOut<'_> {
    /// Every pair that occurs, ascending.
    pub(super) fn distinct(&self) -> Vec<Scores> {
        let scores = |&(first, second): &(f64, f64)| Scores { first, second };
        self.counts.iter().flat_map(|counts| counts.distinct.iter().map(scores)).collect()
    }

    /// The sum over some cells; `None` where none of them has a member.
    pub(super) fn sum(&self, leaves: &Leaves, cells: &[u32]) -> Option<Series> {
        self.of_cells(leaves, cells).series(&self.distinct())
    }

    /// The sums over every group, each from the sums of its parts.
    pub(super) fn sums(&self, leaves: &Leaves, groups: &[Group]) -> Sums {
        let distinct = self.distinct();
        let mut sums: Vec<Sum> = Vec::with_capacity(groups.len());
        for level in groups.chunk_by(|one, other| one.level == other.level) {
            let made = parallel::each(level, |group| {
                let parts = || group.parts.iter().map(|part| &sums[*part as usize]);
                let finest = group.level == 0;
                Some(if finest { self.of_cells(leaves, &group.cells) } else { Sum::of(distinct.len(), parts) })
            });
            sums.extend(made);
        }
        Sums { distinct, sums }
    }

    fn of_cells(&self, leaves: &Leaves, cells: &[u32]) -> Sum {
        let members = cells.iter().map(|cell| self.members[*cell as usize]);
        let counts = self.counts.as_deref().map_or_else(Vec::new, |counts| {
            let groups = || cells.iter().flat_map(|cell| leaves.of_cell(*cell));
            added(counts.distinct.len(), || groups().map(|group| counts.of(*group)))
        });
        Sum { members: members.fold((0, 0), plus), counts }
    }
}

impl Sums {
    /// Every pair that occurs, ascending.
    #[must_use]
    pub fn distinct(&self) -> &[Scores] {
        &self.distinct
    }

    /// The scores of a group, by its place among the groups; `None` where nobody has a member.
    #[must_use]
    pub fn of(&self, group: usize) -> Option<Summed<'_>> {
        let Sum { members: (firsts, seconds), counts } = &self.sums[group];
        let summed = Summed { firsts: *firsts, seconds: *seconds, counts, distinct: &self.distinct };
        (firsts + seconds > 0).then_some(summed)
    }

    /// The scores of the whole selection.
    #[must_use]
    pub fn whole(&self) -> Option<Series> {
        self.sums.last()?.series(&self.distinct)
    }
}

impl<'s> Summed<'s> {
    /// Treatments that have both members.
    #[must_use]
    pub fn paired(&self) -> u64 {
        self.counts.iter().map(|counted| u64::from(counted.count)).sum()
    }

    /// Completed treatments among the pairs.
    #[must_use]
    pub fn completed(&self) -> u64 {
        self.counts.iter().map(|counted| u64::from(counted.completed)).sum()
    }

    /// The distinct pairs, ascending.
    pub fn pairs(&self) -> impl Iterator<Item = Pair> + Clone + use<'s> {
        let Self { counts, distinct, .. } = *self;
        counts.iter().map(|counted| pair(distinct, counted))
    }

    /// The place of each pair in [`Sums::distinct`], and how often it occurs.
    pub fn counted(&self) -> impl Iterator<Item = (u32, u32)> + use<'s> {
        self.counts.iter().map(|counted| (counted.pair, counted.count))
    }
}

impl Sum {
    fn of<'s, I: Iterator<Item = &'s Sum>>(pairs: usize, parts: impl Fn() -> I) -> Self {
        let members = parts().map(|part| part.members).fold((0, 0), plus);
        Self { members, counts: added(pairs, || parts().map(|part| part.counts.as_slice())) }
    }

    fn series(&self, distinct: &[Scores]) -> Option<Series> {
        let (firsts, seconds) = self.members;
        let pairs = || self.counts.iter().map(|counted| pair(distinct, counted)).collect();
        (firsts + seconds > 0).then(|| Series { firsts, seconds, pairs: pairs() })
    }
}

fn pair(distinct: &[Scores], counted: &PairCount) -> Pair {
    let PairCount { pair, count, completed } = *counted;
    Pair { scores: distinct[pair as usize], count: count.into(), completed: completed.into() }
}

fn plus(one: (u64, u64), other: (u64, u64)) -> (u64, u64) {
    (one.0 + other.0, one.1 + other.1)
}

/// Counts of so many pairs, added up.
fn added<'s, I: Iterator<Item = &'s [PairCount]>>(pairs: usize, parts: impl Fn() -> I) -> Vec<PairCount> {
    let mut few = parts().filter(|part| !part.is_empty());
    if let (one, None) = (few.next(), few.next()) {
        return one.unwrap_or_default().to_vec();
    }
    if parts().map(<[PairCount]>::len).sum::<usize>() <= FEW {
        return merged(parts().flatten().copied().collect());
    }
    let mut heap = Heap::new(pairs);
    parts().flatten().for_each(|count| heap.add(count));
    let mut counts = Vec::with_capacity(heap.len());
    counts.extend(heap.drain());
    counts
}

/// Few counts, each pair once and ascending.
fn merged(mut counts: Vec<PairCount>) -> Vec<PairCount> {
    counts.sort_unstable_by_key(|count| count.pair);
    counts.dedup_by(|later, sum| {
        let same = later.pair == sum.pair;
        if same {
            sum.count += later.count;
            sum.completed += later.completed;
        }
        same
    });
    counts
}
