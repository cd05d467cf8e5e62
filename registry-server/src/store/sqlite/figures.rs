//! What this engine yields to the statistics.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Sqlite, denominator, facts, population, series_break};
use crate::fact::{Facts, Part};
use crate::store::{Figures, Reference, StoreError};

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
}
