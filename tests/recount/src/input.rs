//! What is counted, as plain values that a caller fills from a source database or from CSV text.
//!
//! Promises: a message names line and column, never a value. It must not know how anything is counted.

use std::collections::BTreeMap;
use std::fmt;

use crate::timepoint::Timepoint;

/// Everything a recount needs.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// One row an answer; a treatment without answers is one row without.
    pub rows: Vec<Row>,
    /// Constants by instrument code.
    pub instruments: BTreeMap<String, Instrument>,
    /// Inhabitants; the regions named here are also the list of all regions.
    pub populations: Vec<Population>,
    /// Programme code to the code of its own anxiety measure; GAD-7 where a programme is not named.
    pub anxiety: BTreeMap<String, String>,
}

/// One ended treatment with at most one of its answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The source's id, unique within its region.
    pub treatment_id: String,
    /// Identity number, only compared for equality.
    pub person: String,
    /// Code of the region that sent it.
    pub region: String,
    /// Code of the unit where it started.
    pub unit: String,
    /// Programme code.
    pub programme: String,
    /// `YYYY-MM-DD`.
    pub started: String,
    /// `YYYY-MM-DD`.
    pub ended: String,
    /// How it ended.
    pub status: Status,
    /// The answer of this row.
    pub answer: Option<Answer>,
}

/// One valid answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Instrument code.
    pub instrument: String,
    /// `screening`, `pre`, `weekly-N`, `post` or `followup-Nm`.
    pub timepoint: String,
    /// `YYYY-MM-DD`, the day it was answered.
    pub date: String,
    /// Score in raw points.
    pub score: f64,
    /// When the source changed it last, in one spelling whose text order is the order in time; absent is the earliest.
    pub updated_at: Option<String>,
}

/// How a treatment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// As planned.
    Completed,
    /// Broken off.
    Discontinued,
}

/// The constants of an instrument; what it lacks is absent.
#[derive(Debug, Clone, PartialEq)]
pub struct Instrument {
    /// Lowest possible score.
    pub lowest: f64,
    /// Whether a higher score means a better state.
    pub higher_is_better: bool,
    /// Lowest score of a case.
    pub caseness_from: Option<f64>,
    /// Highest score of remission.
    pub remission_to: Option<f64>,
    /// Smallest difference that is reliable, inclusive.
    pub reliable_change: Option<f64>,
    /// Internal consistency, 0 to 1.
    pub reliability: Option<f64>,
}

/// Inhabitants of a region in one year, all sexes and ages.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    /// Region code.
    pub region: String,
    /// Calendar year.
    pub year: u16,
    /// Number of inhabitants.
    pub inhabitants: f64,
}

/// What is wrong with the input, in one sentence without values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputError(pub String);

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InputError {}

/// Reads the long form: the columns of [`Row`] and of its answer; `updated_at` may be left out, other columns are
/// ignored.
///
/// # Errors
/// When a column is missing or a value has the wrong form.
pub fn rows_from_csv(text: &str) -> Result<Vec<Row>, InputError> {
    lines(text)?
        .iter()
        .map(|line| {
            Ok(Row {
                treatment_id: line.text("treatment_id")?,
                person: line.text("person")?,
                region: line.text("region")?,
                unit: line.text("unit")?,
                programme: line.text("programme")?,
                started: line.date("started")?,
                ended: line.date("ended")?,
                status: match line.text("status")?.as_str() {
                    "completed" => Status::Completed,
                    "discontinued" => Status::Discontinued,
                    _ => return Err(line.wrong("status")),
                },
                answer: answer(line)?,
            })
        })
        .collect()
}

fn answer(line: &Line) -> Result<Option<Answer>, InputError> {
    let instrument = line.text("instrument")?;
    if instrument.is_empty() {
        return Ok(None);
    }
    let timepoint = line.text("timepoint")?;
    if Timepoint::parse(&timepoint).is_none() {
        return Err(line.wrong("timepoint"));
    }
    Ok(Some(Answer {
        instrument,
        timepoint,
        date: line.date("date")?,
        score: line.number("score")?,
        updated_at: line.text("updated_at").ok().filter(|text| !text.is_empty()),
    }))
}

/// Reads instrument constants by code.
///
/// # Errors
/// When a column is missing or a value has the wrong form.
pub fn instruments_from_csv(text: &str) -> Result<BTreeMap<String, Instrument>, InputError> {
    lines(text)?
        .iter()
        .map(|line| {
            let instrument = Instrument {
                lowest: line.number("lowest")?,
                higher_is_better: line.text("higher_is_better")? == "true",
                caseness_from: line.optional("caseness_from")?,
                remission_to: line.optional("remission_to")?,
                reliable_change: line.optional("reliable_change")?,
                reliability: line.optional("reliability")?,
            };
            Ok((line.text("instrument")?, instrument))
        })
        .collect()
}

/// Reads inhabitants; lines for one sex or age band are left out.
///
/// # Errors
/// When a column is missing or a value has the wrong form.
pub fn populations_from_csv(text: &str) -> Result<Vec<Population>, InputError> {
    let mut populations = Vec::new();
    for line in lines(text)? {
        let whole = ["sex", "age_from", "age_to"].iter().all(|name| line.text(name).is_ok_and(|text| text.is_empty()));
        if whole {
            populations.push(Population {
                region: line.text("region")?,
                year: line.text("year")?.parse().map_err(|_| line.wrong("year"))?,
                inhabitants: line.number("population")?,
            });
        }
    }
    Ok(populations)
}

struct Line {
    number: usize,
    values: BTreeMap<String, String>,
}

fn lines(text: &str) -> Result<Vec<Line>, InputError> {
    let unreadable = |error: csv::Error| InputError(format!("The CSV text cannot be read: {error}."));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().map_err(unreadable)?.clone();
    let mut lines = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let record = record.map_err(unreadable)?;
        let values = headers.iter().zip(record.iter()).map(|(name, value)| (name.to_owned(), value.to_owned()));
        lines.push(Line { number: index + 2, values: values.collect() });
    }
    Ok(lines)
}

impl Line {
    fn text(&self, column: &str) -> Result<String, InputError> {
        self.values.get(column).cloned().ok_or_else(|| InputError(format!("The column {column} is missing.")))
    }

    fn date(&self, column: &str) -> Result<String, InputError> {
        let text = self.text(column)?;
        let shaped = text.len() == 10
            && text.char_indices().all(|(at, c)| if at == 4 || at == 7 { c == '-' } else { c.is_ascii_digit() });
        if shaped { Ok(text) } else { Err(self.wrong(column)) }
    }

    fn number(&self, column: &str) -> Result<f64, InputError> {
        self.text(column)?.parse().map_err(|_| self.wrong(column))
    }

    fn optional(&self, column: &str) -> Result<Option<f64>, InputError> {
        if self.text(column)?.is_empty() { Ok(None) } else { self.number(column).map(Some) }
    }

    fn wrong(&self, column: &str) -> InputError {
        InputError(format!("Line {}: the value of {column} has the wrong form.", self.number))
    }
}
