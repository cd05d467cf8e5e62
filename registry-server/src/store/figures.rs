//! What a store yields to the statistics, and what staff add to it: inhabitants, outside denominators, breaks in series.
//!
//! Promises: all parts of the facts come from one snapshot of the database; counts and rows, never a statistic.
//! Must not know: deliveries, reports.

/// Rows as both engines read them.
pub(super) mod rows;

use async_trait::async_trait;
use jiff::Timestamp;
use schemas::codelist::Population;

use super::StoreError;
use crate::fact::{Denominator, Facts, Part, SeriesBreak};

/// What reports are made of.
#[async_trait]
pub trait Figures: Send + Sync {
    /// The narrow facts: treatments, units and everything that staff added always, of the rest the parts asked for.
    async fn facts(&self, parts: &[Part]) -> Result<Facts, StoreError>;

    /// Takes in what no sender delivers.
    async fn take_in(&self, reference: Reference<'_>, at: Timestamp) -> Result<(), StoreError>;
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
