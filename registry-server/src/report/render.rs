//! A report as CSV, as JSON and as a table on a terminal.
//!
//! Promises: CSV and JSON hold every figure as the shortest text that reads back to the same double; undefined is empty in CSV and
//! null in JSON; the table shows a choice of columns, rounded, with the notes below.

use comfy_table::{CellAlignment, Table, presets};
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

/// The grouping columns and the most used figures, rounded, and what must stand beside them.
#[must_use]
pub fn table(report: &Report) -> String {
    let shown: Vec<usize> = (0..report.columns.len())
        .filter(|place| *place < report.keys || report.on_screen.contains(&report.columns[*place].as_str()))
        .collect();
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY);
    table.set_header(shown.iter().map(|place| &report.columns[*place]));
    for row in &report.rows {
        table.add_row(shown.iter().map(|place| rounded(&row[*place])));
    }
    for place in shown.iter().filter(|place| **place >= report.keys) {
        let column = shown.iter().position(|shown| shown == place).and_then(|column| table.column_mut(column));
        if let Some(column) = column {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut text = table.to_string();
    for note in &report.notes {
        text.push('\n');
        text.push_str(note);
    }
    text.push('\n');
    text
}

fn exact(figure: &Figure) -> String {
    match figure {
        Figure::Text(text) => text.to_string(),
        Figure::Count(count) => count.to_string(),
        Figure::Number(number) => number.to_string(),
        Figure::Undefined => String::new(),
    }
}

/// Three digits or so: enough to compare by eye.
fn rounded(figure: &Figure) -> String {
    match figure {
        Figure::Number(number) => match number.abs() {
            size if size == 0.0 || size >= 1000.0 => format!("{number:.0}"),
            size if size >= 1.0 => format!("{number:.2}"),
            size if size >= 0.1 => format!("{number:.3}"),
            _ => format!("{number:.5}"),
        },
        other => exact(other),
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Count(count) => serializer.serialize_u64(*count),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Undefined => serializer.serialize_unit(),
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
        document.serialize_entry("notes", &self.notes)?;
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
