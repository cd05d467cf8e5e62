//! `DuckDB` on the same treatments: on the long table, and on a table of cells that it made itself.
//!
//! Promises: loading and making tables is not counted, but for the question that is asked of the files as they lie; each other is asked
//! several times, and the middle time counts.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use super::Means;

const SCRIPT: &str = include_str!("duck.py");

/// `DuckDB` in a Python of its own.
pub(super) struct Duck {
    _folder: tempfile::TempDir,
    python: PathBuf,
}

/// What it took, milliseconds, and what it found.
#[derive(serde::Deserialize)]
pub(super) struct Measured {
    /// Region, programme and quarter from the long table.
    pub(super) long: f64,
    /// Region, sex, age group and quarter from the long table.
    pub(super) scan: f64,
    /// The same from the files, of which nothing was read yet: beside our own first reading after a start.
    pub(super) unread: f64,
    /// Region, programme and quarter from cells.
    pub(super) cells: f64,
    /// Pairs and mean change of each group.
    #[serde(skip)]
    pub(super) means: Means,
}

impl Duck {
    /// Fetches it; nothing, with a sentence, where it cannot be had.
    pub(super) fn fetch() -> anyhow::Result<Option<Self>> {
        let folder = tempfile::tempdir()?;
        let python = folder.path().join("bin/python");
        let made = Command::new("python3").args(["-m", "venv"]).arg(folder.path()).status();
        let fetched = made.is_ok_and(|made| made.success())
            && Command::new(&python).args(["-m", "pip", "install", "--quiet", "duckdb"]).status()?.success();
        if fetched {
            return Ok(Some(Self { _folder: folder, python }));
        }
        println!("DuckDB cannot be had (python3 -m venv, pip install duckdb): only our own times are measured");
        Ok(None)
    }

    /// Asks it about the tables in a folder.
    pub(super) fn measure(&self, folder: &Path) -> anyhow::Result<Measured> {
        let output = Command::new(&self.python).args(["-c", SCRIPT]).arg(folder).output()?;
        anyhow::ensure!(output.status.success(), "DuckDB: {}", String::from_utf8_lossy(&output.stderr));
        let mut measured: Measured = serde_json::from_slice(&output.stdout).context("DuckDB's times")?;
        let mut rows = csv::Reader::from_path(folder.join("means.csv"))?;
        for row in rows.deserialize() {
            let (period, region, programme, pairs, mean): (String, String, String, u64, f64) = row?;
            measured.means.insert(vec![period, region, programme], (pairs, mean));
        }
        Ok(measured)
    }
}
