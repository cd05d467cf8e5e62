//! Report `outcomes`: first and second scores, effect sizes and shares, per instrument and comparison.
//!
//! Promises: a row for every group in which somebody has the first or the second member; everything after the counts is over the
//! pairs only. The figures are defined in `indicator`.

use std::collections::BTreeMap;

use schemas::codelist::Instrument;

use super::figure::{Figure, share, share_columns};
use super::{Definition, ParameterError, ReportData, Table, Text, audience, grouping_columns, notes};
use crate::aggregate::pairs::{PairTable, Series, Summed, comparisons_in};
use crate::aggregate::plan::Plan;
use crate::aggregate::tally::{Tallies, Tally};
use crate::aggregate::{Grouping, parallel};
use crate::fact::Part;
use crate::indicator::effect_size::{Spreads, effect_sizes};
use crate::indicator::judged::Judged;
use crate::indicator::share::Share;
use crate::indicator::{self, Scale, jacobson_truax};
use crate::outcome::Comparison;
use crate::report::parameters::Parameters;

/// The report.
pub const DEFINITION: Definition = Definition {
    name: "outcomes",
    version: 1,
    meaning: Text::fixed(
        "Hur skattningarna ändrades, per instrument och jämförelse: medelvärden, effektstorlekar och andelar med respons, \
         remission, tillförlitlig förändring och återhämtning.",
        "How scores changed, per instrument and comparison: means, effect sizes and shares of response, remission, reliable \
         change and recovery.",
    ),
    needs: &[Part::Outcomes],
    on_screen: &[
        "n_pre",
        "n_paired",
        "paired_of_pre",
        "mean_first",
        "mean_second",
        "mean_change",
        "d_pooled",
        "recovery_p",
        "rel_improved_p",
        "rel_deteriorated_p",
    ],
    build,
};

/// The columns before the shares.
const COLUMNS: [&str; 19] = [
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

fn build(data: &ReportData, parameters: &Parameters) -> Result<Table, ParameterError> {
    let plan = parameters.plan(super::notes::day(data));
    let grouping = Grouping::new(&data.facts, data.lists, &plan);
    let comparisons = parameters.comparison.map_or_else(|| comparisons_in(&data.facts, &grouping), |one| vec![one]);
    let known = |code: &str| data.thresholds.instrument(code).is_some() && parameters.wants(code);
    let pairs = PairTable::new(&data.facts, &grouping, &comparisons, known);
    let tallies = Tallies::new(&data.facts, &grouping);
    let numbers: Vec<usize> = (0..grouping.groups.len()).collect();
    let (mut rows, mut whole) = (Vec::new(), BTreeMap::new());
    let everybody = Everybody::new(data, &plan, &comparisons, known);
    let mut columns = grouping_columns(parameters, &["instrument", "comparison"]);
    let keys = columns.len();
    let width = keys + COLUMNS.len() + 5 * indicator::ALL.len();
    // One series at a time: the sums over every group are held for one only.
    for name in pairs.names() {
        let Some(instrument) = data.thresholds.instrument(&pairs.instruments[name.0]) else { continue };
        let Some(sums) = pairs.sums(name, &grouping) else { continue };
        let Some(all) = sums.whole() else { continue };
        let scale = scale(data, instrument, everybody.of(&instrument.code, name.1).unwrap_or(&all));
        let judged = Judged::new(&scale, sums.distinct());
        let own = [Figure::from(&pairs.instruments[name.0]), Figure::text(name.1.to_string())];
        let made = parallel::each(&numbers, |number| {
            let (series, group) = (sums.of(*number)?, &grouping.groups[*number]);
            let mut row = Vec::with_capacity(width);
            row.resize(keys, Figure::Undefined);
            counts(&mut row, &series, tallies.of(group));
            moments(&mut row, &series, &scale);
            row.extend(judged.shares(series.counted()).into_iter().flat_map(share));
            Some((group, row))
        });
        // On one core: the labels are shared, and cores that count the sharers of one text wait for each other.
        rows.extend(made.into_iter().map(|(group, mut row)| {
            let labels = grouping.labels(group).map(Figure::from).chain(own.iter().cloned());
            row.iter_mut().zip(labels).for_each(|(place, label)| *place = label);
            row
        }));
        whole.insert(name, all);
    }
    columns.extend(COLUMNS.map(str::to_owned));
    columns.extend(indicator::ALL.iter().flat_map(|measure| share_columns(measure.name)));
    let notes = audience::exact(parameters, || {
        notes::selection(&plan, &grouping).into_iter().chain(notes::missing_second(&pairs, &whole)).collect()
    });
    Ok(Table { columns, keys, rows, notes })
}

/// The series of everybody, where a part is kept only: a limit that is told by the spread of all is no other for some of them.
struct Everybody(BTreeMap<(String, Comparison), Series>);

impl Everybody {
    fn new(data: &ReportData, plan: &Plan, comparisons: &[Comparison], wanted: impl Fn(&str) -> bool) -> Self {
        if plan.only.is_everything() {
            return Self(BTreeMap::new());
        }
        let grouping = Grouping::new(&data.facts, data.lists, &plan.whole());
        let pairs = PairTable::new(&data.facts, &grouping, comparisons, wanted);
        let named = pairs.whole().into_iter();
        Self(named.map(|(name, series)| ((pairs.instruments[name.0].to_string(), name.1), series)).collect())
    }

    fn of(&self, instrument: &str, comparison: Comparison) -> Option<&Series> {
        self.0.get(&(instrument.to_owned(), comparison))
    }
}

/// The scale of a series: Jacobson and Truax's limit comes from all the pairs of the plan's days.
fn scale(data: &ReportData, instrument: &Instrument, all: &Series) -> Scale {
    let sd = Spreads::of(all.pairs.iter().copied()).and_then(|spreads| spreads.first.sd);
    let limit = jacobson_truax::limit(all.paired(), sd, instrument.reliability);
    Scale { jacobson_truax: limit, ..Scale::new(instrument, data.thresholds.response_share) }
}

fn counts(row: &mut Vec<Figure>, series: &Summed, tally: Tally) {
    let paired = series.paired();
    let of = |n, d| Figure::from(Share { n, d }.p());
    row.extend([
        Figure::Count(series.firsts),
        Figure::Count(series.seconds),
        Figure::Count(paired),
        of(paired, series.firsts),
        of(paired, tally.started),
        of(series.completed(), tally.completed),
    ]);
}

/// Means, deviations, interval and effect sizes: thirteen figures, all undefined without a pair.
fn moments(row: &mut Vec<Figure>, series: &Summed, scale: &Scale) {
    let Some(spreads) = Spreads::of(series.pairs()) else {
        row.extend([const { Figure::Undefined }; 13]);
        return;
    };
    let Spreads { first, second, change } = spreads;
    let improvement = if scale.higher_is_better { change.mean } else { -change.mean };
    let d = effect_sizes(improvement, &spreads);
    let interval = change.interval();
    let figures = [
        Some(first.mean),
        first.sd,
        Some(second.mean),
        second.sd,
        Some(change.mean),
        change.sd,
        interval.map(|(low, _)| low),
        interval.map(|(_, high)| high),
        d.pre,
        d.pooled,
        d.z,
        d.hedges,
        d.hedges_exact,
    ];
    row.extend(figures.map(Figure::from));
}
