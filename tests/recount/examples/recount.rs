//! Recounts a folder by hand: `cargo run -p recount --example recount -- --dir DIR [--cohort started|ended]
//! [--period all|year|half|quarter|month] [--populations FILE] [--instruments FILE] [--anxiety
//! PROGRAMME=INSTRUMENT]...`
//!
//! Promises: each `expected-REPORT.csv` of the folder is compared and each difference printed; ends with 1 if there
//! is one. It must not know a folder by name.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use recount::input::{Input, instruments_from_csv, populations_from_csv, rows_from_csv};
use recount::{Cohort, Period, Report, Selection, Table, compare, recount};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments = Arguments::read(std::env::args().skip(1))?;
    let read = |path: &Path| fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()));
    let input = Input {
        rows: rows_from_csv(&read(&arguments.dir.join("treatments-long.csv"))?)?,
        instruments: instruments_from_csv(&read(&arguments.instruments)?)?,
        populations: populations_from_csv(&read(&arguments.populations)?)?,
        anxiety: arguments.anxiety.iter().cloned().collect(),
    };
    let reports = recount(&input, arguments.selection)?;
    let mut differ = false;
    for report in Report::ALL {
        let path = arguments.dir.join(format!("expected-{}.csv", report.name()));
        let counted = reports.table(report);
        if !path.exists() {
            println!("{}: {} rows counted, no expected file", report.name(), counted.rows.len());
            continue;
        }
        let differences = compare(&Table::from_csv(&read(&path)?)?, counted, report.keys());
        println!("{}: {} rows counted, {} differences", report.name(), counted.rows.len(), differences.len());
        for difference in &differences {
            println!("  {difference}");
        }
        differ |= !differences.is_empty();
    }
    Ok(if differ { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

struct Arguments {
    dir: PathBuf,
    populations: PathBuf,
    instruments: PathBuf,
    anxiety: Vec<(String, String)>,
    selection: Selection,
}

impl Arguments {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut dir, mut populations) = (None, None);
        let mut instruments = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/instruments.csv"));
        let mut anxiety = Vec::new();
        let mut selection = Selection { cohort: Cohort::Started, period: Period::All };
        while let Some(option) = words.next() {
            let value = words.next().ok_or_else(|| format!("Give a value after {option}."))?;
            match option.as_str() {
                "--dir" => dir = Some(PathBuf::from(value)),
                "--populations" => populations = Some(PathBuf::from(value)),
                "--instruments" => instruments = PathBuf::from(value),
                "--anxiety" => {
                    let (programme, own) = value.split_once('=').ok_or("Write --anxiety PROGRAMME=INSTRUMENT.")?;
                    anxiety.push((programme.to_owned(), own.to_owned()));
                }
                "--cohort" => selection.cohort = cohort(&value)?,
                "--period" => selection.period = period(&value)?,
                _ => return Err(format!("The option {option} is not known.")),
            }
        }
        let dir = dir.ok_or("Name the folder with --dir.")?;
        let populations = populations.unwrap_or_else(|| dir.join("populations.csv"));
        Ok(Self { dir, populations, instruments, anxiety, selection })
    }
}

fn cohort(word: &str) -> Result<Cohort, String> {
    match word {
        "started" => Ok(Cohort::Started),
        "ended" => Ok(Cohort::Ended),
        _ => Err("Write --cohort started or --cohort ended.".to_owned()),
    }
}

fn period(word: &str) -> Result<Period, String> {
    match word {
        "all" => Ok(Period::All),
        "year" => Ok(Period::Year),
        "half" => Ok(Period::Half),
        "quarter" => Ok(Period::Quarter),
        "month" => Ok(Period::Month),
        _ => Err("Write --period all, year, half, quarter or month.".to_owned()),
    }
}
