//! `cut`: frozen data sets, and the calendar of a year's.

/// The calendar.
mod calendar;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use schemas::exit::Exit;
use serde_json::{Value, json};

use super::{Call, Form, print_json};
use crate::failure::Failure;
use crate::report;
use crate::store::{Cut, NewCut, Opening, Store};

/// Longest name, in characters: it stands below every table from the cut.
const LONGEST_NAME: usize = 60;
/// Longest note, in characters.
const LONGEST_NOTE: usize = 200;
/// Characters of a hash that tell two cuts apart on a terminal.
const SHORT_HASH: usize = 12;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Freeze what counts now under a name; later corrections change nothing in it, and whoever is withdrawn leaves it
    Create(New),
    /// Show every frozen data set
    List,
    /// Write down what a sender or a unit remarks on a year's figures; it stands below every report from the cut
    Comment(calendar::Remark),
    /// Publish a year's figures once the time for comments is over
    Publish(calendar::Publish),
}

#[derive(Debug, Args)]
pub(super) struct New {
    /// A name that no other cut has
    name: String,
    /// What it is for, one line
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    days: calendar::Days,
}

/// Runs it.
pub(super) async fn run(command: Command, call: &Call) -> Result<Exit, Failure> {
    match command {
        Command::Create(new) => create(new, call).await,
        Command::List => list(call).await,
        Command::Comment(remark) => calendar::comment(remark, call).await,
        Command::Publish(publish) => calendar::publish(publish, call).await,
    }
}

/// The cut that a word means: a name, or `c` and a number.
pub(super) async fn find(store: &dyn Store, word: &str) -> Result<Cut, Failure> {
    let cuts = store.cuts().await?;
    let known: Vec<String> = cuts.iter().map(|cut| format!("{} ({})", cut.id(), cut.name)).collect();
    cuts.into_iter().find(|cut| cut.is_called(word)).ok_or_else(|| {
        Failure::usage(if known.is_empty() {
            "there is no cut yet; `cut create NAME` makes one".to_owned()
        } else {
            format!("there is no such cut; there are {}", known.join(", "))
        })
    })
}

async fn create(new: New, call: &Call) -> Result<Exit, Failure> {
    let name = one_line(&new.name, LONGEST_NAME).filter(|name| !is_number(name)).ok_or_else(|| {
        Failure::usage(format!(
            "a cut's name is one line of 1 to {LONGEST_NAME} characters and not c and a number, which is how cuts are numbered"
        ))
    })?;
    let wrong_note = || Failure::usage(format!("--note is one line of 1 to {LONGEST_NOTE} characters"));
    let note = new.note.map(|note| one_line(&note, LONGEST_NOTE).ok_or_else(wrong_note)).transpose()?;
    let stamp = call.environment.stamp();
    let calendar = new.days.calendar(stamp.at)?;
    let lists = call.config()?.code_lists()?;
    let definitions = report::ALL.iter().map(|definition| (definition.name.to_owned(), definition.version)).collect();
    let (code_lists, thresholds) = (lists.hash(), lists.thresholds().name);
    let store = call.store(Opening::Existing).await?;
    let new = NewCut { name, note, code_lists, thresholds, definitions, calendar };
    let frozen = store.freeze(&new, stamp).await;
    store.close().await;
    let Some(cut) = frozen? else {
        return Err(Failure::usage("there is a cut of that name already; choose another (see `cut list`)"));
    };
    match call.form {
        Form::Json => print_json(&json!({ "schema": "registry-cut/1", "cut": document(&cut) })),
        Form::Text => {
            println!("{} ({}) is frozen: {} treatments, hash {}", cut.id(), cut.name, cut.treatments, cut.hash);
        }
    }
    Ok(Exit::Done)
}

fn one_line(text: &str, longest: usize) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= longest && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

fn is_number(name: &str) -> bool {
    name.strip_prefix('c').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

async fn list(call: &Call) -> Result<Exit, Failure> {
    let store = call.store(Opening::Existing).await?;
    let cuts = store.cuts().await;
    store.close().await;
    let cuts = cuts?;
    match call.form {
        Form::Json => {
            let cuts: Vec<Value> = cuts.iter().map(document).collect();
            print_json(&json!({ "schema": "registry-cuts/1", "cuts": cuts }));
        }
        Form::Text if cuts.is_empty() => println!("there is no cut yet; `cut create NAME` makes one"),
        Form::Text => print(&cuts, call.environment.now()),
    }
    Ok(Exit::Done)
}

/// A cut with what follows from its rows.
fn document(cut: &Cut) -> Value {
    let mut document = json!(cut);
    document["id"] = cut.id().into();
    document["withdrawn_persons"] = cut.withdrawn_persons().into();
    document["withdrawn_treatments"] = cut.withdrawn_treatments().into();
    document["replaced_treatments"] = cut.replaced_treatments().into();
    document
}

fn print(cuts: &[Cut], now: Timestamp) {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header([
        "cut",
        "name",
        "made at",
        "treatments",
        "persons withdrawn since",
        "hash",
        "year",
        "state",
        "note",
    ]);
    for cut in cuts {
        let hash = cut.hash.get(..SHORT_HASH).unwrap_or(&cut.hash);
        table.add_row([
            cut.id(),
            cut.name.clone(),
            cut.made_at.to_string(),
            cut.treatments.to_string(),
            cut.withdrawn_persons().to_string(),
            hash.to_owned(),
            cut.calendar.as_ref().map(|calendar| calendar.year.to_string()).unwrap_or_default(),
            calendar::state(cut, now),
            cut.note.clone().unwrap_or_default(),
        ]);
    }
    println!("{table}");
}
