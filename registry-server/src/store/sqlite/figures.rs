//! What this engine yields to the statistics.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Sqlite, around, cells, cut, denominator, ended, facts, fault, population, scores, series_break, state};
use crate::environment::Stamp;
use crate::fact::cell::{CellMark, CellQuery, CellState, Cells, Wanted};
use crate::fact::{ActivityFact, DataState, Facts, Names, Part, SenderFact, UnitFact};
use crate::store::{Cut, CutStep, Figures, NewCut, Reference, StoreError};

#[async_trait]
impl Figures for Sqlite {
    async fn facts(&self, parts: &[Part]) -> Result<Facts, StoreError> {
        facts::facts(&self.readers, parts).await
    }

    async fn take_in(&self, reference: Reference<'_>, at: Timestamp) -> Result<(), StoreError> {
        match reference {
            Reference::Populations(rows) => population::import(&self.writer, rows, at).await,
            Reference::Denominators(lines) => denominator::import(&self.writer, lines, at).await,
            Reference::Break(new) => series_break::record(&self.writer, new, at).await,
        }
    }

    async fn scores(&self, wanted: &Wanted) -> Result<Facts, StoreError> {
        scores::scores(&self.readers, wanted).await
    }

    async fn coverage_sources(&self) -> Result<Facts, StoreError> {
        ended::coverage_sources(&self.readers).await
    }

    async fn described_units(&self) -> Result<Vec<UnitFact>, StoreError> {
        let mut connection = self.readers.acquire().await.map_err(fault)?;
        facts::units(&mut connection, &mut Names::default()).await
    }

    async fn monthly_counts(&self) -> Result<Vec<ActivityFact>, StoreError> {
        let mut connection = self.readers.acquire().await.map_err(fault)?;
        around::activities(&mut connection, &mut Names::default()).await
    }

    async fn sender_facts(&self) -> Result<Vec<SenderFact>, StoreError> {
        let mut connection = self.readers.acquire().await.map_err(fault)?;
        around::senders(&mut connection, &mut Names::default()).await
    }

    async fn data_state(&self) -> Result<DataState, StoreError> {
        state::data_state(&self.readers).await
    }

    async fn cells(&self, query: Option<&CellQuery>) -> Result<CellState, StoreError> {
        cells::cells(&self.readers, query).await
    }

    async fn cell_sources(&self, mark: &CellMark) -> Result<Facts, StoreError> {
        cells::sources(&self.readers, mark).await
    }

    async fn keep_cells(&self, mark: &CellMark, cells: &Cells) -> Result<(), StoreError> {
        cells::keep(&self.writer, mark, cells).await
    }

    async fn freeze(&self, new: &NewCut, stamp: Stamp) -> Result<Option<Cut>, StoreError> {
        cut::freeze(&self.writer, new, stamp).await
    }

    async fn cuts(&self) -> Result<Vec<Cut>, StoreError> {
        cut::cuts(&self.readers).await
    }

    async fn step_cut(&self, cut: u32, step: &CutStep, stamp: Stamp) -> Result<(), StoreError> {
        cut::step(&self.writer, cut, (step, stamp)).await
    }

    async fn facts_of(&self, cut: u32, parts: &[Part]) -> Result<Facts, StoreError> {
        cut::facts_of(&self.readers, cut, parts).await
    }
}
