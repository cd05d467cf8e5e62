//! The report `rates` by region: the newest year and the two before it.

use std::collections::BTreeSet;

use super::{Counting, Episode, named};
use crate::discrete::garwood;
use crate::selection::ALL;
use crate::table::{Line, Table};

const PLACES: [&str; 3] = ["first", "middle", "last"];
const FIGURES: [&str; 6] = ["year", "n", "person_years", "rate", "rate_lo", "rate_hi"];

pub(super) fn rates(counting: &Counting, keys: &[&str]) -> Table {
    let when = |episode: &Episode| counting.selection.year(&episode.treatment);
    let last = counting.episodes.iter().map(when).max().unwrap_or(0);
    let regions: BTreeSet<&str> = counting.inhabitants.keys().map(|(region, _)| region.as_str()).collect();
    let mut lines = Vec::new();
    for region in regions.iter().copied().chain([ALL]) {
        for (at, ages) in ["all", "16-67"].into_iter().enumerate() {
            let counts = |episode: &&Episode| {
                let here = region == ALL || episode.treatment.region == region;
                here && (at == 0 || episode.age().is_some_and(|age| (16..=67).contains(&age)))
            };
            let years: Vec<(u16, usize, f64)> = (last - 2..=last)
                .map(|year| {
                    let n = counting.episodes.iter().filter(|episode| when(episode) == year).filter(counts).count();
                    let of = counting.inhabitants.iter();
                    let lived = of.filter(|((code, of), _)| (region == ALL || code == region) && *of == year);
                    (year, n, lived.map(|(_, inhabitants)| inhabitants[at]).sum())
                })
                .collect();
            let period = format!("{}-01-01..{last}-12-31", last - 2);
            lines.push(line(&[&period, region, ages], &years));
        }
    }
    let mut columns = named(keys);
    columns.extend(PLACES.iter().flat_map(|place| FIGURES.iter().map(move |name| format!("{name}_{place}"))));
    columns.extend(named(&["change_n", "change_rate"]));
    Table::new(columns, lines, keys.len())
}

fn line(keys: &[&str], years: &[(u16, usize, f64)]) -> Line {
    let mut line = Line::new(keys);
    for (year, n, lived) in years {
        let (low, high) = garwood(*n);
        line.text(&year.to_string());
        line.count(*n);
        line.figure(Some(*lived));
        for events in [*n as f64, low, high] {
            line.figure(Some(events / lived * 1000.0));
        }
    }
    let change = |of: fn(&(u16, usize, f64)) -> f64| {
        let (first, last) = (of(&years[0]), of(&years[2]));
        if first > 0.0 { Some(last / first * 100.0 - 100.0) } else { None }
    };
    line.figure(change(|(_, n, _)| *n as f64));
    line.figure(change(|(_, n, lived)| *n as f64 / lived));
    line
}
