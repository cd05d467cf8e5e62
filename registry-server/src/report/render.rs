//! A report as CSV and JSON; as a table on a terminal and as a page below.
//!
//! Promises: CSV and JSON hold every figure as the shortest text that reads back to the same double; undefined is empty in CSV and
//! null in JSON, hidden is `*` and `{"hidden": true}`; codes stay codes; no text of a file is worked out as a formula.

/// As a page.
pub mod html;
/// One line a figure.
mod indicators;
/// Text in lines of a width.
mod lines;
/// Figures for people.
pub mod number;
/// As a table on a terminal.
mod table;

pub use html::html;
pub use indicators::indicators;
pub use table::{head, table, table_on};

use std::borrow::Cow;

use schemas::language::Language;
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::Report;
use super::figure::Figure;

/// Comma separated, one header line, lines end with a line feed.
///
/// # Errors
/// When a line cannot be written; writing to memory does not fail in practice.
pub fn csv(report: &Report) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&report.columns)?;
    for row in &report.rows {
        writer.write_record(row.iter().map(exact))?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// One JSON document, indented.
///
/// # Errors
/// When serde refuses a figure; figures are finite, so this does not happen in practice.
pub fn json(report: &Report) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(report)
}

/// A text as a cell of a file: a program for tables must not work it out, also where it begins as a formula does (OWASP, CSV injection).
#[must_use]
pub fn harmless(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

fn exact(figure: &Figure) -> String {
    match figure {
        Figure::Text(text) => harmless(text).into_owned(),
        Figure::Count(count) => count.to_string(),
        Figure::Number(number) => number.to_string(),
        Figure::Undefined => String::new(),
        Figure::Hidden => number::HIDDEN.to_owned(),
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Count(count) => serializer.serialize_u64(*count),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Undefined => serializer.serialize_unit(),
            Self::Hidden => serializer.collect_map([("hidden", true)]),
        }
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serializer.serialize_map(None)?;
        document.serialize_entry("schema", self.schema)?;
        document.serialize_entry("report", self.report)?;
        document.serialize_entry("definition_version", &self.definition_version)?;
        document.serialize_entry("as_of", &self.as_of.to_string())?;
        document.serialize_entry("parameters", &Ordered(&self.parameters))?;
        let rows: Vec<Row> = self.rows.iter().map(|row| Row(&self.columns, row)).collect();
        document.serialize_entry("rows", &rows)?;
        let notes: Vec<&str> = self.notes.iter().map(|note| note.pick(Language::En)).collect();
        document.serialize_entry("notes", &notes)?;
        document.end()
    }
}

/// Names and values that keep their order.
struct Ordered<'a>(&'a [(&'static str, Option<String>)]);

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

struct Row<'a>(&'a [String], &'a [Figure]);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().zip(self.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_a_file_is_no_formula_and_every_other_text_stays_as_it_is() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("+46", "'+46"),
            ("-x", "'-x"),
            ("@x", "'@x"),
            ("\t=1", "'\t=1"),
            ("", ""),
            ("0-17", "0-17"),
            ("75+", "75+"),
            ("ALL", "ALL"),
        ] {
            assert_eq!(exact(&Figure::Text(text.into())), cell, "{text}");
        }
        assert_eq!(exact(&Figure::Number(-7.31)), "-7.31", "a number is no text");
    }
}
