//! The sums of a table: which rows add up to which.
//!
//! Promises: a sum is there only where the table has its row.
//! Must not know: what is counted, what is hidden.

use std::collections::{BTreeMap, HashMap};

use super::Counted;
use crate::figure::Figure;

/// A row and the rows that add up to it.
pub(super) struct Equation {
    /// The row that sums.
    pub(super) sum: usize,
    /// The rows that it sums.
    pub(super) parts: Vec<usize>,
}

/// The place of the label that differs, and the other labels.
type Family<'a> = (usize, Vec<&'a str>);

/// Every sum of a table: rows that differ in one label, beside the row that sums over it.
pub(super) fn equations(table: &Counted) -> Vec<Equation> {
    let mut sums: HashMap<Family, usize> = HashMap::new();
    let mut parts: BTreeMap<Family, Vec<usize>> = BTreeMap::new();
    for (number, row) in table.rows.iter().enumerate() {
        for place in 0..table.keys {
            let mut alike: Vec<&str> = row[..table.keys].iter().map(text).collect();
            alike[place] = "";
            if row[place].is_sum() {
                sums.insert((place, alike), number);
            } else {
                parts.entry((place, alike)).or_default().push(number);
            }
        }
    }
    parts.into_iter().filter_map(|(family, parts)| Some(Equation { sum: *sums.get(&family)?, parts })).collect()
}

fn text(figure: &Figure) -> &str {
    if let Figure::Text(text) = figure { text } else { "" }
}
