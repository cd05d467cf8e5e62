//! What a store yields to the statistics, and what staff add to it: inhabitants, outside denominators, breaks in series.
//!
//! Promises: all parts of the facts come from one snapshot of the database; counts and rows, never a statistic.
//! Must not know: deliveries, reports.

/// Cells as both engines read and mark them.
pub(super) mod cells;
/// Ended treatments as both engines count them.
pub(super) mod ended;
/// Rows of the narrow facts as both engines read them.
pub(super) mod narrow;
/// Rows around them as both engines read them.
pub(super) mod rows;
/// What figures stand on, as both engines read it.
pub(super) mod state;

use async_trait::async_trait;
use jiff::Timestamp;
use schemas::codelist::Population;

use super::{Cut, CutStep, NewCut, StoreError};
use crate::environment::Stamp;
use crate::fact::cell::{CellMark, CellQuery, CellState, Cells, Wanted};
use crate::fact::{ActivityFact, DataState, Denominator, Facts, Part, SenderFact, SeriesBreak, UnitFact};

/// What reports are made of.
#[async_trait]
pub trait Figures: Send + Sync {
    /// The narrow facts: treatments, units and everything that staff added always, of the rest the parts asked for.
    async fn facts(&self, parts: &[Part]) -> Result<Facts, StoreError>;

    /// Takes in what no sender delivers.
    async fn take_in(&self, reference: Reference<'_>, at: Timestamp) -> Result<(), StoreError>;

    /// The narrow facts of some outcomes, in no order: treatments, units, breaks, and the scores that are wanted.
    async fn scores(&self, wanted: &Wanted) -> Result<Facts, StoreError>;

    /// What coverage of regions is counted from: units, outside denominators, and how many treatments ended.
    async fn coverage_sources(&self) -> Result<Facts, StoreError>;

    /// The units alone, as the senders describe them.
    async fn described_units(&self) -> Result<Vec<UnitFact>, StoreError>;

    /// Every sender's monthly counts alone.
    async fn monthly_counts(&self) -> Result<Vec<ActivityFact>, StoreError>;

    /// The senders alone, by code.
    async fn sender_facts(&self) -> Result<Vec<SenderFact>, StoreError>;

    /// What all figures stand on now; a few short rows.
    async fn data_state(&self) -> Result<DataState, StoreError>;

    /// Which cells are out of date, and the cells that are asked for, all of one moment.
    async fn cells(&self, query: Option<&CellQuery>) -> Result<CellState, StoreError>;

    /// The narrow facts that the marked cells of a sender are made of: its treatments and outcomes, and the units that it describes.
    async fn cell_sources(&self, mark: &CellMark) -> Result<Facts, StoreError>;

    /// Keeps cells in place of those of the marked months, apart from months that were marked again since.
    async fn keep_cells(&self, mark: &CellMark, cells: &Cells) -> Result<(), StoreError>;

    /// Freezes what counts now under a name, and notes it in the audit log; nothing when another cut has the name.
    async fn freeze(&self, new: &NewCut, stamp: Stamp) -> Result<Option<Cut>, StoreError>;

    /// Every frozen data set, by number.
    async fn cuts(&self) -> Result<Vec<Cut>, StoreError>;

    /// Takes a step in the calendar of a cut, which must exist.
    async fn step_cut(&self, cut: u32, step: &CutStep, stamp: Stamp) -> Result<(), StoreError>;

    /// The narrow facts as they were when a cut was made, without those who left it since.
    async fn facts_of(&self, cut: u32, parts: &[Part]) -> Result<Facts, StoreError>;
}

/// What staff add to the register.
#[derive(Debug, Clone, Copy)]
pub enum Reference<'a> {
    /// Inhabitants: a line replaces the one of the same region, year, sex and ages, and the others stay.
    Populations(&'a [Population]),
    /// Outside denominators: a line replaces the one of the same region, unit, programme and month, and the others stay.
    Denominators(&'a [Denominator]),
    /// A break in a series; its number is given by the store.
    Break(&'a SeriesBreak),
}
