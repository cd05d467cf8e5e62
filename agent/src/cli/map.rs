//! `map` and `map suggest`: what the source's own words mean.

use clap::{Args, Subcommand};
use schemas::exit::Exit;

use super::failure::Failure;
use super::print;
use crate::config::Config;
use crate::setup::Setup;
use crate::survey;
use schemas::language::Language;

/// `map`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct MapArguments {
    #[command(subcommand)]
    command: Option<MapCommand>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum MapCommand {
    /// Print mapping rows for the unknown words, with the nearest codes, to append to [map] file.
    Suggest,
}

/// Connects to nothing but the source. Words without a code are part of the work left undone (3).
pub(super) async fn run(arguments: &MapArguments, config: Config, language: Language) -> Result<Exit, Failure> {
    let MapArguments { command, json } = arguments;
    let setup = Setup::read(config)?;
    let survey = survey::survey(&setup, super::now()).await?;
    if let Some(MapCommand::Suggest) = command {
        return print::text(&survey::suggestions(&survey, setup.mapping_file.form()));
    }
    if *json {
        print::document(&survey)?;
    } else {
        print::text(&survey::table(&survey, language))?;
    }
    Ok(if survey.unknown == 0 { Exit::Done } else { Exit::Partly })
}
