//! Report `deciles`: how far apart units and regions lie in each period, and where all of them together stand.
//!
//! Promises: both levels always; one that counts too few treatments or pairs is in no decile and is counted as too small; of too few
//! units or regions no decile is told; no unit is named, and none is better or worse than another. The comparison is `paired`.

use std::collections::{BTreeMap, HashMap};

use super::figure::Figure;
use super::{Definition, ParameterError, ReportData, Table, Text, notes};
use crate::aggregate::dimension::Dimension;
use crate::aggregate::pairs::{PairTable, Series, SeriesName};
use crate::aggregate::tally::{Tallies, Tally};
use crate::aggregate::{Grouping, UNKNOWN};
use crate::fact::Part;
use crate::indicator::change::Spread;
use crate::indicator::decile::{COLUMNS, FEWEST, deciles};
use crate::indicator::share::Share;
use crate::indicator::{Measure, Scale, recovery, reliable_change};
use crate::outcome::Comparison;
use crate::report::parameters::Parameters;

/// The report.
pub const DEFINITION: Definition = Definition {
    name: "deciles",
    version: 1,
    meaning: Text::fixed(
        "Hur långt isär enheter och regioner ligger i varje period, och var alla tillsammans står.",
        "How far apart units and regions lie in each period, and where all of them together stand.",
    ),
    needs: &[Part::Outcomes],
    on_screen: &["n_points", "n_few", "n", "value", "p10", "p50", "p90"],
    build,
};

const KEYS: [&str; 4] = ["period", "level", "instrument", "measure"];
const COUNTS: [&str; 4] = ["n_points", "n_few", "n", "value"];
/// The shares of pairs.
const MEASURES: [&Measure; 4] =
    [&reliable_change::IMPROVED, &reliable_change::DETERIORATED, &recovery::RECOVERY, &recovery::RELIABLE_RECOVERY];

/// Instrument, where there is one, and measure.
type Name = (Option<usize>, &'static str);
/// How many are counted, and what it comes to.
type Value = (u64, f64);

fn build(data: &ReportData, parameters: &Parameters) -> Result<Table, ParameterError> {
    let plan = parameters.plan(notes::day(data));
    let (mut rows, mut notes) = (Vec::new(), Vec::new());
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
    notes.push(words());
    let columns = KEYS.into_iter().chain(COUNTS).chain(COLUMNS).map(str::to_owned).collect();
    Ok(Table { columns, keys: KEYS.len(), rows, notes })
}

/// Everything of one level: regions, or units.
struct Level<'a> {
    data: &'a ReportData<'a>,
    name: &'static str,
    grouping: Grouping,
    tallies: Tallies,
    pairs: PairTable<'a>,
}

/// What the units or regions of one period come to.
#[derive(Default)]
struct Points {
    values: Vec<f64>,
    few: u64,
}

impl Level<'_> {
    fn rows(&self, rows: &mut Vec<Vec<Figure>>) {
        let groups = self.grouping.groups.iter();
        let (totals, points): (Vec<_>, Vec<_>) = groups.partition(|group| self.grouping.is_total(group));
        let mut spread: HashMap<Option<i32>, BTreeMap<Name, Points>> = HashMap::new();
        for group in points {
            // What lies nowhere is no region.
            if &*self.grouping.texts(group)[1] == UNKNOWN {
                continue;
            }
            let of_period = spread.entry(self.grouping.period(group)).or_default();
            for (name, (n, value)) in self.values(self.tallies.of(group), &self.pairs.series_of(group)) {
                let points = of_period.entry(name).or_default();
                if n < FEWEST { points.few += 1 } else { points.values.push(value) }
            }
        }
        for group in totals {
            let period = &self.grouping.texts(group)[0];
            let mut of_period = spread.remove(&self.grouping.period(group)).unwrap_or_default();
            for (name, (n, value)) in self.values(self.tallies.of(group), &self.pairs.series_of(group)) {
                let Points { values, few } = of_period.remove(&name).unwrap_or_default();
                let instrument = name.0.map(|place| Figure::from(&self.pairs.instruments[place]));
                let keys = [Figure::text(self.name), instrument.unwrap_or(Figure::Undefined), Figure::text(name.1)];
                let counts = [Figure::Count(values.len() as u64), Figure::Count(few), Figure::Count(n), value.into()];
                let row = std::iter::once(Figure::from(period)).chain(keys).chain(counts);
                let nothing = [const { Figure::Undefined }; COLUMNS.len()];
                rows.push(row.chain(deciles(values).map_or(nothing, |all| all.map(Figure::from))).collect());
            }
        }
    }

    /// What some treatments come to by every measure that counts any of them.
    fn values(&self, tally: Tally, series: &BTreeMap<SeriesName, Series>) -> Vec<(Name, Value)> {
        let of_share = |name: Name, share: Share| Some((name, (share.d, share.p()?)));
        let completed = of_share((None, "completed"), Share { n: tally.completed, d: tally.started });
        let mut values: Vec<(Name, Value)> = completed.into_iter().collect();
        for ((place, _), series) in series {
            let Some(instrument) = self.data.thresholds.instrument(&self.pairs.instruments[*place]) else { continue };
            let scale = Scale::new(instrument, self.data.thresholds.response_share);
            let share =
                |measure: &&Measure| of_share((Some(*place), measure.name), measure.share(&scale, &series.pairs)?);
            values.extend(MEASURES.iter().filter_map(share));
            let changes = series.pairs.iter().map(|pair| (pair.scores.second - pair.scores.first, pair.count));
            let mean = Spread::of(changes).map(|spread| ((Some(*place), "mean_change"), (spread.n, spread.mean)));
            values.extend(mean);
        }
        values
    }
}

