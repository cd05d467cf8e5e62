//! The configuration of a pilot, beside the keys that are made with it.
//!
//! Promises: it never replaces a file, and that is found out before any key is made; where the keys lie below it, it may be moved
//! together with them.

use std::path::{Path, PathBuf};

use super::Init;
use super::file::Folder;
use crate::config;
use crate::failure::Failure;

/// A configuration to be written.
pub(super) struct Pilot {
    folder: Folder,
    name: String,
    text: String,
}

impl Pilot {
    /// Prepares it; refuses when the file is there.
    pub(super) fn new(path: &Path, init: &Init<'_>) -> Result<Self, Failure> {
        let unusable = || Failure::usage("--config-out and --dir must be plain UTF-8 paths, the first of a file");
        let (path, keys) = (absolute(path)?, absolute(init.dir)?);
        let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
            return Err(unusable());
        };
        let keys = keys.strip_prefix(folder).unwrap_or(&keys);
        let keys = if keys.as_os_str().is_empty() { Path::new(".") } else { keys };
        let keys = keys.to_str().filter(|text| !text.contains(char::is_control)).ok_or_else(unusable)?;
        let text = config::pilot(keys, init.environment);
        let folder = Folder::make(folder)?;
        folder.check_free(&[name])?;
        Ok(Self { folder, name: name.to_owned(), text })
    }

    /// Writes it.
    pub(super) fn write(&self) -> Result<(), Failure> {
        self.folder.public(&self.name, &self.text)
    }
}

fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path)
        .map_err(|error| Failure::other(format!("{} is no path that can be used: {error}", path.display())))
}
