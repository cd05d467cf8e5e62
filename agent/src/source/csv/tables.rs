//! The files of a source as tables: which columns each has, and whether together they are what the configuration says.
//!
//! Promises: every file has every needed column; no name of the configuration is left unmet in silence.

use std::collections::{BTreeMap, BTreeSet};

use super::folder::File;
use super::table::{Form, Looked, Table};
use super::wide;
use crate::config;
use crate::source::{ACTIVITY, Columns, MEASUREMENTS, OBJECTIONS, SourceError, TREATMENTS, UNITS};

/// Tables as they are put together, file by file.
pub(super) struct Tables<'a> {
    source: &'a config::Source,
    orders: BTreeMap<String, u32>,
    found: Found,
}

/// What the files of a source come to.
#[derive(Default)]
pub(in crate::source) struct Found {
    pub(super) treatments: Vec<Table>,
    pub(super) answers: Vec<Table>,
    pub(super) units: Vec<Table>,
    pub(super) activity: Vec<Table>,
    pub(super) objections: Vec<Table>,
}

impl<'a> Tables<'a> {
    /// Nothing yet of the files that are to come.
    pub(super) fn new(source: &'a config::Source, files: &[(&'static Columns, Vec<File>)]) -> Self {
        Self { source, orders: orders(files), found: Found::default() }
    }

    pub(super) fn add(&mut self, columns: &'static Columns, file: File) -> Result<(), SourceError> {
        let source = self.source;
        let order = self.orders.get(&file.name).copied().unwrap_or_default();
        let looked = Looked::at(file, source.encoding.unwrap_or_default(), source.delimiter.unwrap_or_default())?;
        let places = looked.header.places(columns, local_headers(source, columns))?;
        let needed = &columns.names[..columns.needed];
        let list = match columns.query {
            query if query == UNITS.query => Some(&mut self.found.units),
            query if query == ACTIVITY.query => Some(&mut self.found.activity),
            query if query == OBJECTIONS.query => Some(&mut self.found.objections),
            _ => None,
        };
        if let Some(list) = list {
            looked.header.must_have(columns, (&places, needed))?;
            list.push(Table { looked, order, columns, places, form: Form::Long });
            return Ok(());
        }
        let scores = wide::scores(&looked.header, &source.wide, (columns.names, &places))?;
        if columns.query == TREATMENTS.query {
            looked.header.must_have(columns, (&places, needed))?;
            if !scores.is_empty() {
                let places = answer_places(columns, &places);
                let form = Form::Beside(scores);
                self.found.answers.push(Table { looked: looked.clone(), order, columns: &MEASUREMENTS, places, form });
            }
            self.found.treatments.push(Table { looked, order, columns, places, form: Form::Long });
            return Ok(());
        }
        self.add_answers(Table { looked, order, columns, places, form: Form::Wide(scores) })
    }

    /// A file of answers; one that is of the treatments' pattern too was met before.
    fn add_answers(&mut self, mut table: Table) -> Result<(), SourceError> {
        if self.found.answers.iter().any(|other| other.looked.file.name == table.looked.file.name) {
            return Ok(());
        }
        let header = &table.looked.header;
        let score = MEASUREMENTS.names.iter().position(|name| *name == "score").and_then(|at| table.places[at]);
        let is_wide = matches!(&table.form, Form::Wide(scores) if !scores.is_empty());
        if is_wide && score.is_some() {
            return Err(SourceError::Query(format!(
                "measurements: {} has a column score and columns of [[source.wide]]; export the one or the other",
                header.file
            )));
        }
        let needed = if is_wide { 1 } else { MEASUREMENTS.needed };
        header.must_have(&MEASUREMENTS, (&table.places, &MEASUREMENTS.names[..needed]))?;
        if !is_wide {
            table.form = Form::Long;
        }
        self.found.answers.push(table);
        Ok(())
    }

    /// Refuses a local header or a pattern that no file has: it is mistyped, and what it should name would be left out in silence.
    pub(super) fn finish(self) -> Result<Found, SourceError> {
        for (columns, tables) in [
            (&TREATMENTS, &self.found.treatments),
            (&MEASUREMENTS, &self.found.answers),
            (&UNITS, &self.found.units),
            (&ACTIVITY, &self.found.activity),
            (&OBJECTIONS, &self.found.objections),
        ] {
            if self.source.objections_file.is_some() && columns.query == OBJECTIONS.query {
                continue;
            }
            for name in local_headers(self.source, columns).into_iter().flat_map(BTreeMap::keys) {
                if !tables.iter().any(|table| matches!(table.looked.header.find(name), Ok(Some(_)) | Err(_))) {
                    return Err(SourceError::Query(format!(
                        "[source.columns.{}] no file has a column {name}; correct the name, or take it out",
                        columns.query
                    )));
                }
            }
        }
        let has = |pattern: &str| self.found.answers.iter().any(|table| wide::is_met(pattern, &table.looked.header));
        match self.source.wide.iter().find(|wide| !has(&wide.pattern)) {
            Some(wide) => Err(SourceError::Query(format!(
                "[[source.wide]] no file has a column of the pattern {}; correct it, or take it out",
                wide.pattern
            ))),
            None => Ok(self.found),
        }
    }
}

impl Tables<'_> {
    /// The tables of a list of objections.
    pub(super) fn into_lists(self) -> Vec<Table> {
        self.found.objections
    }
}

fn local_headers<'a>(source: &'a config::Source, columns: &Columns) -> Option<&'a BTreeMap<String, String>> {
    let headers = source.columns.as_ref()?;
    [
        (&TREATMENTS, &headers.treatments),
        (&MEASUREMENTS, &headers.measurements),
        (&UNITS, &headers.units),
        (&ACTIVITY, &headers.activity),
        (&OBJECTIONS, &headers.objections),
    ]
    .into_iter()
    .find(|(other, _)| other.query == columns.query)
    .map(|(_, names)| names)
}

/// The places of a treatment's columns as those of its answers: the two queries share the id and the time of the last change.
fn answer_places(columns: &Columns, places: &[Option<usize>]) -> Vec<Option<usize>> {
    let shared = |name: &str| matches!(name, "treatment_id" | "updated_at");
    let of = |name: &&str| columns.names.iter().position(|other| other == name).and_then(|at| places[at]);
    MEASUREMENTS.names.iter().map(|name| if shared(name) { of(name) } else { None }).collect()
}

/// The place of each file among all, by name.
fn orders(files: &[(&'static Columns, Vec<File>)]) -> BTreeMap<String, u32> {
    let names: BTreeSet<&String> = files.iter().flat_map(|(_, files)| files).map(|file| &file.name).collect();
    names.into_iter().cloned().zip(0..).collect()
}
