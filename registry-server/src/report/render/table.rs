//! A report as a table on a terminal: a choice of columns, aligned, units in the heading, sums marked with Σ, the notes below.
//!
//! Promises: a grouping column that holds nothing but sums is left out, and one that holds the same in every row is told once above; the two limits of an interval share a column; headings and names
//! are broken at spaces, so that no table is wider than its figures need.

use comfy_table::{CellAlignment, Table, presets};
use schemas::language::Language;

use super::lines::{heading_lines, length, lines};
use super::number::shown;
use crate::report::Report;
use crate::report::figure::Figure;
use crate::report::heading::{Heading, Unit, heading, heading_in};

/// Names are broken at this width.
const NAMES: usize = 18;
/// No column is narrower because of a heading.
const NARROW: usize = 6;
/// What the second line of a note begins with.
const INDENT: &str = "  ";

/// What stands in one column of the terminal.
#[derive(Debug, Clone, Copy)]
enum Shown {
    /// A column of the report.
    One(usize),
    /// The lower and the upper limit of an interval.
    Interval(usize, usize),
}

/// The grouping columns and the most used figures, rounded, and what must stand beside them, a line each.
#[must_use]
pub fn table(report: &Report, language: Language) -> String {
    table_on(report, language, None)
}

/// The same on a terminal that is so many characters wide: notes are broken there.
#[must_use]
pub fn table_on(report: &Report, language: Language, width: Option<usize>) -> String {
    let columns = columns(report);
    let rows = report.rows.iter();
    let rows: Vec<Vec<String>> =
        rows.map(|row| columns.iter().map(|column| column.cell(report, row, language)).collect()).collect();
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY);
    table.set_header(columns.iter().enumerate().map(|(place, column)| {
        let widest = rows.iter().flat_map(|row| row[place].lines()).map(length).max();
        let width = widest.unwrap_or_default().max(NARROW);
        column.head(report, language).lines().flat_map(|line| heading_lines(line, width)).collect::<Vec<_>>().join("\n")
    }));
    table.add_rows(rows);
    for (place, column) in columns.iter().enumerate() {
        let is_key = matches!(column, Shown::One(column) if *column < report.keys);
        if let Some(column) = table.column_mut(place) {
            column.set_padding((1, u16::from(place + 1 == columns.len())));
            if !is_key {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
    }
    let mut text = said_once(report, language);
    text.push_str(&table.to_string());
    for note in &report.notes {
        text.push('\n');
        let note = note.pick(language);
        match width {
            Some(width) => text.push_str(&lines(note, width.saturating_sub(INDENT.len())).join(&format!("\n{INDENT}"))),
            None => text.push_str(note),
        }
    }
    text.push('\n');
    text
}

/// The grouping columns that hold the same in every row, a line where there is any.
fn said_once(report: &Report, language: Language) -> String {
    let Some(row) = report.rows.first() else { return String::new() };
    let same = report.telling_keys().into_iter().filter(|place| report.is_same(*place));
    let told = same.map(|place| (report.head(place, language), report.text(row, place, language)));
    let told = told.filter(|(_, text)| !text.is_empty()).map(|(head, text)| format!("{head}: {text}"));
    let told = told.collect::<Vec<_>>().join("; ");
    if told.is_empty() { told } else { told + "\n" }
}

fn columns(report: &Report) -> Vec<Shown> {
    let keys = report.telling_keys().into_iter().filter(|place| !report.is_same(*place)).map(Shown::One);
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
            Self::One(place) => report.head(place, language),
            Self::Interval(lower, _) => {
                let unit = heading(&report.columns[lower]).and_then(|heading| heading.unit.text());
                let unit = unit.map_or_else(String::new, |unit| format!("\n{}", unit.pick(language)));
                format!("{}{unit}", language.pick("Intervall, 95\u{a0}%", "Interval, 95\u{a0}%"))
            }
        }
    }

    fn cell(self, report: &Report, row: &[Figure], language: Language) -> String {
        match self {
            Self::One(place) if place < report.keys => lines(&report.text(row, place, language), NAMES).join("\n"),
            Self::One(place) => report.text(row, place, language),
            Self::Interval(lower, upper) => {
                let (low, high) = (report.text(row, lower, language), report.text(row, upper, language));
                if low == high && !matches!(row[lower], Figure::Number(_)) { low } else { format!("{low}–{high}") }
            }
        }
    }
}

