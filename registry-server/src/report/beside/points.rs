//! Points beside a common target, and units beside the country, for the reader of one sender.
//!
//! Promises: a point is there only when nobody but the sender has treatments in it; target, limits and the country's figures are hidden
//! where those of the others alone could not be shown, and then nothing follows from them that was not to be known.

use std::collections::HashMap;

use schemas::id::SenderCode;

use super::{OTHERS, OWN_ALONE, part};
use crate::aggregate::structure::Structure;
use crate::aggregate::whose::Whose;
use crate::disclose::rounded::{self, Row};
use crate::report::figure::Figure;
use crate::report::parameters::Audience;
use crate::report::{
    ALL, ParameterError, Parameters, Report, ReportData, ReportName, build, check, funnel, groups, notes, outcomes,
};

/// Where the target stands in a row of the report `funnel`; limits and flag follow it.
const TARGET: &str = "target";

/// The report `funnel` or `benchmark`.
pub(super) fn for_sender(
    name: ReportName,
    data: &ReportData,
    parameters: &Parameters,
    sender: &SenderCode,
) -> Result<Report, ParameterError> {
    let others = Others::new(data, parameters, sender)?;
    let is_own = own_places(data, parameters, sender);
    let mut report = build(name, data, parameters)?;
    report.notes.truncate(1);
    report.notes.push(if others.is_some() { OTHERS } else { OWN_ALONE });
    let rows = std::mem::take(&mut report.rows);
    let columns = Columns(&report.columns, report.keys);
    let own =
        |row: &[Figure], column: &str| columns.text(row, column).is_some_and(|code| is_own.get(code) == Some(&true));
    report.rows = if name.0.name == funnel::DEFINITION.name {
        let own = rows.into_iter().filter(|row| own(row, "point"));
        own.map(|row| columns.point(row, others.as_ref())).collect()
    } else {
        let kept = |row: &Vec<Figure>| match columns.text(row, "level") {
            Some("region") => own(row, "unit") && own(row, "region"),
            _ => own(row, "unit"),
        };
        rows.into_iter().filter(kept).filter_map(|row| columns.beside(row, others.as_ref())).collect()
    };
    Ok(report)
}

/// Units and regions, and whether every treatment there is the sender's.
fn own_places(data: &ReportData, parameters: &Parameters, sender: &SenderCode) -> HashMap<String, bool> {
    let plan = parameters.plan(notes::day(data));
    let structure = Structure::new(&data.facts, data.lists, &plan);
    let mut places: HashMap<String, bool> = HashMap::new();
    for fact in &data.facts.treatments {
        let (place, is_own) = (structure.place(fact), &*fact.sender == sender.as_str());
        for code in [Some(place.unit), place.region].into_iter().flatten() {
            if let Some(known) = places.get_mut(code) {
                *known &= is_own;
            } else {
                places.insert(code.to_owned(), is_own);
            }
        }
    }
    places
}

/// What may be shown of all other senders together.
struct Others {
    outcomes: Report,
    groups: Report,
}

impl Others {
    /// Nothing where the selection is not on the list of tables for others.
    fn new(data: &ReportData, parameters: &Parameters, sender: &SenderCode) -> Result<Option<Self>, ParameterError> {
        let undivided = Parameters { by: Vec::new(), audience: Audience::Research, ..parameters.clone() };
        let named = |name: &str| ALL.iter().find(|known| known.name == name).map(|known| ReportName(known));
        let (outcomes, groups) = (named(outcomes::DEFINITION.name), named(groups::DEFINITION.name));
        let Some((outcomes, groups)) = outcomes.zip(groups) else { return Ok(None) };
        if check(outcomes, data.lists, &undivided).is_err() {
            return Ok(None);
        }
        let part = part(data, parameters, &Whose::AllBut(sender.clone()));
        Ok(Some(Self { outcomes: build(outcomes, &part, &undivided)?, groups: build(groups, &part, &undivided)? }))
    }

    /// A figure of theirs; nothing where there is none.
    fn figure(&self, (period, instrument): (&str, Option<&str>), column: &str) -> Option<&Figure> {
        let of_scores = instrument.is_some() && self.outcomes.columns.iter().any(|known| known == column);
        let report = if of_scores { &self.outcomes } else { &self.groups };
        let columns = Columns(&report.columns, report.keys);
        let is_asked = |row: &&Vec<Figure>| {
            let instrument = if of_scores { instrument } else { None };
            columns.text(row, "period") == Some(period) && columns.text(row, "instrument") == instrument
        };
        report.rows.iter().find(is_asked).and_then(|row| row.get(columns.place(column)?))
    }
}

/// The names of the columns, and how many are grouping columns.
struct Columns<'a>(&'a [String], usize);

impl Columns<'_> {
    fn place(&self, column: &str) -> Option<usize> {
        self.0.iter().position(|known| known == column)
    }

    fn text<'r>(&self, row: &'r [Figure], column: &str) -> Option<&'r str> {
        if let Figure::Text(text) = &row[self.place(column)?] { Some(text) } else { None }
    }

    fn of<'r>(&self, row: &'r [Figure]) -> (&'r str, Option<&'r str>) {
        (self.text(row, "period").unwrap_or_default(), self.text(row, "instrument"))
    }

    /// A point, its target hidden where the others' own figure is.
    fn point(&self, mut row: Vec<Figure>, others: Option<&Others>) -> Vec<Figure> {
        let measure = self.text(&row, "measure").unwrap_or_default();
        let figure = |column: &str| others.and_then(|others| others.figure(self.of(&row), column));
        let theirs = figure(&format!("{measure}_p")).or_else(|| figure(measure));
        let is_shown = matches!(theirs, Some(Figure::Number(_)));
        if !is_shown && let Some(target) = self.place(TARGET) {
            row[target..].fill(Figure::Hidden);
        }
        row
    }

    /// A row of a unit or a region as it is, one of the country rounded; nothing where nothing of the others may be known.
    fn beside(&self, row: Vec<Figure>, others: Option<&Others>) -> Option<Vec<Figure>> {
        if self.text(&row, "level") != Some("country") {
            return Some(row);
        }
        let others = others?;
        let theirs = |column: &String| others.figure(self.of(&row), column).cloned().unwrap_or(Figure::Hidden);
        let theirs: Vec<Figure> = self.0.iter().map(theirs).collect();
        Some(rounded::sum(Row { columns: self.0, keys: self.1, figures: &row }, &theirs))
    }
}
