//! A yearbook: every table that an audience may have, from one frozen data set, as files that can be published as they are.
//!
//! Promises: the same cut and parameters give the same bytes of every file; each table is the report's, so that what is hidden there is
//! hidden everywhere; pages need no script, no style of their own and nothing from elsewhere; `MANIFEST.sha256` proves every other file.
//! Must not know: SQL, folders, the terminal.

/// What it holds.
pub mod chapters;
/// The charts of a page.
mod desk;
/// Charts from reports.
mod drawn;
/// Figures as charts take them.
mod figures;
/// Points beside limits.
mod funnel;
/// The pages.
mod page;
/// The tables as one workbook.
mod workbook;

use std::collections::BTreeMap;

use rust_xlsxwriter::XlsxError;
use schemas::canonical::sha256_hex;
use schemas::language::Language;

use crate::chart::png::{PngError, png};
use crate::report::parameters::Audience;
use crate::report::{Report, frozen, render};
use crate::store::Cut;
use chapters::Chapter;
pub use desk::{Charts, of_page};
use drawn::{Chart, charts};

/// The file that proves the others.
pub const MANIFEST: &str = "MANIFEST.sha256";
/// The file to begin with.
pub const INDEX: &str = "index.html";
const STYLE: &str = "yearbook.css";
const WORKBOOK: &str = "yearbook.xlsx";

/// From what, for whom, in which language.
#[derive(Debug, Clone, Copy)]
pub struct Edition<'a> {
    /// The frozen data set.
    pub cut: &'a Cut,
    /// For whom; its tables were made for the same.
    pub audience: Audience,
    /// Of every text for people.
    pub language: Language,
}

/// Files by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Why there is no yearbook.
#[derive(Debug, thiserror::Error)]
pub enum YearbookError {
    /// A table could not be written as CSV.
    #[error("a table could not be written as CSV: {0}")]
    Csv(#[from] csv::Error),
    /// A chart could not be drawn.
    #[error(transparent)]
    Png(#[from] PngError),
    /// The workbook could not be written.
    #[error("the workbook could not be written: {0}")]
    Xlsx(#[from] XlsxError),
}

/// A chapter with its table and charts.
struct Bound<'a> {
    chapter: &'a Chapter,
    report: &'a Report,
    charts: Vec<Chart>,
}

impl Edition<'_> {
    /// What stands beside every table: the data, who left them, their days, signatures and comments.
    fn about(&self) -> Vec<String> {
        frozen::about(self.cut, self.audience).iter().map(|note| note.pick(self.language).to_owned()).collect()
    }

    fn title(&self) -> String {
        let book = self.language.pick("Årsbok", "Yearbook");
        format!("{book}: {}", self.cut.name)
    }
}

/// Every file of the yearbook that these tables make.
///
/// # Errors
/// When a file cannot be made; nothing is written then.
pub fn bind(edition: &Edition, tables: &[(&Chapter, Report)]) -> Result<Files, YearbookError> {
    let year = edition.cut.calendar.as_ref().map(|calendar| calendar.year.to_string());
    let mut files = Files::new();
    let mut bound = Vec::new();
    for (chapter, report) in tables {
        let drawings = chapter.charts.iter();
        let charts: Vec<Chart> =
            drawings.flat_map(|drawing| charts(drawing, report, (year.as_deref(), edition.language))).collect();
        files.insert(format!("{}.csv", chapter.name()), render::csv(report)?.into_bytes());
        for chart in &charts {
            files.insert(file(chapter, chart, "png"), png(&chart.svg)?);
            files.insert(file(chapter, chart, "svg"), chart.svg.clone().into_bytes());
        }
        bound.push(Bound { chapter, report, charts });
    }
    let made_at = edition.cut.made_at;
    let book = workbook::workbook(tables, (&edition.title(), &edition.about()), (made_at, edition.language))?;
    files.insert(WORKBOOK.to_owned(), book);
    files.insert(STYLE.to_owned(), page::style().into_bytes());
    files.insert(INDEX.to_owned(), page::index(edition, &bound).into_bytes());
    let pages = bound.iter().filter_map(|one| Some((page::name(one.chapter), page::table(edition, one)?.into_bytes())));
    files.extend(pages);
    let manifest = manifest(&files);
    files.insert(MANIFEST.to_owned(), manifest.into_bytes());
    Ok(files)
}

/// The name of a chart's file.
fn file(chapter: &Chapter, chart: &Chart, extension: &str) -> String {
    format!("{}-{}.{extension}", chapter.name(), chart.name)
}

/// A line a file, as `sha256sum --check` reads it.
fn manifest(files: &Files) -> String {
    let lines: Vec<String> = files.iter().map(|(name, bytes)| format!("{}  {name}\n", sha256_hex(bytes))).collect();
    lines.concat()
}

#[cfg(test)]
mod tests;
