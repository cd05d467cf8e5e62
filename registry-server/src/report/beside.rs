//! A report for somebody who has a part of the treatments exactly: the part, and beside it what may be shown of the others.
//!
//! Promises: the part is the report over those treatments alone; others' rows are protected as if the sum of the others were known,
//! because whoever knows the part knows it from the whole; a sum that includes the part is rounded, and hidden where the others in it
//! could not be shown; of some of the treatments the part is shown alone. What is on the list of tables for others is the same as for
//! research. Must not know: who asks.

/// Points beside a common target.
mod points;
/// Before the spread of others.
mod spread;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use schemas::codelist::CodeLists;
use schemas::id::SenderCode;

use super::figure::Figure;
use super::parameters::Audience;
use super::{
    ParameterError, Parameters, Report, ReportData, ReportName, Text, benchmark, build, check, coverage, deciles,
    funnel, labels, notes,
};
use crate::aggregate::ALL;
use crate::aggregate::whose::Whose;
use crate::disclose::rounded::{self, Row};
use crate::fact::Facts;

/// The column that tells whose figures a row holds.
const WHOSE: &str = "whose";
/// Fewer treatments of others than this leave a sum hidden.
const FEW: u64 = 5;

/// Whose a row is, and the row.
pub type Beside = (&'static str, Vec<Figure>);

const OTHERS: Text = Text::fixed(
    "Egna siffror är exakta. Andras rader är dolda (*) där de visar för få, och rikets tal, som de egna ingår i, är avrundade till närmaste femtal.",
    "Own figures are exact. Others' rows are hidden (*) where they tell of too few, and those of the country, which include the own, are rounded to the nearest 5.",
);
const OWN_ALONE: Text = Text::fixed(
    "Bara egna siffror: andras visas bredvid för alla avslutade behandlingar, före och efter, odelat eller per region eller program, för hela tiden eller per år.",
    "Own figures only: others' stand beside them for all ended treatments, before and after, undivided or by region or programme, for all time or by year.",
);

/// The report over somebody's part alone.
///
/// # Errors
/// As for [`build`].
pub fn own(
    name: ReportName,
    data: &ReportData,
    parameters: &Parameters,
    whose: &Whose,
) -> Result<Report, ParameterError> {
    check(name, data.lists, parameters)?;
    let part = part(data, parameters, whose);
    let mut report = build(name, &part, parameters)?;
    drop_elsewhere(&mut report, &part.facts);
    Ok(report)
}

/// A report for the reader of one sender.
///
/// # Errors
/// As for [`build`].
pub fn for_sender(
    name: ReportName,
    data: &ReportData,
    parameters: &Parameters,
    sender: &SenderCode,
) -> Result<Report, ParameterError> {
    if !parameters.only.is_everything() {
        return alone(name, data, parameters, sender);
    }
    if [funnel::DEFINITION.name, benchmark::DEFINITION.name].contains(&name.0.name) {
        return points::for_sender(name, data, parameters, sender);
    }
    if name.0.name == deciles::DEFINITION.name {
        return spread::for_sender(name, data, parameters, sender);
    }
    let own = own(name, data, parameters, &Whose::Sender(sender.clone()))?;
    let protected = Parameters { audience: Audience::Research, ..parameters.clone() };
    let mut beside = Vec::new();
    let others = || part(data, parameters, &Whose::AllBut(sender.clone()));
    if check(name, data.lists, &protected).is_ok() {
        let others = build(name, &others(), &protected)?;
        beside.extend(sums(&build(name, data, parameters)?, &others));
        beside.extend(rows_of_others(&others));
    } else if name.0.name == coverage::DEFINITION.name && parameters.by.len() <= 1 {
        let others = build(name, &others(), parameters)?;
        beside.extend(sums(&build(name, data, parameters)?, &counted(others)));
    }
    let note = if beside.is_empty() { OWN_ALONE } else { OTHERS };
    Ok(joined((own, data.lists), beside, note))
}

/// What a sender's reader gets of some of the treatments: its own and nothing beside them, because what two selections of others differ by
/// is few.
fn alone(
    name: ReportName,
    data: &ReportData,
    parameters: &Parameters,
    sender: &SenderCode,
) -> Result<Report, ParameterError> {
    let mut own = own(name, data, parameters, &Whose::Sender(sender.clone()))?;
    if let Some(place) = own.columns[..own.keys].iter().position(|column| column == "level") {
        // The country of the part is no country.
        own.rows.retain(|row| row[place] != Figure::text("country"));
    }
    if [funnel::DEFINITION.name, benchmark::DEFINITION.name].contains(&name.0.name) {
        own.notes.push(OWN_ALONE);
        return Ok(own);
    }
    Ok(joined((own, data.lists), Vec::new(), OWN_ALONE))
}

/// A report with rows of others: whose they are, and their figures in the report's own columns.
#[must_use]
pub fn joined((mut report, lists): (Report, &CodeLists), beside: Vec<Beside>, note: Text) -> Report {
    let own = std::mem::take(&mut report.rows).into_iter().map(|row| ("own", row));
    let mark = |(whose, row): (&str, Vec<Figure>)| std::iter::once(Figure::text(whose)).chain(row).collect();
    report.rows = own.chain(beside).map(mark).collect();
    report.columns.insert(0, WHOSE.to_owned());
    report.keys += 1;
    report.labels = labels(lists, &report.columns, &report.rows);
    report.notes.push(note);
    report
}

/// The facts of somebody's part.
fn part<'a>(data: &ReportData<'a>, parameters: &Parameters, whose: &Whose) -> ReportData<'a> {
    let facts = whose.part_of(&data.facts, data.lists, &parameters.plan(notes::day(data)));
    ReportData { facts: Arc::new(facts), lists: data.lists, thresholds: data.thresholds.clone(), as_of: data.as_of }
}

