//! First and second scores of every cell, instrument and comparison, as sorted distinct pairs with counts.
//!
//! Promises: memory grows with distinct pairs, not with treatments; sums over the pairs give the same bits whatever the order of
//! arrival; the first scores of a follow-up are the pre scores of everybody, followed up or not.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::{Group, Grouping, row_numbers};
use crate::fact::Facts;
use crate::indicator::{Pair, Scores};
use crate::outcome::Comparison;
use schemas::record::Status;

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

    fn sum<'a>(parts: impl Iterator<Item = &'a Self>) -> Self {
        let mut sum = Self::default();
        for part in parts {
            sum.firsts += part.firsts;
            sum.seconds += part.seconds;
            sum.pairs.extend_from_slice(&part.pairs);
        }
        sum.pairs.sort_by(|a, b| {
            let by_second = || a.scores.second.total_cmp(&b.scores.second);
            a.scores.first.total_cmp(&b.scores.first).then_with(by_second)
        });
        sum.pairs.dedup_by(|next, kept| {
            let equal = next.scores == kept.scores;
            if equal {
                kept.count += next.count;
                kept.completed += next.completed;
            }
            equal
        });
        sum
    }
}

/// The series of every finest cell.
#[derive(Debug)]
pub struct PairTable {
    /// Codes of the instruments that occur.
    pub instruments: Vec<Arc<str>>,
    cells: Vec<BTreeMap<SeriesName, Series>>,
}

/// The comparisons for which the selection holds a score, in order; paired, `first_last` and locf always.
#[must_use]
pub fn comparisons_in(facts: &Facts, grouping: &Grouping) -> Vec<Comparison> {
    let rows = row_numbers(&facts.treatments);
    let followups: BTreeSet<Comparison> = facts
        .outcomes
        .iter()
        .filter(|outcome| matches!(outcome.comparison, Comparison::Followup(_)) && outcome.second.is_some())
        .filter(|outcome| rows.get(&outcome.row).is_some_and(|&index| grouping.cell_of[index].is_some()))
        .map(|outcome| outcome.comparison)
        .collect();
    [Comparison::Paired, Comparison::FirstLast, Comparison::Locf].into_iter().chain(followups).collect()
}

/// Equal scores of one cell by their bits; no score is a negative zero.
type Bits = (u32, u16, Comparison, u64, u64);

impl PairTable {
    /// Collects the scores of the comparisons asked for, of the instruments that `wanted` names.
    pub fn new(facts: &Facts, grouping: &Grouping, comparisons: &[Comparison], wanted: impl Fn(&str) -> bool) -> Self {
        let rows = row_numbers(&facts.treatments);
        let mut table = Self { instruments: Vec::new(), cells: vec![BTreeMap::new(); grouping.cells] };
        let mut numbers: HashMap<&str, Option<u16>> = HashMap::new();
        let mut members: HashMap<(u32, u16, Comparison), (u64, u64)> = HashMap::new();
        let mut pairs: HashMap<Bits, (u64, u64)> = HashMap::new();
        for outcome in &facts.outcomes {
            let Some(&index) = rows.get(&outcome.row) else { continue };
            let Some(cell) = grouping.cell_of[index] else { continue };
            let instrument = *numbers.entry(&outcome.instrument).or_insert_with(|| {
                let number = wanted(&outcome.instrument).then(|| u16::try_from(table.instruments.len()).ok()).flatten();
                table.instruments.extend(number.map(|_| Arc::clone(&outcome.instrument)));
                number
            });
            let Some(instrument) = instrument else { continue };
            let completed = u64::from(facts.treatments[index].status == Status::Completed);
            let count = members.entry((cell, instrument, outcome.comparison)).or_default();
            count.0 += u64::from(outcome.first.is_some());
            count.1 += u64::from(outcome.second.is_some());
            if let (Some(first), Some(second)) = (outcome.first, outcome.second)
                && comparisons.contains(&outcome.comparison)
            {
                let pair =
                    pairs.entry((cell, instrument, outcome.comparison, first.to_bits(), second.to_bits())).or_default();
                pair.0 += 1;
                pair.1 += completed;
            }
        }
        table.take_members(&members, comparisons);
        table.take_pairs(pairs);
        table
    }

    /// Every series of a group, summed over its cells, ordered by instrument and comparison.
    #[must_use]
    pub fn series_of(&self, group: &Group) -> BTreeMap<SeriesName, Series> {
        sum_by_name(group.cells.iter().map(|cell| &self.cells[*cell as usize]))
    }

    /// Every series of the whole selection.
    #[must_use]
    pub fn whole(&self) -> BTreeMap<SeriesName, Series> {
        sum_by_name(self.cells.iter())
    }

    fn take_members(&mut self, members: &HashMap<(u32, u16, Comparison), (u64, u64)>, comparisons: &[Comparison]) {
        for ((cell, instrument, counted), (firsts, seconds)) in members {
            let cell = &mut self.cells[*cell as usize];
            for comparison in comparisons {
                let follow_up = matches!(comparison, Comparison::Followup(_));
                // A treatment's own follow-up row repeats the pre score that its paired row has already given.
                let first_counts = if follow_up { *counted == Comparison::Paired } else { counted == comparison };
                let firsts = if first_counts { *firsts } else { 0 };
                let seconds = if counted == comparison { *seconds } else { 0 };
                if firsts + seconds > 0 {
                    let series = cell.entry((usize::from(*instrument), *comparison)).or_default();
                    series.firsts += firsts;
                    series.seconds += seconds;
                }
            }
        }
    }

    fn take_pairs(&mut self, pairs: HashMap<Bits, (u64, u64)>) {
        for ((cell, instrument, comparison, first, second), (count, completed)) in pairs {
            let scores = Scores { first: f64::from_bits(first), second: f64::from_bits(second) };
            let series = self.cells[cell as usize].entry((usize::from(instrument), comparison)).or_default();
            series.pairs.push(Pair { scores, count, completed });
        }
    }
}

fn sum_by_name<'a>(cells: impl Iterator<Item = &'a BTreeMap<SeriesName, Series>>) -> BTreeMap<SeriesName, Series> {
    let mut parts: BTreeMap<SeriesName, Vec<&Series>> = BTreeMap::new();
    for (name, series) in cells.flatten() {
        parts.entry(*name).or_default().push(series);
    }
    parts.into_iter().map(|(name, parts)| (name, Series::sum(parts.into_iter()))).collect()
}
