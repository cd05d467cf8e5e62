//! A throw-away authority, made by the register's own command.
//!
//! Promises: every file is what a pilot would get; bad certificates are made beside it, never by it.

use std::path::{Path, PathBuf};

use crate::process::{SERVER, run};

/// A folder with an authority and the register's own files.
#[derive(Debug, Clone)]
pub struct Authority {
    /// The folder.
    pub folder: PathBuf,
}

impl Authority {
    /// Makes a new one.
    ///
    /// # Errors
    /// When the command fails.
    pub fn make(folder: &Path) -> anyhow::Result<Self> {
        run(SERVER, None, &["dev-ca", "init", "--dir", &text(folder)])?.expect(&[0])?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// Issues a sender's files into a folder.
    ///
    /// # Errors
    /// When the command fails.
    pub fn issue(&self, sender: &str, out: &Path, days: i64) -> anyhow::Result<()> {
        let (folder, out, days) = (text(&self.folder), text(out), format!("--days={days}"));
        run(SERVER, None, &["dev-ca", "issue", sender, "--dir", &folder, "--out", &out, &days])?.expect(&[0])?;
        Ok(())
    }
}

fn text(path: &Path) -> String {
    path.display().to_string()
}
