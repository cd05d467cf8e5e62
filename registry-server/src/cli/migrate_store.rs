//! `migrate-store --from URL --to URL`: a register moves whole into another database.

use std::path::Path;

use clap::Args;
use schemas::exit::Exit;

use super::{Call, Form, print_json, say};
use crate::failure::Failure;
use crate::store::transfer::{self, Content, Moved, TransferError};
use crate::store::{self, Location, Opening};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The database to read; no server may run on it meanwhile
    #[arg(long, value_name = "URL")]
    from: String,
    /// The empty database to fill; its tables are made when they are not there
    #[arg(long, value_name = "URL")]
    to: String,
}

/// Runs it.
pub(super) async fn run(arguments: Arguments, call: &Call) -> Result<Exit, Failure> {
    let (from, to) = (location("--from", &arguments.from)?, location("--to", &arguments.to)?);
    if from == to {
        return Err(Failure::usage("--from and --to name the same database; name two"));
    }
    let source = store::open(&from, Opening::Existing).await?;
    let target = store::open(&to, Opening::NewOrCurrent).await?;
    let moved = transfer::migrate(&*source, &*target).await;
    source.close().await;
    target.close().await;
    let moved = moved.map_err(|error| refused(error, &to))?;
    match call.form {
        Form::Text => show(&moved),
        Form::Json => print_json(&serde_json::json!({
            "schema": "registry-server-migrate-store/1",
            "equal": moved.from == moved.to,
            "from": moved.from.iter().map(document).collect::<Vec<_>>(),
            "to": moved.to.iter().map(document).collect::<Vec<_>>(),
        })),
    }
    if moved.from == moved.to {
        return Ok(Exit::Done);
    }
    say(&Failure::other(format!(
        "{from} and {to} do not hold the same; stop the server on both, empty the target and move again"
    )));
    Ok(Exit::Failed)
}

fn location(option: &str, url: &str) -> Result<Location, Failure> {
    Location::read(url, Path::new("")).map_err(|sentence| Failure::usage(format!("{option} {sentence}")))
}

fn refused(error: TransferError, to: &Location) -> Failure {
    match error {
        TransferError::NotEmpty => Failure::config(format!("{to} holds a register already; name an empty database")),
        TransferError::Source(failed) => failed.into(),
        TransferError::Target(failed) => {
            let Failure { exit, sentence } = failed.into();
            Failure {
                exit,
                sentence: format!("{sentence}; {to} holds a part only, so empty it before the next attempt"),
            }
        }
    }
}

fn show(moved: &Moved) {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["table", "sender", "rows", "digest", "target"]);
    for content in &moved.from {
        let same = moved.to.contains(content);
        table.add_row([
            content.table.to_owned(),
            content.sender.clone().unwrap_or_default(),
            content.rows.to_string(),
            content.digest.clone(),
            if same { "same" } else { "DIFFERENT" }.to_owned(),
        ]);
    }
    let surplus = |content: &&Content| {
        !moved.from.iter().any(|from| (from.table, &from.sender) == (content.table, &content.sender))
    };
    for content in moved.to.iter().filter(surplus) {
        let sender = content.sender.clone().unwrap_or_default();
        table.add_row([content.table.to_owned(), sender, "0".into(), String::new(), "DIFFERENT".into()]);
    }
    println!("{table}");
}

fn document(content: &Content) -> serde_json::Value {
    serde_json::json!({
        "table": content.table, "sender": content.sender, "rows": content.rows, "sha256": content.digest,
    })
}
