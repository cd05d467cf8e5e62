//! What must be hidden, and what follows from nothing that is shown.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::figure::share;
use crate::indicator::share::Share;

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
    let mark = |figure: &Figure| if *figure == Figure::Hidden { '*' } else { '.' };
    primary(table).iter().map(|row| row[table.keys..].iter().map(mark).collect()).collect()
}

#[test]
fn a_row_of_few_persons_is_hidden_whole_and_takes_the_smallest_other_with_it() {
    let three = table(&[("01", 4, 2), ("03", 50, 20), ("12", 30, 15), ("ALL", 84, 37)]);
    assert_eq!(marks(&three), ["****", "....", "****", "...."]);
    let two_small = table(&[("01", 4, 2), ("03", 50, 20), ("12", 3, 1), ("ALL", 57, 23)]);
    assert_eq!(
        marks(&two_small),
        ["****", ".*.*", "****", "...."],
        "two hide each other, and how many of seven completed"
    );
    assert_eq!(marks(&table(&[("01", 40, 20), ("ALL", 40, 20)])), ["....", "...."]);
}

#[test]
fn rows_that_are_few_together_hide_another_and_who_has_nobody_hides_nobody() {
    let few = table(&[("01", 2, 1), ("03", 50, 20), ("12", 2, 1), ("14", 40, 20), ("ALL", 94, 42)]);
    assert_eq!(marks(&few), ["****", "....", "****", "****", "...."], "four persons are too few for a difference");
    let empty = table(&[("01", 0, 0), ("03", 50, 20), ("12", 3, 1), ("14", 40, 20), ("ALL", 93, 41)]);
    assert_eq!(marks(&empty), ["****", "....", "****", "****", "...."], "everybody knows who does not deliver");
    let nobody_else = table(&[("01", 0, 0), ("03", 50, 20), ("14", 40, 20), ("ALL", 90, 40)]);
    assert_eq!(marks(&nobody_else), ["****", "....", "....", "...."]);
}

#[test]
fn a_share_of_nobody_everybody_or_nearly_so_is_hidden_and_its_denominator_is_not() {
    for (completed, expected) in [(0, ".*.*"), (4, ".*.*"), (5, "...."), (45, "...."), (46, ".*.*"), (50, ".*.*")] {
        assert_eq!(marks(&table(&[("ALL", 50, completed)])), [expected], "{completed}");
    }
}

#[test]
fn a_share_that_is_hidden_alone_in_a_sum_takes_the_smallest_other_with_it() {
    let one = table(&[("01", 50, 3), ("03", 60, 30), ("12", 40, 20), ("ALL", 150, 53)]);
    assert_eq!(marks(&one), [".*.*", "....", ".*.*", "...."]);
    let of_nobody = table(&[("01", 50, 0), ("03", 60, 0), ("12", 40, 20), ("ALL", 150, 20)]);
    assert_eq!(marks(&of_nobody), [".*.*", ".*.*", ".*.*", "...."], "nobody of both is no secret otherwise");
}

/// A row of outcomes: pairs, cases at first, recovered, and a first score above the lowest.
fn outcomes(rows: &[(&str, u64, u64, u64, u64)]) -> Counted {
    let mut columns = vec!["region".to_owned(), "n_pre".to_owned(), "n_paired".to_owned()];
    for name in ["response", "case_pre", "recovery"] {
        columns.extend(crate::figure::share_columns(name));
    }
    let row = |(region, pairs, cases, recovered, burdened): &(&str, u64, u64, u64, u64)| {
        let shares = [(5, *burdened), (*cases, *pairs), (*recovered, *cases)];
        let shares = shares.into_iter().flat_map(|(n, d)| share(Some(Share { n, d })));
        let counts = [Figure::Count(*pairs), Figure::Count(*pairs)];
        std::iter::once(Figure::text(region)).chain(counts).chain(shares).collect()
    };
    let rows_of: Vec<Vec<Figure>> = rows.iter().map(row).collect();
    Counted { columns, keys: 1, rows: rows_of, persons: rows.iter().map(|row| row.1).collect() }
}

#[test]
fn a_denominator_that_is_itself_a_count_of_few_or_of_nearly_all_is_hidden_with_its_share() {
    let shown = |row| marks(&outcomes(&[row])).remove(0);
    assert_eq!(shown(("ALL", 30, 20, 10, 30)), "..".to_owned() + &".".repeat(15));
    let without_cases = "..".to_owned() + "....." + "*.***" + "*****";
    assert_eq!(shown(("ALL", 30, 28, 10, 30)), without_cases, "two were no case");
    assert_eq!(shown(("ALL", 30, 30, 10, 30)), without_cases, "everybody was a case");
    assert_eq!(shown(("ALL", 30, 4, 0, 30)), without_cases);
    assert_eq!(shown(("ALL", 30, 20, 10, 28)), "..".to_owned() + "*****" + &".".repeat(10), "two had the lowest score");
}

