//! The 21 regions.
//!
//! Promises: code and letter are the county's; organisation numbers have a right check digit. Must not know: who is enrolled.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::error::Fault;
use super::list::{Line, alias_text};
use super::list_name::ListName;
use super::validity::validity_columns;

/// A region, named by its county.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// County code, `01` to `25`.
    pub code: String,
    /// County letter, one or two.
    pub letter: String,
    /// Official name.
    pub name: String,
    /// Organisation number, `NNNNNN-NNNN`.
    pub organisation_number: String,
    /// Inhabitants at the end of 2021.
    pub population_2021: u64,
    /// Earlier and short names; semicolon separated in the file.
    #[serde(default, with = "alias_text")]
    pub aliases: Vec<String>,
    /// A region from this day.
    #[serde(default)]
    pub valid_from: Option<Date>,
    /// A region up to and including this day.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// The code that took over.
    #[serde(default)]
    pub successor: Option<String>,
}

impl Line for Region {
    const LIST: ListName = ListName::Regions;
    const BUILTIN: &'static str = include_str!("../../codelists/regions.csv");

    fn key(&self) -> String {
        self.code.clone()
    }

    validity_columns!();

    fn names(&self) -> Vec<&str> {
        std::iter::once(self.name.as_str()).chain(self.aliases.iter().map(String::as_str)).collect()
    }

    fn label(&self) -> String {
        self.name.clone()
    }

    fn fault(&self) -> Option<Fault> {
        if self.code.len() != 2 || !self.code.bytes().all(|b| b.is_ascii_digit()) {
            return Some(Fault::new("code", "must be a county code of two digits"));
        }
        let digits: Vec<u32> = self.organisation_number.chars().filter_map(|c| c.to_digit(10)).collect();
        if digits.len() != 10 || !has_check_digit(&digits) {
            return Some(Fault::new("organisation_number", "must be ten digits with a right check digit"));
        }
        None
    }
}

/// Luhn's rule (modulus 10), the last digit being the check digit.
pub(super) fn has_check_digit(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { *digit })
        .sum();
    sum.is_multiple_of(10)
}
