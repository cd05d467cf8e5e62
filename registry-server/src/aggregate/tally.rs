//! Treatments and persons of every cell.
//!
//! Promises: a treatment counts once; a person counts once per sender, because pseudonyms of two senders cannot be compared.

use std::collections::{HashMap, HashSet};

use schemas::record::Status;

use super::{Group, Grouping};
use crate::fact::Facts;

/// How many treatments, and how they ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// All of them.
    pub started: u64,
    /// Carried through as planned.
    pub completed: u64,
}

/// The tally of every finest cell.
#[derive(Debug)]
pub struct Tallies {
    cells: Vec<Tally>,
}

impl Tallies {
    /// Counts every treatment of the selection in its cell.
    #[must_use]
    pub fn new(facts: &Facts, grouping: &Grouping) -> Self {
        let mut cells = vec![Tally::default(); grouping.cells];
        if let Some(counted) = &facts.cells {
            for (group, cell) in counted.groups.iter().zip(&grouping.cell_of) {
                let Some(cell) = *cell else { continue };
                cells[cell as usize].started += group.treatments;
                cells[cell as usize].completed += group.completed;
            }
            return Self { cells };
        }
        for (treatment, cell) in facts.treatments.iter().zip(&grouping.cell_of) {
            let Some(cell) = *cell else { continue };
            let tally = &mut cells[cell as usize];
            tally.started += 1;
            tally.completed += u64::from(treatment.status == Status::Completed);
        }
        Self { cells }
    }

    /// The treatments of a group.
    #[must_use]
    pub fn of(&self, group: &Group) -> Tally {
        let mut sum = Tally::default();
        for cell in &group.cells {
            let Tally { started, completed } = self.cells[*cell as usize];
            sum.started += started;
            sum.completed += completed;
        }
        sum
    }
}

/// The persons of every finest cell. Facts that are cells tell of none.
#[derive(Debug)]
pub struct Persons {
    cells: Vec<Vec<u32>>,
}

impl Persons {
    /// Finds the person of every treatment of the selection.
    #[must_use]
    pub fn new(facts: &Facts, grouping: &Grouping) -> Self {
        let mut cells = vec![Vec::new(); grouping.cells];
        let mut numbers: HashMap<(&str, i64), u32> = HashMap::new();
        for (treatment, cell) in facts.treatments.iter().zip(&grouping.cell_of) {
            let Some(cell) = *cell else { continue };
            let next = super::next_number(numbers.len());
            cells[cell as usize].push(*numbers.entry((&*treatment.sender, treatment.subject)).or_insert(next));
        }
        Self { cells }
    }

    /// The distinct persons of a group.
    #[must_use]
    pub fn of(&self, group: &Group) -> u64 {
        let distinct: HashSet<u32> = group.cells.iter().flat_map(|cell| &self.cells[*cell as usize]).copied().collect();
        distinct.len() as u64
    }
}
