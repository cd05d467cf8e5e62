//! First and second scores of every cell, instrument and comparison, as sorted distinct pairs with counts.
//!
//! Promises: memory grows with distinct pairs, not with treatments; sums over the pairs give the same bits whatever the order of
//! arrival, and whether they come from treatments or from cells; the first scores of a follow-up are the pre scores of everybody,
//! followed up or not.

/// The scores of one instrument and comparison in every cell.
mod spread_out;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use foldhash::HashMap;

use super::gathering::Gathering;
use super::{Group, Grouping, Rows};
use crate::fact::Facts;
use crate::fact::cell::CellFacts;
use crate::indicator::{Pair, Scores};
use crate::outcome::Comparison;
use schemas::record::Status;
use spread_out::{Leaves, SpreadOut};
pub use spread_out::{Summed, Sums};

/// Instrument (a number in [`PairTable::instruments`]) and comparison.
pub type SeriesName = (usize, Comparison);

/// The scores of one group, instrument and comparison.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    /// Treatments that have the first member.
    pub firsts: u64,
    /// Treatments that have the second member.
    pub seconds: u64,
    /// Treatments that have both: distinct scores in ascending order.
    pub pairs: Vec<Pair>,
}

impl Series {
    /// Treatments that have both members.
    #[must_use]
    pub fn paired(&self) -> u64 {
        self.pairs.iter().map(|pair| pair.count).sum()
    }

    /// Completed treatments among the pairs.
    #[must_use]
    pub fn completed(&self) -> u64 {
        self.pairs.iter().map(|pair| pair.completed).sum()
    }
}

/// The series of every finest cell.
#[derive(Debug)]
pub struct PairTable<'a> {
    /// Codes of the instruments that occur.
    pub instruments: Vec<Arc<str>>,
    series: BTreeMap<SeriesName, SpreadOut<'a>>,
    leaves: Leaves,
    cells: Vec<u32>,
}

/// The comparisons for which the selection holds a score, in order; paired, `first_last` and locf always.
#[must_use]
pub fn comparisons_in(facts: &Facts, grouping: &Grouping) -> Vec<Comparison> {
    let is_followup = |comparison: Comparison| matches!(comparison, Comparison::Followup(_));
    let mut followups: BTreeSet<Comparison> = BTreeSet::new();
    if let Some(cells) = &facts.cells {
        let inside = |group: u32| grouping.cell_of[group as usize].is_some();
        let told = cells.series.iter().filter(|series| is_followup(series.comparison));
        let told =
            told.filter(|series| series.members.iter().any(|(group, _, seconds)| *seconds > 0 && inside(*group)));
        followups.extend(told.map(|series| series.comparison));
    } else {
        let mut rows = Rows::new(&facts.treatments);
        for outcome in
            facts.outcomes.iter().filter(|outcome| is_followup(outcome.comparison) && outcome.second.is_some())
        {
            if rows.find(outcome.row).is_some_and(|index| grouping.cell_of[index].is_some()) {
                followups.insert(outcome.comparison);
            }
        }
    }
    [Comparison::Paired, Comparison::FirstLast, Comparison::Locf].into_iter().chain(followups).collect()
}

impl<'a> PairTable<'a> {
    /// Collects the scores of the comparisons asked for, of the instruments that `wanted` names.
    pub fn new(
        facts: &'a Facts,
        grouping: &Grouping,
        comparisons: &[Comparison],
        wanted: impl Fn(&str) -> bool,
    ) -> Self {
        let mut collecting = Collecting { grouping, comparisons, instruments: Vec::new(), series: BTreeMap::new() };
        let leaves = if let Some(cells) = &facts.cells {
            collecting.cells(cells, wanted);
            Leaves::of(&grouping.cell_of, grouping.cells)
        } else {
            collecting.outcomes(facts, wanted);
            Leaves::own(grouping.cells)
        };
        let Collecting { instruments, series, .. } = collecting;
        Self { instruments, series, leaves, cells: (0..grouping.cells).map(super::next_number).collect() }
    }

    /// The names of all series, ascending.
    pub fn names(&self) -> impl Iterator<Item = SeriesName> {
        self.series.keys().copied()
    }

    /// The sums of a series over every group of the grouping that the table was made with.
    #[must_use]
    pub fn sums(&self, name: SeriesName, grouping: &Grouping) -> Option<Sums> {
        self.series.get(&name).map(|series| series.sums(&self.leaves, &grouping.groups))
    }

    /// Every series of a group, summed over its cells, ordered by instrument and comparison.
    #[must_use]
    pub fn series_of(&self, group: &Group) -> BTreeMap<SeriesName, Series> {
        self.over(&group.cells)
    }

