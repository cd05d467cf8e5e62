//! What staff add beside the deliveries: outside denominators and breaks in series.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Ended treatments as somebody outside the register counts them, the denominator of coverage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Denominator {
    /// County code.
    pub region: String,
    /// HSA-id; nothing where the source counts the whole region.
    pub unit: Option<String>,
    /// Programme code; nothing where the source counts all treatment programmes together.
    pub programme: Option<String>,
    /// `YYYY-MM` of the end.
    pub month: String,
    /// Ended treatments.
    pub ended: u64,
    /// Who counted, for people.
    pub source: String,
    /// The day of the count.
    pub date: Date,
}

/// A day on which a series changed its meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeriesBreak {
    /// Its number, from 1.
    pub number: u32,
    /// County code; nothing where it concerns every region.
    pub region: Option<String>,
    /// HSA-id; nothing where it concerns every unit.
    pub unit: Option<String>,
    /// Programme code; nothing where it concerns every programme.
    pub programme: Option<String>,
    /// The first day of the new meaning.
    pub on: Date,
    /// What changed, for people.
    pub note: String,
}
