//! Who runs a care unit.
//!
//! Promises: the codes are those of the contract. Must not know: which unit is run by whom.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::list::{Line, both_names};
use super::list_name::ListName;
use super::validity::validity_columns;

/// A form of ownership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ownership {
    /// The code that travels: `public` or `private`.
    pub code: String,
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

impl Line for Ownership {
    const LIST: ListName = ListName::Ownership;
    const BUILTIN: &'static str = include_str!("../../codelists/ownership.csv");

    fn key(&self) -> String {
        self.code.clone()
    }

    validity_columns!();

    fn names(&self) -> Vec<&str> {
        // People say offentlig for offentlig regi.
        both_names(&self.name_sv, &self.name_en).chain(self.name_sv.strip_suffix(" regi")).collect()
    }
}
