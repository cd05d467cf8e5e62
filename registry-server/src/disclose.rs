//! What may be shown to others than the register's own staff: in reports and pages the primary rule on a fixed list of tables, as here;
//! for tables that researchers ask for, everything that `engine` does, with the same limits; no program calls the engine yet.
//!
//! Promises: pure; a row of too few persons is hidden whole; a share that tells of too few, or of all, is hidden, and so is a
//! denominator that is itself such a count; whatever is hidden cannot be had by taking what is shown off a sum, neither alone nor as too
//! few together; a hidden figure is neither zero nor nothing. Source of the limits: disclosure, sections 3, 4, 9 and 12.
//! Must not know: SQL, who asks.

/// What follows from several sums together.
mod bridge;
/// What is hidden so that nothing follows from sums.
mod companion;
/// The sums of a table.
mod equation;
/// How many persons stand behind a row of outcomes.
pub mod persons;
/// What is counted in a row, and when it tells of too few.
mod quantity;
/// Tables that leave the register: hidden, rounded and audited together with all that left before.
pub mod engine;
/// Sums rounded, for whoever knows a part of them.
pub mod rounded;

use crate::figure::Figure;

/// Fewer persons than this are never shown.
pub const FEW: u64 = 5;
/// Nor fewer than this behind outcomes.
pub const FEW_WITH_OUTCOMES: u64 = 10;
/// Rounded counts are multiples of this.
pub const BASE: u64 = 5;
/// Effect sizes and intervals need so many pairs.
const PAIRS_FOR_EFFECTS: u64 = 20;

/// Over means of so few pairs, intervals and effect sizes say more of persons than of treatment.
const EFFECTS: [&str; 7] = ["ci_lo", "ci_hi", "d_pre", "d_pooled", "d_z", "hedges_g", "hedges_g_exact"];
/// What cannot be judged by the counts that stand in the row.
const NEVER: [&str; 2] = ["paired_of_completed", "paired_of_started"];

/// A table with as many persons behind each row.
#[derive(Debug)]
pub struct Counted {
    /// Names of the columns, grouping columns first.
    pub columns: Vec<String>,
    /// How many of them are grouping columns.
    pub keys: usize,
    /// The rows.
    pub rows: Vec<Vec<Figure>>,
    /// Distinct persons behind each row.
    pub persons: Vec<u64>,
}

impl Counted {
    fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|name| name == column)
    }

    fn count(&self, row: usize, column: &str) -> Option<u64> {
        if let Figure::Count(count) = self.rows[row][self.place(column)?] { Some(count) } else { None }
    }
}

/// The rows, with what may not be shown hidden. Rows that stand in several tables are held in one, so that none gives away another's.
#[must_use]
pub fn primary(table: &Counted) -> Vec<Vec<Figure>> {
    let mut hidden = vec![vec![false; table.columns.len()]; table.rows.len()];
    let quantities = quantity::all(table);
    for quantity in &quantities {
        for (row, hidden) in hidden.iter_mut().enumerate() {
            if quantity.tells_of_few(row) {
                quantity.columns.iter().for_each(|column| hidden[*column] = true);
            }
        }
    }
    let equations = equation::equations(table);
    for quantity in &quantities {
        companion::hide(quantity, &equations, (&mut hidden, &table.persons));
    }
    (0..table.rows.len()).map(|row| shown(table, row, &hidden[row])).collect()
}

/// One row; of a row that is not hidden whole what is undefined stays so.
fn shown(table: &Counted, row: usize, hidden: &[bool]) -> Vec<Figure> {
    let whole = hidden[table.keys..].iter().all(|hidden| *hidden);
    let few_pairs = table.count(row, "n_paired").is_some_and(|pairs| pairs < PAIRS_FOR_EFFECTS);
    let figures = table.rows[row].iter().zip(&table.columns).zip(hidden);
    let figures = figures.map(|((figure, column), hidden)| {
        let never = NEVER.contains(&column.as_str()) || (few_pairs && EFFECTS.contains(&column.as_str()));
        if whole || *figure != Figure::Undefined { (figure, *hidden || never) } else { (figure, false) }
    });
    figures.map(|(figure, hide)| if hide { Figure::Hidden } else { figure.clone() }).collect()
}

#[cfg(test)]
mod tests;
