//! Tables of a page, and the same as one file.
//!
//! Promises: the file holds exactly the cells of the tables, a cell a line with its table, row and column in the reader's language; a text
//! that a spreadsheet would work out stays a text.

use std::borrow::Cow;

use schemas::language::Language;

use super::answer::Answer;
use super::fault::Fault;
use crate::figure::Figure;
use crate::report::Report;
use crate::report::render::harmless;

/// A table of a page; without rows the page says so in a sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Table {
    /// What it says.
    pub(super) title: String,
    /// What its columns hold.
    pub(super) columns: Vec<String>,
    /// What a row is of, and its cells.
    pub(super) rows: Vec<(String, Vec<String>)>,
}

impl Table {
    /// A table under its title.
    pub(super) fn new(title: impl Into<String>, columns: &[&str], rows: Vec<(String, Vec<String>)>) -> Self {
        Self { title: title.into(), columns: columns.iter().map(|&head| head.to_owned()).collect(), rows }
    }

    /// A report's table, as its page shows it.
    pub(super) fn of_report(title: &str, report: &Report, language: Language) -> Self {
        let (names, values) = (report.telling_keys(), report.keys..report.columns.len());
        let heads: Vec<String> = values.clone().map(|place| report.head(place, language).replace('\n', " ")).collect();
        let texts = |row: &[Figure], places: &mut dyn Iterator<Item = usize>| -> Vec<String> {
            places.map(|place| report.text(row, place, language)).collect()
        };
        let row =
            |row: &Vec<Figure>| (texts(row, &mut names.iter().copied()).join(" "), texts(row, &mut values.clone()));
        Self { title: title.to_owned(), columns: heads, rows: report.rows.iter().map(row).collect() }
    }
}

/// The tables as a file.
///
/// # Errors
/// When a line cannot be written, which does not happen in practice.
pub(super) fn file(name: &'static str, tables: &[Table], language: Language) -> Result<Answer, Fault> {
    let wrong = |error: csv::Error| Fault::Unexpected(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(language.pick(["tabell", "rad", "kolumn", "värde"], ["table", "row", "column", "value"]))
        .map_err(wrong)?;
    for Table { title, columns, rows } in tables {
        for (row, cells) in rows {
            for (column, cell) in columns.iter().zip(cells) {
                writer.write_record([title, row, column, cell].map(|text| plain(text).into_owned())).map_err(wrong)?;
            }
        }
    }
    let bytes = writer.into_inner().map_err(|error| Fault::Unexpected(error.to_string()))?;
    Ok(Answer::Csv { name, text: String::from_utf8_lossy(&bytes).into_owned() })
}

/// A cell that no spreadsheet works out; a number stays one.
fn plain(cell: &str) -> Cow<'_, str> {
    if cell.parse::<f64>().is_ok() { Cow::Borrowed(cell) } else { harmless(cell) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_has_a_line_and_none_is_a_formula() {
        let cells = [["1 234", "=1+1"], ["+3 (1,5 %)", "-7.5"]];
        let table = Table {
            title: "T, \"a\"".to_owned(),
            columns: vec!["n".to_owned(), "@x".to_owned()],
            rows: ["ett", "två"]
                .map(str::to_owned)
                .into_iter()
                .zip(cells.map(|row| row.map(str::to_owned).to_vec()))
                .collect(),
        };
        let Answer::Csv { name, text } = file("t", &[table, Table::default()], Language::Sv).unwrap() else { panic!() };
        assert_eq!(name, "t");
        let first = "\"T, \"\"a\"\"\"";
        let expected = [
            "tabell,rad,kolumn,värde".to_owned(),
            format!("{first},ett,n,1 234"),
            format!("{first},ett,'@x,'=1+1"),
            format!("{first},två,n,\"'+3 (1,5 %)\""),
            format!("{first},två,'@x,-7.5"),
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), expected);
    }
}
