//! The command line: which commands there are, and what becomes of their results.
//!
//! Promises: answers go to standard output, logs and failures to standard error; a failure is one sentence and a documented exit code.

/// `region account`
mod account;
/// `alarm`
mod alarm;
/// `analysis-file`
mod analysis_file;
/// `audit`
mod audit;
/// `case`
mod case;
/// `check`
mod check;
/// `contact`
mod contact;
/// `cut`
mod cut;
/// `denominator import`
mod denominator;
/// `definitions`
mod definitions;
/// `dev-ca`
mod dev_ca;
/// `duplicates`
mod duplicates;
/// `erase-now` and `disclosures`
mod erase;
/// Reports from what counts now and from cuts
mod made;
/// `migrate-store`
mod migrate_store;
/// `export-openapi` and `export-schema`
mod export;
/// `extract`
mod extract;
/// `population import`
mod population;
/// `region`
mod region;
/// `report`
mod report;
/// `break`
mod series_break;
/// `serve` and `migrate`
mod serve;
/// `user`
mod user;
/// `yearbook`
mod yearbook;

use std::ffi::OsString;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand};
use schemas::exit::Exit;
use schemas::language::Language;

use crate::config::{self, Config};
use crate::direction::turns;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::store::{self, Opening, Store};
use crate::telemetry;

/// How long work beside the event loop may go on when a command has ended.
const SHUTDOWN: Duration = Duration::from_secs(1);

/// Longest line that a person gives, characters.
const LONGEST_LINE: usize = 200;

/// The national register of internet-delivered psychological treatment.
#[derive(Debug, Parser)]
#[command(name = "registry-server", disable_version_flag = true)]
struct Arguments {
    /// Configuration file [default: /etc/registry-server/registry-server.toml]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// One JSON document on standard output instead of text
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the regions and the operators until stopped
    Serve,
    /// Tell whether configuration, keys, certificates and database fit together
    Check,
    /// Prove the audit log, or say that it was put back from a backup
    #[command(subcommand)]
    Audit(audit::Command),
    /// Bring the database up to date
    Migrate,
    /// Move a register into another database, for example from SQLite to PostgreSQL
    MigrateStore(migrate_store::Arguments),
    /// Enrol, list or revoke senders
    #[command(subcommand)]
    Region(region::Command),
    /// What is wrong with senders, and who has seen it
    #[command(subcommand)]
    Alarm(alarm::Command),
    /// Whom to turn to at a sender
    #[command(subcommand)]
    Contact(contact::Command),
    /// Invite, list or remove people who sign in to the register's pages
    #[command(subcommand)]
    User(user::Command),
    /// Requests for aggregated extracts: written, handed in, decided on by two
    #[command(subcommand)]
    Extract(extract::Command),
    /// Order, approve and fetch the statistician's file: one row a treatment and one a score, for staff alone
    AnalysisFile(analysis_file::Arguments),
    /// Count treatments that two senders may both have delivered
    Duplicates,
    /// Ask every sender to look for a person who has turned to the register, and show the answers
    #[command(subcommand)]
    Case(case::Command),
    /// Show who was told what the register holds of persons
    Disclosures,
    /// Remove the bytes of erased records from the database's files now, not in the night to come
    EraseNow,
    /// Make an authority, keys and certificates for pilots and tests
    #[command(subcommand)]
    DevCa(dev_ca::Command),
    /// Inhabitants, the denominator of rates
    #[command(subcommand)]
    Population(population::Command),
    /// Ended treatments as somebody outside counts them, the denominator of coverage
    #[command(subcommand)]
    Denominator(denominator::Command),
    /// Days on which a series changed its meaning
    #[command(subcommand)]
    Break(series_break::Command),
    /// Frozen data sets, which reports can be made from
    #[command(subcommand)]
    Cut(cut::Command),
    /// Print a report
    Report(Box<report::Arguments>),
    /// Write every table and chart of a frozen data set into a folder, with an index: CSV, XLSX, SVG, PNG
    Yearbook(yearbook::Arguments),
    /// Print what every report and figure means, with worked examples
    Definitions(definitions::Arguments),
    /// Print what regions and other programs can ask, as an OpenAPI document
    ExportOpenapi,
    /// Write the JSON Schemas of everything that travels into a folder
    ExportSchema(export::Arguments),
    /// Print the versions of program and formats
    Version,
}

/// What a command needs of the world.
struct Call {
    config: Option<PathBuf>,
    form: Form,
    variables: Vec<(String, String)>,
    environment: Environment,
}

/// How an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Json,
}

/// Runs the program with these arguments and environment variables.
#[must_use]
pub fn main(arguments: Vec<OsString>, variables: Vec<(String, String)>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nothing is left to do when the terminal is gone.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.into() } else { Exit::Done.into() };
        }
    };
    let filter = variables.iter().find(|(name, _)| name == "REGISTRY_LOG").map(|(_, value)| value.as_str());
    telemetry::start(filter);
    let form = if arguments.json { Form::Json } else { Form::Text };
    let call = Call { config: arguments.config, form, variables, environment: Environment::system() };
    match run(arguments.command, &call) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            say(&failure);
            failure.exit.into()
        }
    }
}

