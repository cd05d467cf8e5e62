//! Cells as both engines read and mark them.
//!
//! Promises: a row that cannot be this program's is an error that names it, never a guess.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;

use crate::fact::Names;
use crate::fact::cell::{CellGroup, CellMark, CellPlace, CellScores, CountsFor, Dated};
use crate::store::plan::{Plan, replaced};
use crate::store::{Payload, StoreError};

/// The month that stands for all.
const ALL: &str = "";
/// The month beside which the number of changes stands.
const COUNTER: &str = "*";

/// What a transaction does to a sender's treatments, in months.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::store) struct Touched {
    /// Months of what comes, `YYYY-MM`; the empty one stands for all.
    pub(in crate::store) months: Vec<String>,
    /// Record keys of what goes.
    pub(in crate::store) keys: Vec<String>,
    /// Persons of what goes.
    pub(in crate::store) subjects: Vec<i64>,
}

impl Touched {
    /// Everything of the sender.
    pub(in crate::store) fn all() -> Self {
        Self { months: vec![ALL.to_owned()], ..Self::default() }
    }

    /// All treatments of persons.
    pub(in crate::store) fn persons(subjects: Vec<i64>) -> Self {
        Self { subjects, ..Self::default() }
    }

    /// What a delivery does; nothing where figures stay as they are.
    pub(in crate::store) fn by(plan: &Plan<'_>) -> Option<Self> {
        let mut months: BTreeSet<(i16, i8)> = BTreeSet::new();
        let mut units = false;
        for write in &plan.writes {
            match &write.arrival.payload {
                Payload::Treatment(content) => {
                    months.extend([content.started_on, content.ended_on].map(|day| (day.year(), day.month())));
                }
                Payload::Unit(_) => units = true,
                _ => {}
            }
        }
        let months = months.into_iter().map(|(year, month)| format!("{year:04}-{month:02}"));
        let months: Vec<String> = if units { vec![ALL.to_owned()] } else { months.collect() };
        let keys: Vec<String> = replaced(&plan.writes).map(|write| write.arrival.key.clone()).collect();
        (!months.is_empty() || !keys.is_empty()).then_some(Self { months, keys, subjects: Vec::new() })
    }
}

/// Sender, month and change of a mark; a sender without any has no cells.
pub(in crate::store) type MarkRow = (String, Option<String>, Option<i64>);

/// The marks of each sender; rows come by sender.
pub(in crate::store) fn marks(rows: Vec<MarkRow>) -> Vec<CellMark> {
    let mut marks: Vec<CellMark> = Vec::new();
    for (sender, month, change) in rows {
        if marks.last().is_none_or(|last| last.sender != sender) {
            marks.push(CellMark { sender, ..CellMark::default() });
        }
        let (Some(last), Some((month, change))) = (marks.last_mut(), month.zip(change)) else { continue };
        if month == COUNTER {
            last.change = change;
        } else {
            last.months.push((month, change));
        }
    }
    marks
}

/// The columns of a group's place.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::store) struct PlaceRow {
    sender: String,
    month: String,
    dated: String,
    counts_for: String,
    region: String,
    programme: String,
}

/// A group.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::store) struct GroupRow {
    #[sqlx(flatten)]
    place: PlaceRow,
    treatments: i64,
    completed: i64,
    first_on: String,
    last_on: String,
}

/// A group's scores on one instrument.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::store) struct ScoresRow {
    #[sqlx(flatten)]
    place: PlaceRow,
    instrument: String,
    comparison: String,
    firsts: i64,
    seconds: i64,
    pairs: Vec<u8>,
}

/// A group.
pub(in crate::store) fn group(row: &GroupRow, names: &mut Names) -> Result<CellGroup, StoreError> {
    let date = |text: &str, column| text.parse::<Date>().map_err(|_| wrong("cell_group", column));
    Ok(CellGroup {
        place: place(&row.place, names)?,
        treatments: count(row.treatments, "treatments")?,
        completed: count(row.completed, "completed")?,
        first_on: date(&row.first_on, "first_on")?,
        last_on: date(&row.last_on, "last_on")?,
    })
}

/// A group's scores.
pub(in crate::store) fn scores(row: ScoresRow, names: &mut Names) -> Result<CellScores, StoreError> {
    Ok(CellScores {
        place: place(&row.place, names)?,
        instrument: names.share(&row.instrument),
        comparison: row.comparison.parse().map_err(|_| wrong("cell", "comparison"))?,
        firsts: count(row.firsts, "firsts")?,
        seconds: count(row.seconds, "seconds")?,
        pairs: row.pairs,
    })
}

/// A count as the engines hold it.
pub(in crate::store) fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// What is kept of a mark's months, given those that still stood: all, or these.
pub(in crate::store) enum Kept {
    /// Everything of the sender.
    All,
    /// Some months.
    Months(BTreeSet<String>),
}

impl Kept {
    /// From the months whose marks still stood.
    pub(in crate::store) fn of(stood: Vec<String>) -> Self {
        let months: BTreeSet<String> = stood.into_iter().collect();
        if months.contains(ALL) { Self::All } else { Self::Months(months) }
    }

    /// Whether cells of a place are to be kept.
    pub(in crate::store) fn takes(&self, place: &CellPlace) -> bool {
        match self {
            Self::All => true,
            Self::Months(months) => months.contains(&*place.month),
        }
    }
}

fn place(row: &PlaceRow, names: &mut Names) -> Result<CellPlace, StoreError> {
    let mut share = |text: &str| -> Arc<str> { names.share(text) };
    Ok(CellPlace {
        sender: share(&row.sender),
        dated: Dated::read(&row.dated).ok_or_else(|| wrong("cell", "dated"))?,
        counts_for: CountsFor::read(&row.counts_for).ok_or_else(|| wrong("cell", "counts_for"))?,
        month: share(&row.month),
        region: share(&row.region),
        programme: share(&row.programme),
    })
}

fn count(number: i64, column: &'static str) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| wrong("cell", column))
}

fn wrong(table: &'static str, column: &'static str) -> StoreError {
    StoreError::Inconsistent { table, column, id: 0 }
}
