//! What this engine yields to the statistics.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Postgres, denominator, facts, population, series_break};
use crate::fact::{Facts, Part};
use crate::store::{Figures, Reference, StoreError};

#[async_trait]
impl Figures for Postgres {
    async fn facts(&self, parts: &[Part]) -> Result<Facts, StoreError> {
        facts::facts(&self.pool, parts).await
    }

    async fn take_in(&self, reference: Reference<'_>, at: Timestamp) -> Result<(), StoreError> {
        match reference {
            Reference::Populations(rows) => population::import(&self.pool, rows, at).await,
            Reference::Denominators(lines) => denominator::import(&self.pool, lines, at).await,
            Reference::Break(new) => series_break::record(&self.pool, new, at).await,
        }
    }
}
