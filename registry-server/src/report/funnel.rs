//! Report `funnel`: every region and unit beside the common target, with the limits of chance.
//!
//! Promises: both levels always; a point that counts nobody is absent; no rank and no order by result.
//! The limits are defined in `indicator::control_limits`.

use std::collections::HashMap;
use std::sync::Arc;

use super::figure::Figure;
use super::{Definition, ParameterError, ReportData, Table, Text, notes};
use crate::aggregate::Grouping;
use crate::aggregate::dimension::Dimension;
use crate::aggregate::pairs::{PairTable, Series, SeriesName};
use crate::aggregate::tally::{Tallies, Tally};
use crate::fact::Part;
use crate::indicator::change::Spread;
use crate::indicator::control_limits::Limits;
use crate::indicator::share::Share;
use crate::indicator::{Measure, Scale, recovery, reliable_change, remission, response};
use crate::outcome::Comparison;
use crate::report::parameters::Parameters;

/// The report.
pub const DEFINITION: Definition = Definition {
    name: "funnel",
    version: 1,
    meaning: Text::fixed(
        "Om en region eller enhet skiljer sig från det gemensamma målvärdet mer än slumpen förklarar.",
        "Whether a region or unit differs from the common target by more than chance explains.",
    ),
    needs: &[Part::Outcomes],
    on_screen: &["n", "value", "target", "lo95", "hi95", "lo998", "hi998", "flag"],
    build,
};

const COLUMNS: [&str; 17] = [
    "period",
    "level",
    "instrument",
    "measure",
    "point",
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
const KEYS: usize = 5;

/// The shares that are compared, per instrument.
const MEASURES: [&Measure; 5] = [
    &response::RESPONSE,
    &remission::REMISSION,
    &reliable_change::IMPROVED,
    &reliable_change::DETERIORATED,
    &recovery::RELIABLE_RECOVERY,
];

fn build(data: &ReportData, parameters: &Parameters) -> Result<Table, ParameterError> {
    let plan = parameters.plan(notes::day(data));
    let mut rows = Vec::new();
    let mut notes = Vec::new();
    for level in [Dimension::Region, Dimension::Unit] {
        let grouping = Grouping::new(&data.facts, data.lists, &plan.split_by(vec![level]));
        let known = |code: &str| data.thresholds.instrument(code).is_some() && parameters.wants(code);
        let level = Level {
            data,
            name: level.name(),
            tallies: Tallies::new(&data.facts, &grouping),
            pairs: PairTable::new(&data.facts, &grouping, &[Comparison::Paired], known),
            grouping,
        };
        level.rows(&mut rows);
        notes = notes::selection(&plan, &level.grouping);
        notes.extend(notes::missing_second(&level.pairs, &level.pairs.whole()));
    }
    notes.push(Text::fixed(
        "Skattningarna jämförs parvis (före och efter). Andelar står som tal från 0 till 1, ändringar i poäng. Ingen punkt är bättre eller sämre än en annan för sin plats i tabellen.",
        "Scores are compared in pairs (before and after). Shares are numbers from 0 to 1, changes are in points. No point is better or worse than another for its place in the table.",
    ));
    Ok(Table { columns: COLUMNS.map(str::to_owned).to_vec(), keys: KEYS, rows, notes })
}

/// Everything of one level: regions, or units.
struct Level<'a> {
    data: &'a ReportData<'a>,
    name: &'static str,
    grouping: Grouping,
    tallies: Tallies,
    pairs: PairTable<'a>,
}

/// What one point, or all points of a period together, are made from.
struct Counted {
    tally: Tally,
    series: std::collections::BTreeMap<SeriesName, Series>,
}

impl Level<'_> {
    fn rows(&self, rows: &mut Vec<Vec<Figure>>) {
        let count = |group| Counted { tally: self.tallies.of(group), series: self.pairs.series_of(group) };
        let (totals, points): (Vec<_>, Vec<_>) =
            self.grouping.groups.iter().partition(|group| self.grouping.is_total(group));
        let targets: HashMap<Option<i32>, Counted> =
            totals.into_iter().map(|group| (self.grouping.period(group), count(group))).collect();
        for group in points {
            let Some(target) = targets.get(&self.grouping.period(group)) else { continue };
            let texts = self.grouping.texts(group);
            self.point(&texts, &count(group), target, rows);
        }
    }

    fn point(&self, texts: &[Arc<str>], point: &Counted, target: &Counted, rows: &mut Vec<Vec<Figure>>) {
        let mut push = |instrument: Figure, measure: &str, figures: Option<[Figure; 12]>| {
            if let Some(figures) = figures {
                let keys = [Figure::from(&texts[0]), Figure::text(self.name), instrument, Figure::text(measure)];
                rows.push(keys.into_iter().chain([Figure::from(&texts[1])]).chain(figures).collect());
            }
        };
        let completed = |tally: Tally| Share { n: tally.completed, d: tally.started };
        push(Figure::Undefined, "completed", of_share(completed(point.tally), completed(target.tally)));
        for (name, series) in &point.series {
            let code = &self.pairs.instruments[name.0];
            let (Some(instrument), Some(all)) = (self.data.thresholds.instrument(code), target.series.get(name)) else {
                continue;
            };
            let scale = Scale::new(instrument, self.data.thresholds.response_share);
            for measure in MEASURES {
                let shares = measure.share(&scale, &series.pairs).zip(measure.share(&scale, &all.pairs));
                push(Figure::from(code), measure.name, shares.and_then(|(point, target)| of_share(point, target)));
            }
            push(Figure::from(code), "mean_change", of_mean(series, all));
        }
    }
}

fn of_share(point: Share, target: Share) -> Option<[Figure; 12]> {
    let (value, target) = (point.p()?, target.p()?);
    let exact = Limits::exact(target, point.d);
    Some(figures(point.d, (value, target), &Limits::of_share(target, point.d), Some(&exact)))
}

/// Needs two pairs in the period; a spread of 0 closes the limits around the target.
fn of_mean(point: &Series, all: &Series) -> Option<[Figure; 12]> {
    let spread = |series: &Series| {
        Spread::of(series.pairs.iter().map(|pair| (pair.scores.second - pair.scores.first, pair.count)))
    };
    let (point, all) = (spread(point)?, spread(all)?);
    let limits = Limits::of_mean(all.mean, all.sd?, point.n);
    Some(figures(point.n, (point.mean, all.mean), &limits, None))
}

fn figures(n: u64, (value, target): (f64, f64), limits: &Limits, exact: Option<&Limits>) -> [Figure; 12] {
    let number = |pick: fn(&Limits) -> f64| Figure::from(exact.map(pick));
    [
        Figure::Count(n),
        value.into(),
        target.into(),
        limits.lo95.into(),
        limits.hi95.into(),
        limits.lo998.into(),
        limits.hi998.into(),
        Figure::text(limits.flag(value).to_string()),
        number(|limits| limits.lo95),
        number(|limits| limits.hi95),
        number(|limits| limits.lo998),
        number(|limits| limits.hi998),
    ]
}