fn run(command: Command, call: &Call) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::other(format!("the program could not start its threads: {error}")))?;
    let ended = runtime.block_on(async {
        match command {
            Command::Serve => serve::serve(call).await,
            Command::Migrate => serve::migrate(call).await,
            Command::MigrateStore(arguments) => migrate_store::run(arguments, call).await,
            Command::Audit(command) => audit::run(command, call).await,
            Command::Check => check::check(call).await,
            Command::Region(command) => region::run(command, call).await,
            Command::Alarm(command) => alarm::run(command, call).await,
            Command::Contact(command) => contact::run(command, call).await,
            Command::User(command) => user::run(command, call).await,
            Command::Extract(command) => extract::run(command, call).await,
            Command::AnalysisFile(arguments) => analysis_file::run(arguments, call).await,
            Command::Duplicates => duplicates::run(call).await,
            Command::Case(command) => case::run(command, call).await,
            Command::Disclosures => erase::disclosures(call).await,
            Command::EraseNow => erase::now(call).await,
            Command::DevCa(command) => dev_ca::run(&command, call),
            Command::Population(command) => population::run(command, call).await,
            Command::Denominator(command) => denominator::run(command, call).await,
            Command::Break(command) => series_break::run(command, call).await,
            Command::Definitions(arguments) => definitions::run(&arguments, call),
            Command::ExportOpenapi => export::openapi(),
            Command::ExportSchema(arguments) => export::schemas(&arguments, call),
            Command::Cut(command) => cut::run(command, call).await,
            Command::Report(arguments) => report::run(*arguments, call).await,
            Command::Yearbook(arguments) => yearbook::run(&arguments, call).await,
            Command::Version => Ok(version(call.form)),
        }
    });
    // After a disk fault nothing that still runs is worth waiting for.
    runtime.shutdown_timeout(SHUTDOWN);
    ended
}

/// Reads `--language`; help and refusals name what it takes.
fn language_values() -> impl TypedValueParser<Value = Language> {
    PossibleValuesParser::new([Language::Sv, Language::En].map(Language::tag)).try_map(|tag| tag.parse::<Language>())
}

impl Call {
    /// The language asked for, else that of the environment.
    fn language(&self, asked: Option<Language>) -> Language {
        let variable =
            |name: &str| self.variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        asked.unwrap_or_else(|| Language::of(variable))
    }

    /// The configuration file's settings; the file must be there.
    fn config(&self) -> Result<Config, Failure> {
        let path = self.config.clone().unwrap_or_else(|| config::DEFAULT_FILE.into());
        let text = std::fs::read_to_string(&path).map_err(|error| {
            Failure::config(format!(
                "the configuration {} cannot be read ({error}); name it with --config FILE",
                path.display()
            ))
        })?;
        let path = std::path::absolute(&path).unwrap_or(path);
        Config::read(&path, &text, &self.variables)
    }

    /// The settings, or the defaults when no file was named and none lies at the usual place.
    fn config_or_defaults(&self) -> Result<Config, Failure> {
        let usual = PathBuf::from(config::DEFAULT_FILE);
        if self.config.is_none() && !usual.exists() {
            return Config::read(&usual, "", &self.variables);
        }
        self.config()
    }

    /// The database that the configuration names, with the folder of the register's own files.
    async fn store(&self, opening: Opening) -> Result<Arc<dyn Store>, Failure> {
        let config = self.config()?;
        if opening != Opening::Existing {
            make_state_dir(&config.state_dir)?;
        }
        Ok(store::open(&config.database, opening).await?)
    }
}

/// A text that a person gave, which must be one line that shows as it is written.
fn line(option: &str, text: &str) -> Result<String, Failure> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST_LINE || text.chars().any(|c| c.is_control() || turns(c)) {
        return Err(Failure::usage(format!("{option} is one line of 1 to {LONGEST_LINE} characters")));
    }
    Ok(text.to_owned())
}

fn make_state_dir(path: &Path) -> Result<(), Failure> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|error| Failure::config(format!("[server] state_dir {} cannot be made: {error}", path.display())))
}

fn version(form: Form) -> Exit {
    let (program, batch, receipt) = (env!("CARGO_PKG_VERSION"), schemas::batch::SCHEMA, schemas::receipt::SCHEMA);
    let rules = schemas::rule::hash();
    match form {
        Form::Text => println!("registry-server {program}\nreads {batch}, writes {receipt}\nrules {rules}"),
        Form::Json => print_json(&serde_json::json!({
            "schema": "registry-server-version/1", "version": program, "batch": batch, "receipt": receipt, "rules": rules,
        })),
    }
    Exit::Done
}

/// Prints one JSON document.
fn print_json(document: &serde_json::Value) {
    println!("{document}");
}

/// Tells a person how far the work has come, beside what a program reads.
#[expect(clippy::print_stderr, reason = "what is told on the way is no result")]
fn on_the_way(text: &str) {
    eprintln!("{text}");
}

#[expect(clippy::print_stderr, reason = "the one place where a failure is told to a person")]
fn say(failure: &Failure) {
    eprintln!("registry-server: {failure}");
}
