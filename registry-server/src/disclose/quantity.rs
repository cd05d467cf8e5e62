//! What is counted in a row: how many of how many, and when that tells of too few.
//!
//! Promises: every count of the tables on the fixed list that is not the row's own size is one of these.

use super::{Counted, FEW, FEW_WITH_OUTCOMES};
use crate::figure::share_columns;

/// How many, and how many of the same whole are not.
pub(super) type Parts = (u64, u64);

/// Something that is counted in every row and adds up over rows.
pub(super) struct Quantity {
    /// The columns that tell it: hidden together, and it is hidden where the first of them is.
    pub(super) columns: Vec<usize>,
    /// In each row; nothing where it is not defined.
    pub(super) counts: Vec<Option<Parts>>,
    /// Whether it tells of too few.
    pub(super) few: fn(Parts) -> bool,
}

impl Quantity {
    /// Whether a row counts anybody.
    pub(super) fn is_of_some(&self, row: usize) -> bool {
        self.counts[row].is_some_and(|(n, others)| n + others > 0)
    }

    /// Whether a row tells of too few.
    pub(super) fn tells_of_few(&self, row: usize) -> bool {
        self.counts[row].is_some_and(self.few)
    }
}

/// Shares whose denominator is everybody for whom the measure has a meaning, which nearly all are.
const MEANINGFUL: [&str; 3] = ["response", "response_raw", "remission_sick"];
/// Those of which the cases at first are the denominator.
const OF_CASES: [&str; 2] = ["recovery", "rel_recovery"];
/// The cases at first.
const CASES: &str = "case_pre";
/// Counts that differ from the pairs by those who lack a score.
const BESIDE_PAIRS: [(&str, &[&str]); 2] = [("n_pre", &["n_pre", "paired_of_pre"]), ("n_post", &["n_post"])];
/// Further columns that tell a share's count.
const SAME: [(&str, [&str; 2]); 1] = [("completed", ["n_completed", "n_discontinued"])];

/// Everything that is counted in a table: the rows themselves first.
pub(super) fn all(table: &Counted) -> Vec<Quantity> {
    let outcomes = table.place("n_paired").is_some();
    let size = if outcomes { "n_paired" } else { "n_started" };
    let mut columns: Vec<usize> = table.place(size).into_iter().collect();
    columns.extend((table.keys..table.columns.len()).filter(|column| Some(*column) != table.place(size)));
    let persons = table.persons.iter().map(|persons| Some((*persons, 0))).collect();
    let mut quantities = Vec::new();
    if !columns.is_empty() {
        quantities.push(Quantity { columns, counts: persons, few: if outcomes { few_with_outcomes } else { few } });
    }
    let stems: Vec<&str> = table.columns.iter().filter_map(|column| column.strip_suffix("_d")).collect();
    quantities.extend(stems.iter().filter(|stem| **stem == CASES).map(|stem| cases(table, stem, &stems)));
    quantities.extend(stems.iter().filter(|stem| MEANINGFUL.contains(stem)).map(|stem| denominator(table, stem)));
    quantities.extend(stems.iter().filter(|stem| **stem != CASES).map(|stem| share(table, stem)));
    let beside = BESIDE_PAIRS.iter().filter(|(count, _)| table.place(count).is_some());
    quantities.extend(beside.map(|(count, columns)| beside_pairs(table, count, columns)));
    quantities
}

/// The cases at first: a share themselves, and the denominator of others.
fn cases(table: &Counted, stem: &str, stems: &[&str]) -> Quantity {
    let of_cases = stems.iter().filter(|stem| OF_CASES.contains(stem)).flat_map(|stem| share_columns(stem));
    let columns = all_but_denominator(stem).into_iter().chain(of_cases);
    Quantity { columns: places(table, columns), ..share(table, stem) }
}

/// A share's count, apart from its denominator.
fn share(table: &Counted, stem: &str) -> Quantity {
    let same = SAME.iter().filter(|(of, _)| *of == stem).flat_map(|(_, columns)| columns.map(str::to_owned));
    Quantity {
        columns: places(table, all_but_denominator(stem).into_iter().chain(same)),
        counts: counts(table, |row| {
            let (n, d) = (table.count(row, &format!("{stem}_n"))?, table.count(row, &format!("{stem}_d"))?);
            Some((n, d.saturating_sub(n)))
        }),
        few: few_or_nearly_all,
    }
}

/// A share's denominator, where that is a part of the pairs.
fn denominator(table: &Counted, stem: &str) -> Quantity {
    let [n, d, p, low, high] = share_columns(stem);
    Quantity {
        columns: places(table, [d.clone(), n, p, low, high]),
        counts: counts(table, |row| {
            let (d, pairs) = (table.count(row, &d)?, table.count(row, "n_paired")?);
            Some((d, pairs.saturating_sub(d)))
        }),
        few: few_or_few_left_out,
    }
}

/// How many more a count tells than there are pairs.
fn beside_pairs(table: &Counted, count: &str, columns: &[&str]) -> Quantity {
    Quantity {
        columns: places(table, columns.iter().map(|column| (*column).to_owned())),
        counts: counts(table, |row| Some((table.count(row, count)?.saturating_sub(table.count(row, "n_paired")?), 0))),
        few: |(more, _)| (1..FEW).contains(&more),
    }
}

fn few((persons, _): Parts) -> bool {
    persons < FEW
}

fn few_with_outcomes((persons, _): Parts) -> bool {
    persons < FEW_WITH_OUTCOMES
}

fn few_or_nearly_all((n, others): Parts) -> bool {
    n + others > 0 && (n < FEW || others < FEW)
}

/// That nobody is left out tells nothing of anybody.
fn few_or_few_left_out((n, left_out): Parts) -> bool {
    n + left_out > 0 && (n < FEW || (1..FEW).contains(&left_out))
}

fn all_but_denominator(stem: &str) -> [String; 4] {
    let [n, _, p, low, high] = share_columns(stem);
    [n, p, low, high]
}

fn places(table: &Counted, columns: impl IntoIterator<Item = String>) -> Vec<usize> {
    columns.into_iter().filter_map(|column| table.place(&column)).collect()
}

fn counts(table: &Counted, count: impl Fn(usize) -> Option<Parts>) -> Vec<Option<Parts>> {
    (0..table.rows.len()).map(count).collect()
}
