//! Report `growth`: treatments a period, and how they grew.
//!
//! Promises: every change names the two periods that it compares, and only periods that are whole and have treatments are compared; a
//! period without any is a row with a mark, never a fall of a hundred per cent; breaks in the series between the periods stand beside.

/// One row after the other of a series.
mod series;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::{Definition, ParameterError, ReportData, Table, Text, grouping_columns, notes};
use crate::aggregate::Grouping;
use crate::aggregate::period::{Part, Period};
use crate::aggregate::plan::Plan;
use crate::aggregate::tally::Tallies;
use crate::report::parameters::Parameters;
use series::Series;

/// The report.
pub const DEFINITION: Definition = Definition {
    name: "growth",
    version: 1,
    meaning: Text::fixed(
        "Hur antalet behandlingar ändrades från period till period, och från den första jämförbara perioden.",
        "How the number of treatments changed from period to period, and from the first that can be compared.",
    ),
    needs: &[],
    on_screen: &[
        "n_started",
        "previous_period",
        "change_previous",
        "base_period",
        "compared_period",
        "change_base",
        "mark",
        "breaks",
    ],
    build,
};

fn build(data: &ReportData, parameters: &Parameters) -> Result<Table, ParameterError> {
    let asked = parameters.plan(notes::day(data));
    let told_apart = matches!(asked.period, Period::Calendar(_));
    let period = if told_apart { asked.period } else { Period::Calendar(Part::Year) };
    let plan = Plan { period, ..asked };
    let grouping = Grouping::new(&data.facts, data.lists, &plan);
    let tallies = Tallies::new(&data.facts, &grouping);
    let mut counts: HashMap<Vec<Arc<str>>, BTreeMap<i32, u64>> = HashMap::new();
    for group in &grouping.groups {
        if let Some(period) = grouping.period(group) {
            let labels = grouping.texts(group).split_off(1);
            counts.entry(labels).or_default().insert(period, tallies.of(group).started);
        }
    }
    let last = grouping.last;
    let mut rows = Vec::new();
    for (labels, counts) in &counts {
        let series = Series { data, plan: &plan, labels, counts, last: last.unwrap_or_default() };
        rows.extend(series.rows());
    }
    let mut columns = grouping_columns(parameters, &[]);
    let keys = columns.len();
    columns.extend(
        [
            "n_started",
            "previous_period",
            "change_previous",
            "base_period",
            "compared_period",
            "change_base",
            "mark",
            "breaks",
        ]
        .map(str::to_owned),
    );
    let mut notes = notes::selection(&plan, &grouping);
    if !told_apart {
        notes.push(Text::fixed(
            "Kalenderår jämförs; --period half, quarter eller month väljer kortare perioder.",
            "Calendar years are compared; --period half, quarter or month takes shorter ones.",
        ));
    }
    notes.push(Text::fixed(
        "Ändring i procent, från den period som står i raden. Lucka: inga behandlingar i perioden. Ofullständig: perioden är inte hel i urvalet \
         eller inte avslutad, och jämförs inte. Summaraden jämför den första med den sista jämförbara perioden.",
        "Changes in per cent, from the period that the row names. Gap: no treatments in the period. Partial: the selection does not hold \
         the whole period, or it has not ended, and it is not compared. The total's row compares the first with the last that can be \
         compared.",
    ));
    Ok(Table { columns, keys, rows, notes })
}

#[cfg(test)]
mod tests;
