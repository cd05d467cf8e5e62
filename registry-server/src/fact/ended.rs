//! Ended treatments as counts: what coverage is made of where treatments are not at hand one by one.

use std::sync::Arc;

use jiff::civil::Date;

/// Treatments of one sender, unit and programme that ended in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedFact {
    /// Who sent them.
    pub sender: Arc<str>,
    /// HSA-id of the unit where they started.
    pub unit: Arc<str>,
    /// Programme code.
    pub programme: Arc<str>,
    /// First day of the month of their end.
    pub month: Date,
    /// How many.
    pub treatments: u64,
}

/// What the register has of one region and month, and what is told of it from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionMonth {
    /// County code, or unknown.
    pub region: Arc<str>,
    /// First day of the month of the end.
    pub month: Date,
    /// Treatments in the register.
    pub accepted: u64,
    /// Ended treatments as the outside sources count them.
    pub ended: u64,
    /// Who counted them; nobody where there is no outside source.
    pub sources: Vec<Arc<str>>,
    /// Whether something is not told of which the register has treatments.
    pub partly: bool,
}

/// Coverage of regions by month, counted once for many reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegionMonths {
    /// Units, programmes and regions as they were.
    pub as_was: Vec<RegionMonth>,
    /// Under their successors.
    pub current: Vec<RegionMonth>,
}
