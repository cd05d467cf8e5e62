//! Which of the contract's columns stands where in a file, by its header.
//!
//! Promises: a header is found whatever its case, space and quotation marks; `[source.columns]` comes before a header that happens to
//! bear a column's name; a column that is needed and missing, or there twice, is told with file and name.

use std::collections::BTreeMap;

use crate::source::{Columns, SourceError};

/// The names in a file's header, as they are compared.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// The file's name.
    pub(super) file: String,
    /// As written, without surrounding space.
    written: Vec<String>,
    folded: Vec<String>,
}

/// Where each of a query's columns stands.
pub(super) type Places = Vec<Option<usize>>;

impl Header {
    pub(super) fn new(file: &str, names: impl Iterator<Item = String>) -> Self {
        let written: Vec<String> = names.map(|name| name.trim().trim_matches('"').trim().to_owned()).collect();
        let folded = written.iter().map(|name| fold(name)).collect();
        Self { file: file.to_owned(), written, folded }
    }

    /// How many columns up to the last that has a name.
    pub(super) fn named(&self) -> usize {
        self.written.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1)
    }

    /// All columns, nameless ones at the end included.
    pub(super) fn len(&self) -> usize {
        self.written.len()
    }

    /// The names as written, with their places.
    pub(super) fn names(&self) -> impl Iterator<Item = (usize, &str)> {
        self.written.iter().map(String::as_str).enumerate().filter(|(_, name)| !name.is_empty())
    }

    /// Where a name stands.
    ///
    /// # Errors
    /// When it stands twice.
    pub(super) fn find(&self, name: &str) -> Result<Option<usize>, SourceError> {
        let name = fold(name);
        let mut found = self.folded.iter().enumerate().filter(|(_, other)| **other == name).map(|(place, _)| place);
        match (found.next(), found.next()) {
            (Some(place), Some(_)) => Err(self.twice(&self.written[place])),
            (place, _) => Ok(place),
        }
    }

    /// Where a query's columns stand, the local names first.
    ///
    /// # Errors
    /// When two headers are one column, or a name stands twice.
    pub(super) fn places(
        &self,
        columns: &Columns,
        local: Option<&BTreeMap<String, String>>,
    ) -> Result<Places, SourceError> {
        let mut places = vec![None; columns.names.len()];
        let mut taken = Vec::new();
        for (header, column) in local.into_iter().flatten() {
            let Some(place) = self.find(header)? else { continue };
            let index = column_index(columns, column)?;
            if places[index].replace(place).is_some() {
                return Err(self.twice(column));
            }
            taken.push(place);
        }
        for (index, name) in columns.names.iter().enumerate() {
            if places[index].is_none() {
                places[index] = self.find(name)?.filter(|place| !taken.contains(place));
            }
        }
        Ok(places)
    }

    /// Refuses a header without a column that is needed.
    ///
    /// # Errors
    /// With the names of the columns.
    pub(super) fn must_have(&self, columns: &Columns, (places, needed): (&Places, &[&str])) -> Result<(), SourceError> {
        let lacking =
            |name: &&&str| columns.names.iter().position(|n| *n == **name).is_none_or(|at| places[at].is_none());
        let missing: Vec<&str> = needed.iter().filter(lacking).copied().collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(SourceError::Query(format!(
            "{}: {} has no column {}; export it, or give its local header in [source.columns.{}]",
            columns.query,
            self.file,
            missing.join(", "),
            columns.query
        )))
    }

    fn twice(&self, name: &str) -> SourceError {
        SourceError::Query(format!(
            "{} has two columns {name}; export one of them, or give it another header",
            self.file
        ))
    }
}

/// The place of a column of the contract that the configuration names.
fn column_index(columns: &Columns, name: &str) -> Result<usize, SourceError> {
    columns.names.iter().position(|other| *other == name).ok_or_else(|| {
        SourceError::Query(format!(
            "[source.columns.{}] there is no column {name}; the columns are {}",
            columns.query,
            columns.names.join(", ")
        ))
    })
}

/// A name as headers are compared.
pub(super) fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}
