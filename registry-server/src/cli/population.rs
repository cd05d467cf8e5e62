//! `population import`.

/// Values of Statistics Sweden's tables.
mod cell;
/// Bytes as a table of text.
mod sheet;
/// Statistics Sweden's layout.
mod statistics_sweden;

use std::path::PathBuf;

use clap::Subcommand;
use schemas::codelist::{Addition, ListName, Population};
use schemas::exit::Exit;

use super::Call;
use crate::failure::Failure;
use crate::store::{Opening, Reference};
use sheet::Sheet;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Take in the inhabitants of a file; a line replaces the one of the same region, year, sex and ages
    Import {
        /// Statistics Sweden's table as downloaded (region, ålder, kön, a column a year or `år`), or CSV with the columns of
        /// populations.csv: region, year, sex, `age_from`, `age_to`, population
        file: PathBuf,
    },
}

/// Runs it.
pub(super) async fn run(command: Command, call: &Call) -> Result<Exit, Failure> {
    let Command::Import { file } = command;
    let shown = file.display().to_string();
    let bytes = std::fs::read(&file).map_err(|error| Failure::config(format!("{shown} cannot be read: {error}")))?;
    let text = sheet::decode(&bytes);
    let lists = call.config()?.code_lists()?;
    let told = |error: &dyn std::fmt::Display| Failure::config(error.to_string());
    let rows = if sheet::is_own_form(&text) {
        // The code list's own reader tells a fault with its line and column.
        let addition = Addition { list: ListName::Populations, file: shown.clone(), text: text.clone() };
        lists.with_additions(&[addition]).map_err(|error| told(&error))?;
        let mut rows = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        rows.deserialize()
            .collect::<Result<Vec<Population>, _>>()
            .map_err(|error| told(&format!("{shown}: {error}")))?
    } else {
        let sheet = Sheet::read(&shown, &text).map_err(|error| told(&error))?;
        statistics_sweden::populations(&sheet, &lists).map_err(|error| told(&error))?
    };

    let store = call.store(Opening::NewOrCurrent).await?;
    let imported = store.take_in(Reference::Populations(&rows), call.environment.now()).await;
    store.close().await;
    imported?;
    println!("{} rows of inhabitants are imported", rows.len());
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests;
