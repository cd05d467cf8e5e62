//! Somebody who has every released table and a solver: between what numbers each hidden cell lies.
//!
//! Promises: knows the tables, the code lists and how figures are rounded, and nothing of how the register audits; another solver than
//! the register's, a simplex. Every cell of every table is a sum of the same finest cells.

use std::collections::BTreeMap;

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

/// Codes by column; a column that is summed over is not there.
pub(super) type Name = BTreeMap<String, String>;

/// What a table says of a cell: from and to, or nothing where it is hidden.
pub(super) type Told = BTreeMap<Name, Option<(f64, f64)>>;

/// Who attacks.
pub(super) struct Attacker {
    /// The codes of each column that occurs.
    pub(super) codes: BTreeMap<String, Vec<String>>,
    /// All tables.
    pub(super) told: Told,
    /// Whether a hidden cell has fewer persons than are shown, for an attacker who knows that; `None` for one who does not.
    pub(super) few: Option<BTreeMap<Name, bool>>,
}

impl Attacker {
    /// The whole numbers that the cell can be; nothing where the solver found no answer.
    pub(super) fn interval(&self, cell: &Name) -> Option<(f64, f64)> {
        let low = self.end(cell, OptimizationDirection::Minimize)?;
        let high = self.end(cell, OptimizationDirection::Maximize)?;
        Some(((low - 1e-6).ceil(), (high + 1e-6).floor()))
    }

    fn end(&self, cell: &Name, way: OptimizationDirection) -> Option<f64> {
        let mut problem = Problem::new(way);
        let mut unknown: BTreeMap<Name, Variable> = BTreeMap::new();
        for name in self.every(&self.codes.keys().cloned().collect::<Vec<_>>()) {
            let (low, high) = self.bounds(&name);
            let weight = if name == *cell { 1.0 } else { 0.0 };
            unknown.insert(name.clone(), problem.add_var(weight, (low, high)));
        }
        let mut sums: Vec<&Name> = self.told.keys().filter(|name| !unknown.contains_key(*name)).collect();
        if !self.told.contains_key(cell) {
            sums.push(cell);
        }
        // The finest of the sums first, so that a sum can be written in the sums below it.
        sums.sort_by_key(|name| std::cmp::Reverse(name.len()));
        for name in sums {
            let column = self.codes.keys().rev().find(|column| !name.contains_key(*column))?;
            let parts = self.parts(name, column, &unknown);
            let (low, high) = self.bounds(name);
            let weight = if name == cell { 1.0 } else { 0.0 };
            let sum = problem.add_var(weight, (low, high));
            let tie: Vec<(Variable, f64)> = parts.into_iter().map(|part| (part, 1.0)).chain([(sum, -1.0)]).collect();
            problem.add_constraint(tie, ComparisonOp::Eq, 0.0);
            unknown.insert(name.clone(), sum);
        }
        Some(problem.solve().ok()?.into_solution().ok()?.objective())
    }

    /// Every cell that is narrowed in these columns.
    fn every(&self, columns: &[String]) -> Vec<Name> {
        columns.iter().fold(vec![Name::new()], |names, column| {
            let narrowed = |name: &Name| {
                let name = name.clone();
                self.codes[column].iter().map(move |code| {
                    let mut narrower = name.clone();
                    narrower.insert(column.clone(), code.clone());
                    narrower
                })
            };
            names.iter().flat_map(narrowed).collect()
        })
    }

    /// What adds up to a cell: cells narrowed by one more column where all of them are known already, else finest cells.
    fn parts(&self, name: &Name, column: &str, unknown: &BTreeMap<Name, Variable>) -> Vec<Variable> {
        let narrowed = |code: &String| {
            let mut narrower = name.clone();
            narrower.insert(column.to_owned(), code.clone());
            unknown.get(&narrower).copied()
        };
        let next: Option<Vec<Variable>> = self.codes[column].iter().map(narrowed).collect();
        next.unwrap_or_else(|| {
            let is_part = |other: &&Name| {
                other.len() == self.codes.len() && name.iter().all(|(column, code)| other.get(column) == Some(code))
            };
            unknown.keys().filter(is_part).map(|other| unknown[other]).collect()
        })
    }

    fn bounds(&self, name: &Name) -> (f64, f64) {
        match (self.told.get(name), self.few.as_ref().and_then(|few| few.get(name))) {
            (Some(Some(bounds)), _) => *bounds,
            (Some(None), Some(true)) => (0.0, 4.0),
            (Some(None), Some(false)) => (5.0, f64::INFINITY),
            _ => (0.0, f64::INFINITY),
        }
    }
}
