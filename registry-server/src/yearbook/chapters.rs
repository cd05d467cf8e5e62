//! What a yearbook holds: its tables, how each is split, and its charts.
//!
//! Promises: every report has a chapter (a test says so); what leaves the register's staff is on the fixed list of tables.

/// The chapters.
mod all;

use schemas::language::Text;

use crate::report::parameters::Audience;
use all::ALL;

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
}

/// A kind of chart of a table; one for every instrument or other grouping column that is not a row's own.
#[derive(Debug)]
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

/// The chapters that an audience is given, in their order.
pub fn of(audience: Audience) -> impl Iterator<Item = &'static Chapter> {
    ALL.iter().filter(move |chapter| audience == Audience::Internal || chapter.reach == Reach::Everybody)
}

impl Chapter {
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
            let pairs = [("by", chapter.by), ("period", chapter.period), ("audience", "public")];
            let parameters = report::Parameters::from_pairs(pairs).unwrap();
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
