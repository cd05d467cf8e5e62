//! `definitions`: what every figure and every report means, with worked examples.

use std::io::Write as _;

use clap::Args;
use schemas::exit::Exit;
use schemas::language::Language;
use serde_json::json;

use super::{Call, Form, language_values};
use crate::failure::Failure;
use crate::indicator::definition::{self, Entry};
use crate::report;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Language of the definitions [default: Swedish where the environment names it, else English]
    #[arg(long, value_name = "LANGUAGE", value_parser = language_values())]
    language: Option<Language>,
}

/// Runs it.
pub(super) fn run(arguments: &Arguments, call: &Call) -> Result<Exit, Failure> {
    let language = call.language(arguments.language);
    let entries = definition::all();
    let text = match call.form {
        Form::Json => document(&entries, language),
        Form::Text => text(&entries, language),
    };
    let written = std::io::stdout().write_all(text.as_bytes());
    written.map_err(|error| Failure::other(format!("the definitions could not be written: {error}")))?;
    Ok(Exit::Done)
}

fn text(entries: &[Entry], language: Language) -> String {
    let word = |sv: &'static str, en: &'static str| language.pick(sv, en);
    let mut text = String::new();
    let mut line = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    line(word("RAPPORTER", "REPORTS"));
    for report in report::ALL {
        line(&format!("\n{} ({} {})", report.name, word("version", "version"), report.version));
        line(&format!("  {}", report.meaning.pick(language)));
    }
    line(word("\nMÅTT", "\nFIGURES"));
    for entry in entries {
        line(&format!("\n{}", entry.name));
        line(&format!("  {}", entry.meaning.pick(language)));
        line(&format!("  {}: {}", word("formel", "formula"), entry.formula));
        line(&format!("  {}: {}", word("av", "over"), entry.population.pick(language)));
        line(&format!("  {}: {}", word("exempel", "example"), entry.example.pick(language)));
        line(&format!("  {}: {}", word("källa", "source"), entry.source));
    }
    text
}

fn document(entries: &[Entry], language: Language) -> String {
    let figures: Vec<_> = entries
        .iter()
        .map(|entry| {
            json!({
                "name": entry.name, "meaning": entry.meaning.pick(language), "formula": entry.formula,
                "population": entry.population.pick(language), "example": entry.example.pick(language), "source": entry.source,
            })
        })
        .collect();
    let reports: Vec<_> = report::ALL
        .iter()
        .map(|report| json!({ "name": report.name, "version": report.version, "meaning": report.meaning.pick(language) }))
        .collect();
    let document = json!({ "schema": "registry-definitions/1", "reports": reports, "figures": figures });
    format!("{document:#}\n")
}
