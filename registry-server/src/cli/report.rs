//! `report NAME`: every statistic, from the command line.

/// What to keep.
mod keep;

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use schemas::exit::Exit;
use schemas::language::Language;

use super::made::Asked;
use super::{Call, Form, language_values};
use crate::failure::Failure;
use crate::report::{self, Parameters, ReportName, render};
use crate::store::{self, Opening};
use keep::Keep;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[arg(help = report::names())]
    name: String,
    /// Dimensions of the rows, comma separated [default: region,programme]
    #[arg(long, value_name = "DIM,...")]
    by: Option<String>,
    /// Instruments, comma separated [default: all]
    #[arg(long, value_name = "I")]
    instrument: Option<String>,
    /// paired, `first_last`, locf, followup-Nm or all [default: paired]
    #[arg(long, value_name = "C")]
    comparison: Option<String>,
    /// Which date decides: started or ended [default: ended]
    #[arg(long)]
    cohort: Option<String>,
    /// all, year, half, quarter, month, rolling12 or rolling36 [default: all]
    #[arg(long)]
    period: Option<String>,
    /// First day of the cohort date
    #[arg(long, value_name = "D")]
    from: Option<String>,
    /// Last day of the cohort date
    #[arg(long, value_name = "D")]
    to: Option<String>,
    /// Whose treatment it is after a handover: start or end [default: start]
    #[arg(long)]
    attribution: Option<String>,
    /// Units as-was or current [default: as-was]
    #[arg(long)]
    structure: Option<String>,
    /// CSV with the columns of instruments.csv, and `response_share` if it differs, whose cut-offs count instead of the built-in ones
    #[arg(long, value_name = "FILE")]
    thresholds: Option<PathBuf>,
    /// The cut that the report is made from, by its number (c1) or its name [default: what counts now]
    #[arg(long, value_name = "ID")]
    cut: Option<String>,
    /// Show every figure that differs from this cut's
    #[arg(long, value_name = "ID")]
    compare_cut: Option<String>,
    /// For whom; needed when the output is no terminal
    #[arg(long)]
    audience: Option<String>,
    /// Language of the table [default: Swedish where the environment names it, else English]
    #[arg(long, value_name = "LANGUAGE", value_parser = language_values())]
    language: Option<Language>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    keep: Keep,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Csv,
    Json,
    Html,
    /// One line a figure, in the long layout of national publications
    Indicators,
}

/// Runs it.
pub(super) async fn run(arguments: Arguments, call: &Call) -> Result<Exit, Failure> {
    let usage = |error: &dyn std::fmt::Display| Failure::usage(error.to_string());
    let name: ReportName = arguments.name.parse().map_err(|error: report::UnknownReport| usage(&error))?;
    check_audience(arguments.audience.as_deref())?;
    if call.form == Form::Json && matches!(arguments.format, Format::Csv | Format::Html | Format::Indicators) {
        return Err(Failure::usage("--json and --format csv, html or indicators are two forms; keep one"));
    }
    if arguments.compare_cut.is_some() && arguments.audience.as_deref().is_some_and(|audience| audience != "internal") {
        return Err(Failure::usage("--compare-cut tells exact differences; it is for --audience internal only"));
    }
    if arguments.compare_cut.is_some() && arguments.format == Format::Indicators {
        return Err(Failure::usage("--compare-cut lists differences; print them as table, csv, json or html"));
    }
    let pairs = pairs(&arguments);
    let parameters = Parameters::from_pairs(pairs).map_err(|error| usage(&error))?;

    let language = call.language(arguments.language);
    let config = call.config_or_defaults()?;
    let lists = config.code_lists()?;
    let mut thresholds = lists.thresholds();
    if let Some(path) = &arguments.thresholds {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::config(format!("--thresholds {shown} cannot be read: {error}")))?;
        thresholds = thresholds.overlaid(&shown, &text).map_err(|error| Failure::config(error.to_string()))?;
    }
    report::check(name, &lists, &parameters).map_err(|error| usage(&error))?;
    let store = store::open(&config.database, Opening::Existing).await?;
    let asked = Asked {
        name,
        parameters: &parameters,
        lists: &lists,
        thresholds,
        now: call.environment.now(),
        cut: arguments.cut.as_deref(),
        compared: arguments.compare_cut.as_deref(),
    };
    let made = asked.made(&store).await;
    store.close().await;
    let report = made?;
    let broken = |error: &dyn std::fmt::Display| Failure::other(format!("the report could not be written: {error}"));
    let text = match (arguments.format, call.form) {
        (Format::Json, _) | (_, Form::Json) => render::json(&report).map_err(|error| broken(&error))? + "\n",
        (Format::Csv, _) => render::csv(&report).map_err(|error| broken(&error))?,
        (Format::Indicators, _) => render::indicators(&report, &parameters.by).map_err(|error| broken(&error))?,
        (Format::Html, _) => render::html(&report, language),
        (Format::Table, Form::Text) => render::table_on(&report, language, columns()),
    };
    std::io::stdout().write_all(text.as_bytes()).map_err(|error| broken(&error))?;
    Ok(Exit::Done)
}

/// How many characters fit on a line of the terminal, where the output is one.
fn columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

/// Exact figures leave the terminal only when somebody says for whom they are.
fn check_audience(audience: Option<&str>) -> Result<(), Failure> {
    match audience {
        None if !std::io::stdout().is_terminal() => Err(Failure::usage(
            "the output is no terminal; say for whom the figures are: --audience internal gives exact ones",
        )),
        _ => Ok(()),
    }
}

/// The options that were given, by name.
fn pairs(arguments: &Arguments) -> Vec<(&'static str, &str)> {
    [
        ("by", &arguments.by),
        ("instrument", &arguments.instrument),
        ("comparison", &arguments.comparison),
        ("cohort", &arguments.cohort),
        ("period", &arguments.period),
        ("from", &arguments.from),
        ("to", &arguments.to),
        ("attribution", &arguments.attribution),
        ("structure", &arguments.structure),
        ("audience", &arguments.audience),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value.as_deref()?)))
    .chain(arguments.keep.pairs())
    .collect()
}
