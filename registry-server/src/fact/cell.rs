//! Cells: the counts of one group and month, from which outcomes are summed without reading treatments.
//!
//! Promises: a cell is of one sender, so that nobody's delivery touches another's cells; each treatment is in one group for each of its
//! dates and attributions; scores are the scores of the narrow rows, to the bit.
//! Must not know: SQL, periods, measures.

use std::sync::Arc;

use jiff::civil::Date;

use super::{SeriesBreak, UnitFact};
use crate::outcome::Comparison;

/// Which date puts a treatment into a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dated {
    /// The start.
    Started,
    /// The end.
    Ended,
}

/// Under which attribution a group counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CountsFor {
    /// Under either: there was no handover.
    Both,
    /// Where a treatment that was handed over began.
    Start,
    /// Where it went to.
    End,
}

/// What the treatments of a group have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellPlace {
    /// Who sent them.
    pub sender: Arc<str>,
    /// Which of their dates lies in the month.
    pub dated: Dated,
    /// Under which attribution they count here.
    pub counts_for: CountsFor,
    /// `YYYY-MM`.
    pub month: Arc<str>,
    /// County code; nothing where it is unknown; `@` and the HSA-id of a unit that the sender handed over to without describing it.
    pub region: Arc<str>,
    /// Programme code.
    pub programme: Arc<str>,
}

/// The treatments of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellGroup {
    /// Which.
    pub place: CellPlace,
    /// How many.
    pub treatments: u64,
    /// Of these, completed.
    pub completed: u64,
    /// The first of the dates that put them here.
    pub first_on: Date,
    /// The last of them.
    pub last_on: Date,
}

/// The scores of a group on one instrument under one comparison, as a store keeps them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellScores {
    /// Which group.
    pub place: CellPlace,
    /// Code of the instrument.
    pub instrument: Arc<str>,
    /// Which two scores.
    pub comparison: Comparison,
    /// Treatments that have the first member.
    pub firsts: u64,
    /// Treatments that have the second member.
    pub seconds: u64,
    /// Distinct pairs with their counts, packed.
    pub pairs: Vec<u8>,
}

/// Groups and their scores as a store keeps them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cells {
    /// The groups.
    pub groups: Vec<CellGroup>,
    /// Their scores.
    pub scores: Vec<CellScores>,
}

/// Which scores to read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// Codes of instruments; `None` for all.
    pub instruments: Option<Vec<String>>,
    /// Comparisons; `None` for all.
    pub comparisons: Option<Vec<Comparison>>,
}

/// Which cells to read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CellQuery {
    /// By which date.
    pub dated: Dated,
    /// Beside those that count for both: [`CountsFor::Start`] or [`CountsFor::End`].
    pub counts_for: CountsFor,
    /// Which of their scores.
    pub wanted: Wanted,
}

impl Wanted {
    /// Whether a comparison is wanted.
    #[must_use]
    pub fn takes(&self, comparison: Comparison) -> bool {
        self.comparisons.as_ref().is_none_or(|wanted| wanted.contains(&comparison))
    }
}

/// What of a sender's cells is out of date.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CellMark {
    /// Whose.
    pub sender: String,
    /// How often the sender's figures have changed; 0 where there are no cells yet.
    pub change: i64,
    /// The marked months, each with the change that marked it; the empty month stands for all.
    pub months: Vec<(String, i64)>,
}

impl CellMark {
    /// Whether the cells are those of the rows.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.change > 0 && self.months.is_empty()
    }

    /// The marked months; `None` for all.
    #[must_use]
    pub fn wanted(&self) -> Option<Vec<&str>> {
        let all = self.change == 0 || self.months.iter().any(|(month, _)| month.is_empty());
        (!all).then(|| self.months.iter().map(|(month, _)| month.as_str()).collect())
    }
}

/// What a store holds of cells at one moment.
#[derive(Debug, Clone, Default)]
pub struct CellState {
    /// The senders, by code.
    pub marks: Vec<CellMark>,
    /// Breaks in series, by number.
    pub breaks: Vec<SeriesBreak>,
    /// The outside denominator that was imported last, by its number and moment, RFC 3339: every import gives another.
    pub outside: Option<(i64, String)>,
    /// The units as the senders describe them, when cells were asked for.
    pub units: Vec<UnitFact>,
    /// The cells that were asked for.
    pub cells: Cells,
}

/// Cells ready to be summed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CellFacts {
    /// The groups.
    pub groups: Vec<CellGroup>,
    /// The scores, an entry for each instrument and comparison.
    pub series: Vec<CellSeries>,
}

/// The scores of all groups on one instrument under one comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct CellSeries {
    /// Code of the instrument.
    pub instrument: Arc<str>,
    /// Which two scores.
    pub comparison: Comparison,
    /// For each group that has a score: its place in the groups, its first and its second members.
    pub members: Vec<(u32, u64, u64)>,
    /// Treatments that have both, by group.
    pub counts: PairCounts,
}

/// How often each combination of a first and a second score occurs in each of some groups.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PairCounts {
    /// First and second score, each combination once, ascending.
    pub distinct: Vec<(f64, f64)>,
    /// Where the counts of each group begin, and where those of the last one end.
    pub begins: Vec<u32>,
    /// The counts of one group behind those of another, each combination once in a group and ascending.
    pub counts: Vec<PairCount>,
}

/// How often one combination of scores occurs in one group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PairCount {
    /// Place of the combination among the distinct ones.
    pub pair: u32,
    /// Treatments.
    pub count: u32,
    /// Of these, completed.
    pub completed: u32,
}

impl PairCounts {
    /// The counts of a group.
    #[must_use]
    pub fn of(&self, group: u32) -> &[PairCount] {
        let group = group as usize;
        &self.counts[self.begins[group] as usize..self.begins[group + 1] as usize]
    }
}

impl Dated {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Started, Self::Ended];

    /// The word that is stored.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Ended => "ended",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dated| dated.word() == word)
    }
}

impl CountsFor {
    /// The word that is stored.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Start => "start",
            Self::End => "end",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        [Self::Both, Self::Start, Self::End].into_iter().find(|counts_for| counts_for.word() == word)
    }
}
