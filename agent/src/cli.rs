//! The command line: what each command is called, and which exit code an outcome has.
//!
//! Promises: reading commands print one JSON document with `--json`; faults are one sentence on standard error and a documented exit
//! code; the only place that asks the clock, the environment and the operating system's randomness.

mod attest;
mod backup;
mod cycle;
mod evidence;
mod failure;
mod held;
mod in_charge;
mod key;
mod map;
mod newest;
mod objections;
mod once;
mod pause;
mod person;
mod person_extract;
mod preview;
mod print;
mod reconcile;
mod release;
mod receipt;
mod run;
mod schedule;
mod secret;
mod vanished;
mod who;
mod withdraw;
mod worklist;

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand};
use jiff::Timestamp;
use schemas::exit::Exit;

use crate::config::{Config, SAMPLE};
use crate::cycle::{Extent, Surroundings};
use crate::identity::looks_like_identity;
use crate::setup::Setup;
use failure::Failure;
use schemas::language::Language;

/// Delivers a region's ended internet treatments to the national register.
#[derive(Debug, Parser)]
#[command(name = "registry-agent", version, max_term_width = 100)]
struct Line {
    /// The configuration.
    #[arg(long, global = true, default_value = "/etc/registry-agent/agent.toml", value_name = "FILE")]
    config: PathBuf,
    /// Language of what is printed for people [default: Swedish where the environment names it, else English].
    #[arg(long, global = true, value_name = "LANGUAGE", value_parser = language_values())]
    language: Option<Language>,
    #[command(subcommand)]
    command: Command,
}

impl Line {
    fn language(&self) -> Language {
        self.language.unwrap_or_else(|| Language::of(|name| std::env::var(name).ok()))
    }
}