fn words() -> Text {
    Text::fixed(
        "Percentilerna är av enheternas eller regionernas egna värden, alla lika tunga, och visas när minst tio av dem har minst tio räknade \
         behandlingar eller par i perioden; de mindre är räknade för sig. Kvantiler av typ 7 (Hyndman och Fan). Andelar står som tal från 0 \
         till 1, ändringar i poäng. Ingen enhet är bättre eller sämre än en annan för sin plats i bandet.",
        "Percentiles are of the units' or regions' own values, all of the same weight, and are shown where at least ten of them count at \
         least ten treatments or pairs in the period; the smaller ones are counted apart. Quantiles of type 7 (Hyndman and Fan). Shares are \
         numbers from 0 to 1, changes are in points. No unit is better or worse than another for its place in the band.",
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::fact::OutcomeFact;
    use crate::report::tests::invented::{facts, figures_of, report, treatment};
    use schemas::record::Status;

    /// Twelve units: of ten treatments one, two ... ten are completed; one unit has nine, one has one.
    fn twelve() -> crate::report::Report {
        let mut treatments = Vec::new();
        for unit in 0..10 {
            for number in 0..10 {
                let mut one = treatment(100 * unit + number, "12", &format!("U{unit}"));
                one.status = if number <= unit { Status::Completed } else { Status::Discontinued };
                treatments.push(one);
            }
        }
        treatments.extend((0..9).map(|number| treatment(5000 + number, "12", "small")));
        treatments.push(treatment(6000, "12", "smaller"));
        report(facts(treatments), "deciles", &[("period", "year")])
    }

    #[test]
    fn worked_example_ten_units_that_complete_a_tenth_to_all_and_two_that_are_too_small() {
        let made = twelve();
        let row = figures_of(&made, &["2024", "unit", "", "completed"]);
        assert_eq!(["n_points", "n_few", "n"].map(|name| row[name].clone()), [10, 2, 110].map(Figure::Count));
        assert_eq!(row["value"], Figure::Number(65.0 / 110.0));
        let near = |column: &str, expected: f64| {
            assert!(matches!(row[column], Figure::Number(number) if (number - expected).abs() < 1e-12), "{column}");
        };
        near("p10", 0.19);
        near("p50", 0.55);
        near("p90", 0.91);
    }

    #[test]
    fn one_region_has_a_value_and_no_deciles() {
        let row = figures_of(&twelve(), &["2024", "region", "", "completed"]);
        assert_eq!((row["n_points"].clone(), row["p50"].clone()), (Figure::Count(1), Figure::Undefined));
        assert_eq!(row["value"], Figure::Number(65.0 / 110.0));
    }

    #[test]
    fn a_change_counts_the_pairs_of_each_unit() {
        let pair = |row: i64, second| OutcomeFact {
            row,
            instrument: Arc::from("PHQ-9"),
            comparison: Comparison::Paired,
            first: Some(15.0),
            second: Some(second),
        };
        let rows: Vec<(i64, i64)> = (0..10).flat_map(|unit| (0..10).map(move |number| (unit, number))).collect();
        let of = |(unit, number): &(i64, i64)| treatment(100 * unit + number, "12", &format!("U{unit}"));
        let mut facts = facts(rows.iter().map(of).collect());
        facts.outcomes = rows.iter().map(|(unit, number)| pair(100 * unit + number, 15.0 - *unit as f64)).collect();
        let row = figures_of(&report(facts, "deciles", &[]), &["ALL", "unit", "PHQ-9", "mean_change"]);
        assert_eq!((row["n"].clone(), row["value"].clone()), (Figure::Count(100), Figure::Number(-4.5)));
        assert_eq!((row["p50"].clone(), row["n_points"].clone()), (Figure::Number(-4.5), Figure::Count(10)));
    }
}
