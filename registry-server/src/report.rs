//! The reports: each a definition, a list of columns, and rows made from groups and measures.
//!
//! Promises: the same facts and parameters give the same report to the byte; rows are sorted by their grouping columns, `ALL` last;
//! an undefined figure is neither zero nor a guess. To add a report: one file and one line in `ALL`.
//! Must not know: SQL, the terminal, who asks.

#![expect(clippy::unnecessary_wraps, reason = "every report is made by the same form of function, and some can fail")]

/// For whom a report is made.
mod audience;
/// Every unit beside its region and the country.
pub mod benchmark;
/// For whoever has a part of the treatments exactly.
pub mod beside;
/// Which programmes are used where.
pub mod catalogue;
/// Depression and anxiety together.
pub mod composite;
/// How much of what was treated stands in the register.
pub mod coverage;
/// What each sender's fields hold, and what the rules hold back.
pub mod data_quality;
/// How far apart units and regions lie.
pub mod deciles;
/// What two senders may both have delivered.
pub mod duplicates;
/// From referral to follow-up.
pub mod flow;
/// Fair comparison of regions and units.
pub mod funnel;
/// Treatments, persons, completion and rates.
pub mod groups;
/// Treatments a period, and how they grew.
pub mod growth;
/// What columns are called, and their units.
pub mod heading;
/// What changed in definitions.
pub mod history;
/// What codes are called.
pub(crate) mod label;
/// Monthly counts in a selection of days.
mod months;
/// From frozen data, and what differs.
pub mod frozen;
/// Exact figures beside those that leave.
pub mod published;
/// What can be kept of a report's treatments.
pub mod narrowed;
/// What must stand beside the figures.
mod notes;
/// First and second scores, effect sizes and shares.
pub mod outcomes;
/// In which order rows stand.
mod order;
/// Some rows of a report.
mod part;
/// What a report is asked for.
pub mod parameters;
/// Who delivers.
pub mod participation;
/// Distinct persons by sex and age.
pub mod persons;
/// Treatments per 1000 inhabitants, three years side by side.
pub mod rates;
/// Rows of regions that have nothing.
mod region_rows;
/// As CSV, JSON, a terminal table and a page.
pub mod render;
/// The inhabitants that a row's rate is made from.
mod residents;
/// Women and men, public and private care.
pub mod shares;
/// Where a count belongs.
mod spot;
/// Sick leave before and after.
pub mod sick_leave;
/// Mean scores along the treatment.
pub mod trajectory;
/// Started, ended and ongoing treatments, as the senders count them.
pub mod usage;
/// Days from referral to start.
pub mod waiting;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use foldhash::HashSet;
use jiff::Timestamp;
use schemas::codelist::{CodeLists, ThresholdSet};
pub use schemas::language::Text;

use crate::aggregate::dimension::Dimension;
use crate::aggregate::parallel;
use crate::aggregate::plan::Cohort;
use crate::fact::{Facts, Part};
pub use crate::figure;
use crate::figure::Figure;
pub use parameters::{ParameterError, Parameters};

/// The form of the JSON document.
const SCHEMA: &str = "registry-report/1";

/// Every report.
pub const ALL: &[&Definition] = &[
    &outcomes::DEFINITION,
    &groups::DEFINITION,
    &composite::DEFINITION,
    &funnel::DEFINITION,
    &coverage::DEFINITION,
    &participation::DEFINITION,
    &catalogue::DEFINITION,
    &data_quality::DEFINITION,
    &persons::DEFINITION,
    &rates::DEFINITION,
    &shares::DEFINITION,
    &growth::DEFINITION,
    &waiting::DEFINITION,
    &sick_leave::DEFINITION,
    &benchmark::DEFINITION,
    &usage::DEFINITION,
    &trajectory::DEFINITION,
    &flow::DEFINITION,
    &deciles::DEFINITION,
    &duplicates::DEFINITION,
];

/// What a report is and how it is made.
#[derive(Debug)]
pub struct Definition {
    /// The name it is asked for by.
    pub name: &'static str,
    /// Raised whenever a column changes its meaning.
    pub version: u32,
    /// What it tells, in one sentence.
    pub meaning: Text,
    /// The parts of the facts that it is made of, beside treatments, units and what staff added.
    pub needs: &'static [Part],
    /// The columns that a terminal shows beside the grouping columns; files hold all.
    pub on_screen: &'static [&'static str],
    build: fn(&ReportData, &Parameters) -> Result<Table, ParameterError>,
}

/// A report that exists.
#[derive(Debug, Clone, Copy)]
pub struct ReportName(&'static Definition);

/// Text that names no report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no such report; write one of {}", names())]
pub struct UnknownReport;

/// What a report is made from.
#[derive(Debug)]
pub struct ReportData<'a> {
    /// Treatments, outcomes, units and imported populations.
    pub facts: Arc<Facts>,
    /// The code lists.
    pub lists: &'a CodeLists,
    /// The cut-offs.
    pub thresholds: ThresholdSet,
    /// When the facts were read.
    pub as_of: Timestamp,
}