/// Reads `--language`; help and refusals name what it takes.
fn language_values() -> impl TypedValueParser<Value = Language> {
    PossibleValuesParser::new([Language::Sv, Language::En].map(Language::tag)).try_map(|tag| tag.parse::<Language>())
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run cycles by the schedule until SIGTERM or SIGINT.
    ///
    /// A run that was missed is made up for once; one that failed is tried again after 5, 15 and then every 45 minutes until the next
    /// planned one, and less often when four runs in a row have not reached the register. SIGHUP reads the configuration again; one that
    /// cannot be used is not taken. SIGTERM and SIGINT let the batch on its way arrive and end with 143 and 130, a second signal ends at
    /// once. Ends by itself only at the start, when the configuration or what it names cannot be used: 77, 78.
    Run,
    /// Run one full cycle now: read, queue, deliver.
    Once {
        /// Read the whole source instead of what changed.
        #[arg(long)]
        full: bool,
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
        /// For a timer: run nothing in a planned silence.
        #[arg(long, hide = true)]
        planned: bool,
    },
    /// Show everything that `once` would send; connects to nothing but the source and writes nothing.
    Preview(preview::PreviewArguments),
    /// Show, and try again, what stays in the region.
    #[command(subcommand)]
    Held(held::HeldCommand),
    /// Decide on treatments at the register that their source has no more.
    #[command(subcommand)]
    Vanished(vanished::VanishedCommand),
    /// List treatments whose score before or after is missing, whose follow-up is due, or that are held.
    ///
    /// In Swedish, for those who treat, unless --language says otherwise.
    Worklist(worklist::WorklistArguments),
    /// Withdraw persons: read identity numbers on standard input, one a line, with twelve digits or as SYSTEM:ID.
    ///
    /// Each person is remembered as one who objects, taken out of everything that waits, and erased at the register, whose signed
    /// receipt is printed and kept. Without the register the next run tells it, before any record.
    Withdraw(withdraw::WithdrawArguments),
    /// Count, lift, back up and restore the remembered objections.
    #[command(subcommand)]
    Objections(objections::ObjectionsCommand),
    /// Show what the register holds of persons: read identity numbers on standard input, one a line; in plain Swedish.
    ///
    /// Both ends note that it was asked.
    PersonExtract(person_extract::PersonExtractArguments),
    /// Check that the configuration parses and makes sense.
    Check {
        /// Also try source, key, certificate, clock and register.
        #[arg(long)]
        connect: bool,
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Show version, key, certificate, runs, queue and held records.
    Status {
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Show every word of the source that needs a code, how often it stands there, and what it means; ends with 3 when one has none.
    Map(map::MapArguments),
    /// Run one cycle for `run`, with the configuration on standard input.
    #[command(hide = true)]
    Cycle,
    /// Let what waits go, when `[release] hold` keeps it back: exactly the records that `preview --pending` shows.
    Release(release::ReleaseArguments),
    /// Say that two numbers are one person's, or that they are not: pairs on standard input.
    #[command(subcommand)]
    Person(person::PersonCommand),
    /// Compare what the register holds with what was delivered, and bring both together; ends with 3 when something still differs.
    Reconcile(reconcile::ReconcileArguments),
    /// Show when the next runs are.
    #[command(subcommand)]
    Schedule(schedule::ScheduleCommand),
    /// Plan a silence: `run` and the timer wait and the register shows *paused*; `once` by hand still runs.
    Pause {
        /// The first day on which runs happen again, YYYY-MM-DD.
        #[arg(long, value_name = "DATE", value_parser = day)]
        until: jiff::civil::Date,
        /// Why, in a line for the register's staff; nothing about a person.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// End a planned silence.
    Resume,
    /// Check what the register signed: receipts, and the state of its audit log.
    #[command(subcommand)]
    Receipt(receipt::ReceiptCommand),
    /// Show this sender's part of a year's frozen data at the register, or sign it with --name.
    Attest(attest::AttestArguments),
    /// Write a year's accounting, receipts, releases, erasures, versions and configuration changes to a new folder; names nobody.
    Evidence(evidence::EvidenceArguments),
    /// Make, name or copy the keys.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Write a copy of keys, list of objections and state under a passphrase to a new file.
    Backup(secret::LockedCopy),
    /// Put such a copy into a state directory that has no state; the next run sends everything again, which doubles nothing.
    Restore(backup::RestoreArguments),
    /// Write or show the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Show the version.
    Version {
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print a commented configuration to begin from, or write it to a new file.
    Init {
        /// The file to write.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Show the file, or with --effective the configuration in force.
    Show {
        /// Every value in force and where it came from: file, default or environment.
        #[arg(long)]
        effective: bool,
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
}

/// Runs the program with the process's own arguments.
#[must_use]
pub fn run() -> Exit {
    crate::telemetry::start(std::env::var("AGENT_LOG").ok().as_deref());
    // A provider that is installed already is the same one: no other is compiled in.
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let line = match Line::try_parse() {
        Ok(line) => line,
        Err(error) => return refuse(&error),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Failure::new(Exit::Failed, format!("the runtime cannot start ({error})")).tell(),
    };
    // The daemon hears signals itself, and stops in order.
    let stops_at_once = !matches!(line.command, Command::Run);
    let ended = runtime.block_on(async {
        tokio::select! {
            ended = command(line) => ended,
            signal = stopped(), if stops_at_once => Err(signal),
        }
    });
    ended.unwrap_or_else(Failure::tell)
}

/// Says what is wrong with the command line, or shows the help that was asked for. The parser repeats what it does not understand.
fn refuse(error: &clap::Error) -> Exit {
    let arguments = std::env::args_os().skip(1);
    if error.use_stderr() && arguments.into_iter().any(|word| looks_like_identity(&word.to_string_lossy())) {
        let sentence = "an argument looks like a person's number; numbers are read on standard input, so that no list of commands or \
                        processes shows them";
        return Failure::new(Exit::Usage, sentence).tell();
    }
    // Nothing is left to do when the terminal is gone.
    let _ = error.print();
    if error.use_stderr() { Exit::Usage } else { Exit::Done }
}

fn day(text: &str) -> Result<jiff::civil::Date, &'static str> {
    text.parse().map_err(|_| "write a day as YYYY-MM-DD")
}

async fn command(line: Line) -> Result<Exit, Failure> {
    let config = || Config::read(&line.config, std::env::vars()).map_err(Failure::from);
    match &line.command {
        Command::Version { json } => Ok(print::version(*json)),
        Command::Config(ConfigCommand::Init { out }) => init(out.as_deref()),
        Command::Config(ConfigCommand::Show { json, effective }) => show(&line.config, &config()?, (*effective, *json)),
        Command::Receipt(command) => receipt::run(command, config, line.language()).await,
        Command::Attest(arguments) => attest::run(arguments, &config()?).await,
        Command::Evidence(arguments) => evidence::run(arguments, config()?).await,
        Command::Key(command) => key::run(command, config).await,
        Command::Backup(copy) => backup::back_up(copy, config()?).await,
        Command::Restore(arguments) => backup::restore(arguments, config()?).await,
        Command::Check { connect, json } => {
            let config = config()?;
            let mut lines = crate::check::check(&config, now()).await?;
            if *connect {
                lines.extend(crate::check::connect(&config, now()).await?);
            }
            Ok(print::check(&lines, *json))
        }
        Command::Status { json } => {
            let config = config()?;
            let status =
                crate::status::status(&config, now(), if *json { Language::En } else { line.language() }).await?;
            let exit = print::status(&status, (line.language(), *json))?;
            if !*json && std::io::stdout().is_terminal() {
                crate::codelists::mark_seen(&config, &status.codelists);
            }
            Ok(exit)
        }
        Command::Held(command) => Box::pin(held::run(command, config()?, line.language())).await,
        Command::Withdraw(arguments) => withdraw::run(arguments, config()?).await,
        Command::Objections(command) => objections::run(command, config()?).await,
        Command::PersonExtract(arguments) => person_extract::run(arguments, config()?).await,
        Command::Vanished(command) => vanished::run(command, &config()?, line.language()).await,
        Command::Worklist(arguments) => worklist::run(arguments, config()?, line.language).await,
        Command::Preview(arguments) => preview::run(arguments, config()?, line.language()).await,
        Command::Release(arguments) => Box::pin(release::run(arguments, config()?, line.language())).await,
        Command::Map(arguments) => map::run(arguments, config()?, line.language()).await,
        Command::Person(command) => Box::pin(person::run(command, config()?, line.language())).await,
        Command::Reconcile(arguments) => Box::pin(reconcile::run(arguments, config()?, line.language())).await,
        Command::Cycle => cycle::run(&line.config).await,
        Command::Run => run::run(&line.config).await,
        Command::Schedule(command) => schedule::run(command, &config()?, now()).await,
        Command::Pause { until, reason } => pause::pause(&config()?, (*until, reason), now()).await,
        Command::Resume => pause::resume(&config()?).await,
        Command::Once { planned: true, .. } if pause::holds_back(&config()?).await? => Ok(Exit::Done),
        Command::Once { full, json, .. } => {
            let extent = if *full { Extent::Full } else { Extent::Planned };
            let config = config()?;
            let state_dir = config.state_dir();
            let ended = async { once::run(&Setup::read(config)?, extent, (line.language(), *json)).await };
            newest::noted(&state_dir, Box::pin(ended).await).await
        }
    }
}

fn show(path: &std::path::Path, config: &Config, (effective, json): (bool, bool)) -> Result<Exit, Failure> {
    let file = std::fs::read_to_string(path)
        .map_err(|error| Failure::new(Exit::Config, format!("cannot read {} ({error})", path.display())))?;
    if !effective && !json {
        return print::text(&file);
    }
    let overrides = schemas::settings::overrides("AGENT_", std::env::vars());
    print::settings(&crate::config::effective::settings(config, &file, &overrides)?, json)
}

fn init(out: Option<&std::path::Path>) -> Result<Exit, Failure> {
    use std::io::Write as _;
    let Some(out) = out else { return print::text(SAMPLE) };
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(out);
    file.and_then(|mut file| file.write_all(SAMPLE.as_bytes())).map_err(|error| {
        Failure::new(
            Exit::Failed,
            format!("cannot write {} ({error}); name a new file in a folder that exists", out.display()),
        )
    })?;
    Ok(Exit::Done)
}

fn surroundings(progress: &(dyn Fn(crate::cycle::Progress) + Sync)) -> Surroundings<'_> {
    let mut random = [0; 16];
    fill_random(&mut random);
    Surroundings { now: &now, chance: &chance, random, progress }
}

#[expect(clippy::disallowed_methods, reason = "the composition root asks the clock")]
fn now() -> Timestamp {
    Timestamp::now()
}

#[expect(clippy::disallowed_methods, reason = "the composition root asks for randomness")]
fn fill_random(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("a Linux that runs this program has getrandom");
}

fn chance() -> f64 {
    let mut bytes = [0; 4];
    fill_random(&mut bytes);
    f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX)
}

/// Waits for SIGINT or SIGTERM. A cycle's transaction that is open is rolled back; what was queued stays.
async fn stopped() -> Failure {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    let code = tokio::select! {
        _ = terminate.recv() => 143,
        _ = interrupt.recv() => 130,
    };
    Failure::stopped(code)
}
