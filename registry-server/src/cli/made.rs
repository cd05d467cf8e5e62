//! Making the report that was asked for: from what counts now, from a cut, or what differs between the two.

use std::sync::Arc;

use jiff::Timestamp;
use schemas::codelist::{CodeLists, ThresholdSet};

use crate::cli::cut;
use crate::fact::{Facts, Part};
use crate::failure::Failure;
use crate::reader::Reader;
use crate::report::parameters::Audience;
use crate::report::{self, Parameters, Report, ReportData, ReportName, frozen};
use crate::store::{Cut, Store};

/// Why nothing is given to others than staff.
const NO_CUT: &str = "tables for research and public are made from a frozen data set, and there is none yet; make one with `cut create NAME`";

/// What is asked for.
pub(super) struct Asked<'a> {
    /// The report.
    pub(super) name: ReportName,
    /// With these parameters.
    pub(super) parameters: &'a Parameters,
    /// Under these code lists.
    pub(super) lists: &'a CodeLists,
    /// And these cut-offs.
    pub(super) thresholds: ThresholdSet,
    /// The time.
    pub(super) now: Timestamp,
    /// The cut that it is made from; what counts now when there is none.
    pub(super) cut: Option<&'a str>,
    /// The cut that it is compared with.
    pub(super) compared: Option<&'a str>,
}

impl Asked<'_> {
    /// Makes it.
    pub(super) async fn made(self, store: &Arc<dyn Store>) -> Result<Report, Failure> {
        let now = match self.cut {
            Some(cut) => self.of_cut(store, cut).await?,
            None if self.parameters.audience != Audience::Internal => {
                // What leaves is made from a frozen data set, so that it can be answered for later.
                let newest = store.cuts().await?.into_iter().map(|cut| cut.name).next_back();
                let newest = newest.ok_or_else(|| Failure::usage(NO_CUT))?;
                self.of_cut(store, &newest).await?
            }
            None => {
                let reader = Reader::new(Arc::clone(store), self.lists);
                self.build(reader.facts(self.name, self.parameters, self.now).await?, self.now)?
            }
        };
        let Some(compared) = self.compared else { return Ok(now) };
        let then = self.of_cut(store, compared).await?;
        Ok(frozen::differences(&then, now))
    }

    async fn of_cut(&self, store: &Arc<dyn Store>, word: &str) -> Result<Report, Failure> {
        self.of(&Frozen::read(&**store, word, &self.name.parts(self.parameters)).await?)
    }

    /// Makes it from a cut's facts, whatever cut was named.
    pub(super) fn of(&self, frozen: &Frozen) -> Result<Report, Failure> {
        let mut report = self.build(Arc::clone(&frozen.facts), frozen.cut.made_at)?;
        frozen::mark(&mut report, &frozen.cut, &self.lists.hash());
        Ok(report)
    }

    fn build(&self, facts: Arc<Facts>, as_of: Timestamp) -> Result<Report, Failure> {
        let data = ReportData { facts, lists: self.lists, thresholds: self.thresholds.clone(), as_of };
        report::build(self.name, &data, self.parameters).map_err(|error| Failure::usage(error.to_string()))
    }
}

/// A cut and what is frozen in it.
pub(super) struct Frozen {
    /// The cut.
    pub(super) cut: Cut,
    facts: Arc<Facts>,
}

impl Frozen {
    /// Reads the cut that a word means.
    pub(super) async fn read(store: &dyn Store, word: &str, parts: &[Part]) -> Result<Self, Failure> {
        let cut = cut::find(store, word).await?;
        let facts = store.facts_of(cut.number, parts).await?.into();
        Ok(Self { cut, facts })
    }
}
