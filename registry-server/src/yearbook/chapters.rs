//! What a yearbook holds: its tables, how each is split, and its charts.
//!
//! Promises: every report has a chapter (a test says so); what leaves the register's staff is on the fixed list of tables.

/// The chapters.
mod all;
/// Those of pages.
mod desk;

use schemas::language::Text;

use crate::report::parameters::Audience;
use crate::report::{ParameterError, Parameters};
use all::ALL;
pub(super) use desk::drawings;

/// One table with its charts.
#[derive(Debug)]
pub struct Chapter {
    /// The report.
    pub report: &'static str,
    /// The dimensions, as `--by` takes them.
    pub by: &'static str,
    /// As `--period` takes it.
    pub period: &'static str,
    /// The heading.
    pub title: Text,
    /// The charts.
    pub charts: &'static [Drawing],
    reach: Reach,
    span: Span,
}

/// A kind of chart of a table; one for every instrument or other grouping column that is not a row's own.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// Part of its file's name.
    pub name: &'static str,
    /// What it shows.
    pub what: Text,
    /// The grouping columns that name a row.
    pub of: &'static [&'static str],
    /// Only rows with these codes.
    pub only: &'static [(&'static str, &'static str)],
    /// How it is drawn, from which columns.
    pub kind: Kind,
}

/// How a chart is drawn.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A bar a row.
    Bars(Columns),
    /// A point a row.
    Forest(Columns),
    /// Parts of a whole that is counted in a column.
    Stack(&'static str, &'static [Part]),
    /// A line a column, over all periods.
    Trend(&'static [&'static str]),
    /// Points beside limits, from the columns of the report `funnel`.
    Funnel,
    /// A line by timepoint.
    Course(Columns),
    /// Stages, from the columns of the report `flow`.
    Flow,
    /// A line before the spread of others, from the columns of the report `deciles`.
    Deciles,
    /// A share by the first grouping column and the second.
    Matrix(&'static str),
    /// A count by the first grouping column and the second.
    Counts(&'static str),
}

/// The columns of a figure.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    /// The figure itself.
    pub value: &'static str,
    /// Its limits.
    pub interval: Option<[&'static str; 2]>,
    /// How many stand behind it.
    pub count: Option<&'static str>,
}

/// One part of a whole: counts added, and counts taken off.
#[derive(Debug)]
pub struct Part {
    /// What it is called.
    pub what: Text,
    /// Columns of counts in it.
    pub of: &'static [&'static str],
    /// Columns of counts in those that are not in it.
    pub without: &'static [&'static str],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// For the register's own staff and for review before publication.
    Staff,
    /// On the fixed list of tables that may leave.
    Everybody,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Span {
    /// Every year that the data hold.
    Every,
    /// The year that is published alone: a table of units, fields or measures is long enough with it.
    Published,
}

/// The chapters that an audience is given, in their order.
pub fn of(audience: Audience) -> impl Iterator<Item = &'static Chapter> {
    ALL.iter().filter(move |chapter| audience == Audience::Internal || chapter.reach == Reach::Everybody)
}

impl Chapter {
    /// What its report is asked for, in the yearbook of some year.
    ///
    /// # Errors
    /// Never for a chapter that keeps its promises: they are words that a report takes.
    pub fn parameters(&self, audience: Audience, year: Option<i16>) -> Result<Parameters, ParameterError> {
        let audience = audience.to_string();
        let days = year
            .filter(|_| self.span == Span::Published)
            .map(|year| [format!("{year:04}-01-01"), format!("{year:04}-12-31")]);
        let days = days.iter().flat_map(|[first, last]| [("from", first.as_str()), ("to", last.as_str())]);
        let own = [("by", self.by), ("period", self.period), ("audience", audience.as_str())];
        Parameters::from_pairs(own.into_iter().chain(days))
    }

    /// The name of its files.
    #[must_use]
    pub fn name(&self) -> String {
        if self.by.is_empty() {
            self.report.to_owned()
        } else {
            format!("{}-{}", self.report, self.by.replace([',', '_'], "-"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report;

    #[test]
    fn every_report_has_a_chapter_and_only_those_on_the_fixed_list_leave() {
        for definition in report::ALL {
            assert!(ALL.iter().any(|chapter| chapter.report == definition.name), "{}", definition.name);
        }
        let lists = schemas::codelist::CodeLists::builtin();
        let allowed = |chapter: &&Chapter| {
            let parameters = chapter.parameters(Audience::Public, Some(2025)).unwrap();
            report::check(chapter.report.parse().unwrap(), &lists, &parameters).is_ok()
        };
        let names = |chapters: Vec<&Chapter>| chapters.into_iter().map(Chapter::name).collect::<Vec<_>>();
        let public = names(of(Audience::Public).collect());
        assert_eq!(public, ["groups-region", "groups-programme", "outcomes-region", "outcomes-programme"]);
        assert_eq!(names(ALL.iter().filter(allowed).collect()), public);
        let mut all = names(of(Audience::Internal).collect());
        all.sort();
        all.dedup();
        assert_eq!(all.len(), ALL.len(), "no two chapters share files");
    }
}
