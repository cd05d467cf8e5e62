//! What differs between a table that is expected and one that was printed.
//!
//! Promises: rows are matched by key and cells by column name, both ways; order does not matter. Numbers agree within
//! 1e-9, relative, or absolute below 1; all else must be the same text, so empty agrees only with empty. It must not
//! know reports.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::table::Table;

/// How far two numbers may lie apart.
const TOLERANCE: f64 = 1e-9;

/// One thing that two tables do not agree on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// An expected column is not there.
    MissingColumn(String),
    /// A column is there that nobody expected.
    SurplusColumn(String),
    /// An expected row is not there.
    MissingRow(String),
    /// A row is there that nobody expected.
    SurplusRow(String),
    /// A key stands in more than one row of a table, so its cells cannot be matched.
    RepeatedRow(String),
    /// A cell holds another figure.
    Cell {
        /// The row's key.
        row: String,
        /// The column's name.
        column: String,
        /// What was expected.
        expected: String,
        /// What is there.
        actual: String,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingColumn(column) => write!(f, "column {column} is missing"),
            Self::SurplusColumn(column) => write!(f, "column {column} is surplus"),
            Self::MissingRow(row) => write!(f, "row {row} is missing"),
            Self::SurplusRow(row) => write!(f, "row {row} is surplus"),
            Self::RepeatedRow(row) => write!(f, "row {row} is there more than once"),
            Self::Cell { row, column, expected, actual } => {
                write!(f, "row {row}, {column}: expected {}, found {}", shown(expected), shown(actual))
            }
        }
    }
}

fn shown(cell: &str) -> &str {
    if cell.is_empty() { "nothing" } else { cell }
}

/// Everything two tables do not agree on; nothing if they tell the same.
#[must_use]
pub fn compare(expected: &Table, actual: &Table, keys: &[&str]) -> Vec<Difference> {
    let mut differences = Vec::new();
    let here: BTreeSet<&String> = expected.columns.iter().collect();
    let there: BTreeSet<&String> = actual.columns.iter().collect();
    differences.extend(here.difference(&there).map(|&name| Difference::MissingColumn(name.clone())));
    differences.extend(there.difference(&here).map(|&name| Difference::SurplusColumn(name.clone())));
    if keys.iter().any(|&key| !here.contains(&key.to_owned()) || !there.contains(&key.to_owned())) {
        return differences;
    }
    let expected = by_key(expected, keys, &mut differences);
    let actual = by_key(actual, keys, &mut differences);
    for (key, cells) in &expected {
        match actual.get(key) {
            None => differences.push(Difference::MissingRow(key.clone())),
            Some(others) => differences.extend(cells_that_differ(key, cells, others)),
        }
    }
    let surplus = actual.keys().filter(|key| !expected.contains_key(*key));
    differences.extend(surplus.map(|key| Difference::SurplusRow(key.clone())));
    differences
}

type Cells<'a> = BTreeMap<&'a str, &'a str>;

fn by_key<'a>(table: &'a Table, keys: &[&str], differences: &mut Vec<Difference>) -> BTreeMap<String, Cells<'a>> {
    let mut rows = BTreeMap::new();
    for row in &table.rows {
        let named = table.columns.iter().map(String::as_str).zip(row.iter().map(String::as_str));
        let (key, cells): (Cells, Cells) = named.partition(|(name, _)| keys.contains(name));
        let key = keys.iter().filter_map(|name| key.get(name).copied()).collect::<Vec<_>>().join(" | ");
        if rows.insert(key.clone(), cells).is_some() {
            differences.push(Difference::RepeatedRow(key));
        }
    }
    rows
}

fn cells_that_differ(row: &str, expected: &Cells, actual: &Cells) -> Vec<Difference> {
    let both =
        expected.iter().filter_map(|(column, expected)| actual.get(column).map(|actual| (column, expected, actual)));
    both.filter(|(_, expected, actual)| !agree(expected, actual))
        .map(|(column, expected, actual)| Difference::Cell {
            row: row.to_owned(),
            column: (*column).to_owned(),
            expected: (*expected).to_owned(),
            actual: (*actual).to_owned(),
        })
        .collect()
}

fn agree(expected: &str, actual: &str) -> bool {
    match (expected.parse::<f64>(), actual.parse::<f64>()) {
        (Ok(expected), Ok(actual)) => (expected - actual).abs() <= TOLERANCE * expected.abs().max(1.0),
        _ => expected == actual,
    }
}

#[cfg(test)]
mod tests {
    use super::{Difference, Table, compare};

    fn differences(expected: &str, actual: &str) -> Vec<Difference> {
        let table = |text| Table::from_csv(text).unwrap();
        compare(&table(expected), &table(actual), &["region"])
    }

    #[test]
    fn order_of_rows_and_columns_and_rounding_do_not_matter() {
        let found =
            differences("region,n,p\n01,1,0.5\n12,2000000000,\n", "p,region,n\n,12,2000000001\n0.5000000009,01,1.0\n");
        assert_eq!(found, []);
    }

    #[test]
    fn every_kind_of_difference_is_found() {
        let cell = |column: &str, expected: &str, actual: &str| Difference::Cell {
            row: "01".into(),
            column: column.into(),
            expected: expected.into(),
            actual: actual.into(),
        };
        assert_eq!(differences("region,p\n01,0\n", "region,p\n01,\n"), [cell("p", "0", "")]);
        assert_eq!(differences("region,p\n01,\n", "region,p\n01,0\n"), [cell("p", "", "0")]);
        assert_eq!(differences("region,p\n01,1\n", "region,p\n01,1.000000002\n"), [cell("p", "1", "1.000000002")]);
        assert_eq!(differences("region,p\n01,in\n", "region,p\n01,low95\n"), [cell("p", "in", "low95")]);
        assert_eq!(differences("region,p\n01,1\n", "region,p\n"), [Difference::MissingRow("01".into())]);
        assert_eq!(differences("region,p\n01,1\n", "region,p\n01,1\n1,1\n"), [Difference::SurplusRow("1".into())]);
        assert_eq!(differences("region,p\n01,1\n", "region,p\n01,1\n01,1\n"), [Difference::RepeatedRow("01".into())]);
        assert_eq!(
            differences("region,p\n01,1\n", "region,q\n01,1\n"),
            [Difference::MissingColumn("p".into()), Difference::SurplusColumn("q".into())]
        );
    }
}
