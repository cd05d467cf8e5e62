//! Reports from frozen data, for pages: made once for each question, and kept.
//!
//! Promises: what is kept is shown to nobody once anybody has left the cut; what was remarked, signed and published is told as it is now.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Desk;
use super::fault::Fault;
use crate::aggregate::whose::Whose;
use crate::report::{self, Parameters, Report, ReportData, ReportName, beside, frozen};
use crate::store::Cut;

/// Reports that stay in memory.
const KEPT: usize = 64;

/// What was made, by question, with what it stood on.
#[derive(Debug, Default)]
pub(super) struct Kept(Mutex<HashMap<String, (String, Report)>>);

impl Kept {
    /// The answer to a question, if it stands on the same.
    pub(super) fn known(&self, question: &str, stood_on: &str) -> Option<Report> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(question).filter(|(known, _)| known == stood_on).map(|(_, report)| report.clone())
    }

    /// Keeps an answer in place of an older one.
    pub(super) fn keep(&self, question: String, stood_on: String, report: &Report) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(question, (stood_on, report.clone()));
    }
}

impl Desk {
    /// The newest cut that is published; nothing before the first.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn published(&self) -> Result<Option<Cut>, Fault> {
        let is_published = |cut: &Cut| cut.calendar.as_ref().is_some_and(|calendar| calendar.published.is_some());
        Ok(self.registry.store.cuts().await?.into_iter().rfind(is_published))
    }

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
        let question = format!("{} {name} {whose:?} {:?}", cut.id(), parameters.listed());
        let left = (cut.withdrawn_treatments() + cut.replaced_treatments()).to_string();
        let mut report = if let Some(known) = self.kept.known(&question, &left) {
            known
        } else {
            let made = self.made_of_cut(cut, (name, parameters), whose).await?;
            self.kept.keep(question, left, &made);
            made
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
            let thresholds = registry.lists.thresholds();
            let data = ReportData { facts: Arc::new(facts), lists: &registry.lists, thresholds, as_of };
            match whose {
                Whose::All => report::build(name, &data, &parameters),
                whose => beside::own(name, &data, &parameters, &whose),
            }
        });
        let made = made.await.map_err(|_| Fault::Unexpected("a report broke off".to_owned()))?;
        made.map_err(|_| Fault::Unreadable)
    }
}
