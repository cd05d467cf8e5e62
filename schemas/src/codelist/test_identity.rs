//! Identity numbers that no patient bears: published examples and test numbers.
//!
//! Promises: every number in this tree is listed, but those of the test serials 980-999, which are known by their form.
//! Must not know: how numbers are parsed.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::list::Line;
use super::list_name::ListName;
use super::validity::validity_columns;

/// A number that is refused unless test identities are allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestIdentity {
    /// The number in its normal form, 12 characters.
    pub number: String,
    /// `SE-PNR`, `SE-SAM` or `LOCAL:<system>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where it was published.
    #[serde(default)]
    pub source: String,
    /// In use from this day.
    #[serde(default)]
    pub valid_from: Option<Date>,
    /// In use up to and including this day.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// Always empty: a number has no successor.
    #[serde(default)]
    pub successor: Option<String>,
}

impl Line for TestIdentity {
    const LIST: ListName = ListName::TestIdentities;
    const BUILTIN: &'static str = include_str!("../../codelists/test-identities.csv");

    fn key(&self) -> String {
        self.number.clone()
    }

    validity_columns!();
}