    /// Every series of the whole selection.
    #[must_use]
    pub fn whole(&self) -> BTreeMap<SeriesName, Series> {
        self.over(&self.cells)
    }

    fn over(&self, cells: &[u32]) -> BTreeMap<SeriesName, Series> {
        let sum = |(name, series): (&SeriesName, &SpreadOut)| Some((*name, series.sum(&self.leaves, cells)?));
        self.series.iter().filter_map(sum).collect()
    }
}

/// A table that is being filled.
struct Collecting<'a, 'g> {
    grouping: &'g Grouping,
    comparisons: &'g [Comparison],
    instruments: Vec<Arc<str>>,
    series: BTreeMap<SeriesName, SpreadOut<'a>>,
}

impl<'a> Collecting<'a, '_> {
    fn outcomes(&mut self, facts: &Facts, wanted: impl Fn(&str) -> bool) {
        let mut gatherings: BTreeMap<SeriesName, Gathering> = BTreeMap::new();
        let mut rows = Rows::new(&facts.treatments);
        let mut numbers: HashMap<*const u8, Option<usize>> = HashMap::default();
        let mut last = (std::ptr::null(), None);
        for outcome in &facts.outcomes {
            let Some(index) = rows.find(outcome.row) else { continue };
            let Some(cell) = self.grouping.cell_of[index] else { continue };
            // A store shares equal texts, so that most of them are the one before.
            if last.0 != outcome.instrument.as_ptr() {
                let known = numbers.entry(outcome.instrument.as_ptr());
                let number = *known.or_insert_with(|| number(&mut self.instruments, &outcome.instrument, &wanted));
                last = (outcome.instrument.as_ptr(), number);
            }
            let Some(instrument) = last.1 else { continue };
            let members = (u64::from(outcome.first.is_some()), u64::from(outcome.second.is_some()));
            self.members((instrument, outcome.comparison), cell, members);
            if let (Some(first), Some(second)) = (outcome.first, outcome.second)
                && self.comparisons.contains(&outcome.comparison)
            {
                let completed = u64::from(facts.treatments[index].status == Status::Completed);
                let gathering = gatherings.entry((instrument, outcome.comparison)).or_default();
                gathering.pair(cell, &Pair { scores: Scores { first, second }, count: 1, completed });
            }
        }
        for (name, gathering) in gatherings {
            let counts = gathering.finish(self.grouping.cells);
            self.entry(name).counts = Some(Cow::Owned(counts));
        }
    }

    fn cells(&mut self, cells: &'a CellFacts, wanted: impl Fn(&str) -> bool) {
        for series in &cells.series {
            let Some(instrument) = number(&mut self.instruments, &series.instrument, &wanted) else { continue };
            let name = (instrument, series.comparison);
            for (group, firsts, seconds) in &series.members {
                let Some(cell) = self.grouping.cell_of[*group as usize] else { continue };
                self.members(name, cell, (*firsts, *seconds));
            }
            if self.comparisons.contains(&series.comparison) {
                self.entry(name).counts = Some(Cow::Borrowed(&series.counts));
            }
        }
    }

    /// Counts members under the comparisons that they stand for.
    fn members(&mut self, (instrument, counted): SeriesName, cell: u32, (firsts, seconds): (u64, u64)) {
        for comparison in self.comparisons {
            let follow_up = matches!(comparison, Comparison::Followup(_));
            // A treatment's own follow-up row repeats the pre score that its paired row has already given.
            let first_counts = if follow_up { counted == Comparison::Paired } else { counted == *comparison };
            let firsts = if first_counts { firsts } else { 0 };
            let seconds = if counted == *comparison { seconds } else { 0 };
            if firsts + seconds > 0 {
                let members = &mut self.entry((instrument, *comparison)).members[cell as usize];
                members.0 += firsts;
                members.1 += seconds;
            }
        }
    }

    fn entry(&mut self, name: SeriesName) -> &mut SpreadOut<'a> {
        let empty = || SpreadOut { members: vec![(0, 0); self.grouping.cells], counts: None };
        self.series.entry(name).or_insert_with(empty)
    }
}

/// The number of an instrument that is wanted.
fn number(instruments: &mut Vec<Arc<str>>, code: &Arc<str>, wanted: impl Fn(&str) -> bool) -> Option<usize> {
    if !wanted(code) {
        return None;
    }
    let known = instruments.iter().position(|known| known == code);
    Some(known.unwrap_or_else(|| {
        instruments.push(Arc::clone(code));
        instruments.len() - 1
    }))
}
