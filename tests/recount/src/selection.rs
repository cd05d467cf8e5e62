//! When a treatment counts: the date that places it and the period that date falls in.
//!
//! Promises: labels are those of the reports; a part of a year knows its share of the year. It must not know
//! treatments' scores.

use crate::treatment::Treatment;

/// The value of a dimension that is summed over.
pub(crate) const ALL: &str = "ALL";

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selection {
    /// Which date places a treatment.
    pub cohort: Cohort,
    /// How long a period is.
    pub period: Period,
}

/// Which date places a treatment in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cohort {
    /// The start.
    Started,
    /// The end.
    Ended,
}

/// The length of the periods; every other length than `All` also gives the totals over all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// One period, `ALL`.
    All,
    /// `2025`.
    Year,
    /// `2025H1`.
    Half,
    /// `2025Q3`.
    Quarter,
    /// `2025-09`.
    Month,
}

impl Selection {
    /// The date of the cohort.
    pub(crate) fn date(self, treatment: &Treatment) -> &str {
        match self.cohort {
            Cohort::Started => &treatment.started,
            Cohort::Ended => &treatment.ended,
        }
    }

    /// The calendar year of the cohort date.
    pub(crate) fn year(self, treatment: &Treatment) -> u16 {
        year(self.date(treatment))
    }

    /// The labels a treatment counts under: its period, if periods are told apart, and `ALL`.
    pub(crate) fn labels(self, treatment: &Treatment) -> Vec<String> {
        let date = self.date(treatment);
        let month: u8 = date[5..7].parse().unwrap_or(1);
        let own = match self.period {
            Period::All => None,
            Period::Year => Some(date[..4].to_owned()),
            Period::Half => Some(format!("{}H{}", &date[..4], month.div_ceil(6))),
            Period::Quarter => Some(format!("{}Q{}", &date[..4], month.div_ceil(3))),
            Period::Month => Some(date[..7].to_owned()),
        };
        own.into_iter().chain([ALL.to_owned()]).collect()
    }
}

impl Period {
    /// How many such periods a year has.
    pub(crate) fn in_a_year(self) -> f64 {
        match self {
            Self::All | Self::Year => 1.0,
            Self::Half => 2.0,
            Self::Quarter => 4.0,
            Self::Month => 12.0,
        }
    }
}

/// The calendar year at the head of a date or of a period's label.
pub(crate) fn year(label: &str) -> u16 {
    label[..4].parse().unwrap_or(0)
}
