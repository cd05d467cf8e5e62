//! `worklist`: what units can still do for their own figures.

use std::path::{Path, PathBuf};

use schemas::exit::Exit;

use super::failure::Failure;
use super::{print, surroundings};
use crate::config::Config;
use crate::setup::Setup;
use crate::worklist::{self, Line};
use schemas::language::Language;

#[derive(Debug, clap::Args)]
pub(super) struct WorklistArguments {
    /// Only this unit's treatments.
    #[arg(long, value_name = "HSA-ID")]
    unit: Option<String>,
    /// Write the list to a new CSV file, readable for its owner only.
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    csv: Option<PathBuf>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

/// The list is for those who treat, so it is Swedish unless another language was asked for.
pub(super) async fn run(
    arguments: &WorklistArguments,
    config: Config,
    language: Option<Language>,
) -> Result<Exit, Failure> {
    let setup = Setup::read(config)?;
    let items = worklist::read(&setup, arguments.unit.as_deref(), &surroundings(&|_| ())).await?;
    let lines: Vec<Line> = items.iter().map(|item| item.line(language.unwrap_or(Language::Sv))).collect();
    if arguments.json {
        return print::document(&serde_json::json!({ "schema": "registry-worklist/1", "lines": lines }));
    }
    if let Some(file) = &arguments.csv {
        return write(file, &lines);
    }
    let text = lines.iter().map(|line| format!("{:<22} {:<20} {}\n", line.unit, line.treatment, line.reason));
    print::text(&text.collect::<String>())
}

/// A spreadsheet takes a cell that begins so for a formula.
fn harmless(line: &Line) -> Line {
    let cell = |text: &str| if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() };
    Line { unit: cell(&line.unit), treatment: cell(&line.treatment), reason: cell(&line.reason) }
}

fn write(file: &Path, lines: &[Line]) -> Result<Exit, Failure> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let new = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    let written = new.map_err(csv::Error::from).and_then(|new| {
        let mut writer = csv::Writer::from_writer(new);
        lines.iter().try_for_each(|line| writer.serialize(harmless(line)))?;
        Ok(writer.flush()?)
    });
    written.map_err(|error| {
        let shown = file.display();
        Failure::new(Exit::Failed, format!("cannot write {shown} ({error}); name a new file in a folder that exists"))
    })?;
    print::text(&format!("{} lines written to {}\n", lines.len(), file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_a_spreadsheet_would_run_is_text() {
        let line = Line { unit: "SE1".into(), treatment: "=cmd|x".into(), reason: "@a".into() };
        let harmless = harmless(&line);
        assert_eq!(
            (harmless.unit.as_str(), harmless.treatment.as_str(), harmless.reason.as_str()),
            ("SE1", "'=cmd|x", "'@a")
        );
    }
}
