//! Exported files as a source: every file of a pattern is a part of one table, in the order of the files' names.
//!
//! Promises: a later file's row replaces an earlier one of the same id; the folder is read as it was when it was opened or not at all
//! (see `folder`); everything is read on every run, because files say nothing of what changed. Memory is bounded by a page and a line.

mod dialect;
mod folder;
mod glob;
mod header;
mod read;
mod record;
mod table;
mod tables;
mod wide;

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use schemas::language::Language;

use super::{ACTIVITY, Columns, MEASUREMENTS, OBJECTIONS, Pages, Place, Rows, SourceError, TREATMENTS, UNITS};
use crate::config;
use crate::schedule;
use folder::{File, Folder, Readiness};
use read::{Wanted, read};
use tables::{Found, Tables};

/// How long a file must be unchanged when nothing is said.
const SETTLE: &str = "60s";

/// Files whose headers were read and found good.
pub struct CsvSource(Found);

impl CsvSource {
    /// Looks at every file: whether it is whole at `now`, how it is written, and its columns.
    ///
    /// # Errors
    /// [`SourceError::Unreachable`] without a file, or with one that is not whole; [`SourceError::Query`] for a file or a key that cannot
    /// be used.
    pub async fn open(place: &Place, now: Timestamp) -> Result<Self, SourceError> {
        let place = place.clone();
        let opened = tokio::task::spawn_blocking(move || Self::look(&place, now)).await;
        opened.unwrap_or_else(|_| Err(SourceError::Unreachable("reading was broken off; try again".into())))
    }

    /// Whether each file of `treatments` has a column.
    pub fn has(&self, column: &str) -> bool {
        let at = TREATMENTS.names.iter().position(|name| *name == column);
        at.is_some_and(|at| self.0.treatments.iter().all(|table| table.places[at].is_some()))
    }

    /// The rows of `treatments`.
    pub fn treatments(&mut self, rows: Rows<'_>) -> Pages<'_> {
        read(self.0.treatments.clone(), Wanted::of(rows))
    }

    /// The rows of `measurements`, and the scores of wide files.
    pub fn measurements(&mut self, rows: Rows<'_>) -> Pages<'_> {
        read(self.0.answers.clone(), Wanted::of(rows))
    }

    /// The rows of `units`; none when there is no pattern for them. Of a unit only the rows of the last file that describes it.
    pub fn units(&mut self) -> Pages<'_> {
        let latest_first = self.0.units.iter().rev().cloned().collect();
        read(latest_first, Wanted::Latest { before: HashSet::new(), here: HashSet::new() })
    }

    /// The rows of `activity`; none when there is no pattern for them.
    pub fn activity(&mut self) -> Pages<'_> {
        read(self.0.activity.clone(), Wanted::All)
    }

    /// The rows of `objections`; none when there is no pattern for them.
    pub fn objections(&mut self) -> Pages<'_> {
        read(self.0.objections.clone(), Wanted::All)
    }

    fn look(place: &Place, now: Timestamp) -> Result<Self, SourceError> {
        let source = &place.config;
        wide::check(&source.wide)?;
        let folder = Folder::open(&dir(source, &place.folder))?;
        let patterns = [
            (&TREATMENTS, Some(&source.treatments)),
            (&MEASUREMENTS, Some(&source.measurements).filter(|pattern| !pattern.is_empty())),
            (&UNITS, source.units.as_ref()),
            (&ACTIVITY, source.activity.as_ref()),
            (&OBJECTIONS, source.objections.as_ref()),
        ];
        let mut files: Vec<(&'static Columns, Vec<File>)> = Vec::new();
        for (columns, pattern) in patterns.into_iter().filter_map(|(columns, pattern)| Some((columns, pattern?))) {
            files.push((columns, folder.files(pattern)?));
        }
        let readiness = readiness(source)?;
        for file in files.iter().flat_map(|(_, files)| files) {
            folder.must_be_whole(file, &readiness, now)?;
        }
        let mut tables = Tables::new(source, &files);
        for (columns, files) in files {
            for file in files {
                tables.add(columns, file)?;
            }
        }
        tables.finish().map(Self)
    }
}

/// The rows of one file, at a path of its own, as those of a query; `place` says how it is written.
///
/// # Errors
/// [`SourceError::Unreachable`] or [`SourceError::NotAllowed`] for a file that cannot be read, [`SourceError::Query`] for one that lacks
/// a column.
pub(super) fn lone(path: &Path, columns: &'static Columns, place: &Place) -> Result<Pages<'static>, SourceError> {
    let mut tables = Tables::new(&place.config, &[]);
    tables.add(columns, File::at(path)?)?;
    Ok(read(tables.into_lists(), Wanted::All))
}

/// What is told of a source whose newest file is older than `stale_after`; nothing when it is younger or cannot be looked at.
#[must_use]
pub fn stale(source: &config::Source, (folder, now): (&Path, Timestamp), language: Language) -> Option<String> {
    let limit = schedule::duration(source.stale_after.as_ref()?).ok()?;
    let dir = dir(source, folder);
    let seen = Folder::open(&dir).ok()?;
    let files = [&source.treatments, &source.measurements].into_iter().filter_map(|pattern| seen.files(pattern).ok());
    let newest = files.flatten().max_by_key(File::changed)?;
    let age = now.duration_since(newest.changed());
    (age > limit).then(|| {
        let (dir, name, days) = (dir.display(), &newest.name, age.as_hours() / 24);
        language.pick(
            format!("den nyaste filen i {dir} är {name}, {days} dagar gammal; se efter att exporten fortfarande körs"),
            format!("the newest file in {dir} is {name}, {days} days old; check that the export still runs"),
        )
    })
}

fn dir(source: &config::Source, folder: &Path) -> PathBuf {
    folder.join(source.dir.as_deref().unwrap_or(Path::new(".")))
}

fn readiness(source: &config::Source) -> Result<Readiness, SourceError> {
    let length = |key: &str, text: &str| -> Result<SignedDuration, SourceError> {
        schedule::duration(text).map_err(|_| SourceError::Query(format!("{key}: write a time such as 60s or 8 days")))
    };
    if let Some(text) = &source.stale_after {
        length("stale_after", text)?;
    }
    match &source.done_marker {
        Some(pattern) => Ok(Readiness::Marked(pattern.clone())),
        None => length("settle", source.settle.as_deref().unwrap_or(SETTLE)).map(Readiness::Settled),
    }
}
