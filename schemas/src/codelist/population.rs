//! Inhabitants of a region, the denominator of rates.
//!
//! Promises: one line a region, year, sex and age span. Must not know: which year a report takes when its own is missing.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::error::Fault;
use super::list::Line;
use super::list_name::ListName;
use super::validity::validity_columns;
use crate::record::Sex;

/// How many people lived in a region at the end of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Population {
    /// County code.
    pub region: String,
    /// Calendar year.
    pub year: i16,
    /// Empty for both.
    #[serde(default)]
    pub sex: Option<Sex>,
    /// First age in years; empty for no lower end.
    #[serde(default)]
    pub age_from: Option<u8>,
    /// Last age in years, included; empty for no upper end.
    #[serde(default)]
    pub age_to: Option<u8>,
    /// Inhabitants.
    pub population: u64,
    /// The figure stands from this day.
    #[serde(default)]
    pub valid_from: Option<Date>,
    /// The figure stands up to and including this day.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// Always empty: a corrected figure replaces its line.
    #[serde(default)]
    pub successor: Option<String>,
}

impl Population {
    /// Whether the figure is for everybody, not for one sex or age span.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.sex.is_none() && self.age_from.is_none() && self.age_to.is_none()
    }
}

impl Line for Population {
    const LIST: ListName = ListName::Populations;
    const BUILTIN: &'static str = include_str!("../../codelists/populations.csv");

    fn key(&self) -> String {
        let Self { region, year, sex, age_from, age_to, .. } = self;
        let age = |age: &Option<u8>| age.map_or(String::new(), |age| age.to_string());
        let sex = match sex {
            Some(Sex::F) => "F",
            Some(Sex::M) => "M",
            None => "",
        };
        format!("{region}/{year}/{sex}/{}/{}", age(age_from), age(age_to))
    }

    validity_columns!();

    fn fault(&self) -> Option<Fault> {
        if !(1900..=2200).contains(&self.year) {
            return Some(Fault::new("year", "must be a calendar year with four digits"));
        }
        let reversed = self.age_from.zip(self.age_to).is_some_and(|(from, to)| from > to);
        reversed.then(|| Fault::new("age_to", "must not be below age_from"))
    }
}
