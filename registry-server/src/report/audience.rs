//! For whom a report is made: others than the register's own staff get a fixed list of tables under provisional protection.
//!
//! Promises: what is not on the list is refused before anything is counted; what is hidden is told by number.

use super::{Figure, ParameterError, Report, ReportData, Text, notes};
use crate::aggregate::Grouping;
use crate::aggregate::dimension::Dimension;
use crate::aggregate::period::{Part, PeriodKind};
use crate::aggregate::plan::{Attribution, Follow};
use crate::disclose::{self, Counted, persons};
use crate::report::Parameters;
use crate::report::parameters::Audience;

/// The reports that may leave.
const REPORTS: [&str; 2] = ["outcomes", "groups"];

/// Refuses what is not on the fixed list.
pub(super) fn check(report: &str, parameters: &Parameters) -> Result<(), ParameterError> {
    let one_dimension = match parameters.by.as_slice() {
        [] => true,
        [one] => [Dimension::Region, Dimension::Programme].contains(one),
        _ => false,
    };
    let on_the_list = REPORTS.contains(&report)
        && one_dimension
        && [PeriodKind::All, PeriodKind::Calendar(Part::Year)].contains(&parameters.period)
        && (parameters.from, parameters.to) == (None, None)
        && (parameters.attribution, parameters.structure) == (Attribution::Start, Follow::AsWas);
    if parameters.audience == Audience::Internal || on_the_list { Ok(()) } else { Err(ParameterError::NotOnTheList) }
}

/// The report as its audience may see it.
pub(super) fn protect(mut report: Report, data: &ReportData, parameters: &Parameters) -> Report {
    if parameters.audience == Audience::Internal {
        return report;
    }
    let persons = persons_behind(&report, data, parameters);
    let counted = Counted { columns: report.columns.clone(), keys: report.keys, rows: report.rows, persons };
    let (rows, hidden) = disclose::primary(&counted);
    report.rows = rows;
    report.notes.push(Text::made(
        format!(
            "Preliminärt skydd: {hidden} siffror är dolda (*), de som visar för få personer. Summor kan inte räknas ut ur delarna."
        ),
        format!(
            "Provisional protection: {hidden} figures are hidden (*), those that tell of too few persons. Sums do not follow from their parts."
        ),
    ));
    report
}

/// Distinct persons behind each row; the report tells them itself, or they are counted.
fn persons_behind(report: &Report, data: &ReportData, parameters: &Parameters) -> Vec<u64> {
    let told = report.columns.iter().position(|column| column == "n_persons");
    if let Some(place) = told {
        return report.rows.iter().map(|row| if let Figure::Count(n) = row[place] { n } else { 0 }).collect();
    }
    let plan = parameters.plan(notes::day(data));
    let counts = persons::with_pairs(&data.facts, &Grouping::new(&data.facts, data.lists, &plan));
    let name = |row: &[Figure]| -> Vec<String> {
        let text = |figure: &Figure| if let Figure::Text(text) = figure { text.to_string() } else { String::new() };
        row[..report.keys].iter().map(text).collect()
    };
    report.rows.iter().map(|row| counts.get(&name(row)).copied().unwrap_or_default()).collect()
}
