//! What a disk with a cache of its own holds when the power fails, by the writes and flushes that a program really made.
//!
//! Promises: only what a flush of the same file has covered is certain to be there, and a new or removed name only after a flush of its
//! folder; of everything later any part may be there, sector by sector. Must not know what the files mean.

mod list;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use list::{recorded, watched};

/// What is written at once, or not at all.
const SECTOR: usize = 512;

/// One step of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When it began; of a flush, when it ended. Microseconds since 1970.
    pub at: u64,
    /// The file or folder.
    pub file: PathBuf,
    /// What it did.
    pub what: What,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Bytes are written at a place.
    Write(usize, Vec<u8>),
    /// The file gets this length.
    Resize(usize),
    /// The name goes.
    Remove,
    /// What was done to the file, or to names in the folder, is on the disk.
    Flush,
}

/// The disk below one folder.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    contents: Vec<Content>,
    /// Names on the disk.
    certain: BTreeMap<PathBuf, usize>,
    /// Names as programs see them.
    seen: BTreeMap<PathBuf, usize>,
    /// Names that came or went since the folder was flushed last.
    uncertain: Vec<(PathBuf, Option<usize>)>,
}

#[derive(Debug, Clone, Default)]
struct Content {
    certain: Vec<u8>,
    uncertain: Vec<What>,
}

impl Disk {
    /// The files of a folder, all of them on the disk.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn of(folder: &Path) -> std::io::Result<Self> {
        let mut disk = Self::default();
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_file() {
                disk.certain.insert(path.clone(), disk.contents.len());
                disk.contents.push(Content { certain: std::fs::read(path)?, uncertain: Vec::new() });
            }
        }
        disk.seen.clone_from(&disk.certain);
        Ok(disk)
    }

    /// Takes a step.
    pub fn take(&mut self, Step { file, what, .. }: &Step) {
        match what {
            What::Write(..) | What::Resize(_) => {
                let content = self.content(file);
                self.contents[content].uncertain.push(what.clone());
            }
            What::Remove => {
                self.seen.remove(file);
                self.uncertain.push((file.clone(), None));
            }
            What::Flush => match self.seen.get(file) {
                Some(content) => self.contents[*content].settle(),
                None => self.settle_names(),
            },
        }
    }

    /// What is found when the power is back: everything certain, and of the rest what `keep` says.
    pub fn without_power(&self, keep: &mut dyn FnMut() -> bool) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut names = self.certain.clone();
        // Names come and go in the order of the file system's own log, which may end anywhere.
        for (name, content) in self.uncertain.iter().take_while(|_| keep()) {
            match content {
                Some(content) => names.insert(name.clone(), *content),
                None => names.remove(name),
            };
        }
        names.into_iter().map(|(name, content)| (name, self.contents[content].without_power(keep))).collect()
    }

    fn content(&mut self, file: &Path) -> usize {
        if let Some(content) = self.seen.get(file) {
            return *content;
        }
        let content = self.contents.len();
        self.contents.push(Content::default());
        self.seen.insert(file.to_owned(), content);
        self.uncertain.push((file.to_owned(), Some(content)));
        content
    }

    fn settle_names(&mut self) {
        self.uncertain.clear();
        self.certain.clone_from(&self.seen);
    }
}

impl Content {
    fn settle(&mut self) {
        for what in std::mem::take(&mut self.uncertain) {
            apply(&mut self.certain, &what);
        }
    }

    fn without_power(&self, keep: &mut dyn FnMut() -> bool) -> Vec<u8> {
        let mut bytes = self.certain.clone();
        for what in &self.uncertain {
            match what {
                What::Write(at, written) => {
                    let mut from = 0;
                    while from < written.len() {
                        let to = (from + SECTOR - (at + from) % SECTOR).min(written.len());
                        if keep() {
                            apply(&mut bytes, &What::Write(at + from, written[from..to].to_vec()));
                        }
                        from = to;
                    }
                }
                other if keep() => apply(&mut bytes, other),
                _ => {}
            }
        }
        bytes
    }
}

fn apply(bytes: &mut Vec<u8>, what: &What) {
    match what {
        What::Write(at, written) => {
            bytes.resize(bytes.len().max(at + written.len()), 0);
            bytes[*at..at + written.len()].copy_from_slice(written);
        }
        What::Resize(length) => bytes.resize(*length, 0),
        What::Remove | What::Flush => {}
    }
}
