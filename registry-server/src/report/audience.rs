//! For whom a report is made: others than the register's own staff get a fixed list of tables under provisional protection.
//!
//! Promises: what is not on the list is refused before anything is counted; all tables of the list that one report makes of the same data
//! are protected together, so that a figure that is hidden in one of them follows from no other; what is hidden is told by number; beside
//! the figures nothing stands that counts exactly.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Definition, Figure, ParameterError, ReportData, Table, Text, grouping_columns, notes};
use crate::aggregate::dimension::Dimension;
use crate::aggregate::period::{Part, PeriodKind};
use crate::aggregate::plan::{Attribution, Cohort, Follow};
use crate::aggregate::{ALL, Grouping};
use crate::disclose::{self, Counted, persons};
use crate::outcome::Comparison;
use crate::report::Parameters;
use crate::report::parameters::Audience;

/// The reports that may leave.
const REPORTS: [&str; 2] = ["outcomes", "groups"];
/// What they can be split by, one at a time.
const SPLITS: [Dimension; 2] = [Dimension::Region, Dimension::Programme];
/// The periods that they can be split into.
const PERIODS: [PeriodKind; 2] = [PeriodKind::All, PeriodKind::Calendar(Part::Year)];

/// Refuses what is not on the fixed list. Another cohort, comparison or selection holds nearly the same treatments: what
/// the two differ by is few.
pub(super) fn check(report: &str, parameters: &Parameters) -> Result<(), ParameterError> {
    let one_dimension = match parameters.by.as_slice() {
        [] => true,
        [one] => SPLITS.contains(one),
        _ => false,
    };
    let on_the_list = REPORTS.contains(&report)
        && one_dimension
        && PERIODS.contains(&parameters.period)
        && (parameters.from, parameters.to) == (None, None)
        && parameters.only.is_everything()
        && (parameters.cohort, parameters.comparison) == (Cohort::Ended, Some(Comparison::Paired))
        && (parameters.attribution, parameters.structure) == (Attribution::Start, Follow::AsWas);
    if parameters.audience == Audience::Internal || on_the_list { Ok(()) } else { Err(ParameterError::NotOnTheList) }
}

/// What a report is made of for those who asked for it.
pub(super) fn made(
    definition: &Definition,
    data: &ReportData,
    parameters: &Parameters,
) -> Result<Table, ParameterError> {
    match parameters.audience {
        Audience::Internal => (definition.build)(data, parameters),
        Audience::Research | Audience::Public => protected(definition, data, parameters),
    }
}

/// What stands beside exact figures only, because it counts exactly or tells a day.
pub(super) fn exact(parameters: &Parameters, notes: impl FnOnce() -> Vec<Text>) -> Vec<Text> {
    if parameters.audience == Audience::Internal { notes() } else { Vec::new() }
}

/// The report as others than staff may see it.
fn protected(definition: &Definition, data: &ReportData, parameters: &Parameters) -> Result<Table, ParameterError> {
    // Figures under two sets of cut-offs differ by those whose score lies between.
    if data.thresholds != data.lists.thresholds() {
        return Err(ParameterError::NotOnTheList);
    }
    let mut joint = Joint::default();
    for split in SPLITS {
        let by_year = Parameters { by: vec![split], period: PERIODS[1], ..parameters.clone() };
        let table = (definition.build)(data, &by_year)?;
        let persons = persons_behind(&table, data, &by_year);
        joint.take(split, table, &persons);
    }
    let rows = disclose::primary(&joint.counted);
    let shown: Vec<Vec<Figure>> = rows.iter().filter_map(|row| asked(row, parameters)).collect();
    let own: Vec<&str> = joint.counted.columns[KEYS..joint.counted.keys].iter().map(String::as_str).collect();
    let mut columns = grouping_columns(parameters, &own);
    let keys = columns.len();
    columns.extend_from_slice(&joint.counted.columns[joint.counted.keys..]);
    let hidden = shown.iter().flatten().filter(|figure| **figure == Figure::Hidden).count();
    let notes = joint.notes.into_iter().chain([years(&rows), protection(hidden)]).collect();
    Ok(Table { columns, keys, rows: shown, notes })
}

/// Period and a place for each split.
const KEYS: usize = 1 + SPLITS.len();

