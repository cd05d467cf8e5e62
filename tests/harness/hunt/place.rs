//! Where to search: folders, and what a running process holds that has no name any more.
//!
//! Promises: a file that vanishes between listing and reading is no error; everything else that cannot be read is.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::{Hit, Hunt};

impl Hunt {
    /// Searches every file under a folder (or one file), and the names of the files.
    ///
    /// # Errors
    /// When a file or folder cannot be read.
    pub fn directory(&self, path: &Path) -> io::Result<Vec<Hit>> {
        let place = path.display().to_string();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut hits = self.bytes(&format!("the name of {place}"), name.as_bytes());
        let kind = match fs::symlink_metadata(path) {
            Ok(metadata) => metadata.file_type(),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(hits),
            Err(error) => return Err(error),
        };
        if kind.is_dir() {
            let mut entries: Vec<_> = fs::read_dir(path)?.collect::<io::Result<_>>()?;
            entries.sort_by_key(fs::DirEntry::file_name);
            for entry in entries {
                hits.extend(self.directory(&entry.path())?);
            }
        } else if kind.is_file() {
            match fs::read(path) {
                Ok(bytes) => hits.extend(self.bytes(&place, &bytes)),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(hits)
    }

    /// Searches what a process holds outside named files: unlinked files that are still open, its arguments and its environment.
    ///
    /// # Errors
    /// When the process is gone or belongs to someone else.
    pub fn process(&self, pid: u32) -> io::Result<Vec<Hit>> {
        let folder = Path::new("/proc").join(pid.to_string());
        let mut hits = Vec::new();
        for name in ["cmdline", "environ"] {
            let path = folder.join(name);
            hits.extend(self.bytes(&path.display().to_string(), &fs::read(&path)?));
        }
        for entry in fs::read_dir(folder.join("fd"))? {
            let path = entry?.path();
            let Ok(target) = fs::read_link(&path) else { continue };
            let target = target.to_string_lossy().into_owned();
            let regular = || fs::metadata(&path).is_ok_and(|metadata| metadata.is_file());
            if target.ends_with(" (deleted)")
                && regular()
                && let Ok(bytes) = fs::read(&path)
            {
                hits.extend(self.bytes(&format!("{} ({target})", path.display()), &bytes));
            }
        }
        Ok(hits)
    }
}
