//! What was released from earlier cuts: a cell that hardly changed keeps its figure, so that nobody is found by comparing cuts.
//!
//! Promises: a cell whose contributors changed by fewer persons than it is shown from, counted from when its figure was drawn, however many
//! cuts ago, keeps it, hidden or shown. Source: disclosure, section 10.

use std::collections::BTreeMap;

use crate::disclose::engine::Cut;
use crate::disclose::engine::contributors::Contributors;
use crate::disclose::engine::cube::Name;
use crate::disclose::engine::table::{Disclosed, Row, Shown, Table};

/// Tables of earlier cuts, each with those who stood behind it, oldest first.
#[derive(Debug, Default)]
pub struct Earlier {
    released: Vec<(Disclosed<Table>, Contributors)>,
}

impl Earlier {
    /// Takes the next table, read with the vocabulary of the cut that is asked of now: of the same cut as the last, or of a later one.
    pub fn add(&mut self, table: Disclosed<Table>, contributors: Contributors) {
        self.released.push((table, contributors));
    }

    /// The cells that keep what was released of them, each as it was last released, with the cut that its figure was drawn in.
    pub(super) fn kept(&self, cut: &Cut<'_>) -> BTreeMap<Name, (Row, String)> {
        let changes: Vec<BTreeMap<Name, u64>> = self.released.iter().map(|(_, one)| changes(one, cut)).collect();
        let mut newest: BTreeMap<&Name, (&Row, &str)> = BTreeMap::new();
        for (table, contributors) in &self.released {
            for row in table.rows.iter().filter(|row| matches!(row.shown, Shown::Count(_) | Shown::Hidden)) {
                let drawn = row.drawn.as_deref().unwrap_or(contributors.cut());
                let known = newest.entry(&row.name).or_insert((row, drawn));
                // Means may stand in one table of a cut and not in another.
                if known.1 != drawn || known.0.means.is_none() || row.means.is_some() {
                    *known = (row, drawn);
                }
            }
        }
        let is_kept = |name: &Name, row: &Row, drawn: &str| {
            let of_then = self.released.iter().zip(&changes).filter(|((_, one), _)| one.cut() == drawn);
            { of_then }.find_map(|(_, changes)| changes.get(name)).is_some_and(|change| *change < row.k)
        };
        let kept = newest.into_iter().filter(|(name, (row, drawn))| is_kept(name, row, drawn));
        kept.map(|(name, (row, drawn))| (name.clone(), (row.clone(), drawn.to_owned()))).collect()
    }
}

fn changes(contributors: &Contributors, cut: &Cut<'_>) -> BTreeMap<Name, u64> {
    contributors.changes(cut).into_iter().flatten().collect()
}
