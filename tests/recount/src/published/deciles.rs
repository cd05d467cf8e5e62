//! The report `deciles`: the spread of units and of regions.

use std::collections::{BTreeMap, BTreeSet};

use super::cross::cross;
use super::{Counting, Episode, named};
use crate::comparison::Comparison;
use crate::input::Instrument;
use crate::measure::{Measure, Pair};
use crate::moments::mean;
use crate::share::Share;
use crate::table::{Line, Table};

const MEASURES: [Measure; 4] =
    [Measure::RelImproved, Measure::RelDeteriorated, Measure::Recovery, Measure::RelRecovery];
/// Fewer treatments or pairs are too small, and fewer units have no tenth.
const LEAST: usize = 10;

/// How many are counted, and what it comes to.
type Value = (usize, f64);

pub(super) fn deciles(counting: &Counting, keys: &[&str]) -> Table {
    let mut lines = Vec::new();
    for (key, members) in &cross(&counting.episodes, counting.selection, |_| Vec::new()) {
        for (level, name) in [("region", region as fn(&Episode) -> String), ("unit", unit)] {
            let mut points: BTreeMap<String, Vec<&Episode>> = BTreeMap::new();
            for episode in members {
                points.entry(name(episode)).or_default().push(episode);
            }
            let points: Vec<Vec<&Episode>> = points.into_values().collect();
            let codes: BTreeSet<&String> = members.iter().flat_map(|episode| episode.treatment.scores.keys()).collect();
            let mut add = |instrument: &str, measure: &str, value: &dyn Fn(&[&Episode]) -> Option<Value>| {
                if let Some(all) = value(members) {
                    let line = Line::new(&[&key[0], level, instrument, measure]);
                    lines.push(row(line, all, points.iter().filter_map(|point| value(point)).collect()));
                }
            };
            add("", "completed", &completed);
            for code in codes {
                let instrument = &counting.instruments[code];
                for measure in MEASURES {
                    add(code, measure.name(), &|members| of_share(measure, (code, instrument), members));
                }
                add(code, "mean_change", &|members| of_mean(code, members));
            }
        }
    }
    let mut columns = named(keys);
    columns.extend(named(&["n_points", "n_few", "n", "value"]));
    columns.extend((1..=9).map(|tenth| format!("p{tenth}0")));
    Table::new(columns, lines, keys.len())
}

fn region(episode: &Episode) -> String {
    episode.treatment.region.clone()
}

fn unit(episode: &Episode) -> String {
    episode.treatment.unit.clone()
}

fn row(mut line: Line, (n, value): Value, points: Vec<Value>) -> Line {
    let (large, small): (Vec<Value>, Vec<Value>) = points.into_iter().partition(|(n, _)| *n >= LEAST);
    let mut values: Vec<f64> = large.into_iter().map(|(_, value)| value).collect();
    values.sort_by(f64::total_cmp);
    line.count(values.len());
    line.count(small.len());
    line.count(n);
    line.figure(Some(value));
    for tenth in 1..=9 {
        line.figure((values.len() >= LEAST).then(|| quantile(&values, tenth)));
    }
    line
}

/// Type 7, at so many tenths.
fn quantile(sorted: &[f64], tenths: usize) -> f64 {
    let place = (sorted.len() - 1) * tenths;
    let weight = (place % 10) as f64 / 10.0;
    let (below, above) = (place / 10, (place / 10 + 1).min(sorted.len() - 1));
    (1.0 - weight) * sorted[below] + weight * sorted[above]
}

fn completed(members: &[&Episode]) -> Option<Value> {
    let share = Share::among(members, |_| true, |episode| episode.treatment.completed());
    Some((share.d, share.value()?))
}

fn of_share(measure: Measure, (code, instrument): (&str, &Instrument), members: &[&Episode]) -> Option<Value> {
    let share = measure.share(instrument, &pairs(code, members))?;
    Some((share.d, share.value()?))
}

fn of_mean(code: &str, members: &[&Episode]) -> Option<Value> {
    let changes: Vec<f64> = pairs(code, members).iter().map(|pair| pair.second - pair.first).collect();
    Some((changes.len(), mean(&changes)?))
}

fn pairs(code: &str, members: &[&Episode]) -> Vec<Pair> {
    let pair = |episode: &&Episode| {
        let (first, second) = Comparison::Paired.members(episode.treatment.scores_of(code));
        Some(Pair { first: first?, second: second?, completed: episode.treatment.completed() })
    };
    members.iter().filter_map(pair).collect()
}
