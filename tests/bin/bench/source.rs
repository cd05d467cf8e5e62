//! A region's database of any size: treatments and answers in the order in which they come about.
//!
//! Promises: everything follows from the seed and the number of treatments; every row keeps every rule, so that all of them arrive; one
//! person in ten has two treatments; five treatments have 63 scores. Persons have test numbers; above 219 000 persons numbers repeat,
//! and those persons have more treatments.

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use end_to_end::platform::{Person, Random};
use end_to_end::site::Queries;
use jiff::ToSpan as _;
use jiff::civil::Date;
use rusqlite::{Connection, Statement, params};

const TABLES: &str = "
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE treatment (
    treatment_id TEXT PRIMARY KEY, person_id TEXT NOT NULL, unit_id TEXT NOT NULL, programme TEXT NOT NULL, status TEXT NOT NULL,
    referred_on TEXT, started_on TEXT NOT NULL, ended_on TEXT, sex TEXT, birth_year INTEGER, diagnosis TEXT, modules_total INTEGER,
    modules_completed INTEGER, updated_at TEXT NOT NULL
);
CREATE INDEX treatment_updated_at ON treatment (updated_at);
CREATE TABLE measurement (
    measurement_id INTEGER PRIMARY KEY, treatment_id TEXT NOT NULL REFERENCES treatment, instrument TEXT NOT NULL,
    timepoint TEXT NOT NULL, answered_on TEXT NOT NULL, score REAL NOT NULL, updated_at TEXT NOT NULL
);
CREATE INDEX measurement_treatment ON measurement (treatment_id);
CREATE INDEX measurement_updated_at ON measurement (updated_at);
BEGIN;
";
const INSERT_TREATMENT: &str = "INSERT INTO treatment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
const INSERT_MEASUREMENT: &str = "INSERT INTO measurement (treatment_id, instrument, timepoint, answered_on, score, updated_at) VALUES (?, ?, ?, ?, ?, ?)";
/// Everything that the agent reads of treatments.
pub(crate) const TREATMENTS: &str = "SELECT * FROM treatment";
/// And of answers.
pub(crate) const MEASUREMENTS: &str =
    "SELECT treatment_id, instrument, timepoint, answered_on, score, updated_at FROM measurement";
/// What makes a run read only what changed; queries without it read everything.
pub(crate) const CHANGES: &str = " WHERE updated_at >= :since";
/// The rows that peers move, as `sqlite3 -csv` prints them.
pub(crate) const ROWS: &str = "SELECT treatment_id, instrument, timepoint, answered_on, score FROM measurement";

/// Treatments whose answers come in one another's midst.
const BLOCK: u32 = 500;
/// Days over which treatments begin.
const DAYS: u64 = 1_600;
/// The instrument that is answered every week, and two that are answered before and after.
const INSTRUMENTS: [(&str, i64); 3] = [("PHQ-9", 27), ("GAD-7", 21), ("ISI", 28)];
const PROGRAMMES: [&str; 4] = ["Depressionshjälpen", "Oroshjälpen", "Stresshjälpen", "Ångesthjälpen"];
const DIAGNOSES: [&str; 4] = ["F32.1", "F41.1", "F43.8A", "F41.0"];

/// A source, and what it holds.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// The SQLite file.
    pub(crate) database: PathBuf,
    /// Its answers as CSV: treatment, instrument, timepoint, date, score.
    pub(crate) csv: PathBuf,
    /// What a register must hold afterwards.
    pub(crate) holds: Holding,
}

/// What identifies a content well enough: altered, lost or doubled rows show in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Holding {
    /// Treatments.
    pub(crate) treatments: i64,
    /// Scores.
    pub(crate) scores: i64,
    /// Sum of the scores.
    pub(crate) sum: i64,
}

impl Holding {
    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            treatments: self.treatments + other.treatments,
            scores: self.scores + other.scores,
            sum: self.sum + other.sum,
        }
    }
}

struct Answer {
    treatment: String,
    instrument: &'static str,
    timepoint: &'static str,
    on: Date,
    score: i64,
}

