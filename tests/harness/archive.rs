//! The archive of an extract as readers that others wrote see it.
//!
//! Promises: nothing of the register's own code reads it. Must not know: what should stand in it.

use std::io::{Cursor, Read as _};
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use calamine::Reader as _;
use serde_json::Value;

use crate::npm;

const SCRIPT: &str = include_str!("../npm/package.mjs");

/// Its files as text, and the rows of its Parquet files; the script and its packages are put into a folder.
///
/// # Errors
/// When it cannot be opened; the message says what the readers said.
pub fn opened(folder: &Path, archive: &Path) -> anyhow::Result<Value> {
    std::fs::write(folder.join("package.mjs"), SCRIPT)?;
    let modules = folder.join("node_modules");
    if !modules.exists() {
        std::os::unix::fs::symlink(npm::modules()?, modules)?;
    }
    let mut node = Command::new("node");
    let output = node.current_dir(folder).arg("package.mjs").arg(archive).output().context("node does not start")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The rows of a sheet of its workbook.
///
/// # Errors
/// When there is no such sheet.
pub fn sheet(archive: &Path, name: &str) -> anyhow::Result<Vec<Vec<String>>> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(archive)?)?;
    let mut bytes = Vec::new();
    archive.by_name("tables.xlsx")?.read_to_end(&mut bytes)?;
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes))?;
    let sheet = book.worksheet_range(name)?;
    Ok(sheet.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect())
}
