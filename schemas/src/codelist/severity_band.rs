//! How severe a score is in words: spans of an instrument's range.
//!
//! Promises: an instrument's built-in bands cover its range without gap or overlap. Must not know: whose score it is.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::error::Fault;
use super::list::Line;
use super::list_name::ListName;
use super::validity::validity_columns;

/// One span of an instrument's range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeverityBand {
    /// The instrument's code.
    pub instrument: String,
    /// The band's code, unique within its instrument.
    pub code: String,
    /// The lowest score in the band.
    pub from: f64,
    /// The highest score in the band as it is printed; on scales with decimals the band reaches up to the next one's `from`.
    pub to: f64,
    /// Swedish name.
    pub name_sv: String,
    /// English name.
    pub name_en: String,
    /// In use from this day.
    #[serde(default)]
    pub valid_from: Option<Date>,
    /// In use up to and including this day.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// The code that took over.
    #[serde(default)]
    pub successor: Option<String>,
}

impl Line for SeverityBand {
    const LIST: ListName = ListName::SeverityBands;
    const BUILTIN: &'static str = include_str!("../../codelists/severity-bands.csv");

    fn key(&self) -> String {
        format!("{}/{}", self.instrument, self.code)
    }

    validity_columns!();

    fn fault(&self) -> Option<Fault> {
        let ordered = self.from.is_finite() && self.to.is_finite() && self.from <= self.to;
        (!ordered).then(|| Fault::new("to", "must be a number that is not below from"))
    }
}