/// Leaves away the rows of regions that the part has nothing in; a report may print every region.
fn drop_elsewhere(report: &mut Report, facts: &Facts) {
    let Some(place) = report.columns[..report.keys].iter().position(|column| column == "region") else { return };
    let senders = facts.treatments.iter().map(|fact| &*fact.sender);
    let counties = facts.units.iter().filter(|unit| facts.treatments.iter().any(|one| one.unit_start == unit.unit));
    let known: HashSet<&str> = senders.chain(counties.map(|unit| &*unit.county)).collect();
    report.rows.retain(|row| match &row[place] {
        Figure::Text(region) => &**region == ALL || known.contains(&**region),
        _ => true,
    });
}

/// The rows that sum over regions, rounded.
fn sums(all: &Report, others: &Report) -> Vec<Beside> {
    let keys = all.keys;
    let known: HashMap<String, &Vec<Figure>> = others.rows.iter().map(|row| (named(row, keys), row)).collect();
    let place = all.columns[..keys].iter().position(|column| column == "region");
    let is_sum = |row: &&Vec<Figure>| place.is_none_or(|place| row[place].is_sum());
    let rounded = |row: &Vec<Figure>| {
        let others = *known.get(&named(row, keys))?;
        Some(("country", rounded::sum(Row { columns: &all.columns, keys, figures: row }, others)))
    };
    all.rows.iter().filter(is_sum).filter_map(rounded).collect()
}

/// The rows of each region of others.
fn rows_of_others(others: &Report) -> Vec<Beside> {
    let Some(place) = others.columns[..others.keys].iter().position(|column| column == "region") else {
        return Vec::new();
    };
    others.rows.iter().filter(|row| !row[place].is_sum()).map(|row| ("others", row.clone())).collect()
}

fn named(row: &[Figure], keys: usize) -> String {
    format!("{:?}", &row[..keys])
}

/// A table of counts alone, with what tells of too few others hidden.
fn counted(mut others: Report) -> Report {
    for figure in others.rows.iter_mut().flat_map(|row| row.iter_mut().skip(others.keys)) {
        if matches!(figure, Figure::Count(1..FEW)) {
            *figure = Figure::Hidden;
        }
    }
    others
}

#[cfg(test)]
mod tests;
