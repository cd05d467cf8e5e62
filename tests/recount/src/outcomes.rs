//! The report `outcomes`: scores before and after, by group, instrument and comparison.
//!
//! Promises: a row for every group in which a treatment has the first or the second score; the Jacobson-Truax limit
//! is the same in all groups of an instrument and comparison. It must not know the formulas of shares.

use std::collections::BTreeSet;

use crate::comparison::Comparison;
use crate::continuous::{exact_small_sample_factor, student_975};
use crate::group::{Group, by_group};
use crate::input::{Input, Instrument};
use crate::measure::{Measure, Pair, improvement};
use crate::moments::{mean, quotient, sd};
use crate::selection::Selection;
use crate::share::Share;
use crate::table::{Line, Report, Table, share_columns};
use crate::treatment::Treatment;

const FIGURES: [&str; 19] = [
    "n_pre",
    "n_post",
    "n_paired",
    "paired_of_pre",
    "paired_of_started",
    "paired_of_completed",
    "mean_first",
    "sd_first",
    "mean_second",
    "sd_second",
    "mean_change",
    "sd_change",
    "ci_lo",
    "ci_hi",
    "d_pre",
    "d_pooled",
    "d_z",
    "hedges_g",
    "hedges_g_exact",
];

/// An instrument under one comparison, with its limit over the whole selection.
struct Subject<'a> {
    code: &'a str,
    instrument: &'a Instrument,
    comparison: Comparison,
    jacobson_truax: Option<f64>,
}

/// The report by region and programme with all comparisons.
pub(crate) fn outcomes(input: &Input, treatments: &[Treatment], selection: Selection) -> Table {
    let groups = by_group(treatments, selection);
    let mut lines = Vec::new();
    for subject in subjects(input, treatments) {
        for (group, members) in &groups {
            lines.extend(line(&subject, group, members));
        }
    }
    let keys = Report::Outcomes.keys();
    let shares = Measure::ALL.iter().map(|measure| measure.name()).chain(["jt_improved", "jt_deteriorated"]);
    let columns = keys.iter().chain(&FIGURES).map(|&name| name.to_owned());
    Table::new(columns.chain(shares.flat_map(share_columns)).collect(), lines, keys.len())
}

fn subjects<'a>(input: &'a Input, treatments: &'a [Treatment]) -> Vec<Subject<'a>> {
    let everyone: Vec<&Treatment> = treatments.iter().collect();
    let codes: BTreeSet<&String> = treatments.iter().flat_map(|treatment| treatment.scores.keys()).collect();
    let mut subjects = Vec::new();
    for comparison in Comparison::all(treatments) {
        for &code in &codes {
            let instrument = &input.instruments[code];
            let firsts: Vec<f64> = pairs(&everyone, code, comparison).iter().map(|pair| pair.first).collect();
            let jacobson_truax = jacobson_truax(instrument, &firsts);
            subjects.push(Subject { code, instrument, comparison, jacobson_truax });
        }
    }
    subjects
}

/// The pairs of one instrument under one comparison.
pub(crate) fn pairs(treatments: &[&Treatment], code: &str, comparison: Comparison) -> Vec<Pair> {
    let pair = |treatment: &&Treatment| match comparison.members(treatment.scores_of(code)) {
        (Some(first), Some(second)) => Some(Pair { first, second, completed: treatment.completed() }),
        _ => None,
    };
    treatments.iter().filter_map(pair).collect()
}

fn jacobson_truax(instrument: &Instrument, firsts: &[f64]) -> Option<f64> {
    let reliability = instrument.reliability.filter(|_| firsts.len() > 2)?;
    let limit = 1.96 * 2.0_f64.sqrt() * sd(firsts)? * (1.0 - reliability).sqrt();
    (limit > 0.0).then_some(limit)
}

fn line(subject: &Subject, group: &Group, members: &[&Treatment]) -> Option<Line> {
    let both: Vec<_> =
        members.iter().map(|treatment| subject.comparison.members(treatment.scores_of(subject.code))).collect();
    let n_pre = both.iter().filter(|(first, _)| first.is_some()).count();
    let n_post = both.iter().filter(|(_, second)| second.is_some()).count();
    if n_pre + n_post == 0 {
        return None;
    }
    let pairs = pairs(members, subject.code, subject.comparison);
    let n_completed = members.iter().filter(|treatment| treatment.completed()).count();
    let completed_pairs = pairs.iter().filter(|pair| pair.completed).count();
    let [period, region, programme] = group.cells();
    let mut line = Line::new(&[period, region, programme, subject.code, &subject.comparison.to_string()]);
    line.count(n_pre);
    line.count(n_post);
    line.count(pairs.len());
    line.figure(Share { n: pairs.len(), d: n_pre }.value());
    line.figure(Share { n: pairs.len(), d: members.len() }.value());
    line.figure(Share { n: completed_pairs, d: n_completed }.value());
    add_changes(&mut line, subject.instrument, &pairs);
    for measure in Measure::ALL {
        line.share(measure.share(subject.instrument, &pairs));
    }
    let gains = |pair: &Pair| improvement(subject.instrument, pair);
    line.share(subject.jacobson_truax.map(|limit| Share::among(&pairs, |_| true, |pair| gains(pair) > limit)));
    line.share(subject.jacobson_truax.map(|limit| Share::among(&pairs, |_| true, |pair| gains(pair) < -limit)));
    Some(line)
}

fn add_changes(line: &mut Line, instrument: &Instrument, pairs: &[Pair]) {
    let n = pairs.len();
    let of = |value: &dyn Fn(&Pair) -> f64| pairs.iter().map(value).collect::<Vec<f64>>();
    let (first, second) = (of(&|pair| pair.first), of(&|pair| pair.second));
    let change = of(&|pair| pair.second - pair.first);
    let gain = mean(&of(&|pair| improvement(instrument, pair)));
    let (sd_first, sd_second, sd_change) = (sd(&first), sd(&second), sd(&change));
    for (mean, sd) in [(mean(&first), sd_first), (mean(&second), sd_second), (mean(&change), sd_change)] {
        line.figure(mean);
        line.figure(sd);
    }
    let reach = sd_change.map(|sd| student_975(n - 1) * sd / (n as f64).sqrt());
    let limit = |sign: f64| Some(mean(&change)? + sign * reach?);
    line.figure(limit(-1.0));
    line.figure(limit(1.0));
    let effect = |sd: Option<f64>| quotient(gain?, sd?);
    let pooled = sd_first.zip(sd_second).map(|(first, second)| f64::midpoint(first.powi(2), second.powi(2)).sqrt());
    let d_pooled = effect(pooled);
    line.figure(effect(sd_first));
    line.figure(d_pooled);
    line.figure(effect(sd_change));
    line.figure(d_pooled.map(|d| d * (1.0 - 3.0 / (4.0 * (n - 1) as f64 - 1.0))));
    line.figure(d_pooled.filter(|_| n > 2).map(|d| d * exact_small_sample_factor(n - 1)));
}