/// A year by region table with its totals: treatments and completed ones.
fn two_ways(cells: &[Vec<(u64, u64)>]) -> Counted {
    let mut sums: BTreeMap<(String, String), (u64, u64)> = BTreeMap::new();
    for (year, regions) in cells.iter().enumerate() {
        for (region, (started, completed)) in regions.iter().enumerate() {
            for year in [format!("20{year:02}"), "ALL".to_owned()] {
                for region in [format!("{region:02}"), "ALL".to_owned()] {
                    let sum = sums.entry((year.clone(), region)).or_default();
                    *sum = (sum.0 + started, sum.1 + completed.min(started));
                }
            }
        }
    }
    let row = |((year, region), (started, completed)): (&(String, String), &(u64, u64))| {
        let share = share(Some(Share { n: *completed, d: *started }));
        [Figure::text(year), Figure::text(region), Figure::Count(*started)].into_iter().chain(share).collect()
    };
    let columns =
        ["period", "region", "n_started", "completed_n", "completed_d", "completed_p", "completed_lo", "completed_hi"];
    Counted {
        columns: columns.map(str::to_owned).to_vec(),
        keys: 2,
        rows: sums.iter().map(row).collect(),
        persons: sums.values().map(|(started, _)| *started).collect(),
    }
}

/// What somebody finds by taking everything else that is shown off a sum: how many hidden figures that are not of nobody, and their sum.
fn taken_off(table: &Counted, shown: &[Vec<Figure>], column: usize) -> Vec<(usize, u64, u64)> {
    let mut found = Vec::new();
    for place in 0..table.keys {
        for sum in (0..shown.len()).filter(|row| table.rows[*row][place].is_sum()) {
            let parts: Vec<usize> = (0..shown.len())
                .filter(|row| !table.rows[*row][place].is_sum())
                .filter(|row| (0..table.keys).all(|at| at == place || table.rows[*row][at] == table.rows[sum][at]))
                .filter(|row| table.persons[*row] > 0)
                .collect();
            let hidden: Vec<usize> =
                parts.iter().copied().filter(|row| shown[*row][column] == Figure::Hidden).collect();
            let count = |name| hidden.iter().filter_map(|row| table.count(*row, name)).sum::<u64>();
            if shown[sum][column] == Figure::Hidden {
                assert!(parts.is_empty() || !hidden.is_empty(), "the parts of a hidden sum add up to it");
            } else if !hidden.is_empty() {
                found.push((hidden.len(), count(&table.columns[column]), count("n_started")));
            }
        }
    }
    found
}

/// How many hidden figures the sums determine, by elimination in the integers modulo a prime.
fn determined(table: &Counted, shown: &[Vec<Figure>], column: usize) -> usize {
    const PRIME: i64 = 10_007;
    let is_unknown = |row: &usize| shown[*row][column] == Figure::Hidden && table.persons[*row] > 0;
    let unknown: Vec<usize> = (0..shown.len()).filter(is_unknown).collect();
    let mut lines: Vec<Vec<i64>> = Vec::new();
    for place in 0..table.keys {
        for sum in (0..shown.len()).filter(|row| table.rows[*row][place].is_sum()) {
            let alike =
                |row: usize| (0..table.keys).all(|at| at == place || table.rows[row][at] == table.rows[sum][at]);
            let sign = |row: &usize| if *row == sum { PRIME - 1 } else { i64::from(alike(*row)) };
            lines.push(unknown.iter().map(sign).collect());
        }
    }
    let power = |base: i64, exponent: i64| (0..exponent).fold(1, |product, _| product * base % PRIME);
    let mut rank = 0;
    for column in 0..unknown.len() {
        let Some(pivot) = (rank..lines.len()).find(|line| lines[*line][column] != 0) else { continue };
        lines.swap(rank, pivot);
        let inverse = power(lines[rank][column], PRIME - 2);
        lines[rank].iter_mut().for_each(|one| *one = *one * inverse % PRIME);
        let own = lines[rank].clone();
        for line in (0..lines.len()).filter(|line| *line != rank) {
            let times = lines[line][column];
            lines[line].iter_mut().zip(&own).for_each(|(one, own)| *one = (*one + (PRIME - times) * own) % PRIME);
        }
        rank += 1;
    }
    lines.iter().filter(|line| line.iter().filter(|one| **one != 0).count() == 1).count()
}

#[test]
fn a_figure_that_is_the_only_one_between_two_groups_of_sums_is_found_by_nobody() {
    // Each sum is short of two figures at least, and yet the two persons of the last year follow from all of them together.
    let few = [[40, 0, 50, 0], [2, 0, 50, 60], [50, 30, 2, 30]];
    let table = two_ways(&few.map(|row| row.map(|n| (n, n / 2)).to_vec()));
    let shown = primary(&table);
    assert_eq!((determined(&table, &shown, 2), determined(&table, &shown, 3)), (0, 0));
    assert!(shown.iter().any(|row| row[2] != Figure::Hidden), "not everything is hidden");
}

proptest! {
    #[test]
    fn nothing_hidden_is_found_by_subtraction_from_any_sum(
        cells in prop::collection::vec(prop::collection::vec((prop_oneof![0_u64..4, 0_u64..40], 0_u64..40), 1..7), 1..5),
    ) {
        let table = two_ways(&cells);
        let shown = primary(&table);
        prop_assert_eq!(determined(&table, &shown, 2) + determined(&table, &shown, 3), 0);
        for (hidden, started, _) in taken_off(&table, &shown, 2) {
            prop_assert!(hidden > 1 && started >= FEW, "{hidden} rows of {started}");
        }
        for (hidden, completed, started) in taken_off(&table, &shown, 3) {
            prop_assert!(hidden > 1 && completed >= FEW && started - completed >= FEW, "{completed} of {started}");
        }
    }
}
