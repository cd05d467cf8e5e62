//! The reports: each a definition, a list of columns, and rows made from groups and measures.
//!
//! Promises: the same facts and parameters give the same report to the byte; rows are sorted by their grouping columns, `ALL` last;
//! an undefined figure is neither zero nor a guess. To add a report: one file and one line in `ALL`.
//! Must not know: SQL, the terminal, who asks.

/// Depression and anxiety together.
pub mod composite;
/// One figure of a table.
pub mod figure;
/// Fair comparison of regions and units.
pub mod funnel;
/// Treatments, persons, completion and rates.
pub mod groups;
/// What must stand beside the figures.
mod notes;
/// First and second scores, effect sizes and shares.
pub mod outcomes;
/// What a report is asked for.
pub mod parameters;
/// As CSV, JSON and a terminal table.
pub mod render;

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use schemas::codelist::{CodeLists, ThresholdSet};

use crate::fact::Facts;
use figure::Figure;
pub use parameters::{ParameterError, Parameters};

/// The form of the JSON document.
const SCHEMA: &str = "registry-report/1";

/// Every report.
pub const ALL: [&Definition; 4] =
    [&outcomes::DEFINITION, &groups::DEFINITION, &composite::DEFINITION, &funnel::DEFINITION];

/// What a report is and how it is made.
#[derive(Debug)]
pub struct Definition {
    /// The name it is asked for by.
    pub name: &'static str,
    /// Raised whenever a column changes its meaning.
    pub version: u32,
    /// What it tells, in one sentence.
    pub meaning: &'static str,
    /// The columns that a terminal shows beside the grouping columns; files hold all.
    pub on_screen: &'static [&'static str],
    build: fn(&ReportData, &Parameters) -> Table,
}

/// A report that exists.
#[derive(Debug, Clone, Copy)]
pub struct ReportName(&'static Definition);

/// Text that names no report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there are the reports {}", ALL.map(|definition| definition.name).join(", "))]
pub struct UnknownReport;

/// What a report is made from.
#[derive(Debug)]
pub struct ReportData<'a> {
    /// Treatments, outcomes, units and imported populations.
    pub facts: Facts,
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
    pub notes: Vec<String>,
    /// The columns that a terminal shows beside the grouping columns.
    pub on_screen: &'static [&'static str],
}

/// What one report's own file makes.
struct Table {
    columns: Vec<String>,
    keys: usize,
    rows: Vec<Vec<Figure>>,
    notes: Vec<String>,
}

/// Makes a report.
///
/// # Errors
/// When the parameters name an instrument that is not in the code list.
pub fn build(name: ReportName, data: &ReportData, parameters: &Parameters) -> Result<Report, ParameterError> {
    parameters.check(data.lists)?;
    let ReportName(definition) = name;
    let Table { columns, keys, mut rows, notes } = (definition.build)(data, parameters);
    rows.sort_by(|a, b| a[..keys].iter().map(Figure::rank).cmp(b[..keys].iter().map(Figure::rank)));
    let mut parameters_used = parameters.listed();
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
    })
}

impl fmt::Display for ReportName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}

impl FromStr for ReportName {
    type Err = UnknownReport;
    fn from_str(text: &str) -> Result<Self, UnknownReport> {
        ALL.into_iter().find(|definition| definition.name == text).map(ReportName).ok_or(UnknownReport)
    }
}

/// The names of the grouping columns: the period, the dimensions, then the report's own.
fn grouping_columns(parameters: &Parameters, own: &[&str]) -> Vec<String> {
    let dimensions = parameters.by.iter().map(|dimension| dimension.name());
    std::iter::once("period").chain(dimensions).chain(own.iter().copied()).map(str::to_owned).collect()
}

#[cfg(test)]
pub(crate) mod tests;
