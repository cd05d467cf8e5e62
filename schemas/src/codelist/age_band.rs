//! Age bands of reports.
//!
//! Promises: the built-in bands cover every age once. Must not know: anybody's age.

use serde::{Deserialize, Serialize};

use super::error::Fault;
use super::list::Line;
use super::list_name::ListName;

/// A span of ages in whole years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeBand {
    /// The span as it is printed, `18-24` or `75+`.
    pub code: String,
    /// First age.
    pub from: u8,
    /// Last age, included; empty for no upper end.
    #[serde(default)]
    pub to: Option<u8>,
}

impl AgeBand {
    /// Whether an age in years lies in the band.
    #[must_use]
    pub fn holds(&self, age: u16) -> bool {
        u16::from(self.from) <= age && self.to.is_none_or(|to| age <= u16::from(to))
    }
}

impl Line for AgeBand {
    const LIST: ListName = ListName::AgeBands;
    const BUILTIN: &'static str = include_str!("../../codelists/age-bands.csv");

    fn key(&self) -> String {
        self.code.clone()
    }

    fn fault(&self) -> Option<Fault> {
        self.to.is_some_and(|to| to < self.from).then(|| Fault::new("to", "must not be below from"))
    }
}
