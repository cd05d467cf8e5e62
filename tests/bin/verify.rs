//! `cargo verify`: everything that CI runs, in one command.
//!
//! Promises: each step prints a heading and ends in one of three verdicts: passed, failed, or not checked because something is missing,
//! which is said again at the end and is a failure with `CI=true`; nothing is skipped silently. Needs a Rust toolchain and a C compiler
//! to begin with.

#[path = "verify/command.rs"]
mod command;
#[path = "verify/demo.rs"]
mod demo;
#[path = "verify/report.rs"]
mod report;
#[path = "verify/step.rs"]
mod step;
#[path = "verify/tools.rs"]
mod tools;
#[path = "verify/units.rs"]
mod units;

use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, ValueEnum as _};

use report::Outcome;
use step::{Step, Surroundings};

/// Checks the whole tree: tools, format, lints, build, tests, documentation, demo, systemd units.
#[derive(Debug, Parser)]
#[command(name = "cargo verify", version)]
struct Options {
    /// Run this step only; may be given several times.
    #[arg(long, value_name = "STEP")]
    only: Vec<Step>,
    /// Go on after a step that failed.
    #[arg(long)]
    keep_going: bool,
    /// List the steps and end.
    #[arg(long)]
    list: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    if options.list {
        for step in Step::value_variants() {
            println!("{:<8} {}", step.name(), step.purpose());
        }
        return ExitCode::SUCCESS;
    }
    let surroundings = Surroundings::find();
    let outcomes = run(&options, &surroundings);
    print!("{}", report::table(&outcomes));
    let good = outcomes.iter().all(|outcome| report::is_good(&outcome.verdict, surroundings.strictness));
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[expect(clippy::disallowed_methods, reason = "a program's main asks the clock")]
fn run(options: &Options, surroundings: &Surroundings) -> Vec<Outcome> {
    let chosen = Step::value_variants().iter().filter(|step| options.only.is_empty() || options.only.contains(step));
    let mut outcomes = Vec::new();
    for step in chosen {
        println!("\n=== {}: {}", step.name(), step.purpose());
        let begun = Instant::now();
        let verdict = step.run(surroundings);
        let outcome = Outcome { step: step.name(), verdict, took: begun.elapsed() };
        println!("=== {}", report::sentence(&outcome));
        let goes_on = options.keep_going || report::is_good(&outcome.verdict, surroundings.strictness);
        outcomes.push(outcome);
        if !goes_on {
            break;
        }
    }
    outcomes
}
