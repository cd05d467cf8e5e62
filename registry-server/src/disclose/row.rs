//! What is hidden in one row that has enough persons.

use super::{FEW, PAIRS_FOR_EFFECTS};
use crate::figure::Figure;

/// Over means of so few pairs, intervals and effect sizes say more of persons than of treatment.
const EFFECTS: [&str; 7] = ["ci_lo", "ci_hi", "d_pre", "d_pooled", "d_z", "hedges_g", "hedges_g_exact"];
/// What cannot be judged by the counts that stand in the row.
const NEVER: [&str; 2] = ["paired_of_completed", "paired_of_started"];
/// Counts that differ from the pairs by those who lack a score.
const BESIDE_PAIRS: [(&str, &[&str]); 2] = [("n_pre", &["n_pre", "paired_of_pre"]), ("n_post", &["n_post"])];

/// One row of a table.
pub(super) struct Row<'a> {
    /// Names of the columns.
    pub(super) columns: &'a [String],
    /// How many of them are grouping columns.
    pub(super) keys: usize,
    /// What stands in it.
    pub(super) figures: &'a [Figure],
}

impl Row<'_> {
    /// With every figure hidden.
    pub(super) fn hidden(&self) -> Vec<Figure> {
        let (keys, figures) = self.figures.split_at(self.keys);
        keys.iter().cloned().chain(figures.iter().map(|_| Figure::Hidden)).collect()
    }

    /// With the figures hidden that tell of too few.
    pub(super) fn disclosed(&self) -> Vec<Figure> {
        let mut shown = self.figures.to_vec();
        let mut hide = |name: &str| {
            if let Some(place) = self.place(name)
                && shown[place] != Figure::Undefined
            {
                shown[place] = Figure::Hidden;
            }
        };
        NEVER.into_iter().for_each(&mut hide);
        let stems = self.columns.iter().filter_map(|column| column.strip_suffix("_d"));
        for stem in stems {
            let of = |part: &str| self.count(&format!("{stem}_{part}"));
            if let (Some(n), Some(d)) = (of("n"), of("d"))
                && d > 0
                && (n < FEW || d - n < FEW)
            {
                for part in ["n", "p", "lo", "hi"] {
                    hide(&format!("{stem}_{part}"));
                }
            }
        }
        let (completed, other) = (self.count("n_completed"), self.count("n_discontinued"));
        if completed.zip(other).is_some_and(|(completed, other)| completed < FEW || other < FEW) {
            ["n_completed", "n_discontinued"].into_iter().for_each(&mut hide);
        }
        if let Some(pairs) = self.count("n_paired") {
            for (count, columns) in BESIDE_PAIRS {
                if self.count(count).is_some_and(|count| (1..FEW).contains(&count.abs_diff(pairs))) {
                    for column in columns {
                        hide(column);
                    }
                }
            }
            if pairs < PAIRS_FOR_EFFECTS {
                EFFECTS.into_iter().for_each(&mut hide);
            }
        }
        shown
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    fn count(&self, name: &str) -> Option<u64> {
        if let Figure::Count(count) = self.figures[self.place(name)?] { Some(count) } else { None }
    }
}
