//! Holds a report against an expected file: every row and every column, both ways, numbers to 1e-9 (relative, absolute below 1).

use std::collections::{BTreeMap, BTreeSet};

use super::fixture::{Line, lines};
use crate::report::{Report, render};

/// Everything in which the report's CSV and the expected file differ; `keep` chooses expected rows.
pub(super) fn differences(file: &str, report: &Report) -> Vec<String> {
    let keys: BTreeSet<&String> = report.columns[..report.keys].iter().collect();
    let key = |line: &Line| keys.iter().map(|column| line[*column].clone()).collect::<Vec<_>>();
    let expected: BTreeMap<Vec<String>, Line> = lines(file).into_iter().map(|line| (key(&line), line)).collect();
    let text = render::csv(report).unwrap();
    let actual =
        csv::Reader::from_reader(text.as_bytes()).deserialize::<Line>().map(|line| line.unwrap()).collect::<Vec<_>>();
    assert!(!expected.is_empty() && actual.len() == report.rows.len());
    let actual: BTreeMap<Vec<String>, Line> = actual.into_iter().map(|line| (key(&line), line)).collect();
    assert_eq!(actual.len(), report.rows.len(), "no group has two rows");
    let mut found = Vec::new();
    found.extend(expected.keys().filter(|key| !actual.contains_key(*key)).map(|key| format!("missing row {key:?}")));
    found.extend(actual.keys().filter(|key| !expected.contains_key(*key)).map(|key| format!("surplus row {key:?}")));
    for (key, expected) in &expected {
        let Some(actual) = actual.get(key) else { continue };
        let columns: BTreeSet<&String> = expected.keys().chain(actual.keys()).collect();
        for column in columns {
            match (expected.get(column), actual.get(column)) {
                (Some(expected), Some(actual)) if agree(expected, actual) => {}
                (expected, actual) => found.push(format!("{key:?} {column}: expected {expected:?}, got {actual:?}")),
            }
        }
    }
    found
}

fn agree(expected: &str, actual: &str) -> bool {
    match (expected.parse::<f64>(), actual.parse::<f64>()) {
        (Ok(expected), Ok(actual)) => (expected - actual).abs() <= 1e-9 * expected.abs().max(1.0),
        _ => expected == actual,
    }
}
