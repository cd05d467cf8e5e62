//! Report `benchmark`: every unit beside its region and the country.
//!
//! Promises: the three rows of a unit count the same things in the same way; no rank and no order by result. The figures of `outcomes`
//! are those of the comparison `paired`.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::figure::{Figure, share, share_columns};
use super::{Definition, ParameterError, ReportData, Table, Text, notes};
use crate::aggregate::dimension::Dimension;
use crate::aggregate::pairs::{PairTable, Series, SeriesName};
use crate::aggregate::tally::{Tallies, Tally};
use crate::aggregate::{ALL, Grouping};
use crate::fact::Part;
use crate::indicator::change::Spread;
use crate::indicator::share::Share;
use crate::indicator::{Measure, Scale, recovery, reliable_change};
use crate::outcome::Comparison;
use crate::report::parameters::Parameters;

/// The report.
pub const DEFINITION: Definition = Definition {
    name: "benchmark",
    version: 1,
    meaning: Text::fixed(
        "Varje enhet bredvid sin region och hela landet: fullföljda behandlingar, ändring, tillförlitlig förbättring och återhämtning.",
        "Every unit beside its region and the country: completed treatments, change, reliable improvement and recovery.",
    ),
    needs: &[Part::Outcomes],
    on_screen: &["n_started", "completed_p", "n_paired", "mean_change", "rel_improved_p", "recovery_p"],
    build,
};

/// What tells the rows apart.
const KEYS: [&str; 5] = ["period", "region", "unit", "instrument", "level"];

/// The shares of pairs.
const MEASURES: [&Measure; 2] = [&reliable_change::IMPROVED, &recovery::RECOVERY];

/// The unit itself, its region, the country: which of a group's labels each keeps.
const LEVELS: [(&str, [bool; 2]); 3] = [("unit", [true, true]), ("region", [true, false]), ("country", [false, false])];

/// What a unit, region or country has in one period.
struct Counted {
    tally: Tally,
    series: BTreeMap<SeriesName, Series>,
}

fn build(data: &ReportData, parameters: &Parameters) -> Result<Table, ParameterError> {
    let plan = parameters.plan(notes::day(data)).split_by(vec![Dimension::Region, Dimension::Unit]);
    let grouping = Grouping::new(&data.facts, data.lists, &plan);
    let known = |code: &str| data.thresholds.instrument(code).is_some() && parameters.wants(code);
    let pairs = PairTable::new(&data.facts, &grouping, &[Comparison::Paired], known);
    let tallies = Tallies::new(&data.facts, &grouping);
    let counted: HashMap<Vec<Arc<str>>, Counted> = grouping
        .groups
        .iter()
        .map(|group| (grouping.texts(group), Counted { tally: tallies.of(group), series: pairs.series_of(group) }))
        .collect();
    let mut rows = Vec::new();
    for (texts, unit) in counted.iter().filter(|(texts, _)| texts[1..].iter().all(|text| &**text != ALL)) {
        let instruments = unit.series.keys().map(Some).chain([None]);
        for name in instruments {
            let code = name.map(|name| &pairs.instruments[name.0]);
            for (level, kept) in LEVELS {
                let Some(counted) = counted.get(&of_level(texts, kept)) else { continue };
                let mut row: Vec<Figure> = texts.iter().map(Figure::from).collect();
                row.extend([code.map_or(Figure::Undefined, Figure::from), Figure::text(level)]);
                row.extend(figures(data, counted, name.zip(code.map(|code| &**code))));
                rows.push(row);
            }
        }
    }
    let mut columns = KEYS.map(str::to_owned).to_vec();
    columns.push("n_started".to_owned());
    columns.extend(share_columns("completed"));
    columns.extend(["n_paired", "mean_change"].map(str::to_owned));
    columns.extend(MEASURES.iter().flat_map(|measure| share_columns(measure.name)));
    let mut notes = notes::selection(&plan, &grouping);
    notes.extend(notes::missing_second(&pairs, &pairs.whole()));
    notes.push(Text::fixed(
        "Skattningarna jämförs parvis (före och efter). Regionen och landet omfattar också enheten själv. Rader utan instrument gäller alla behandlingar. Ingen enhet är bättre eller \
         sämre än en annan för sin plats i tabellen.",
        "Scores are compared in pairs (before and after). The region and the country include the unit itself. Rows without an instrument are about all treatments. No unit is better or \
         worse than another for its place in the table.",
    ));
    Ok(Table { columns, keys: KEYS.len(), rows, notes })
}

