//! How many distinct persons have both scores, by group, instrument and comparison.
//!
//! Promises: a person counts once per sender, however many treatments; counted from the facts, not from cells, which tell no persons.

use std::collections::{HashMap, HashSet};

use crate::aggregate::{Grouping, row_numbers};
use crate::fact::Facts;

/// A person of a sender.
type Person<'a> = (&'a str, i64);

/// Grouping texts, instrument and comparison.
pub type RowName = Vec<String>;

/// The persons behind every row of the report `outcomes`.
#[must_use]
pub fn with_pairs(facts: &Facts, grouping: &Grouping) -> HashMap<RowName, u64> {
    let rows = row_numbers(&facts.treatments);
    let mut series: HashMap<(&str, String), Vec<HashSet<Person>>> = HashMap::new();
    for outcome in facts.outcomes.iter().filter(|outcome| outcome.first.is_some() && outcome.second.is_some()) {
        let Some(&index) = rows.get(&outcome.row) else { continue };
        let (Some(cell), treatment) = (grouping.cell_of[index], &facts.treatments[index]) else { continue };
        let name = (&*outcome.instrument, outcome.comparison.to_string());
        let cells = series.entry(name).or_insert_with(|| vec![HashSet::new(); grouping.cells]);
        cells[cell as usize].insert((&*treatment.sender, treatment.subject));
    }
    let mut counts = HashMap::new();
    for group in &grouping.groups {
        let texts: Vec<String> = grouping.texts(group).iter().map(ToString::to_string).collect();
        for ((instrument, comparison), cells) in &series {
            let persons: HashSet<_> = group.cells.iter().flat_map(|cell| &cells[*cell as usize]).collect();
            let mut name = texts.clone();
            name.extend([(*instrument).to_owned(), comparison.clone()]);
            counts.insert(name, persons.len() as u64);
        }
    }
    counts
}
