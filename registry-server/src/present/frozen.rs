//! Reports from frozen data, for pages: made once for each question, and kept.
//!
//! Promises: what is kept is forgotten as soon as anybody leaves the cut; what was remarked, signed and published is told as it is now.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::tz::TimeZone;

use super::Desk;
use super::fault::Fault;
use crate::aggregate::whose::Whose;
use crate::report::{self, Parameters, Report, ReportData, ReportName, frozen};
use crate::store::Cut;

/// Reports that stay in memory.
const KEPT: usize = 64;

/// A question, and how much had left the cut when it was answered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Question {
    cut: u32,
    left: u64,
    report: String,
    whose: String,
    parameters: String,
}

/// What was made.
#[derive(Debug, Default)]
pub(super) struct Kept(Mutex<HashMap<Question, Report>>);

impl Kept {
    fn known(&self, question: &Question) -> Option<Report> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(question).cloned()
    }

    fn keep(&self, question: Question, report: &Report) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(question, report.clone());
    }
}

impl Desk {
    /// A report from somebody's part of a cut.
    ///
    /// # Errors
    /// When the parameters name what there is not, or the store fails.
    pub(super) async fn of_cut(
        &self,
        cut: &Cut,
        (name, parameters): (&str, Parameters),
        whose: Whose,
    ) -> Result<Report, Fault> {
        let question = Question {
            cut: cut.number,
            left: cut.withdrawn_treatments() + cut.replaced_treatments(),
            report: name.to_owned(),
            whose: format!("{whose:?}"),
            parameters: format!("{parameters:?}"),
        };
        let known = self.frozen.known(&question);
        let mut report = match known {
            Some(report) => report,
            None => {
                let report = self.made_of_cut(cut, (name, parameters), whose).await?;
                self.frozen.keep(question, &report);
                report
            }
        };
        frozen::mark(&mut report, cut, &self.registry.lists.hash());
        Ok(report)
    }

    async fn made_of_cut(
        &self,
        cut: &Cut,
        (name, parameters): (&str, Parameters),
        whose: Whose,
    ) -> Result<Report, Fault> {
        let name: ReportName = name.parse().map_err(|_| Fault::NotFound)?;
        let (registry, as_of) = (Arc::clone(&self.registry), cut.made_at);
        report::check(name, &registry.lists, &parameters).map_err(|_| Fault::Unreadable)?;
        let _place = self.reports.acquire().await.map_err(|_| Fault::Busy)?;
        let facts = registry.store.facts_of(cut.number, &name.parts(&parameters)).await?;
        let made = tokio::task::spawn_blocking(move || {
            let facts = match whose {
                Whose::All => facts,
                whose => whose.part_of(&facts, &registry.lists, &parameters.plan(as_of.to_zoned(TimeZone::UTC).date())),
            };
            let thresholds = registry.lists.thresholds();
            let data = ReportData { facts: Arc::new(facts), lists: &registry.lists, thresholds, as_of };
            report::build(name, &data, &parameters)
        });
        let made = made.await.map_err(|_| Fault::Unexpected("a report broke off".to_owned()))?;
        made.map_err(|_| Fault::Unreadable)
    }
}
