//! `DuckDB` on the same treatments: on the long table, and on a table of cells that it made itself.
//!
//! Promises: loading and making tables is not counted, but for the question that is asked of the files as they lie; each other is asked
//! several times, and the middle time counts.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use super::Means;
use super::question::Question;

const SCRIPT: &str = include_str!("duck.py");

/// `DuckDB` in a Python of its own.
pub(super) struct Duck {
    _folder: tempfile::TempDir,
    python: PathBuf,
}

/// What it took, milliseconds, and what it found.
#[derive(serde::Deserialize)]
pub(super) struct Measured {
    /// Each question, of the long table.
    pub(super) asked: Vec<f64>,
    /// The second question of the files, of which nothing was read yet: beside our own first reading after a start.
    pub(super) unread: f64,
    /// The first question, of cells.
    pub(super) cells: f64,
    /// Pairs and mean change of each finest group, question by question.
    #[serde(skip)]
    pub(super) means: Vec<Means>,
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

    /// Asks it about the tables in a folder; the first question is also asked of cells, the second of the files.
    pub(super) fn measure(&self, folder: &Path, questions: &[&Question]) -> anyhow::Result<Measured> {
        let asked = serde_json::to_string(questions)?;
        let output = Command::new(&self.python).args(["-c", SCRIPT]).arg(folder).arg(asked).output()?;
        anyhow::ensure!(output.status.success(), "DuckDB: {}", String::from_utf8_lossy(&output.stderr));
        let mut measured: Measured = serde_json::from_slice(&output.stdout).context("DuckDB's times")?;
        let files = (0..questions.len()).map(|number| folder.join(format!("means-{number}.csv")));
        measured.means = files.map(|file| means(&file)).collect::<anyhow::Result<_>>()?;
        Ok(measured)
    }
}

/// The labels, then pairs and mean change.
fn means(file: &Path) -> anyhow::Result<Means> {
    let mut means = Means::new();
    for row in csv::Reader::from_path(file)?.into_records() {
        let mut row: Vec<String> = row?.iter().map(str::to_owned).collect();
        let (mean, pairs) = (row.pop().context("a mean")?, row.pop().context("a number of pairs")?);
        means.insert(row, (pairs.parse()?, mean.parse()?));
    }
    Ok(means)
}
