//! Writing files once: never over another, and keys for their owner only.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A folder to write in.
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Makes the folder when it is not there.
    pub(super) fn make(path: &Path) -> Result<Self, Failure> {
        std::fs::create_dir_all(path)
            .map_err(|error| Failure::other(format!("the folder {} cannot be made: {error}", path.display())))?;
        Ok(Self(path.to_owned()))
    }

    /// Refuses before anything is written when one of the files is there.
    pub(super) fn check_free(&self, names: &[&str]) -> Result<(), Failure> {
        match names.iter().map(|name| self.0.join(name)).find(|path| path.exists()) {
            Some(path) => Err(Failure::other(format!(
                "{} is there already and is not overwritten; choose another place",
                path.display()
            ))),
            None => Ok(()),
        }
    }

    /// Writes what everybody may read.
    pub(super) fn public(&self, name: &str, text: &str) -> Result<(), Failure> {
        self.write(name, text, 0o644)
    }

    /// Writes what only the owner may read.
    pub(super) fn secret(&self, name: &str, text: &str) -> Result<(), Failure> {
        self.write(name, text, 0o600)
    }

    fn write(&self, name: &str, text: &str, mode: u32) -> Result<(), Failure> {
        let path = self.0.join(name);
        std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(&path)
            .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
            .map_err(|error| Failure::other(format!("{} cannot be written: {error}", path.display())))
    }
}
