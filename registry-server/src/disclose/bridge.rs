//! What follows from several sums together, though each of them is short of two or more: a hidden figure that is the only one between
//! some sums and all others is what the former are short of together.
//!
//! Promises: while something else is left to hide, no hidden figure is such a bridge.
//! Must not know: what is counted.

use std::collections::HashSet;

use super::equation::Equation;
use super::quantity::Quantity;

/// The sums that each row stands in, as their numbers; nothing for a row that counts nobody.
pub(super) struct Web<'a> {
    quantity: &'a Quantity,
    sums: Vec<Vec<usize>>,
}

impl<'a> Web<'a> {
    /// The web of a quantity. A row of one sum alone stands free at its other end.
    pub(super) fn new(quantity: &'a Quantity, equations: &[Equation]) -> Self {
        let mut sums = vec![Vec::new(); quantity.counts.len()];
        for (number, equation) in equations.iter().enumerate() {
            let rows = equation.parts.iter().chain([&equation.sum]).copied();
            rows.filter(|row| quantity.is_of_some(*row)).for_each(|row| sums[row].push(number));
        }
        for sums in sums.iter_mut().filter(|sums| sums.len() == 1) {
            sums.push(equations.len());
        }
        Self { quantity, sums }
    }

    /// The row with the fewest persons that leads past a bridge, if there is a bridge and a row.
    pub(super) fn way_round(&self, is_hidden: impl Fn(usize) -> bool, persons: &[u64]) -> Option<usize> {
        let (hidden, shown): (Vec<usize>, Vec<usize>) =
            (0..self.quantity.counts.len()).filter(|row| !self.sums[*row].is_empty()).partition(|row| is_hidden(*row));
        let mut rows_of = vec![Vec::new(); self.sums.iter().flatten().max().map_or(0, |last| last + 1)];
        for row in &hidden {
            self.sums[*row].iter().for_each(|sum| rows_of[*sum].push(*row));
        }
        hidden.iter().find_map(|bridge| {
            let side = self.side(*bridge, &rows_of)?;
            let leads_past = |row: &&usize| {
                let here = self.sums[**row].iter().filter(|sum| side.contains(sum)).count();
                here > 0 && here < self.sums[**row].len()
            };
            shown.iter().filter(leads_past).min_by_key(|row| persons[**row]).copied()
        })
    }

    /// The sums on one side of a row, over hidden rows alone; nothing where they lead round it.
    fn side(&self, bridge: usize, rows_of: &[Vec<usize>]) -> Option<HashSet<usize>> {
        let ends = &self.sums[bridge];
        let first = *ends.first()?;
        let (mut side, mut next) = (HashSet::from([first]), vec![first]);
        while let Some(sum) = next.pop() {
            if ends.iter().all(|end| side.contains(end)) {
                return None;
            }
            let others = rows_of[sum].iter().filter(|row| **row != bridge);
            next.extend(others.flat_map(|row| &self.sums[*row]).filter(|sum| side.insert(**sum)));
        }
        (!ends.iter().all(|end| side.contains(end))).then_some(side)
    }
}
