//! `denominator import`.

use std::path::PathBuf;

use clap::Subcommand;
use schemas::exit::Exit;

use super::Call;
use crate::denominator;
use crate::failure::Failure;
use crate::store::{Opening, Reference};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Take in the ended treatments of a CSV file; a line replaces the one of the same region, unit, programme and month
    Import {
        /// CSV with the columns region, unit, programme, month, ended, source, date; unit and programme may be empty
        file: PathBuf,
    },
}

/// Runs it.
pub(super) async fn run(command: Command, call: &Call) -> Result<Exit, Failure> {
    let Command::Import { file } = command;
    let shown = file.display().to_string();
    let text =
        std::fs::read_to_string(&file).map_err(|error| Failure::config(format!("{shown} cannot be read: {error}")))?;
    let lists = call.config()?.code_lists()?;
    let lines = denominator::read(&shown, &text, &lists).map_err(|error| Failure::config(error.to_string()))?;

    let store = call.store(Opening::NewOrCurrent).await?;
    let imported = store.take_in(Reference::Denominators(&lines), call.environment.now()).await;
    store.close().await;
    imported?;
    println!("{} rows of ended treatments are imported", lines.len());
    Ok(Exit::Done)
}
