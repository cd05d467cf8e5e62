//! `export-openapi` and `export-schema`: what agents and other programs can rely on, as files.
//!
//! Promises: the committed texts, byte for byte; no configuration is needed. Must not know: what they say.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use schemas::document::{JSON_SCHEMAS, OPENAPI};
use schemas::exit::Exit;
use serde_json::json;

use super::{Call, Form, print_json};
use crate::failure::Failure;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The folder to write them into; made where there is none
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

/// Prints the OpenAPI document.
pub(super) fn openapi() -> Result<Exit, Failure> {
    let written = std::io::stdout().write_all(OPENAPI.as_bytes());
    written.map_err(|error| Failure::other(format!("the document could not be written: {error}")))?;
    Ok(Exit::Done)
}

/// Writes every JSON Schema and the rule list into a folder.
pub(super) fn schemas(arguments: &Arguments, call: &Call) -> Result<Exit, Failure> {
    let folder = arguments.dir.display();
    let told = |error| Failure::other(format!("the files could not be written into {folder}: {error}"));
    std::fs::create_dir_all(&arguments.dir).map_err(told)?;
    for (name, text) in JSON_SCHEMAS {
        std::fs::write(arguments.dir.join(name), text).map_err(told)?;
    }
    let names: Vec<&str> = JSON_SCHEMAS.iter().map(|(name, _)| *name).collect();
    match call.form {
        Form::Text => println!("{} files in {folder}", names.len()),
        Form::Json => print_json(&json!({ "schema": "registry-export/1", "files": names })),
    }
    Ok(Exit::Done)
}
