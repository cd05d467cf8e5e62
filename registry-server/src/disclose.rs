//! What may be shown to others than the register's own staff: until the extract engine, the primary rule on a fixed list of tables.
//!
//! Promises: pure; a row of too few persons is hidden whole, and never alone in its column; a share that tells of too few, or of all, is
//! hidden; a hidden figure is neither zero nor nothing. Source of the limits: disclosure, sections 3, 4, 9 and 12.
//! Must not know: SQL, who asks.

/// How many persons stand behind a row of outcomes.
pub mod persons;
/// What is hidden in one row.
mod row;

use std::collections::BTreeMap;

use crate::figure::Figure;
use row::Row;

/// Fewer persons than this are never shown.
const FEW: u64 = 5;
/// Nor fewer than this behind outcomes.
const FEW_WITH_OUTCOMES: u64 = 10;
/// Effect sizes and intervals need so many pairs.
const PAIRS_FOR_EFFECTS: u64 = 20;

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

/// Hides what may not be shown; gives the rows and how many figures are hidden.
#[must_use]
pub fn primary(table: &Counted) -> (Vec<Vec<Figure>>, usize) {
    let outcomes = table.columns.iter().any(|column| column == "n_paired");
    let few = if outcomes { FEW_WITH_OUTCOMES } else { FEW };
    let hidden = with_companions(table, table.persons.iter().map(|persons| *persons < few).collect());
    let mut count = 0;
    let rows = table.rows.iter().zip(&hidden).map(|(row, hide)| {
        let row = Row { columns: &table.columns, keys: table.keys, figures: row };
        let shown = if *hide { row.hidden() } else { row.disclosed() };
        count += shown.iter().filter(|figure| **figure == Figure::Hidden).count();
        shown
    });
    (rows.collect(), count)
}

/// A row that is the only hidden one beside a sum could be found by subtraction, so the smallest of its like is hidden with it.
fn with_companions(table: &Counted, mut hidden: Vec<bool>) -> Vec<bool> {
    let mut families: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
    for (number, row) in table.rows.iter().enumerate() {
        let keys = &row[..table.keys];
        for place in (0..table.keys).filter(|place| !keys[*place].is_sum()) {
            let mut family: Vec<&str> = keys.iter().map(text).collect();
            family[place] = "";
            family.push(&table.columns[place]);
            families.entry(family).or_default().push(number);
        }
    }
    loop {
        let alone = families.values().filter(|rows| rows.len() > 1).find_map(|rows| {
            let (gone, left): (Vec<usize>, Vec<usize>) = rows.iter().partition(|row| hidden[**row]);
            (gone.len() == 1).then(|| left.into_iter().min_by_key(|row| table.persons[*row]))?
        });
        let Some(companion) = alone else { return hidden };
        hidden[companion] = true;
    }
}

fn text(figure: &Figure) -> &str {
    if let Figure::Text(text) = figure { text } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(&str, u64, u64)]) -> Counted {
        let row = |(region, started, completed): &(&str, u64, u64)| {
            let share = [*completed, *started].map(Figure::Count);
            let p = Figure::from(*completed as f64 / *started as f64);
            [Figure::text(region), Figure::Count(*started)].into_iter().chain(share).chain([p]).collect()
        };
        Counted {
            columns: ["region", "n_started", "completed_n", "completed_d", "completed_p"].map(str::to_owned).to_vec(),
            keys: 1,
            rows: rows.iter().map(row).collect(),
            persons: rows.iter().map(|(_, started, _)| *started).collect(),
        }
    }

    fn marks(table: &Counted) -> Vec<String> {
        let (rows, _) = primary(table);
        rows.iter().map(|row| row[1..].iter().map(|f| if *f == Figure::Hidden { '*' } else { '.' }).collect()).collect()
    }

    #[test]
    fn a_row_of_few_persons_is_hidden_whole_and_takes_the_smallest_other_with_it() {
        let three = table(&[("01", 4, 2), ("03", 50, 20), ("12", 30, 15), ("ALL", 84, 37)]);
        assert_eq!(marks(&three), ["****", "....", "****", "...."]);
        let two_small = table(&[("01", 4, 2), ("03", 50, 20), ("12", 3, 1), ("ALL", 57, 23)]);
        assert_eq!(marks(&two_small), ["****", "....", "****", "...."], "two hide each other");
        assert_eq!(marks(&table(&[("01", 40, 20), ("ALL", 40, 20)])), ["....", "...."]);
    }

    #[test]
    fn a_share_of_nobody_everybody_or_nearly_so_is_hidden_and_its_denominator_is_not() {
        for (completed, expected) in [(0, ".*.*"), (4, ".*.*"), (5, "...."), (45, "...."), (46, ".*.*"), (50, ".*.*")] {
            assert_eq!(marks(&table(&[("ALL", 50, completed)])), [expected], "{completed}");
        }
    }
}
