//! The accounting line: where everything that was found went.
//!
//! Promises: pure; every term is counted from a table of its own by whoever counts, and none is made from the others here, so that a
//! treatment that is lost on the way is a difference that anybody sees. Must not know: the tables.

mod shown;

#[cfg(test)]
mod tests;

pub use shown::{Month, Shown};

use std::collections::BTreeMap;

use schemas::record::{Counted, Reading, Reason, Run, Sum, Term};
use serde::Serialize;

use crate::map::Cell;

/// Some treatments and answers of one cell that are in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Unit, programme and month.
    pub cell: Cell,
    /// Where they are; nothing for those that were found.
    pub term: Option<Term>,
    /// The rule that put them there; empty where none did.
    pub rule: String,
    /// How many treatments.
    pub treatments: u64,
    /// How many answers.
    pub answers: u64,
}

/// The account of a cycle, of everything that was read since it began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The cycle's number.
    pub cycle: u64,
    /// When it began, RFC 3339 UTC.
    pub started_at: String,
    /// What it read.
    pub reading: Reading,
    /// A line for each unit, programme and month, of treatments and of answers.
    pub lines: Vec<Run>,
}

/// A treatment behind a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unbalanced {
    /// The source's id, or the last part of the record key where no table tells it.
    pub treatment: String,
    /// Whether it was found.
    pub found: bool,
    /// The terms that count it: none where it is missing; the right one where only its answers do not add up.
    pub terms: Vec<Term>,
}

impl Account {
    /// Puts what was counted into lines.
    #[must_use]
    pub fn new((cycle, started_at): (u64, String), reading: Reading, places: Vec<Place>) -> Self {
        let mut lines: BTreeMap<(Cell, Counted), Run> = BTreeMap::new();
        for place in places {
            for (counted, n) in [(Counted::Treatments, place.treatments), (Counted::Answers, place.answers)] {
                if n > 0 {
                    let line = lines.entry((place.cell.clone(), counted));
                    add(line.or_insert_with(|| empty(cycle, reading, counted, &place.cell)), &place, n);
                }
            }
        }
        let lines = lines.into_values().map(|mut line| {
            line.reasons.sort();
            line
        });
        Self { cycle, started_at, reading, lines: lines.collect() }
    }

    /// The lines of treatments or answers put together.
    #[must_use]
    pub fn sum(&self, counted: Counted) -> Sum {
        Sum::of(self.lines.iter().filter(|line| line.counted == counted))
    }

    /// The same for each month.
    #[must_use]
    pub fn months(&self, counted: Counted) -> BTreeMap<&str, Sum> {
        let mut months: BTreeMap<&str, Vec<&Run>> = BTreeMap::new();
        for line in self.lines.iter().filter(|line| line.counted == counted) {
            months.entry(&line.month).or_default().push(line);
        }
        months.into_iter().map(|(month, lines)| (month, Sum::of(lines.into_iter()))).collect()
    }

    /// Whether everything that was found is in one place, line by line.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.lines.iter().all(|line| line.difference() == 0)
    }

    /// The line that takes the place of one that was told, by its key, and has nothing to count any more. Nothing for a key that is no
    /// line's.
    #[must_use]
    pub fn emptied(&self, key: &str) -> Option<Run> {
        let parts: Vec<&str> = key.split('|').collect();
        let [_, _, month, unit, programme] = parts[..] else { return None };
        let cell = Cell { unit: unit.into(), programme: programme.into(), month: month.into() };
        let lines =
            [Counted::Treatments, Counted::Answers].map(|counted| empty(self.cycle, self.reading, counted, &cell));
        lines.into_iter().find(|line| line.key() == key)
    }
}

fn empty(cycle: u64, reading: Reading, counted: Counted, cell: &Cell) -> Run {
    let Cell { unit, programme, month } = cell.clone();
    let [found, accepted, unchanged, rejected, held, excluded, pending] = [0; 7];
    Run {
        cycle,
        reading,
        counted,
        month,
        unit,
        programme,
        found,
        accepted,
        unchanged,
        rejected,
        held,
        excluded,
        pending,
        reasons: Vec::new(),
    }
}

fn add(line: &mut Run, place: &Place, n: u64) {
    let count = match place.term {
        None => &mut line.found,
        Some(Term::Accepted) => &mut line.accepted,
        Some(Term::Unchanged) => &mut line.unchanged,
        Some(Term::Rejected) => &mut line.rejected,
        Some(Term::Held) => &mut line.held,
        Some(Term::Excluded) => &mut line.excluded,
        Some(Term::Pending) => &mut line.pending,
    };
    *count += n;
    if let Some(term) = place.term.filter(|_| !place.rule.is_empty()) {
        match line.reasons.iter_mut().find(|reason| reason.term == term && reason.rule == place.rule) {
            Some(reason) => reason.n += n,
            None => line.reasons.push(Reason { term, rule: place.rule.clone(), n }),
        }
    }
}
