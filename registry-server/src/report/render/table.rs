//! A report as a table on a terminal: a choice of columns, aligned, units in the heading, sums marked with Σ, the notes below.
//!
//! Promises: a grouping column that holds nothing but sums is left out; the two limits of an interval share a column.

use comfy_table::{CellAlignment, Table, presets};
use schemas::language::Language;

use super::number::shown;
use crate::report::Report;
use crate::report::figure::Figure;
use crate::report::heading::{Unit, heading};

/// What stands in one column of the terminal.
#[derive(Debug, Clone, Copy)]
enum Shown {
    /// A column of the report.
    One(usize),
    /// The lower and the upper limit of an interval.
    Interval(usize, usize),
}

/// The grouping columns and the most used figures, rounded, and what must stand beside them.
#[must_use]
pub fn table(report: &Report, language: Language) -> String {
    let columns = columns(report);
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY);
    table.set_header(columns.iter().map(|column| column.head(report, language)));
    for row in &report.rows {
        table.add_row(columns.iter().map(|column| column.cell(report, row, language)));
    }
    for (place, column) in columns.iter().enumerate() {
        let is_key = matches!(column, Shown::One(column) if *column < report.keys);
        if let Some(column) = table.column_mut(place).filter(|_| !is_key) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut text = table.to_string();
    for note in &report.notes {
        text.push('\n');
        text.push_str(note.pick(language));
    }
    text.push('\n');
    text
}

fn columns(report: &Report) -> Vec<Shown> {
    let keys = report.telling_keys().into_iter().map(Shown::One);
    let place = |name: &str| report.columns.iter().position(|column| column == name);
    let figures = report.on_screen.iter().filter_map(|name| {
        if let Some(stem) = name.strip_suffix("_hi")
            && report.on_screen.contains(&format!("{stem}_lo").as_str())
        {
            return None;
        }
        let upper = name.strip_suffix("_lo").and_then(|stem| place(&format!("{stem}_hi")));
        let lower = place(name)?;
        Some(upper.map_or(Shown::One(lower), |upper| Shown::Interval(lower, upper)))
    });
    keys.chain(figures).collect()
}

impl Shown {
    fn head(self, report: &Report, language: Language) -> String {
        match self {
            Self::One(place) => head(&report.columns[place], language),
            Self::Interval(lower, _) => {
                let unit = heading(&report.columns[lower]).and_then(|heading| heading.unit.text());
                let unit = unit.map_or_else(String::new, |unit| format!("\n{}", unit.pick(language)));
                format!("{}{unit}", language.pick("95 %-intervall", "95 % interval"))
            }
        }
    }

    fn cell(self, report: &Report, row: &[Figure], language: Language) -> String {
        match self {
            Self::One(place) => report.text(row, place, language),
            Self::Interval(lower, upper) => {
                let (low, high) = (report.text(row, lower, language), report.text(row, upper, language));
                if low == high && !matches!(row[lower], Figure::Number(_)) { low } else { format!("{low}–{high}") }
            }
        }
    }
}

/// A heading: what it is, and below it what it is measured in.
pub(super) fn head(column: &str, language: Language) -> String {
    let Some(heading) = heading(column) else { return column.to_owned() };
    let text = heading.text.pick(language);
    heading.unit.text().map_or_else(|| text.to_owned(), |unit| format!("{text}\n{}", unit.pick(language)))
}

impl Report {
    /// The grouping columns that hold anything but sums; all of them where there is no row.
    pub(super) fn telling_keys(&self) -> Vec<usize> {
        let only_sums = |place: usize| !self.rows.is_empty() && self.rows.iter().all(|row| row[place].is_sum());
        (0..self.keys).filter(|place| !only_sums(*place)).collect()
    }

    /// What stands in one place of a row, as a person reads it.
    pub(super) fn text(&self, row: &[Figure], place: usize, language: Language) -> String {
        let (figure, column) = (&row[place], &self.columns[place]);
        let unit = heading(column).map_or(Unit::None, |heading| heading.unit);
        if let Figure::Text(code) = figure
            && let Some(label) = self.labels.get(&(place, code.to_string()))
        {
            return label.pick(language).to_owned();
        }
        shown(figure, unit, language)
    }
}
