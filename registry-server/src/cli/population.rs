//! `population import`.

use std::path::PathBuf;

use clap::Subcommand;
use schemas::codelist::{Addition, ListName, Population};
use schemas::exit::Exit;

use super::Call;
use crate::failure::Failure;
use crate::store::{Opening, Reference};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Take in the inhabitants of a CSV file; a line replaces the one of the same region, year, sex and ages
    Import {
        /// CSV with the columns of populations.csv: region, year, sex, `age_from`, `age_to`, population
        file: PathBuf,
    },
}

/// Runs it.
pub(super) async fn run(command: Command, call: &Call) -> Result<Exit, Failure> {
    let Command::Import { file } = command;
    let shown = file.display().to_string();
    let text =
        std::fs::read_to_string(&file).map_err(|error| Failure::config(format!("{shown} cannot be read: {error}")))?;
    // The code list's own reader tells a fault with its line and column.
    let addition = Addition { list: ListName::Populations, file: shown.clone(), text: text.clone() };
    let lists = call.config()?.code_lists()?;
    lists.with_additions(&[addition]).map_err(|error| Failure::config(error.to_string()))?;
    let mut rows =
        csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<Population> =
        rows.deserialize().collect::<Result<_, _>>().map_err(|error| Failure::config(format!("{shown}: {error}")))?;

    let store = call.store(Opening::NewOrCurrent).await?;
    let imported = store.take_in(Reference::Populations(&rows), call.environment.now()).await;
    store.close().await;
    imported?;
    println!("{} rows of inhabitants are imported", rows.len());
    Ok(Exit::Done)
}
