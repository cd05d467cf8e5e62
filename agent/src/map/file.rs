//! `mapping.csv`: the region's own words and their codes in a file that its owner edits in a spreadsheet.
//!
//! Promises: nothing is skipped but empty lines and rows that still wait for their code; each fault is one sentence with file and line.
//! Must not know: which words the source uses.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;

use csv::{ReaderBuilder, StringRecord, Trim};
use schemas::codelist::{CodeLists, fold};
use schemas::settings::BadSettings;

use super::form::{COLUMNS, delimiter};
use super::near::nearest;
use super::{Form, Words};
use crate::config::{MapKind, Maps};

/// The rows of a file.
#[derive(Debug, Clone, Default)]
pub struct MappingFile {
    name: String,
    form: Form,
    rows: Vec<MappingRow>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingRow {
    /// The line in the file, from 1, the header included.
    pub line: u64,
    /// What kind of value.
    pub kind: MapKind,
    /// The region's own word.
    pub local_value: String,
    /// Its code.
    pub code: String,
}

impl MappingFile {
    /// Reads a file.
    ///
    /// # Errors
    /// A file that cannot be read, is no such table, or has a row that cannot be meant, with file and line.
    pub fn read(path: &Path) -> Result<Self, BadSettings> {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| {
            BadSettings(format!("[map] file: cannot read {name} ({error}); put it back or name another"))
        })?;
        let text = String::from_utf8(bytes).map_err(|_| {
            BadSettings(format!("{name} is not UTF-8; save it in the spreadsheet as \"CSV UTF-8\" and run again"))
        })?;
        let rows = rows(&text).map_err(|(line, message)| BadSettings(format!("{name}, line {line}: {message}")))?;
        Ok(Self { name, form: Form::of(&text), rows })
    }

    /// How the file is laid out.
    #[must_use]
    pub fn form(&self) -> &Form {
        &self.form
    }

    /// The rows in the order of the file.
    #[must_use]
    pub fn rows(&self) -> &[MappingRow] {
        &self.rows
    }

    /// Adds the rows to the tables of the configuration.
    ///
    /// # Errors
    /// A word that a table gives another code.
    pub fn add_to(&self, maps: &mut Maps) -> Result<(), BadSettings> {
        for MappingRow { line, kind, local_value, code } in &self.rows {
            let table = maps.of_mut(*kind);
            let same = |word: &String| fold(word) == fold(local_value);
            match table.iter().find(|(word, _)| same(word)) {
                None => drop(table.insert(local_value.clone(), code.clone())),
                Some((_, other)) if fold(other) == fold(code) => {}
                Some((_, other)) => {
                    return Err(BadSettings(format!(
                        "{}, line {line}: \"{local_value}\" is {code} here and {other} in [map.{kind}]; keep it in one of the two",
                        self.name
                    )));
                }
            }
        }
        Ok(())
    }

    /// Checks that each code exists.
    ///
    /// # Errors
    /// The first row whose code is none, with the nearest ones.
    pub fn check_codes(&self, lists: &CodeLists) -> Result<(), BadSettings> {
        let mut words = Words::new(lists, &Maps::default());
        for MappingRow { line, kind, code, .. } in &self.rows {
            if words.meaning(*kind, code).0.is_none() {
                return Err(BadSettings(format!(
                    "{}, line {line}: {code} is no {kind}; {}",
                    self.name,
                    proposal(*kind, code, lists)
                )));
            }
        }
        Ok(())
    }
}

fn proposal(kind: MapKind, code: &str, lists: &CodeLists) -> String {
    let near: Vec<String> = nearest(kind, code, lists).into_iter().map(|near| near.code).collect();
    match (kind, near.as_slice()) {
        (MapKind::Unit, _) => "write an HSA-id such as SE2321000131-E000000000001".into(),
        (_, []) => "write a code of its list".into(),
        (_, near) => format!("the nearest are {}", near.join(", ")),
    }
}

type Fault = (u64, String);

fn rows(text: &str) -> Result<Vec<MappingRow>, Fault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // The shell makes the file before `map suggest` fills it.
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let mut reader =
        ReaderBuilder::new().flexible(true).trim(Trim::All).delimiter(delimiter(text)).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| unreadable(&error))?.clone();
    let columns = columns(&header)?;
    let (mut rows, mut seen) = (Vec::new(), HashMap::<_, (u64, String)>::new());
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(&error))?;
        let line = record.position().map_or(1, |position| line(text, position));
        let [kind, local_value, code] = columns.map(|column| record.get(column).unwrap_or_default());
        // Suggestions may be appended with their header.
        if code.is_empty() || [kind, local_value, code].map(fold) == COLUMNS {
            continue;
        }
        let kind: MapKind = fold(kind).parse().map_err(|_| (line, no_kind(kind)))?;
        if local_value.is_empty() {
            return Err((line, format!("has the code {code} for no local_value; fill it in")));
        }
        match seen.entry((kind, fold(local_value))) {
            Entry::Vacant(vacant) => drop(vacant.insert((line, fold(code)))),
            Entry::Occupied(known) if known.get().1 == fold(code) => continue,
            Entry::Occupied(known) => {
                let earlier = known.get().0;
                return Err((line, format!("\"{local_value}\" stands in line {earlier} already; keep one of the two")));
            }
        }
        rows.push(MappingRow { line, kind, local_value: local_value.to_owned(), code: code.to_owned() });
    }
    Ok(rows)
}

/// The reader counts empty lines to the row behind them.
fn line(text: &str, position: &csv::Position) -> u64 {
    let rest = usize::try_from(position.byte()).ok().and_then(|byte| text.get(byte..)).unwrap_or_default();
    let empty = rest.bytes().take_while(|byte| matches!(byte, b'\n' | b'\r')).filter(|byte| *byte == b'\n').count();
    position.line() + empty as u64
}

fn columns(header: &StringRecord) -> Result<[usize; 3], Fault> {
    let mut found = [0; 3];
    for (place, name) in found.iter_mut().zip(COLUMNS) {
        let mut at = (0..header.len()).filter(|column| fold(&header[*column]) == name);
        *place = at.next().ok_or_else(|| (1, format!("has no column {name}; the header is {}", COLUMNS.join(","))))?;
        if at.next().is_some() {
            return Err((1, format!("has the column {name} twice; keep one")));
        }
    }
    Ok(found)
}

fn no_kind(kind: &str) -> String {
    format!("\"{kind}\" is no kind of value; write one of {}", MapKind::ALL.map(MapKind::word).join(", "))
}

fn unreadable(error: &csv::Error) -> Fault {
    (error.position().map_or(1, csv::Position::line), "cannot be read as CSV; close the quotes that it opens".into())
}
