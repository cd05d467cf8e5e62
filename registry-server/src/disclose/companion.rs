//! What is hidden beside what must be: a figure that is hidden alone in a sum, or with others as few, is what the sum is short of.
//!
//! Promises: no sum of which everything else is shown is short of one hidden figure, or of several that tell of too few together; no
//! hidden sum has all of its parts shown; of several that could be hidden the one with the fewest persons is. Who has nothing to hide
//! hides nobody: a part that counts nobody is no company.
//! Must not know: what is counted.

use std::collections::BTreeMap;

use super::Counted;
use super::quantity::Quantity;
use crate::figure::Figure;

/// A row and the rows that add up to it.
pub(super) struct Equation {
    sum: usize,
    parts: Vec<usize>,
}

/// Every sum of a table: rows that differ in one label, beside the row that sums over it.
pub(super) fn equations(table: &Counted) -> Vec<Equation> {
    let mut families: BTreeMap<(usize, Vec<&str>), (Option<usize>, Vec<usize>)> = BTreeMap::new();
    for (number, row) in table.rows.iter().enumerate() {
        for place in 0..table.keys {
            let mut alike: Vec<&str> = row[..table.keys].iter().map(text).collect();
            alike[place] = "";
            let (sum, parts) = families.entry((place, alike)).or_default();
            if row[place].is_sum() {
                *sum = Some(number);
            } else {
                parts.push(number);
            }
        }
    }
    families.into_values().filter_map(|(sum, parts)| Some(Equation { sum: sum?, parts })).collect()
}

/// Hides of a quantity whatever would give away what is hidden of it.
pub(super) fn hide(quantity: &Quantity, equations: &[Equation], (hidden, persons): (&mut [Vec<bool>], &[u64])) {
    let Some(first) = quantity.columns.first() else { return };
    let mut more = usize::MAX;
    // Ends when a turn hides nothing more.
    while more > 0 {
        more = 0;
        for equation in equations {
            while let Some(row) = equation.companion(quantity, |row| hidden[row][*first], persons) {
                quantity.columns.iter().for_each(|column| hidden[row][*column] = true);
                more += 1;
            }
        }
    }
}

impl Equation {
    /// The row that must be hidden with what is hidden.
    fn companion(&self, quantity: &Quantity, is_hidden: impl Fn(usize) -> bool, persons: &[u64]) -> Option<usize> {
        let counts = |row: usize| quantity.counts[row].filter(|(n, others)| n + others > 0);
        let some = self.parts.iter().copied().filter(|row| counts(*row).is_some());
        let (gone, left): (Vec<usize>, Vec<usize>) = some.partition(|row| is_hidden(*row));
        let smallest = left.into_iter().min_by_key(|row| persons[*row]);
        if is_hidden(self.sum) {
            return smallest.filter(|_| gone.is_empty());
        }
        let together =
            gone.iter().filter_map(|row| counts(*row)).fold((0, 0), |(a, b), (n, others)| (a + n, b + others));
        let is_safe = gone.is_empty() || (gone.len() > 1 && !(quantity.few)(together));
        if is_safe { None } else { Some(smallest.unwrap_or(self.sum)) }
    }
}

fn text(figure: &Figure) -> &str {
    if let Figure::Text(text) = figure { text } else { "" }
}
