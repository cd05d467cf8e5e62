//! Totals: what a row sums over is the sum of the rows that it sums over, in every report.
//!
//! Promises: what is no sum by its meaning is listed with the reason; whatever is not listed must add up, also in a report to come.

use std::collections::BTreeMap;

use super::chronicle::{Counting, begin, counts, deliver, said};
use super::engines;
use super::made::{Made, every_report};
use crate::aggregate::ALL;
use crate::figure::Figure;
use crate::report::Report;

/// A report, a column (or what columns begin with), the grouping column over which it is no sum, and why; an empty grouping column
/// stands for any.
type NoSum = (&'static str, &'static str, &'static str, &'static str);

const NO_SUMS: &[NoSum] = &[
    ("groups", "n_persons", "", "somebody treated in two groups is one person in the total"),
    ("persons", "n_persons", "", "somebody treated in two groups is one person in the total"),
    ("participation", "units_", "region", "a unit that two senders name is one unit in the total"),
    ("catalogue", "units", "", "a unit with two programmes is one unit in the total"),
    (
        "benchmark",
        "",
        "period",
        "a unit that treated nobody in a period has no row there, nor has the country beside it",
    ),
    ("trajectory", "answered_d", "", "a group in which nobody answered at a timepoint has no row there"),
    ("trajectory", "answered_completed_d", "", "a group in which nobody answered at a timepoint has no row there"),
    (
        "duplicates",
        "n_duplicates",
        "",
        "a pair counts with both of its senders, and in the total also if they ended in two periods",
    ),
    ("flow", "", "", "a group in which nobody answered with an instrument has no row there"),
    ("deciles", "n_points", "", "a unit that is too small in every period may not be in all of them together"),
    ("deciles", "n_few", "", "a unit that is too small in every period may not be in all of them together"),
    ("rates", "n_", "sex", "whoever is of unknown sex stands among no inhabitants, and so in no row of 16-67"),
    ("usage", "n_", "sex", "a sender may split its counts by sex, or not"),
    ("usage", "n_ongoing", "period", "ongoing is counted on a last day, not over time"),
];

#[tokio::test]
async fn every_total_of_every_report_is_the_sum_of_its_parts_and_one_altered_part_is_noticed() {
    let (_folder, stores) = engines().await;
    for store in &stores {
        begin(&**store).await;
        deliver(&**store, &said(61), 0).await;
        deliver(&**store, &counts(61, 1, Counting::WhoStays), 300).await;
        for Made { name, choice, mut report } in every_report(store).await {
            let Sums { checked, wrong, last } = sums(&report);
            assert!(wrong.is_empty(), "{name} {choice:?}: {wrong:?}");
            let Some((row, column)) = last else { continue };
            assert!(checked > 0);
            report.rows[row][column] = altered(&report.rows[row][column]);
            assert!(!sums(&report).wrong.is_empty(), "{name} {choice:?} does not tell of an altered part");
        }
    }
}

fn altered(figure: &Figure) -> Figure {
    let Figure::Count(count) = figure else { unreachable!("only counts are summed") };
    Figure::Count(count + 1)
}

/// What became of the sums of a report.
#[derive(Default)]
struct Sums {
    /// Totals that were held against their parts.
    checked: usize,
    /// Those that are not the sum.
    wrong: Vec<String>,
    /// Row and column of some part.
    last: Option<(usize, usize)>,
}

fn sums(report: &Report) -> Sums {
    let mut sums = Sums::default();
    for place in 0..report.keys {
        let mut parts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut totals: BTreeMap<String, usize> = BTreeMap::new();
        for (number, row) in report.rows.iter().enumerate() {
            let mut key = row[..report.keys].to_vec();
            let label = std::mem::replace(&mut key[place], Figure::Undefined);
            let key = format!("{key:?}");
            if label == Figure::text(ALL) {
                totals.insert(key, number);
            } else {
                parts.entry(key).or_default().push(number);
            }
        }
        for (key, total) in totals {
            let Some(parts) = parts.get(&key) else { continue };
            for column in report.keys..report.columns.len() {
                sums.hold(report, (place, column), (total, parts));
            }
        }
    }
    sums
}

impl Sums {
    /// Holds one total against its parts, where all of them are counts.
    fn hold(&mut self, report: &Report, (place, column): (usize, usize), (total, parts): (usize, &[usize])) {
        let name = report.columns[column].as_str();
        let is_none = |(of, begins, over, _): &&NoSum| {
            *of == report.report && name.starts_with(begins) && (over.is_empty() || *over == report.columns[place])
        };
        let Figure::Count(whole) = report.rows[total][column] else { return };
        let counts: Option<Vec<u64>> = parts
            .iter()
            .map(|row| if let Figure::Count(count) = report.rows[*row][column] { Some(count) } else { None })
            .collect();
        let Some(counts) = counts.filter(|_| !NO_SUMS.iter().any(|known| is_none(&known))) else { return };
        self.checked += 1;
        self.last = parts.last().map(|row| (*row, column));
        if counts.iter().sum::<u64>() != whole {
            self.wrong.push(format!("{:?} {name}: {whole} of {counts:?}", &report.rows[total][..report.keys]));
        }
    }
}
