//! How many distinct persons have both scores, by group, instrument and comparison.
//!
//! Promises: a person counts once per sender, however many treatments; counted from the facts, not from cells, which tell no persons.
//! One pass over the scores, then one over the persons of each group.

use foldhash::HashMap;

use crate::aggregate::{Grouping, Rows};
use crate::fact::{Facts, TreatmentFact};
use crate::outcome::Comparison;

/// Grouping texts, instrument and comparison.
pub type RowName = Vec<String>;

/// The persons behind every row of the report `outcomes`.
#[must_use]
pub fn with_pairs(facts: &Facts, grouping: &Grouping) -> HashMap<RowName, u64> {
    let (number_of, many) = numbered(&facts.treatments);
    let mut rows = Rows::new(&facts.treatments);
    let mut series: HashMap<(&str, Comparison), Vec<Vec<u32>>> = HashMap::default();
    for outcome in facts.outcomes.iter().filter(|outcome| outcome.first.is_some() && outcome.second.is_some()) {
        let Some(index) = rows.find(outcome.row) else { continue };
        let Some(cell) = grouping.cell_of[index] else { continue };
        let name = (&*outcome.instrument, outcome.comparison);
        let cells = series.entry(name).or_insert_with(|| vec![Vec::new(); grouping.cells]);
        cells[cell as usize].push(number_of[index]);
    }
    let mut met = Met { last: vec![0; many], counts: 0 };
    let mut counts = HashMap::default();
    for group in &grouping.groups {
        let texts: Vec<String> = grouping.labels(group).map(ToString::to_string).collect();
        for ((instrument, comparison), cells) in &series {
            let mut name = texts.clone();
            name.extend([(*instrument).to_owned(), comparison.to_string()]);
            counts.insert(name, met.distinct(group.cells.iter().flat_map(|cell| &cells[*cell as usize])));
        }
    }
    counts
}

/// The person of each treatment, numbered from 0, and how many persons there are.
fn numbered(treatments: &[TreatmentFact]) -> (Vec<u32>, usize) {
    let mut known: HashMap<(&str, i64), u32> = HashMap::default();
    let mut numbers = Vec::with_capacity(treatments.len());
    for treatment in treatments {
        let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
        numbers.push(*known.entry((&*treatment.sender, treatment.subject)).or_insert(next));
    }
    (numbers, known.len())
}

/// In which count each person was met last.
struct Met {
    last: Vec<u32>,
    counts: u32,
}

impl Met {
    /// How many there are, each counted once.
    fn distinct<'p>(&mut self, persons: impl Iterator<Item = &'p u32>) -> u64 {
        self.counts += 1;
        let mut distinct = 0;
        for person in persons {
            let last = &mut self.last[*person as usize];
            distinct += u64::from(*last != self.counts);
            *last = self.counts;
        }
        distinct
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_stands_in_several_cells_counts_once_in_each_count() {
        let mut met = Met { last: vec![0; 4], counts: 0 };
        assert_eq!(met.distinct([3, 1, 3, 0].iter()), 3);
        assert_eq!(met.distinct([3, 3].iter()), 1, "anew in the next");
        assert_eq!(met.distinct([].iter()), 0);
    }
}
