//! The narrow facts that a store yields to the statistics: one row a treatment, one row an outcome, and the counts around them.
//!
//! Promises: holds no pseudonym and no record key, only internal numbers that mean nothing outside this database; repeated text is
//! shared, so that a hundred thousand treatments stay small.
//! Must not know: SQL, groups, thresholds.

/// A month's counts.
mod activity;
/// Counts of groups, in place of treatments.
pub mod cell;
/// The further fields of a treatment.
mod detail;
/// Ended treatments as counts.
mod ended;
/// What staff add.
mod reference;
/// Who delivers.
mod sender;
/// What figures stand on.
mod state;

use std::sync::Arc;

use foldhash::HashSet;
use jiff::civil::Date;
use schemas::codelist::Population;
use schemas::record::{Ownership, Sex, Status};

use crate::outcome::{Comparison, Pair};
pub use activity::ActivityFact;
pub use detail::DetailFact;
pub use ended::{EndedFact, RegionMonth, RegionMonths};
pub use reference::{Denominator, SeriesBreak};
pub use sender::{RunFact, SenderFact};
pub use state::DataState;

/// A part of the facts that not every report needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// First and second scores.
    Outcomes,
    /// The further fields of treatments.
    Details,
    /// Monthly counts.
    Activity,
    /// Senders.
    Senders,
    /// Accounting lines.
    Runs,
}

impl Part {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Outcomes, Self::Details, Self::Activity, Self::Senders, Self::Runs];
}

/// Everything that a report may be made of.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Active treatments, each in its latest accepted version.
    pub treatments: Vec<TreatmentFact>,
    /// Their outcomes. A report that narrows may leave instruments away, never comparisons.
    pub outcomes: Vec<OutcomeFact>,
    /// Their further fields.
    pub details: Vec<DetailFact>,
    /// The units as the senders describe them.
    pub units: Vec<UnitFact>,
    /// Inhabitants by region and year.
    pub populations: Vec<Population>,
    /// Monthly counts.
    pub activities: Vec<ActivityFact>,
    /// The senders, by code.
    pub senders: Vec<SenderFact>,
    /// Their accounting lines.
    pub runs: Vec<RunFact>,
    /// Ended treatments as others count them.
    pub denominators: Vec<Denominator>,
    /// Breaks in series, by number.
    pub breaks: Vec<SeriesBreak>,
    /// In place of treatments and outcomes: the cells that a report can be summed from.
    pub cells: Option<Arc<cell::CellFacts>>,
    /// In place of treatments, for coverage alone: how many ended.
    pub ended: Vec<EndedFact>,
    /// In place of outside denominators: coverage of regions by month, where it was counted before.
    pub coverage: Option<Arc<RegionMonths>>,
}

/// One treatment, without its person.
#[derive(Debug, Clone)]
pub struct TreatmentFact {
    /// Internal number of the treatment; [`OutcomeFact::row`] refers to it.
    pub row: i64,
    /// Internal number of the person, distinct within the sender.
    pub subject: i64,
    /// Who sent it.
    pub sender: Arc<str>,
    /// HSA-id of the unit where it started.
    pub unit_start: Arc<str>,
    /// HSA-id of the unit that it was handed over to.
    pub unit_end: Option<Arc<str>>,
    /// Programme code.
    pub programme: Arc<str>,
    /// Version of the programme as the source writes it.
    pub programme_version: Option<Arc<str>>,
    /// How it ended.
    pub status: Status,
    /// Why it ended (code list end-reasons).
    pub end_reason: Option<Arc<str>>,
    /// Date of the start.
    pub started_on: Date,
    /// Date of the end.
    pub ended_on: Date,
    /// Legal sex.
    pub sex: Option<Sex>,
    /// Year of birth.
    pub birth_year: Option<i16>,
    /// The first ICD-10-SE code of the record, its main diagnosis.
    pub diagnosis: Option<Arc<str>>,
}

/// First and second score of one treatment, as [`crate::outcome::derive`] made them.
#[derive(Debug, Clone)]
pub struct OutcomeFact {
    /// [`TreatmentFact::row`] of the treatment.
    pub row: i64,
    /// Code of the instrument.
    pub instrument: Arc<str>,
    /// Which two scores.
    pub comparison: Comparison,
    /// The first member, in points.
    pub first: Option<f64>,
    /// The second member, in points.
    pub second: Option<f64>,
}

impl OutcomeFact {
    /// A pair of a treatment's scores on an instrument.
    #[must_use]
    pub fn new(row: i64, instrument: &Arc<str>, pair: Pair) -> Self {
        let Pair { comparison, first, second } = pair;
        Self { row, instrument: Arc::clone(instrument), comparison, first, second }
    }
}

/// A unit as one sender describes it.
#[derive(Debug, Clone)]
pub struct UnitFact {
    /// Who described it.
    pub sender: Arc<str>,
    /// HSA-id.
    pub unit: Arc<str>,
    /// Name for people.
    pub name: Arc<str>,
    /// County code: the region of every report.
    pub county: Arc<str>,
    /// Code list care-levels.
    pub care_level: Option<Arc<str>>,
    /// Public or private.
    pub ownership: Option<Ownership>,
    /// HSA-id of the unit that took over.
    pub successor: Option<Arc<str>>,
}

/// Shares equal texts: a store asks it for each text it reads, and gets the one copy.
#[derive(Debug, Default)]
pub struct Names(HashSet<Arc<str>>);

impl Names {
    /// The one copy of `text`.
    pub fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let name: Arc<str> = Arc::from(text);
        self.0.insert(Arc::clone(&name));
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_share_one_copy() {
        let mut names = Names::default();
        let (a, b, c) = (names.share("PHQ-9"), names.share("PHQ-9"), names.share("GAD-7"));
        assert!(Arc::ptr_eq(&a, &b));
        assert_eq!((&*a, &*c), ("PHQ-9", "GAD-7"));
    }
}
