//! Why a treatment ended, after the end codes of NHS Talking Therapies.
//!
//! Promises: every reason that says so counts as completed or as discontinued. Must not know: how many ended so.

use serde::{Deserialize, Serialize};

use super::list::{Line, both_names};
use super::list_name::ListName;
use crate::record::Status;

/// A reason for the end of a treatment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndReason {
    /// The code that travels.
    pub code: String,
    /// Swedish name.
    pub name_sv: String,
    /// English name.
    pub name_en: String,
    /// The only status that the reason goes with; empty where it says nothing about that.
    #[serde(default)]
    pub counts_as: Option<Status>,
}

impl Line for EndReason {
    const LIST: ListName = ListName::EndReasons;
    const BUILTIN: &'static str = include_str!("../../codelists/end-reasons.csv");

    fn key(&self) -> String {
        self.code.clone()
    }

    fn names(&self) -> Vec<&str> {
        both_names(&self.name_sv, &self.name_en).collect()
    }
}