/// A finished report.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The form of the JSON document.
    pub schema: &'static str,
    /// Its name.
    pub report: &'static str,
    /// Version of its definition.
    pub definition_version: u32,
    /// When the facts were read.
    pub as_of: Timestamp,
    /// Every parameter, also those that the report does not use.
    pub parameters: Vec<(&'static str, Option<String>)>,
    /// Names of the columns, grouping columns first.
    pub columns: Vec<String>,
    /// How many of the columns are grouping columns.
    pub keys: usize,
    /// One row a group, one figure a column.
    pub rows: Vec<Vec<Figure>>,
    /// What must stand beside the figures, a sentence each.
    pub notes: Vec<Text>,
    /// The columns that a terminal shows beside the grouping columns.
    pub on_screen: &'static [&'static str],
    /// What codes are called, by column and code.
    pub labels: BTreeMap<(usize, String), Text>,
}

/// What one report's own file makes.
struct Table {
    columns: Vec<String>,
    keys: usize,
    rows: Vec<Vec<Figure>>,
    notes: Vec<Text>,
}

/// Whether a report can be asked for with these parameters.
///
/// # Errors
/// When they name what is not in the code lists, or what their audience may not have.
pub fn check(name: ReportName, lists: &CodeLists, parameters: &Parameters) -> Result<(), ParameterError> {
    parameters.check(lists)?;
    narrowed::check(name.0.name, parameters, lists)?;
    audience::check(name.0.name, parameters)
}

/// Makes a report.
///
/// # Errors
/// When the parameters name what is not in the code lists, or ask for what the register lacks.
pub fn build(name: ReportName, data: &ReportData, parameters: &Parameters) -> Result<Report, ParameterError> {
    check(name, data.lists, parameters)?;
    narrowed::check_known(&parameters.only, &data.facts)?;
    let ReportName(definition) = name;
    let Table { columns, keys, rows, notes } = audience::made(definition, data, parameters)?;
    let rows = order::ordered(rows, keys);
    let mut parameters_used = parameters.listed();
    let labels = labels(data.lists, &columns, &rows);
    parameters_used.push(("thresholds", Some(data.thresholds.name.clone())));
    Ok(Report {
        schema: SCHEMA,
        report: definition.name,
        definition_version: definition.version,
        as_of: data.as_of,
        parameters: parameters_used,
        columns,
        keys,
        rows,
        notes: notes::common(definition, data, parameters).into_iter().chain(notes).collect(),
        on_screen: definition.on_screen,
        labels,
    })
}

fn labels(lists: &CodeLists, columns: &[String], rows: &[Vec<Figure>]) -> BTreeMap<(usize, String), Text> {
    const AT_A_TIME: usize = 100;
    let chunks: Vec<_> = rows.chunks(AT_A_TIME).collect();
    let codes: HashSet<(usize, &str)> = parallel::each(&chunks, |rows| met(rows)).into_iter().collect();
    let named = |(place, code): (usize, &str)| {
        let text = label::label(&columns[place], code, lists)?;
        Some(((place, code.to_owned()), text))
    };
    codes.into_iter().filter_map(named).collect()
}

/// The labels in some rows, each with its column.
fn met(rows: &[Vec<Figure>]) -> HashSet<(usize, &str)> {
    // Equal texts are mostly one: by where they lie they are told apart sooner than by what they say.
    let mut places: HashSet<(usize, *const u8)> = HashSet::default();
    let mut codes = HashSet::default();
    for row in rows {
        for (place, figure) in row.iter().enumerate() {
            if let Figure::Text(code) = figure
                && places.insert((place, code.as_ptr()))
            {
                codes.insert((place, &**code));
            }
        }
    }
    codes
}

/// The names of all reports, comma separated.
#[must_use]
pub fn names() -> String {
    ALL.iter().map(|definition| definition.name).collect::<Vec<_>>().join(", ")
}

impl ReportName {
    /// The parts of the facts that the report is made of.
    #[must_use]
    pub fn needs(self) -> &'static [Part] {
        self.0.needs
    }

    /// The parts that it is made of under some parameters: whether started treatments are mature is told by monthly counts, and how
    /// severe an illness was by scores.
    #[must_use]
    pub fn parts(self, parameters: &Parameters) -> Vec<Part> {
        let names = |dimension| parameters.by.contains(&dimension) || parameters.only.of(dimension).is_some();
        let maturity = (parameters.cohort == Cohort::Started).then_some(Part::Activity);
        let severity = names(Dimension::Severity).then_some(Part::Outcomes);
        let further = maturity.into_iter().chain(severity).filter(|part| !self.needs().contains(part));
        self.needs().iter().copied().chain(further).collect()
    }
}

impl fmt::Display for ReportName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}

impl FromStr for ReportName {
    type Err = UnknownReport;
    fn from_str(text: &str) -> Result<Self, UnknownReport> {
        ALL.iter()
            .find(|definition| definition.name == text)
            .map(|definition| ReportName(definition))
            .ok_or(UnknownReport)
    }
}

/// The names of the grouping columns: the period, the dimensions, then the report's own.
fn grouping_columns(parameters: &Parameters, own: &[&str]) -> Vec<String> {
    let dimensions = parameters.by.iter().map(|dimension| dimension.name());
    std::iter::once("period").chain(dimensions).chain(own.iter().copied()).map(str::to_owned).collect()
}

#[cfg(test)]
pub(crate) mod tests;
