//! Kinds of care unit.
//!
//! Promises: the codes are those of the contract. Must not know: which unit is of which kind.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::list::{Line, both_names};
use super::list_name::ListName;
use super::validity::validity_columns;

/// A kind of care unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CareLevel {
    /// The code that travels.
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

impl Line for CareLevel {
    const LIST: ListName = ListName::CareLevels;
    const BUILTIN: &'static str = include_str!("../../codelists/care-levels.csv");

    fn key(&self) -> String {
        self.code.clone()
    }

    validity_columns!();

    fn names(&self) -> Vec<&str> {
        both_names(&self.name_sv, &self.name_en).collect()
    }
}
