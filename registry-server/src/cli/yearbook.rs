//! `yearbook`: every table and chart of a frozen data set, in a folder that can be published as it is.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::Args;
use schemas::canonical::sha256_hex;
use schemas::codelist::CodeLists;
use schemas::exit::Exit;
use schemas::language::Language;
use serde_json::json;

use super::made::{Asked, Frozen};
use super::{Call, Form, print_json};
use crate::fact::Part;
use crate::failure::Failure;
use crate::report::Report;
use crate::report::parameters::Audience;
use crate::store::{self, Opening};
use crate::yearbook::chapters::{self, Chapter};
use crate::yearbook::{Edition, Files, INDEX, MANIFEST, bind};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The cut that it is made from, by its number (c1) or its name
    #[arg(long, value_name = "ID")]
    cut: String,
    /// An empty folder, or one that does not exist
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// For whom: public or research gives the tables that may leave, protected; internal gives every report exactly, for review
    #[arg(long, value_name = "WHO", default_value_t = Audience::Public)]
    audience: Audience,
    /// Language of every text [default: Swedish where the environment names it, else English]
    #[arg(long, value_name = "LANGUAGE", value_parser = super::language_values())]
    language: Option<Language>,
}

/// Runs it.
pub(super) async fn run(arguments: &Arguments, call: &Call) -> Result<Exit, Failure> {
    check_empty(&arguments.out)?;
    let config = call.config_or_defaults()?;
    let lists = config.code_lists()?;
    let store = store::open(&config.database, Opening::Existing).await?;
    let frozen = Frozen::read(&*store, &arguments.cut, Part::ALL).await;
    store.close().await;
    let frozen = frozen?;
    let table = |chapter| Ok((chapter, report(chapter, &frozen, (arguments.audience, &lists))?));
    let tables: Vec<(&Chapter, Report)> =
        chapters::of(arguments.audience).map(table).collect::<Result<_, Failure>>()?;
    let edition =
        Edition { cut: &frozen.cut, audience: arguments.audience, language: call.language(arguments.language) };
    let files = bind(&edition, &tables).map_err(|error| Failure::other(error.to_string()))?;
    write(&arguments.out, &files)?;
    tell(arguments, call.form, (&frozen, &files));
    Ok(Exit::Done)
}

fn report(chapter: &Chapter, frozen: &Frozen, (audience, lists): (Audience, &CodeLists)) -> Result<Report, Failure> {
    let usage = |error: &dyn std::fmt::Display| Failure::usage(error.to_string());
    let year = frozen.cut.calendar.as_ref().map(|calendar| calendar.year);
    let parameters = chapter.parameters(audience, year).map_err(|error| usage(&error))?;
    let asked = Asked {
        name: chapter.report.parse().map_err(|error: crate::report::UnknownReport| usage(&error))?,
        parameters: &parameters,
        lists,
        thresholds: lists.thresholds(),
        now: frozen.cut.made_at,
        cut: None,
        compared: None,
    };
    asked.of(frozen)
}

/// Nothing of an earlier yearbook may lie among the files of this one.
fn check_empty(folder: &Path) -> Result<(), Failure> {
    let shown = folder.display();
    match fs::read_dir(folder).map(|mut files| files.next().is_some()) {
        Ok(false) => Ok(()),
        Ok(true) => {
            Err(Failure::usage(format!("--out {shown} is not empty; name an empty folder or one that does not exist")))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Failure::usage(format!("--out {shown} is no folder to write to ({error}); name another"))),
    }
}

/// The files, the one that proves the others last.
fn write(folder: &Path, files: &Files) -> Result<(), Failure> {
    let shown = folder.display();
    let failed = |error: std::io::Error| {
        Failure::usage(format!(
            "--out {shown} cannot be written to ({error}); what lies there is no whole yearbook, name another folder"
        ))
    };
    fs::create_dir_all(folder).map_err(failed)?;
    let (manifest, others): (Vec<_>, Vec<_>) = files.iter().partition(|(name, _)| *name == MANIFEST);
    for (name, bytes) in others.into_iter().chain(manifest) {
        fs::write(folder.join(name), bytes).map_err(failed)?;
    }
    Ok(())
}

fn tell(arguments: &Arguments, form: Form, (frozen, files): (&Frozen, &Files)) {
    let (cut, folder) = (&frozen.cut, arguments.out.display().to_string());
    let manifest = sha256_hex(&files[MANIFEST]);
    match form {
        Form::Json => print_json(&json!({
            "schema": "registry-yearbook/1", "cut": cut.id(), "hash": cut.hash, "audience": arguments.audience.to_string(),
            "folder": folder, "files": files.len(), "manifest": manifest,
        })),
        Form::Text => println!(
            "{} files of {} ({}) are in {folder}; begin with {INDEX}, and `sha256sum --check {MANIFEST}` there proves them",
            files.len(),
            cut.id(),
            cut.name
        ),
    }
}