/// The tables of the list in one: a row that two of them have stands in it once.
struct Joint {
    counted: Counted,
    notes: Vec<Text>,
}

impl Default for Joint {
    fn default() -> Self {
        let counted = Counted { columns: Vec::new(), keys: 0, rows: Vec::new(), persons: Vec::new() };
        Self { counted, notes: Vec::new() }
    }
}

impl Joint {
    /// Takes in a table by year and one dimension; the rows that sum over that are the same in each.
    fn take(&mut self, split: Dimension, table: Table, persons: &[u64]) {
        let Table { columns, keys, rows, notes } = table;
        let first = self.counted.columns.is_empty();
        let names = SPLITS.map(|split| split.name().to_owned());
        self.counted.columns = columns[..1].iter().cloned().chain(names).chain(columns[2..].iter().cloned()).collect();
        self.counted.keys = keys - 2 + KEYS;
        for (row, persons) in rows.into_iter().zip(persons).filter(|(row, _)| first || !row[1].is_sum()) {
            let mut figures = row.into_iter();
            let (period, label) = (figures.next(), figures.next());
            let labels = SPLITS.map(|of| label.clone().filter(|_| of == split).unwrap_or_else(|| Figure::text(ALL)));
            self.counted.rows.push(period.into_iter().chain(labels).chain(figures).collect());
            self.counted.persons.push(*persons);
        }
        for note in notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
    }
}

/// The row as it was asked for; nothing for one of another table.
fn asked(row: &[Figure], parameters: &Parameters) -> Option<Vec<Figure>> {
    let by_year = parameters.period != PeriodKind::All;
    let (period, labels) = (&row[0], &row[1..KEYS]);
    let split = labels.iter().zip(SPLITS).filter(|(_, split)| parameters.by.contains(split)).map(|(label, _)| label);
    let other = labels.iter().zip(SPLITS).filter(|(_, split)| !parameters.by.contains(split)).map(|(label, _)| label);
    let is_asked = (by_year || period.is_sum()) && other.into_iter().all(Figure::is_sum);
    is_asked.then(|| std::iter::once(period).chain(split).chain(&row[KEYS..]).cloned().collect())
}

/// The years of the selection.
fn years(rows: &[Vec<Figure>]) -> Text {
    let year = |row: &Vec<Figure>| if let Figure::Text(year) = &row[0] { Some(Arc::clone(year)) } else { None };
    let years: BTreeSet<Arc<str>> = rows.iter().filter_map(year).filter(|year| &**year != ALL).collect();
    match (years.first(), years.last()) {
        (Some(first), Some(last)) => Text::made(
            format!("Urvalet innehåller behandlingar från åren {first} till {last}."),
            format!("The selection holds treatments of the years {first} to {last}."),
        ),
        _ => Text::fixed("Urvalet innehåller inga behandlingar.", "The selection holds no treatments."),
    }
}

fn protection(hidden: usize) -> Text {
    Text::made(
        format!(
            "Preliminärt skydd: {hidden} siffror i rapportens alla kolumner är dolda (*), de som visar för få personer och de som sådana skulle kunna räknas ut ur."
        ),
        format!(
            "Provisional protection: {hidden} figures in all columns of the report are hidden (*), those that tell of too few persons and those from which such could \
             be worked out."
        ),
    )
}

/// Distinct persons behind each row; the report tells them itself, or they are counted.
fn persons_behind(table: &Table, data: &ReportData, parameters: &Parameters) -> Vec<u64> {
    let told = table.columns.iter().position(|column| column == "n_persons");
    if let Some(place) = told {
        return table.rows.iter().map(|row| if let Figure::Count(n) = row[place] { n } else { 0 }).collect();
    }
    let plan = parameters.plan(notes::day(data));
    let counts = persons::with_pairs(&data.facts, &Grouping::new(&data.facts, data.lists, &plan));
    let name = |row: &[Figure]| -> Vec<String> {
        let text = |figure: &Figure| if let Figure::Text(text) = figure { text.to_string() } else { String::new() };
        row[..table.keys].iter().map(text).collect()
    };
    table.rows.iter().map(|row| counts.get(&name(row)).copied().unwrap_or_default()).collect()
}
