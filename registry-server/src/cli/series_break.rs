//! `break add` and `break list`.

use clap::{Args, Subcommand};
use jiff::civil::Date;
use schemas::exit::Exit;

use super::{Call, Form, print_json};
use crate::denominator::check_place;
use crate::fact::SeriesBreak;
use crate::failure::Failure;
use crate::store::{Opening, Reference};

/// Longest note, in characters: it stands below every table that it concerns.
const LONGEST_NOTE: usize = 200;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Record the day on which a series changed its meaning; every report that reaches over it says so
    Add(New),
    /// Show every break
    List,
}

#[derive(Debug, Args)]
pub(super) struct New {
    /// First day of the new meaning
    #[arg(long, value_name = "DATE")]
    on: String,
    /// What changed, one line
    #[arg(long, value_name = "TEXT")]
    note: String,
    /// County code [default: every region]
    #[arg(long, value_name = "C")]
    region: Option<String>,
    /// HSA-id [default: every unit]
    #[arg(long, value_name = "H")]
    unit: Option<String>,
    /// Programme code [default: every programme]
    #[arg(long, value_name = "P")]
    programme: Option<String>,
}

/// Runs it.
pub(super) async fn run(command: Command, call: &Call) -> Result<Exit, Failure> {
    match command {
        Command::Add(new) => add(new, call).await,
        Command::List => list(call).await,
    }
}

async fn add(new: New, call: &Call) -> Result<Exit, Failure> {
    let New { on, note, region, unit, programme } = new;
    let on: Date = on.parse().map_err(|_| Failure::usage("--on is a date such as 2025-09-30"))?;
    let note = note.trim().to_owned();
    if note.is_empty() || note.chars().count() > LONGEST_NOTE || note.chars().any(char::is_control) {
        return Err(Failure::usage(format!("--note is one line of 1 to {LONGEST_NOTE} characters")));
    }
    let lists = call.config()?.code_lists()?;
    check_place(region.as_deref(), unit.as_deref(), programme.as_deref(), &lists)
        .map_err(|(column, message)| Failure::usage(format!("--{column} {message}")))?;
    let store = call.store(Opening::NewOrCurrent).await?;
    let new = SeriesBreak { number: 0, region, unit, programme, on, note };
    let recorded = store.take_in(Reference::Break(&new), call.environment.now()).await;
    store.close().await;
    recorded?;
    println!("the break from {on} is recorded");
    Ok(Exit::Done)
}

async fn list(call: &Call) -> Result<Exit, Failure> {
    let store = call.store(Opening::Existing).await?;
    let facts = store.facts(&[]).await;
    store.close().await;
    let breaks = facts?.breaks;
    match call.form {
        Form::Json => print_json(&serde_json::json!({ "schema": "registry-server-breaks/1", "breaks": breaks })),
        Form::Text if breaks.is_empty() => println!("no break is recorded; `break add` records one"),
        Form::Text => print(&breaks),
    }
    Ok(Exit::Done)
}

fn print(breaks: &[SeriesBreak]) {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["number", "from", "region", "unit", "programme", "note"]);
    for SeriesBreak { number, region, unit, programme, on, note } in breaks {
        let place = [region, unit, programme].map(|code| code.as_deref().unwrap_or("all").to_owned());
        let [region, unit, programme] = place;
        table.add_row([number.to_string(), on.to_string(), region, unit, programme, note.clone()]);
    }
    println!("{table}");
}
