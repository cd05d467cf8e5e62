//! The files of a folder that a source is made of, and whether they are whole.
//!
//! Promises: files in the order of their names; no file, or one that is still being written, stops the reading of the whole source:
//! read without it, its rows would seem to have vanished, and a person who objects in it would be sent. A file that changes between
//! the first look at it and the end of its reading is noticed, and a name that is not UTF-8 is never passed over.
//! A file is whole when it has not changed for `settle`. With `done_marker` it is whole when its marker is there and is not older than
//! the file: the `*` of the marker stands for the file's name with or without its ending (`moment.csv` waits for `moment.klar` or
//! `moment.csv.klar`), and a marker without `*` is for all files.
//! Must not know: what stands in a file.

use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::glob;
use crate::source::SourceError;

/// A folder of exports.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    pub(super) path: PathBuf,
    names: Vec<String>,
    /// Names that are not UTF-8, with `\u{FFFD}` for what cannot be read.
    damaged: Vec<String>,
}

/// One file as it was when the source was opened.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) path: PathBuf,
    /// Its name without folder; never a value of a row.
    pub(super) name: String,
    stamp: Stamp,
}

/// What changes when a file is written or replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    size: u64,
    changed: Timestamp,
    inode: u64,
}

/// How a whole file is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Readiness {
    /// It has not changed for so long.
    Settled(SignedDuration),
    /// A marker of this pattern is there.
    Marked(String),
}

impl Folder {
    /// Reads the names in a folder.
    pub(super) fn open(path: &Path) -> Result<Self, SourceError> {
        let unreadable = |error: &io::Error| unreadable("the folder ", path, error);
        let (mut names, mut damaged) = (Vec::new(), Vec::new());
        for entry in std::fs::read_dir(path).map_err(|error| unreadable(&error))? {
            match entry.map_err(|error| unreadable(&error))?.file_name().into_string() {
                Ok(name) => names.push(name),
                Err(name) => damaged.push(name.to_string_lossy().into_owned()),
            }
        }
        names.sort_unstable();
        Ok(Self { path: path.to_owned(), names, damaged })
    }

    /// The files of a pattern in the order of their names.
    pub(super) fn files(&self, pattern: &str) -> Result<Vec<File>, SourceError> {
        if let Some(name) = self.damaged.iter().find(|name| glob::matches(pattern, name)) {
            return Err(SourceError::Unreachable(format!(
                "the name of the file {name} in {} is not UTF-8, and without its rows the others would be wrong; rename it",
                self.path.display()
            )));
        }
        let mut files = Vec::new();
        for name in self.names.iter().filter(|name| glob::matches(pattern, name)) {
            let path = self.path.join(name);
            let metadata = std::fs::metadata(&path).map_err(|error| unreadable("", &path, &error))?;
            if metadata.is_file() {
                files.push(File { stamp: Stamp::of(&metadata), path, name: name.clone() });
            }
        }
        if files.is_empty() {
            return Err(SourceError::Unreachable(format!(
                "there is no file {pattern} in {}; check that the export ran, or correct [source]",
                self.path.display()
            )));
        }
        Ok(files)
    }

    /// Refuses a file that is not whole.
    pub(super) fn must_be_whole(&self, file: &File, readiness: &Readiness, now: Timestamp) -> Result<(), SourceError> {
        let wait = |why: String| {
            let path = file.path.display();
            Err(SourceError::Unreachable(format!(
                "source not settled: {path} {why}; nothing was read, the next run tries again"
            )))
        };
        match readiness {
            Readiness::Settled(settle) => {
                let age = now.duration_since(file.stamp.changed);
                if age.is_negative() {
                    return wait(
                        "was changed later than now by this host's clock; compare the clocks of the two hosts".into(),
                    );
                }
                if age < *settle {
                    return wait(format!(
                        "changed {} s ago and must be unchanged for {} s",
                        age.as_secs(),
                        settle.as_secs()
                    ));
                }
                Ok(())
            }
            Readiness::Marked(pattern) => {
                let markers = markers(pattern, &file.name);
                let newest =
                    markers.iter().filter_map(|name| stamp(&self.path.join(name)).ok()).map(|m| m.changed).max();
                match newest {
                    Some(marked) if marked >= file.stamp.changed => Ok(()),
                    Some(_) => wait(format!(
                        "is newer than its marker {}; the export writes the marker last",
                        markers.join(" or ")
                    )),
                    None => wait(format!("has no marker {} yet", markers.join(" or "))),
                }
            }
        }
    }
}

impl File {
    /// A file that belongs to no folder of exports.
    pub(super) fn at(path: &Path) -> Result<Self, SourceError> {
        let stamp = stamp(path).map_err(|error| match unreadable("", path, &error) {
            SourceError::Unreachable(_) => SourceError::Unreachable(format!(
                "cannot read {} ({error}); put the file back, or correct [source] objections_file",
                path.display()
            )),
            refused => refused,
        })?;
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok(Self { path: path.to_owned(), name, stamp })
    }

    /// When it was written last.
    pub(super) fn changed(&self) -> Timestamp {
        self.stamp.changed
    }

    /// Refuses a file that is no longer the one that the source was opened with.
    pub(super) fn must_be_unchanged(&self) -> Result<(), SourceError> {
        if stamp(&self.path).map_err(|error| unreadable("", &self.path, &error))? == self.stamp {
            return Ok(());
        }
        Err(SourceError::Unreachable(format!(
            "source not settled: {} changed while it was read; nothing was kept, the next run tries again",
            self.path.display()
        )))
    }
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        let seconds = Timestamp::from_second(metadata.mtime()).unwrap_or(Timestamp::MIN);
        let changed = seconds.checked_add(SignedDuration::from_nanos(metadata.mtime_nsec())).unwrap_or(seconds);
        Self { size: metadata.len(), changed, inode: metadata.ino() }
    }
}

fn stamp(path: &Path) -> io::Result<Stamp> {
    std::fs::metadata(path).map(|metadata| Stamp::of(&metadata))
}

/// The names that a file's marker may have.
fn markers(pattern: &str, name: &str) -> Vec<String> {
    if !pattern.contains('*') {
        return vec![pattern.to_owned()];
    }
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut names = vec![pattern.replacen('*', stem, 1), pattern.replacen('*', name, 1)];
    names.dedup();
    names
}

/// Why a file or a folder cannot be read: it is closed to the agent, or not there now.
pub(super) fn unreadable(what: &str, path: &Path, error: &io::Error) -> SourceError {
    let sentence = format!("cannot read {what}{} ({error})", path.display());
    if error.kind() == io::ErrorKind::PermissionDenied {
        SourceError::NotAllowed(format!("{sentence}; let the agent's account read it"))
    } else {
        SourceError::Unreachable(format!("{sentence}; check [source] dir, and that what it is on is mounted"))
    }
}
