//! Groups of ICD-10-SE diagnoses, so that tables need not print single codes.
//!
//! Promises: built-in groups do not overlap. Must not know: which diagnoses a programme is for.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::error::Fault;
use super::list::Line;
use super::list_name::ListName;
use super::validity::validity_columns;

/// A span of ICD-10 categories (a letter and two digits).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiagnosisGroup {
    /// The span as it is usually written, `F30-F39`.
    pub code: String,
    /// First category.
    pub from: String,
    /// Last category, included.
    pub to: String,
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

impl DiagnosisGroup {
    /// Whether a category, as from [`category`], lies in the group.
    pub(crate) fn holds(&self, category: &str) -> bool {
        (self.from.as_str()..=self.to.as_str()).contains(&category)
    }
}

impl Line for DiagnosisGroup {
    const LIST: ListName = ListName::DiagnosisGroups;
    const BUILTIN: &'static str = include_str!("../../codelists/diagnosis-groups.csv");

    fn key(&self) -> String {
        self.code.clone()
    }

    validity_columns!();

    fn fault(&self) -> Option<Fault> {
        for (column, end) in [("from", &self.from), ("to", &self.to)] {
            if category(end).as_ref() != Some(end) {
                return Some(Fault::new(column, "must be a letter and two digits, such as F30"));
            }
        }
        (self.from > self.to).then(|| Fault::new("to", "must not be before from"))
    }
}

/// The category of a diagnosis code: its first three characters, whatever digits, letters or points follow.
pub(crate) fn category(icd: &str) -> Option<String> {
    let category: String = icd.trim().chars().take(3).collect::<String>().to_ascii_uppercase();
    match category.as_bytes() {
        [letter, tens, ones] if letter.is_ascii_uppercase() && tens.is_ascii_digit() && ones.is_ascii_digit() => {
            Some(category)
        }
        _ => None,
    }
}
