//! Every figure of the register counted a second time, from the written definitions alone.
//!
//! Give it the rows of the source databases and it answers with the reports `outcomes`, `groups`, `composite` and
//! `funnel` by region and programme with all comparisons; [`compare()`] sets such a table beside one that the product
//! printed.
//!
//! Promises: no figure, constant or formula is taken from the product, and the distributions are its own; clarity goes
//! before speed, so every group is counted anew from its treatments. It must not know any crate of this workspace: two
//! counts that share code would share its faults.

/// What is counted: answers, treatments, instruments, inhabitants.
pub mod input;
/// The points in time of an answer and their order.
mod timepoint;
/// Rows put together to treatments, one answer a timepoint.
mod treatment;
/// Which two scores a comparison sets against each other.
mod comparison;
/// Cohort and period: when a treatment counts.
pub mod selection;
/// Treatments by period, region and programme, with every total.
mod group;
/// Means and standard deviations.
mod moments;
/// Normal and Student quantiles and the exact small-sample factor.
mod continuous;
/// Exact limits of counts: Garwood's and the interpolated binomial.
mod discrete;
/// A numerator, a denominator and Wilson limits.
mod share;
/// The shares that an instrument can have over pairs of scores.
mod measure;
/// The report `outcomes`.
mod outcomes;
/// The report `groups`.
mod groups;
/// The report `composite`.
mod composite;
/// The report `funnel`.
mod funnel;
/// What is known of deliveries without the product.
pub mod delivered;
/// The report `coverage`.
pub mod coverage;
/// The report `participation`.
pub mod participation;
/// The report `catalogue`.
pub mod catalogue;
/// The report `data-quality`.
pub mod data_quality;
/// The reports on access and use.
pub mod published;
/// The report `usage`.
pub mod usage;
/// A report as columns and rows of text.
pub mod table;
/// What differs between two tables.
pub mod compare;
/// The maker of the second fixture.
pub mod second_example;

pub use compare::{Difference, compare};
pub use input::{Answer, Input, InputError, Row, Status};
pub use selection::{Cohort, Period, Selection};
pub use table::{Report, Table};

/// The four reports over one selection, in the order of [`Report::ALL`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reports {
    /// Scores before and after, a row an instrument and comparison.
    pub outcomes: Table,
    /// Numbers of treatments, persons and inhabitants.
    pub groups: Table,
    /// Depression and anxiety together.
    pub composite: Table,
    /// Regions and units against their common level.
    pub funnel: Table,
}

impl Reports {
    /// The table of one report.
    #[must_use]
    pub fn table(&self, report: Report) -> &Table {
        match report {
            Report::Outcomes => &self.outcomes,
            Report::Groups => &self.groups,
            Report::Composite => &self.composite,
            Report::Funnel => &self.funnel,
        }
    }
}

/// Counts the four reports anew.
///
/// # Errors
/// When the rows of one treatment contradict each other, or an answer names an instrument that has no constants.
pub fn recount(input: &Input, selection: Selection) -> Result<Reports, InputError> {
    let treatments = treatment::treatments(input)?;
    Ok(Reports {
        outcomes: outcomes::outcomes(input, &treatments, selection),
        groups: groups::groups(input, &treatments, selection),
        composite: composite::composite(input, &treatments, selection),
        funnel: funnel::funnel(input, &treatments, selection),
    })
}
