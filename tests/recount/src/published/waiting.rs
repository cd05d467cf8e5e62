//! The report `waiting`: days from referral to start.

use super::cross::{cells, cross, group};
use super::{Counting, Episode, named};
use crate::share::Share;
use crate::table::{Line, Table, share_columns};

const LIMITS: [i64; 4] = [30, 90, 42, 126];

pub(super) fn waiting(counting: &Counting, keys: &[&str]) -> Table {
    let members = cross(&counting.episodes, counting.selection, group);
    let lines = members.iter().map(|(key, members)| line(key, members)).collect();
    let mut columns = named(keys);
    columns.push("n_started".to_owned());
    columns.extend(share_columns("referral_missing"));
    columns.extend(named(&["n_negative", "n_waited", "wait_median", "wait_p90"]));
    columns.extend(LIMITS.iter().flat_map(|limit| share_columns(&format!("within_{limit}")).collect::<Vec<_>>()));
    Table::new(columns, lines, keys.len())
}

fn line(key: &[String], members: &[&Episode]) -> Line {
    let all: Vec<Option<i64>> = members
        .iter()
        .map(|episode| Some(day(&episode.treatment.started) - day(episode.further.referred.as_ref()?)))
        .collect();
    let mut waits: Vec<i64> = all.iter().flatten().copied().filter(|days| *days >= 0).collect();
    waits.sort_unstable();
    let mut line = Line::new(&cells(key));
    line.count(all.len());
    line.share(Some(Share::among(&all, |_| true, Option::is_none)));
    line.count(all.iter().flatten().filter(|days| **days < 0).count());
    line.count(waits.len());
    line.figure(quantile(&waits, 0.5));
    line.figure(quantile(&waits, 0.9));
    for limit in LIMITS {
        line.share(Some(Share::among(&waits, |_| true, |days| *days <= limit)));
    }
    line
}

/// Type 7: weighted between the two neighbours of the place (n - 1) p.
fn quantile(sorted: &[i64], p: f64) -> Option<f64> {
    let place = (sorted.len().checked_sub(1)?) as f64 * p;
    let below = (0..sorted.len()).rev().find(|at| *at as f64 <= place)?;
    let weight = place - below as f64;
    let above = *sorted.get(below + 1).unwrap_or(&sorted[below]);
    Some((1.0 - weight) * sorted[below] as f64 + weight * above as f64)
}

/// Days since a day far back, by counting years and months.
fn day(date: &str) -> i64 {
    let part = |from: usize, to: usize| date[from..to].parse::<i64>().unwrap_or(0);
    let (year, month, day) = (part(0, 4), part(5, 7), part(8, 10));
    let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let years: i64 = (1900..year).map(|year| if leap(year) { 366 } else { 365 }).sum();
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let months: i64 = lengths.iter().zip(1..month).map(|(length, _)| length).sum();
    years + months + day
}

#[cfg(test)]
mod tests {
    use super::{day, quantile};

    #[test]
    fn days_pass_over_leap_years_and_quantiles_lie_between_their_neighbours() {
        assert_eq!((day("2024-03-01") - day("2024-02-28"), day("2023-03-01") - day("2023-02-28")), (2, 1));
        assert_eq!(day("2025-01-01") - day("2024-01-01"), 366);
        assert_eq!((quantile(&[1, 2], 0.5), quantile(&[], 0.5), quantile(&[4], 0.9)), (Some(1.5), None, Some(4.0)));
    }
}
