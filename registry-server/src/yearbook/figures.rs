//! The figures of some rows of a report as a chart takes them.

use schemas::language::Language;

use super::chapters::{Columns, Part};
use crate::aggregate::ALL;
use crate::chart::stack::{Parts, Whole};
use crate::chart::trend::Series;
use crate::chart::{Mark, Row, Shown};
use crate::figure::Figure;
use crate::report::Report;
use crate::report::heading::{Heading, Unit, heading_in};

/// How many have both scores, and how many the first.
const PAIRED: &str = "n_paired";
const FIRSTS: &str = "n_pre";

/// Rows of a report.
pub(super) struct Figures<'a> {
    pub(super) report: &'a Report,
    pub(super) rows: Vec<&'a Vec<Figure>>,
    /// The grouping columns that name a row.
    pub(super) of: &'a [&'static str],
    pub(super) language: Language,
}

impl Figures<'_> {
    /// A figure a row.
    pub(super) fn rows(&self, columns: Columns) -> Vec<Row> {
        let row = |row: &&Vec<Figure>| Row {
            label: self.label(row),
            count: self.count(row, columns.count),
            mark: self.mark(row, columns),
        };
        self.rows.iter().map(row).collect()
    }

    /// Parts of a whole a row; nothing where no row has any.
    pub(super) fn wholes(&self, whole: &'static str, parts: &[Part]) -> Option<Vec<Whole>> {
        let row = |row: &&Vec<Figure>| Whole {
            label: self.label(row),
            count: self.count(row, Some(whole)),
            parts: self.parts(row, whole, parts),
        };
        let rows: Vec<Whole> = self.rows.iter().map(row).collect();
        rows.iter().any(|row| row.parts != Parts::Undefined).then_some(rows)
    }

    /// The periods, and a line a column over them; nothing where there is no figure.
    pub(super) fn series(&self, columns: &[&'static str]) -> Option<(Vec<String>, Vec<Series>)> {
        let periods =
            self.rows.iter().map(|row| code_of(self.report, row, "period").unwrap_or_default().to_owned()).collect();
        let one = |value: &&'static str| {
            let columns = Columns { value, interval: None, count: None };
            let name =
                self.heading(value).map_or_else(String::new, |heading| heading.text.pick(self.language).to_owned());
            Series { name, marks: self.rows.iter().map(|row| self.mark(row, columns)).collect() }
        };
        let series: Vec<Series> = columns.iter().map(one).collect();
        let any = series.iter().flat_map(|series| &series.marks).any(|mark| *mark != Mark::Undefined);
        any.then_some((periods, series))
    }

    /// What a column measures, with its unit.
    pub(super) fn axis(&self, column: &str) -> String {
        let Some(heading) = self.heading(column) else { return column.to_owned() };
        let text = heading.text.pick(self.language).to_owned();
        heading.unit.text().map_or_else(|| text.clone(), |unit| format!("{text}, {}", unit.pick(self.language)))
    }

    /// Whether a row is the total of everything that rows are named by.
    pub(super) fn is_total(&self, row: &[Figure]) -> bool {
        !self.of.is_empty() && self.of.iter().all(|name| code_of(self.report, row, name) == Some(ALL))
    }

    /// A figure as people read it.
    pub(super) fn plain(&self, row: &[Figure], column: &str) -> String {
        self.place(column).map_or_else(String::new, |place| self.report.text(row, place, self.language))
    }

    /// A figure as a place on an axis: shares per cent.
    pub(super) fn value(&self, row: &[Figure], column: &str) -> Option<f64> {
        let value = match row[self.place(column)?] {
            Figure::Number(number) => number,
            Figure::Count(count) => count as f64,
            _ => return None,
        };
        let share = self.heading(column).is_some_and(|heading| heading.unit == Unit::Share);
        Some(if share { value * 100.0 } else { value })
    }

    /// The names of a row.
    pub(super) fn label(&self, row: &[Figure]) -> String {
        if self.is_total(row) {
            return self.plain(row, self.of[0]);
        }
        if self.of.is_empty() {
            return self.language.pick("Σ alla", "Σ all").to_owned();
        }
        let names: Vec<String> = self.of.iter().map(|name| self.plain(row, name)).collect();
        names.join(" ")
    }

    /// Whether a figure is hidden.
    pub(super) fn is_hidden(&self, row: &[Figure], column: &str) -> bool {
        self.place(column).is_some_and(|place| row[place] == Figure::Hidden)
    }

    fn heading(&self, column: &str) -> Option<Heading> {
        heading_in(self.report.report, column)
    }

    fn place(&self, column: &str) -> Option<usize> {
        self.report.columns.iter().position(|name| name == column)
    }

    fn count(&self, row: &[Figure], column: Option<&str>) -> Option<String> {
        let text = column.map(|column| self.plain(row, column)).filter(|text| !text.is_empty())?;
        let all = if column == Some(PAIRED) { self.plain(row, FIRSTS) } else { String::new() };
        Some(if all.is_empty() { text } else { format!("{text} {} {all}", self.language.pick("av", "of")) })
    }

    /// How many stand behind a figure; nothing where that is hidden.
    pub(super) fn counted(&self, row: &[Figure], column: &str) -> Option<u64> {
        if let Figure::Count(count) = row[self.place(column)?] { Some(count) } else { None }
    }

    /// Whether it is told how many have a first score, of whom those with both are a part.
    pub(super) fn tells_missing(&self) -> bool {
        self.place(FIRSTS).is_some()
    }

    /// A figure as a chart draws it.
    pub(super) fn mark(&self, row: &[Figure], Columns { value, interval, .. }: Columns) -> Mark {
        if self.is_hidden(row, value) {
            return Mark::Hidden;
        }
        let Some(number) = self.value(row, value) else { return Mark::Undefined };
        let limits = interval.and_then(|[low, high]| Some((self.value(row, low)?, self.value(row, high)?)));
        let mut text = self.plain(row, value);
        if let (Some(_), Some([low, high])) = (limits, interval) {
            let (low, high) = (self.plain(row, low), self.plain(row, high));
            // A dash before a minus sign reads as two of either.
            let to = if high.starts_with('−') { self.language.pick(" till ", " to ") } else { "–" };
            text = format!("{text} ({low}{to}{high})");
        }
        Mark::Shown(Shown { value: number, interval: limits, text })
    }

    /// Nothing is worked out from a hidden figure; and from none that is not defined.
    fn parts(&self, row: &[Figure], whole: &str, parts: &[Part]) -> Parts {
        let mut columns = parts.iter().flat_map(|part| part.of.iter().chain(part.without)).chain([&whole]);
        if columns.any(|column| self.is_hidden(row, column)) {
            return Parts::Hidden;
        }
        let sum = |columns: &[&str]| columns.iter().map(|column| self.value(row, column)).sum::<Option<f64>>();
        let shares = || {
            let all = self.value(row, whole).filter(|all| *all > 0.0)?;
            let share =
                |part: &Part| Some((sum(part.of)? - sum(part.without)?) / all * 100.0).filter(|share| *share >= 0.0);
            parts.iter().map(share).collect::<Option<Vec<f64>>>()
        };
        shares().map_or(Parts::Undefined, Parts::Shown)
    }
}

/// The code in a grouping column.
pub(super) fn code_of<'a>(report: &Report, row: &'a [Figure], column: &str) -> Option<&'a str> {
    let place = report.columns[..report.keys].iter().position(|name| name == column)?;
    if let Figure::Text(code) = &row[place] { Some(code) } else { None }
}