/// The labels of the group that a level stands for, in the unit's own period.
fn of_level(texts: &[Arc<str>], kept: [bool; 2]) -> Vec<Arc<str>> {
    let places = texts[1..].iter().zip(kept);
    let labels = places.map(|(text, kept)| if kept { Arc::clone(text) } else { Arc::from(ALL) });
    std::iter::once(Arc::clone(&texts[0])).chain(labels).collect()
}

fn figures(data: &ReportData, counted: &Counted, of: Option<(&SeriesName, &str)>) -> Vec<Figure> {
    let Tally { started, completed } = counted.tally;
    let mut figures = vec![Figure::Count(started)];
    figures.extend(share(Some(Share { n: completed, d: started })));
    let instrument = of.and_then(|(name, code)| Some((counted.series.get(name)?, data.thresholds.instrument(code)?)));
    let Some((series, instrument)) = instrument else {
        figures.extend([const { Figure::Undefined }; 12]);
        return figures;
    };
    let changes = series.pairs.iter().map(|pair| (pair.scores.second - pair.scores.first, pair.count));
    figures.push(Figure::Count(series.paired()));
    figures.push(Spread::of(changes).map(|spread| spread.mean).into());
    let scale = Scale::new(instrument, data.thresholds.response_share);
    figures.extend(MEASURES.iter().flat_map(|measure| share(measure.share(&scale, &series.pairs))));
    figures
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::OutcomeFact;
    use crate::report::tests::invented::{facts, figures_of, report, treatment};

    fn pair(row: i64, first: f64, second: Option<f64>) -> OutcomeFact {
        let (instrument, comparison) = (Arc::from("PHQ-9"), Comparison::Paired);
        OutcomeFact { row, instrument, comparison, first: Some(first), second }
    }

    #[test]
    fn worked_example_a_unit_of_two_in_a_region_of_three_in_a_country_of_four() {
        let treatments = [(1, "12", "A"), (2, "12", "A"), (3, "12", "B"), (4, "01", "C")];
        let mut facts = facts(treatments.map(|(row, sender, unit)| treatment(row, sender, unit)).to_vec());
        facts.treatments[1].status = schemas::record::Status::Discontinued;
        facts.outcomes =
            vec![pair(1, 16.0, Some(8.0)), pair(2, 14.0, Some(12.0)), pair(3, 12.0, None), pair(4, 20.0, Some(5.0))];
        let report = report(facts, "benchmark", &[]);
        let of = |level: &str| {
            let row = figures_of(&report, &["ALL", "12", "A", "PHQ-9", level]);
            ["n_started", "completed_p", "n_paired", "mean_change", "rel_improved_n", "recovery_p"]
                .map(|name| row[name].clone())
        };
        let (count, number) = (Figure::Count, Figure::Number);
        assert_eq!(of("unit"), [count(2), number(0.5), count(2), number(-5.0), count(1), number(0.5)]);
        assert_eq!(of("region"), [count(3), number(2.0 / 3.0), count(2), number(-5.0), count(1), number(0.5)]);
        assert_eq!(of("country"), [count(4), number(0.75), count(3), number(-25.0 / 3.0), count(2), number(2.0 / 3.0)]);
        let units: std::collections::BTreeSet<String> = report.rows.iter().map(|row| format!("{:?}", row[2])).collect();
        assert_eq!(units.len(), 3);
    }

    #[test]
    fn a_unit_without_scores_has_its_treatments_beside_the_others() {
        let report = report(facts(vec![treatment(1, "12", "A")]), "benchmark", &[]);
        assert_eq!(report.rows.len(), 3);
        let row = &report.rows[0];
        assert_eq!((row[3].clone(), row[5].clone()), (Figure::Undefined, Figure::Count(1)));
    }
}