/// A heading: what it is, and below it what it is measured in.
#[must_use]
pub fn head(column: &str, language: Language) -> String {
    heading(column).map_or_else(|| column.to_owned(), |heading| with_unit(&heading, language))
}

fn with_unit(heading: &Heading, language: Language) -> String {
    let text = heading.text.pick(language);
    heading.unit.text().map_or_else(|| text.to_owned(), |unit| format!("{text}\n{}", unit.pick(language)))
}

impl Report {
    /// The grouping columns that hold anything but sums; all of them where there is no row.
    pub(crate) fn telling_keys(&self) -> Vec<usize> {
        let only_sums = |place: usize| !self.rows.is_empty() && self.rows.iter().all(|row| row[place].is_sum());
        (0..self.keys).filter(|place| !only_sums(*place)).collect()
    }

    /// Whether a grouping column holds one label in every one of several rows.
    fn is_same(&self, place: usize) -> bool {
        self.rows.len() > 1 && self.rows.iter().all(|row| row[place] == self.rows[0][place])
    }

    /// The heading of a column of this report.
    #[must_use]
    pub fn head(&self, place: usize, language: Language) -> String {
        let column = &self.columns[place];
        heading_in(self.report, column).map_or_else(|| column.clone(), |heading| with_unit(&heading, language))
    }

    /// What stands in one place of a row, as a person reads it.
    #[must_use]
    pub fn text(&self, row: &[Figure], place: usize, language: Language) -> String {
        let (figure, column) = (&row[place], &self.columns[place]);
        let unit = heading(column).map_or(Unit::None, |heading| heading.unit);
        if let Figure::Text(code) = figure
            && let Some(label) = self.labels.get(&(place, code.to_string()))
        {
            return label.pick(language).to_owned();
        }
        if let (Figure::Text(code), "period") = (figure, column.as_str())
            && let Some(years) = whole_years(code)
        {
            return years;
        }
        shown(figure, unit, language)
    }
}

/// A window of whole calendar years, `2022-01-01..2024-12-31`, as a person reads it.
fn whole_years(label: &str) -> Option<String> {
    let (first, last) = label.split_once("..")?;
    Some(format!("{}–{}", first.strip_suffix("-01-01")?, last.strip_suffix("-12-31")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::invented::{ended, facts, report};

    #[test]
    fn notes_are_broken_at_the_width_of_a_terminal_and_lose_no_word() {
        let made = report(facts(vec![ended(1, "12", "2024-03-01")]), "groups", &[]);
        let notes = |text: String| text.split_once('┘').unwrap().1.to_owned();
        let whole = notes(table(&made, Language::Sv));
        for width in [50, 80, 140] {
            let broken = notes(table_on(&made, Language::Sv, Some(width)));
            assert!(broken.lines().all(|line| length(line) <= width), "{width}\n{broken}");
            assert_eq!(broken.replace("\n  ", " "), whole, "{width}");
        }
        assert!(whole.lines().any(|line| length(line) > 80));
    }

    #[test]
    fn what_every_row_has_in_common_is_told_once_above_and_the_rest_in_columns() {
        let made = report(facts(vec![ended(1, "12", "2024-03-01")]), "rates", &[("by", "region")]);
        let table = table(&made, Language::Sv);
        let (above, below) = table.split_once('\n').unwrap();
        assert_eq!(above, "Period: 2022–2024; Åldrar: alla");
        let head = below.lines().nth(1).unwrap();
        assert!(head.contains("Region") && !head.contains("Period"), "{head}");
    }

    #[test]
    fn a_heading_may_mean_something_of_its_own_in_a_report() {
        let head = |name, column: &str| {
            let made = report(facts(Vec::new()), name, &[]);
            made.head(made.columns.iter().position(|known| known == column).unwrap(), Language::Sv)
        };
        assert_eq!(
            (head("usage", "n_started"), head("groups", "n_started")),
            ("Påbörjade".into(), "Behandlingar".into())
        );
    }
}
