//! A package: every file that a request was promised, in one archive that proves itself.
//!
//! Promises: the same tables give the same bytes but for the request's number and the time; every file is named with its hash in a manifest
//! that is signed with the register's key; nothing stands in a file that is not in the tables it was given.
//! Must not know: SQL, who may fetch it.

/// Tables as comma separated values, and what their columns mean to programs.
pub(crate) mod csv;
/// Tables as columns.
pub(super) mod parquet;
/// Tables as a workbook.
mod workbook;
/// Labels for statistical programs.
mod labels;
/// A page to print.
mod page;
/// Text for a paper.
mod methods;
/// What stands behind everything.
pub mod manifest;
/// Whether a package is whole and the register's.
pub mod proof;

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};

use schemas::canonical::sha256_hex;
use schemas::signed::SigningKey;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::sheet::Sheet;
use crate::request::form::Format;
use manifest::{About, Manifest};

/// Files by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Why there is no package.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// Columns could not be written.
    #[error("a table could not be written as Parquet: {0}")]
    Parquet(#[from] ::parquet::errors::ParquetError),
    /// The workbook could not be written.
    #[error("the tables could not be written as a workbook: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The archive could not be written.
    #[error("the files could not be packed: {0}")]
    Archive(#[from] zip::result::ZipError),
    /// Bytes could not be written.
    #[error("the files could not be packed: {0}")]
    Write(#[from] std::io::Error),
    /// A table could not be written as text.
    #[error("a table could not be written as CSV: {0}")]
    Csv(#[from] ::csv::Error),
}

/// The archive of a request's tables.
///
/// # Errors
/// When a file cannot be written.
pub fn package(sheets: &[Sheet], about: &About, formats: &[Format], key: &SigningKey) -> Result<Vec<u8>, PackageError> {
    let mut files = Files::new();
    let text = |text: String| text.into_bytes();
    for sheet in sheets {
        let name = sheet.name();
        // Statistical programs read this file by their label syntax, so it is always there.
        files.insert(format!("{name}.csv"), csv::table(sheet)?);
        files.insert(format!("{name}.csv-metadata.json"), csv::metadata(sheet, about));
        files.insert(format!("{name}.sps"), text(labels::spss(sheet)));
        files.insert(format!("{name}.do"), text(labels::stata(sheet)));
        if formats.contains(&Format::Parquet) {
            files.insert(format!("{name}.parquet"), parquet::table(sheet)?);
        }
    }
    if formats.contains(&Format::Xlsx) {
        files.insert("tables.xlsx".to_owned(), workbook::workbook(sheets, about)?);
    }
    files.insert("codebook.csv".to_owned(), csv::code_book((sheets, about))?);
    files.insert("methods.sv.txt".to_owned(), text(methods::text((sheets, about), schemas::language::Language::Sv)));
    files.insert("methods.en.txt".to_owned(), text(methods::text((sheets, about), schemas::language::Language::En)));
    for language in [schemas::language::Language::Sv, schemas::language::Language::En] {
        files.insert(format!("tables.{}.html", language.tag()), text(page::page(sheets, about, language)));
    }
    let hashes = files.iter().map(|(name, bytes)| (name.clone(), sha256_hex(bytes))).collect();
    let manifest = Manifest::new(about, sheets, hashes);
    files.insert(manifest::FILE.to_owned(), manifest.signed(key));
    archive(&files)
}

/// The files in one archive, each with the same date, so that equal files give equal bytes.
fn archive(files: &Files) -> Result<Vec<u8>, PackageError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(name, options)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

#[cfg(test)]
mod tests;
