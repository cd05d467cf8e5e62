//! What the guarantees cost: the whole path against PostgreSQL's own COPY of the same rows, measured side by side in one run.
//!
//! `cargo run --release -p end-to-end --bin bench -- --treatments 100000 --server both --repeat 3`
//!
//! Promises: everything is invented from one seed; each round measures every peer in turn, so that a busy machine slows all of them;
//! after each delivery the register holds exactly the treatments and scores of the source, and no agent came back before it was asked
//! to, or the exit code is 1. No figure is asserted: a benchmark tells, and its reader judges. But for `--parts` it must not know how
//! the programs work, only what they are given and what they leave behind.

#[path = "bench/attack.rs"]
mod attack;
#[path = "bench/burst.rs"]
mod burst;
#[path = "bench/disclosure.rs"]
mod disclosure;
#[path = "bench/figures.rs"]
mod figures;
#[path = "bench/garbage.rs"]
mod garbage;
#[path = "bench/memory.rs"]
mod memory;
#[path = "bench/meter.rs"]
mod meter;
#[path = "bench/pages.rs"]
mod pages;
#[path = "bench/parts.rs"]
mod parts;
#[path = "bench/path.rs"]
mod path;
#[path = "bench/peers.rs"]
mod peers;
#[path = "bench/postgres.rs"]
mod postgres;
#[path = "bench/register.rs"]
mod register;
#[path = "bench/relay.rs"]
mod relay;
#[path = "bench/scaling.rs"]
mod scaling;
#[path = "bench/sender.rs"]
mod sender;
#[path = "bench/source.rs"]
mod source;
#[path = "bench/table.rs"]
mod table;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Parser, ValueEnum};

use end_to_end::attack::register::Size;
use register::Engine;

/// Measures the whole path against PostgreSQL's COPY of the same rows; prints ratios.
#[derive(Debug, Parser)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[command(name = "bench", max_term_width = 100)]
pub(crate) struct Arguments {
    /// Treatments in the source, 12.6 scores each.
    #[arg(long, default_value_t = 100_000, value_name = "N", value_parser = clap::value_parser!(u32).range(5..))]
    treatments: u32,
    /// The register's store.
    #[arg(long, default_value = "both")]
    server: Servers,
    /// Rounds; each measures every peer in turn, and medians are printed.
    #[arg(long, default_value_t = 1, value_name = "R", value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// Run 10 000, 100 000 and 1 000 000 treatments and print how the time grows.
    #[arg(long)]
    scaling: bool,
    /// Print what each stage of both programs costs instead of the comparison.
    #[arg(long)]
    parts: bool,
    /// Senders that deliver at once to one register, under its usual limits and under tight ones, instead of the comparison.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=21))]
    senders: Option<u32>,
    /// Treatments of each of the senders.
    #[arg(long, default_value_t = 5_000, value_name = "N", value_parser = clap::value_parser!(u32).range(5..))]
    each: u32,
    /// Print what a large source costs the agent in memory, through each engine, instead of the comparison.
    #[arg(long)]
    memory: bool,
    /// Print what a delivery notices of another region that sends garbage, instead of the comparison.
    #[arg(long)]
    garbage: bool,
    /// Print what national figures cost at 10 000, 100 000 and 1 000 000 treatments, beside `DuckDB`, instead of the comparison.
    #[arg(long)]
    figures: bool,
    /// Print what a table that leaves the register costs, audited, instead of the comparison.
    #[arg(long)]
    disclosure: bool,
    /// Attack tables that leave 20 invented registers and 6 young ones, and print what was found and what the tables still tell.
    #[arg(long)]
    attack: bool,
    /// The first so many registers of `--attack`, the extreme ones first.
    #[arg(long, default_value_t = 26, value_name = "N")]
    registers: usize,
    /// Cells that sums tie down most, and as many by lot, of `--attack`; half as many in whole persons.
    #[arg(long, default_value_t = 100, value_name = "N")]
    cells: usize,
    /// Keys that each table is rounded under, of `--attack`, to tell what it is worth.
    #[arg(long, default_value_t = 24, value_name = "N")]
    keys: u8,
    /// Print how long people wait for pages while batches come, instead of the comparison.
    #[arg(long)]
    pages: bool,
    /// Who reads at once, of `--pages`.
    #[arg(long, default_value_t = 20, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=30))]
    readers: u8,
    /// How long each of them looks at a page before the next, of `--pages`; 0 asks again at once, as no person does.
    #[arg(long, default_value_t = 1_000, value_name = "MS", value_parser = clap::value_parser!(u64).range(..=60_000))]
    think_ms: u64,
    /// The largest of the sizes of `--figures`.
    #[arg(long, default_value_t = 1_000_000, value_name = "N")]
    largest: u32,
    /// Answers in each of the large sources.
    #[arg(long, default_value_t = 2_000_000, value_name = "N", value_parser = clap::value_parser!(u32).range(63..))]
    answers: u32,
    /// Measure the programs beside this one as they are, without building them.
    #[arg(long)]
    as_built: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Servers {
    /// The embedded engine.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// One after the other.
    Both,
}

impl Servers {
    fn engines(self) -> &'static [Engine] {
        match self {
            Self::Sqlite => &[Engine::Sqlite],
            Self::Postgres => &[Engine::Postgres],
            Self::Both => &[Engine::Sqlite, Engine::Postgres],
        }
    }
}

fn main() -> ExitCode {
    match bench(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            println!("the benchmark broke off: {error:#}");
            ExitCode::from(1)
        }
    }
}

/// Whether every register held what its sources have.
fn bench(arguments: &Arguments) -> anyhow::Result<bool> {
    let engines = arguments.server.engines();
    if arguments.disclosure {
        disclosure::run();
        return Ok(true);
    }
    if arguments.attack {
        let size = Size { tight: arguments.cells, random: arguments.cells, whole: arguments.cells / 2 };
        return Ok(attack::run(arguments.registers, size, arguments.keys));
    }
    if arguments.figures {
        return figures::run(arguments.largest, engines);
    }
    if !arguments.as_built {
        build()?;
    }
    if let Some(senders) = arguments.senders {
        return burst::run(senders, arguments.each, engines);
    }
    if arguments.memory {
        return memory::run(arguments.answers);
    }
    if arguments.garbage {
        return garbage::run(arguments.treatments, engines);
    }
    if arguments.pages {
        let crowd =
            pages::Crowd { readers: arguments.readers.into(), think: Duration::from_millis(arguments.think_ms) };
        return pages::run(arguments.treatments, crowd, engines);
    }
    if arguments.parts {
        return parts::run(arguments.treatments, engines);
    }
    if arguments.scaling {
        return scaling::run(engines);
    }
    let measured = path::measure(arguments.treatments, engines, arguments.repeat)?;
    println!("{}", table::comparison(&measured));
    Ok(measured.complete)
}

/// The two programs beside this one, as current as this one.
fn build() -> anyhow::Result<()> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let built = std::process::Command::new(cargo)
        .args(["build", "--quiet", "--release", "--locked", "--package", "agent", "--package", "registry-server"])
        .arg("--bins")
        .status()
        .context("cargo cannot be started")?;
    anyhow::ensure!(built.success(), "the two programs could not be built");
    Ok(())
}
