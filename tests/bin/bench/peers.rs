//! What the path is measured against: the same rows moved without checks, pseudonyms, encryption or proof.

use std::process::{Command, Stdio};

use anyhow::ensure;

use super::meter::{self, Spent};
use super::postgres::Postgres;
use super::source::{ROWS, Source};

const DATABASE: &str = "peers";
const TABLE: &str = "CREATE TABLE measurement (treatment_id text, instrument text, timepoint text, answered_on date,
    score double precision, PRIMARY KEY (treatment_id, instrument, timepoint))";

/// The limit: PostgreSQL reads the rows from a file of its own machine.
pub(crate) fn copy(postgres: &Postgres, source: &Source) -> anyhow::Result<Spent> {
    let file = postgres.folder().join("measurements.csv");
    std::fs::copy(&source.csv, &file)?;
    prepare(postgres)?;
    let statement = format!("COPY measurement FROM '{}' (FORMAT csv)", file.display());
    let spent = meter::run_well(postgres.client(DATABASE).args(["-c", &statement]), &[postgres.pid()])?;
    check(postgres, source)?;
    Ok(together(&spent))
}

/// The shell's way: one program prints the rows, another loads them.
pub(crate) fn pipe(postgres: &Postgres, source: &Source) -> anyhow::Result<Spent> {
    prepare(postgres)?;
    let before = meter::family_cpu(postgres.pid());
    let ((), wall) = meter::timed(|| {
        let mut rows =
            Command::new("sqlite3").arg("-csv").arg(&source.database).arg(ROWS).stdout(Stdio::piped()).spawn()?;
        let printed = rows.stdout.take().map_or(Stdio::null(), Stdio::from);
        let statement = "\\copy measurement FROM STDIN (FORMAT csv)";
        let loaded = postgres.client(DATABASE).args(["-c", statement]).stdin(printed).status()?;
        ensure!(rows.wait()?.success() && loaded.success(), "sqlite3 or psql failed");
        Ok(())
    })?;
    check(postgres, source)?;
    let cpu = meter::family_cpu(postgres.pid()).saturating_sub(before);
    Ok(Spent { wall, cpu, memory: 0 })
}

fn prepare(postgres: &Postgres) -> anyhow::Result<()> {
    postgres.fresh(DATABASE)?;
    postgres.query(DATABASE, TABLE).map(|_| ())
}

fn check(postgres: &Postgres, source: &Source) -> anyhow::Result<()> {
    let count: i64 = postgres.query(DATABASE, "SELECT count(*) FROM measurement")?.parse()?;
    ensure!(count == source.holds.scores, "{count} rows arrived of {}", source.holds.scores);
    Ok(())
}

/// Client and server as one.
fn together(spent: &[Spent]) -> Spent {
    Spent {
        wall: spent[0].wall,
        cpu: spent.iter().map(|spent| spent.cpu).sum(),
        memory: spent.iter().map(|spent| spent.memory).max().unwrap_or_default(),
    }
}
