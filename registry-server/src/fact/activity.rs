//! A month's counts, as senders deliver them.

use std::sync::Arc;

use schemas::record::Sex;

/// Treatments that started, ended and went on in one month, at one unit, in one programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityFact {
    /// Who counted.
    pub sender: Arc<str>,
    /// `YYYY-MM`.
    pub month: Arc<str>,
    /// HSA-id.
    pub unit: Arc<str>,
    /// Programme code.
    pub programme: Arc<str>,
    /// When the counts are split by sex.
    pub sex: Option<Sex>,
    /// When they are split by age (code list age-bands).
    pub age_group: Option<Arc<str>>,
    /// Treatments that started in the month.
    pub started: u64,
    /// Treatments that ended in it.
    pub ended: u64,
    /// Treatments ongoing on its last day.
    pub ongoing: u64,
}
