//! Anything that can be counted treatment by treatment: a count for every finest cell, added up for a group.
//!
//! Promises: a treatment of the selection is counted once; the order in which treatments arrive changes nothing as long as adding does
//! not depend on order. Must not know: what is counted.

use super::{Group, Grouping};
use crate::fact::{Facts, TreatmentFact};

/// A count that can be added to another.
pub trait Count: Clone + Default {
    /// Adds the other's counts.
    fn add(&mut self, other: &Self);
}

/// A count of every finest cell.
#[derive(Debug)]
pub struct Sums<C>(Vec<C>);

impl<C: Count> Sums<C> {
    /// Counts every treatment of the selection in its cell.
    pub fn new(facts: &Facts, grouping: &Grouping, mut count: impl FnMut(&mut C, &TreatmentFact)) -> Self {
        let mut cells = vec![C::default(); grouping.cells];
        for (treatment, cell) in facts.treatments.iter().zip(&grouping.cell_of) {
            if let Some(cell) = *cell {
                count(&mut cells[cell as usize], treatment);
            }
        }
        Self(cells)
    }

    /// The count of a group.
    #[must_use]
    pub fn of(&self, group: &Group) -> C {
        let mut sum = C::default();
        for cell in &group.cells {
            sum.add(&self.0[*cell as usize]);
        }
        sum
    }
}
