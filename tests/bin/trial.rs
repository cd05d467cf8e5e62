//! Delivers somebody else's scores through the whole path and compares every figure:
//! `cargo run -p end-to-end --bin trial -- --dir DIR`.
//!
//! DIR holds `treatments-long.csv` and any of `expected-outcomes.csv`, `expected-groups.csv`, `expected-composite.csv` and
//! `expected-funnel.csv`, in the form of `tests/fixtures/worked-example`. Build the programs first (`cargo build --workspace`).

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use end_to_end::long_form::{Printed, deliver};
use recount::{Report, Table};

/// Compares a folder's expected figures with what the register prints.
#[derive(Debug, Parser)]
#[command(name = "trial")]
struct Arguments {
    /// The folder.
    #[arg(long)]
    dir: PathBuf,
    /// Inhabitants; the folder's own populations.csv when there is one, else the worked example's.
    #[arg(long)]
    populations: Option<PathBuf>,
    /// Cohort of the expected figures.
    #[arg(long, default_value = "started")]
    cohort: String,
    /// Period of the expected figures.
    #[arg(long, default_value = "all")]
    period: String,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let own = arguments.dir.join("populations.csv");
    let example = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/worked-example/populations.csv"));
    let populations = arguments.populations.unwrap_or(if own.is_file() { own } else { example });
    let delivered = deliver(&arguments.dir, &populations).await?;
    println!("{} treatments from {} regions delivered", delivered.treatments, delivered.sites.len());
    let mut equal = true;
    for report in Report::ALL {
        let Ok(text) = std::fs::read_to_string(arguments.dir.join(format!("expected-{}.csv", report.name()))) else {
            continue;
        };
        let table = Table::from_csv(&text)?;
        let printed = Printed { cohort: &arguments.cohort, period: &arguments.period };
        let differences = delivered.differences(report, &table, printed)?;
        println!("{}: {} expected rows, {} differences", report.name(), table.rows.len(), differences.len());
        differences.iter().take(5).for_each(|difference| println!("  {difference}"));
        equal &= differences.is_empty();
    }
    Ok(if equal { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
