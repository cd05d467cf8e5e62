//! Report `composite`: depression and anxiety judged together.
//!
//! Promises: a treatment is in a pair when PHQ-9 and the anxiety measure both have both scores under the same comparison; a row
//! stands only where there is at least one. The figures are defined in `indicator::composite`.

use std::collections::HashMap;

use super::figure::{Figure, share, share_columns};
use super::{Definition, ParameterError, ReportData, Table, Text, grouping_columns, notes};
use crate::aggregate::pairs::{PairTable, comparisons_in};
use crate::aggregate::{Grouping, row_numbers};
use crate::fact::Part;
use crate::indicator::composite::{Composite, NAMES, can_take_part, judge};
use crate::indicator::{Scale, Scores};
use crate::outcome::Comparison;
use crate::report::parameters::Parameters;

/// The report.
pub const DEFINITION: Definition = Definition {
    name: "composite",
    version: 1,
    meaning: Text::fixed(
        "Återhämtning och tillförlitlig förändring bedömda på depression (PHQ-9) och ångest tillsammans, som NHS Talking \
         Therapies gör.",
        "Recovery and reliable change judged on depression (PHQ-9) and anxiety together, as NHS Talking Therapies does.",
    ),
    needs: &[Part::Outcomes],
    on_screen: &[
        "n_paired",
        "case_pre_p",
        "recovery_n",
        "recovery_d",
        "recovery_p",
        "rel_improved_p",
        "rel_recovery_p",
    ],
    build,
};

const DEPRESSION: &str = "PHQ-9";
const ANXIETY: &str = "GAD-7";

/// The pairs: with GAD-7, and with the programme's own anxiety measure, GAD-7 where that has no pair.
const PAIRS: [&str; 2] = ["PHQ-9+GAD-7", "PHQ-9+ADSM"];

fn build(data: &ReportData, parameters: &Parameters) -> Result<Table, ParameterError> {
    let plan = parameters.plan(notes::day(data));
    let grouping = Grouping::new(&data.facts, data.lists, &plan);
    let comparisons = parameters.comparison.map_or_else(|| comparisons_in(&data.facts, &grouping), |one| vec![one]);
    let measures = Measures::new(data);
    let mut rows = Vec::new();
    for comparison in comparisons.iter().copied() {
        let cells = measures.cells(data, &grouping, comparison);
        for group in &grouping.groups {
            let mut sums = [Composite::default(); 2];
            for cell in &group.cells {
                sums.iter_mut().zip(&cells[*cell as usize]).for_each(|(sum, part)| sum.add(part));
            }
            for (sum, pair) in sums.iter().zip(PAIRS).filter(|(sum, _)| sum.n > 0) {
                let mut row: Vec<Figure> = grouping.texts(group).iter().map(Figure::from).collect();
                row.extend([Figure::text(comparison.to_string()), Figure::text(pair), Figure::Count(sum.n)]);
                row.extend(sum.shares().into_iter().flat_map(|one| share(Some(one))));
                rows.push(row);
            }
        }
    }
    let mut columns = grouping_columns(parameters, &["comparison", "pair"]);
    let keys = columns.len();
    columns.push("n_paired".to_owned());
    columns.extend(NAMES.into_iter().flat_map(share_columns));
    let pairs = PairTable::new(&data.facts, &grouping, &comparisons, |code| measures.scales.contains_key(code));
    let mut notes = notes::selection(&plan, &grouping);
    notes.extend(notes::missing_second(&pairs, &pairs.whole()));
    Ok(Table { columns, keys, rows, notes })
}

/// The instruments that can take part, and each programme's own.
struct Measures<'a> {
    scales: HashMap<&'a str, Scale>,
    own: HashMap<&'a str, &'a str>,
}

/// Both scores of one treatment: PHQ-9, GAD-7, the programme's own.
type Found = [Option<Scores>; 3];

impl<'a> Measures<'a> {
    fn new(data: &'a ReportData) -> Self {
        let scale = |code| Some(Scale::new(data.thresholds.instrument(code)?, data.thresholds.response_share));
        let own = |code| data.lists.programme(code)?.anxiety_instrument.as_deref();
        let own: HashMap<&str, &str> =
            data.facts.treatments.iter().filter_map(|t| Some((&*t.programme, own(&t.programme)?))).collect();
        let scales = own.values().copied().chain([DEPRESSION, ANXIETY]);
        let scales = scales.filter_map(|code| Some((code, scale(code).filter(can_take_part)?))).collect();
        Self { scales, own }
    }

    /// What was found in each finest cell, per pair.
    fn cells(&self, data: &ReportData, grouping: &Grouping, comparison: Comparison) -> Vec<[Composite; 2]> {
        let mut cells = vec![[Composite::default(); 2]; grouping.cells];
        let found = self.scores(data, comparison);
        for ((treatment, cell), scores) in data.facts.treatments.iter().zip(&grouping.cell_of).zip(&found) {
            let (Some(cell), [Some(depression), general, own]) = (cell, scores) else { continue };
            let general = general.map(|scores| (ANXIETY, scores));
            let own = own.and_then(|scores| Some((*self.own.get(&*treatment.programme)?, scores)));
            for (sum, anxiety) in cells[*cell as usize].iter_mut().zip([general, own.or(general)]) {
                if let Some(one) = anxiety.and_then(|anxiety| self.judge(*depression, anxiety)) {
                    sum.add(&one);
                }
            }
        }
        cells
    }

    fn judge(&self, depression: Scores, (instrument, anxiety): (&str, Scores)) -> Option<Composite> {
        judge([(self.scales.get(DEPRESSION)?, depression), (self.scales.get(instrument)?, anxiety)])
    }

    fn scores(&self, data: &ReportData, comparison: Comparison) -> Vec<Found> {
        let rows = row_numbers(&data.facts.treatments);
        let mut found = vec![[None; 3]; data.facts.treatments.len()];
        for outcome in data.facts.outcomes.iter().filter(|outcome| outcome.comparison == comparison) {
            let (Some(&index), Some((first, second))) = (rows.get(&outcome.row), outcome.first.zip(outcome.second))
            else {
                continue;
            };
            let instrument = &*outcome.instrument;
            if !self.scales.contains_key(instrument) {
                continue;
            }
            let own = self.own.get(&*data.facts.treatments[index].programme) == Some(&instrument);
            for (place, is_it) in [instrument == DEPRESSION, instrument == ANXIETY, own].into_iter().enumerate() {
                if is_it {
                    found[index][place] = Some(Scores { first, second });
                }
            }
        }
        found
    }
}
