//! `alarm check`, `alarm list` and `alarm acknowledge`: what is wrong with senders, and who has seen it.

use clap::Subcommand;
use schemas::exit::Exit;

use super::{Call, Form, line, print_json};
use crate::failure::Failure;
use crate::monitor::{mail, watch, webhook};
use crate::store::alarm::{Acknowledged, Alarm, Mark};
use crate::store::{Opening, Store};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Look now at what `serve` looks at every minute, and send what is due
    Check,
    /// Show the alarms that are not over
    List {
        /// Those too that are over
        #[arg(long)]
        all: bool,
    },
    /// Note that somebody has seen an alarm and what is done about it
    Acknowledge {
        /// The number of the alarm
        number: u32,
        /// Who has seen it
        #[arg(long, value_name = "NAME")]
        by: String,
        /// What is done about it, one line that names no patient
        #[arg(long, value_name = "TEXT")]
        note: String,
    },
}

/// Runs it.
pub(super) async fn run(command: Command, call: &Call) -> Result<Exit, Failure> {
    let store = call.store(Opening::Existing).await?;
    let exit = run_on(&*store, command, call).await;
    store.close().await;
    exit
}

async fn run_on(store: &dyn Store, command: Command, call: &Call) -> Result<Exit, Failure> {
    let now = call.environment.now();
    match command {
        Command::Check => {
            watch::look(store, now).await?;
            let config = call.config()?;
            let (mail, hook) = (mail::of(&config)?, webhook::of(&config)?);
            watch::tell(store, (mail.as_ref(), hook.as_ref()), now).await?;
            list(store, call.form, Which::Open).await?;
        }
        Command::List { all } => list(store, call.form, if all { Which::All } else { Which::Open }).await?,
        Command::Acknowledge { number, by, note } => {
            let seen = Acknowledged { at: now.to_string(), by: line("--by", &by)?, note: line("--note", &note)? };
            let mark = Mark { stamp: call.environment.stamp(), person: None };
            if !store.acknowledge_alarm(number, &seen, mark).await? {
                return Err(Failure::usage(format!("there is no alarm {number}; `alarm list --all` shows every one")));
            }
            println!("alarm {number} was seen by {}", seen.by);
        }
    }
    Ok(Exit::Done)
}

/// Which alarms to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    /// Those that are not over.
    Open,
    /// Every one.
    All,
}

async fn list(store: &dyn Store, form: Form, which: Which) -> Result<(), Failure> {
    let mut alarms = store.alarms().await?;
    alarms.retain(|alarm| which == Which::All || alarm.cleared_at.is_none());
    match form {
        Form::Json => {
            let rows: Vec<_> = alarms.iter().map(row).collect();
            print_json(&serde_json::json!({ "schema": "registry-server-alarms/1", "alarms": rows }));
        }
        Form::Text if alarms.is_empty() => println!("no alarm"),
        Form::Text => print(&alarms),
    }
    Ok(())
}

fn row(alarm: &Alarm) -> serde_json::Value {
    let seen =
        alarm.acknowledged.as_ref().map(|seen| serde_json::json!({ "at": seen.at, "by": seen.by, "note": seen.note }));
    serde_json::json!({
        "number": alarm.number, "sender": alarm.condition.sender, "kind": alarm.condition.kind.word(),
        "since": alarm.condition.since, "raised_at": alarm.raised_at, "cleared_at": alarm.cleared_at,
        "acknowledged": seen,
    })
}

fn print(alarms: &[Alarm]) {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["number", "sender", "alarm", "since", "raised", "over", "seen by", "note"]);
    for alarm in alarms {
        let seen = alarm.acknowledged.as_ref();
        table.add_row([
            alarm.number.to_string(),
            alarm.condition.sender.to_string(),
            alarm.condition.kind.word().to_owned(),
            alarm.condition.since.to_string(),
            alarm.raised_at.clone(),
            alarm.cleared_at.clone().unwrap_or_default(),
            seen.map(|seen| seen.by.clone()).unwrap_or_default(),
            seen.map(|seen| seen.note.clone()).unwrap_or_default(),
        ]);
    }
    println!("{table}");
}
