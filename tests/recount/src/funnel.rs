//! The report `funnel`: regions and units against their common level.
//!
//! Promises: both levels, every period and measure; a point without a denominator is absent; the flag follows the
//! normal limits, the outer ones first. It must not know how a share of an instrument is counted.

use std::collections::{BTreeMap, BTreeSet};

use crate::comparison::Comparison;
use crate::continuous::{Z95, Z998};
use crate::discrete::binomial_limit;
use crate::group::by_period;
use crate::input::Input;
use crate::measure::Measure;
use crate::moments::{mean, sd};
use crate::outcomes::pairs;
use crate::selection::Selection;
use crate::share::Share;
use crate::table::{Line, Report, Table};
use crate::treatment::Treatment;

const SHARES: [Measure; 5] =
    [Measure::Response, Measure::Remission, Measure::RelImproved, Measure::RelDeteriorated, Measure::RelRecovery];
const FIGURES: [&str; 12] = [
    "n",
    "value",
    "target",
    "lo95",
    "hi95",
    "lo998",
    "hi998",
    "flag",
    "exact_lo95",
    "exact_hi95",
    "exact_lo998",
    "exact_hi998",
];

/// The keys of a row but its point.
type Head<'a> = [&'a str; 4];
type Points<'a> = BTreeMap<&'a str, Vec<&'a Treatment>>;

/// The report for regions and units.
pub(crate) fn funnel(input: &Input, treatments: &[Treatment], selection: Selection) -> Table {
    let mut lines = Vec::new();
    for (period, members) in by_period(treatments, selection) {
        for (level, points) in [("region", by(&members, |one| &one.region)), ("unit", by(&members, |one| &one.unit))] {
            let completed = |members: &[&Treatment]| Share::among(members, |_| true, |one| one.completed());
            let shares = points.iter().map(|(&point, members)| (point, completed(members))).collect();
            lines.extend(share_lines([&period, level, "", "completed"], &shares));
            let codes: BTreeSet<&String> = members.iter().flat_map(|treatment| treatment.scores.keys()).collect();
            for code in codes {
                lines.extend(instrument_lines(input, [&period, level, code], &points));
            }
        }
    }
    let keys = Report::Funnel.keys();
    Table::new(keys.iter().chain(&FIGURES).map(|&name| name.to_owned()).collect(), lines, keys.len())
}

fn by<'a>(members: &[&'a Treatment], name: impl Fn(&'a Treatment) -> &'a String) -> Points<'a> {
    let mut points = Points::new();
    for &treatment in members {
        points.entry(name(treatment)).or_default().push(treatment);
    }
    points
}

fn instrument_lines(input: &Input, [period, level, code]: [&str; 3], points: &Points) -> Vec<Line> {
    let instrument = &input.instruments[code];
    let paired: BTreeMap<&str, _> =
        points.iter().map(|(&point, members)| (point, pairs(members, code, Comparison::Paired))).collect();
    let mut lines = Vec::new();
    for measure in SHARES {
        let shares =
            paired.iter().filter_map(|(&point, pairs)| Some((point, measure.share(instrument, pairs)?))).collect();
        lines.extend(share_lines([period, level, code, measure.name()], &shares));
    }
    let changes = paired
        .iter()
        .map(|(&point, pairs)| (point, pairs.iter().map(|pair| pair.second - pair.first).collect::<Vec<f64>>()))
        .collect();
    lines.extend(mean_lines([period, level, code, "mean_change"], &changes));
    lines
}

fn share_lines(head: Head, shares: &BTreeMap<&str, Share>) -> Vec<Line> {
    let sum = Share { n: shares.values().map(|share| share.n).sum(), d: shares.values().map(|share| share.d).sum() };
    let Some(target) = sum.value() else { return Vec::new() };
    let row = |(&point, share): (&&str, &Share)| {
        let reach = (target * (1.0 - target) / share.d as f64).sqrt();
        let place = Place { point, n: share.d, value: share.value()?, target };
        let limits = limits(target, reach).map(|limit| limit.clamp(0.0, 1.0));
        let exact = [0.025, 0.975, 0.001, 0.999].map(|p| Some(binomial_limit(share.d, target, p)));
        Some(line(head, &place, limits, exact))
    };
    shares.iter().filter_map(row).collect()
}

fn mean_lines(head: Head, changes: &BTreeMap<&str, Vec<f64>>) -> Vec<Line> {
    let all: Vec<f64> = changes.values().flatten().copied().collect();
    let (Some(target), Some(sd)) = (mean(&all), sd(&all)) else { return Vec::new() };
    let row = |(&point, changes): (&&str, &Vec<f64>)| {
        let place = Place { point, n: changes.len(), value: mean(changes)?, target };
        Some(line(head, &place, limits(target, sd / (changes.len() as f64).sqrt()), [None; 4]))
    };
    changes.iter().filter_map(row).collect()
}

/// Where a point stands.
struct Place<'a> {
    point: &'a str,
    n: usize,
    value: f64,
    target: f64,
}

/// Normal limits of 95 and 99.8 %: low, high, low, high.
fn limits(target: f64, error: f64) -> [f64; 4] {
    let (inner, outer) = (*Z95 * error, *Z998 * error);
    [target - inner, target + inner, target - outer, target + outer]
}

fn line(head: Head, place: &Place, limits: [f64; 4], exact: [Option<f64>; 4]) -> Line {
    let mut line = Line::new(&head);
    line.text(place.point);
    line.count(place.n);
    line.figure(Some(place.value));
    line.figure(Some(place.target));
    for limit in limits {
        line.figure(Some(limit));
    }
    line.text(flag(place.value, limits));
    for limit in exact {
        line.figure(limit);
    }
    line
}

fn flag(value: f64, [low95, high95, low998, high998]: [f64; 4]) -> &'static str {
    if value < low998 {
        "low998"
    } else if value > high998 {
        "high998"
    } else if value < low95 {
        "low95"
    } else if value > high95 {
        "high95"
    } else {
        "in"
    }
}