impl Source {
    /// Invents a source in a folder.
    pub(crate) fn invent(folder: &Path, seed: u64, treatments: u32) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let (database, csv) = (folder.join("source.db"), folder.join("measurements.csv"));
        let connection = Connection::open(&database)?;
        connection.execute_batch(TABLES)?;
        let mut rows = BufWriter::new(std::fs::File::create(&csv)?);
        let mut insert = (connection.prepare(INSERT_TREATMENT)?, connection.prepare(INSERT_MEASUREMENT)?);
        let mut holds = Holding::default();
        for block in (0..treatments).step_by(BLOCK as usize) {
            let mut answers = Vec::new();
            for ordinal in block..treatments.min(block + BLOCK) {
                write_treatment(&mut insert.0, (seed, treatments, ordinal), &mut answers)?;
            }
            answers.sort_by_key(|answer: &Answer| answer.on);
            holds.treatments += i64::from(treatments.min(block + BLOCK) - block);
            for Answer { treatment, instrument, timepoint, on, score } in answers {
                insert.1.execute(params![treatment, instrument, timepoint, on.to_string(), score, at(on)])?;
                writeln!(rows, "{treatment},{instrument},{timepoint},{on},{score}.0")?;
                holds.scores += 1;
                holds.sum += score;
            }
        }
        drop(insert);
        connection.execute_batch("COMMIT; ANALYZE")?;
        rows.flush()?;
        Ok(Self { database, csv, holds })
    }

    /// How the agent reads it.
    pub(crate) fn queries(&self) -> Queries {
        Queries {
            url: format!("sqlite://{}", self.database.display()),
            treatments: format!("{TREATMENTS}{CHANGES}"),
            measurements: format!("{MEASUREMENTS}{CHANGES}"),
            ..Queries::default()
        }
    }
}

fn write_treatment(
    insert: &mut Statement<'_>,
    (seed, treatments, ordinal): (u64, u32, u32),
    answers: &mut Vec<Answer>,
) -> anyhow::Result<()> {
    let mut random = Random::new(seed.wrapping_mul(0x1_0000_0001).wrapping_add(u64::from(ordinal)));
    let persons = treatments - treatments / 11;
    let ordinal_of_person = if ordinal < persons { ordinal } else { (ordinal - persons) * 10 % persons };
    // Senders of other seeds have other persons.
    let ordinal_of_person = ordinal_of_person as usize + usize::try_from(seed)? * 10_007;
    let person = Person::invent(&mut Random::new(ordinal_of_person as u64), ordinal_of_person);
    let first: Date = "2019-01-07".parse()?;
    let day = i64::try_from(u64::from(ordinal) * DAYS / u64::from(treatments))?;
    let started = first.checked_add((day + random.between(0, 6)).days())?;
    let weeks = random.between(6, 12);
    let ended = started.checked_add((7 * weeks + random.between(0, 6)).days())?;
    let treatment = format!("B{seed:02}-{ordinal:08}");
    let programme = ordinal as usize % PROGRAMMES.len();
    insert.execute(params![
        treatment,
        person.number,
        format!("SE9990120000-E{:03}", ordinal % 40),
        PROGRAMMES[programme],
        if random.chance(80) { "completed" } else { "discontinued" },
        started.checked_sub(random.between(5, 60).days())?.to_string(),
        started.to_string(),
        ended.to_string(),
        person.sex,
        person.birth_year,
        DIAGNOSES[programme],
        10,
        random.between(2, 10),
        at(ended),
    ])?;
    let mut add = |(instrument, highest): (&'static str, i64), timepoint, on| {
        answers.push(Answer {
            treatment: treatment.clone(),
            instrument,
            timepoint,
            on,
            score: random.between(0, highest),
        });
    };
    for instrument in INSTRUMENTS {
        add(instrument, "pre", started);
        add(instrument, "post", ended);
    }
    for (week, timepoint) in (1..).zip(["weekly-1", "weekly-2", "weekly-3", "weekly-4", "weekly-5"]) {
        add(INSTRUMENTS[0], timepoint, started.checked_add((7 * week).days())?);
    }
    add(INSTRUMENTS[0], "followup-6m", ended.checked_add(6.months())?);
    // Three in five have been asked once more, which makes 12.6 in the mean.
    if ordinal % 5 < 3 {
        add(INSTRUMENTS[0], "followup-12m", ended.checked_add(12.months())?);
    }
    Ok(())
}

/// The moment at which a platform notes a day's answer.
fn at(day: Date) -> String {
    format!("{day}T18:00:00Z")
}
