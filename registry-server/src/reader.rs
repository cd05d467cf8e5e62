//! Reading what a report is made of: from cells where they can answer, else from the narrow rows.
//!
//! Promises: a report from cells has the bytes of the report from the rows; cells are used only when the store says that none is out of
//! date, which one short query tells; what was read stays in memory until something changes.
//! Memory: for each question kept, the groups and about 16 bytes for each group, month and distinct pair of scores; and the rows, when a
//! report of outcomes needed them: about 150 bytes a treatment and 60 for each of its instruments and comparisons; and about 100 bytes for
//! each region and month where outside denominators tell of any.

/// Cells made anew.
mod renewal;
/// The facts of all reports at hand.
mod stock;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use schemas::codelist::CodeLists;

use crate::aggregate::cells;
use crate::fact::cell::{CellFacts, CellMark, CellQuery, CellState, Wanted};
use crate::fact::{Facts, Part, RegionMonths, SeriesBreak, UnitFact};
use crate::report::coverage::regional;
use crate::report::{Parameters, ReportName, outcomes};
use crate::store::{Store, StoreError};

pub(crate) use renewal::{keep_current, renew};
pub(crate) use stock::{Stood, patience, since};

/// Questions whose cells stay in memory.
const KEPT: usize = 8;
/// How often cells are looked for that deliveries keep marking.
const ATTEMPTS: usize = 3;

/// Reads facts, and keeps what it has read for outcomes.
pub struct Reader {
    store: Arc<dyn Store>,
    lists: Arc<CodeLists>,
    warm: Mutex<Warm>,
    stock: tokio::sync::Mutex<Option<(Stood, &'static [Part])>>,
}

/// What was read, and the changes up to which it holds.
#[derive(Default)]
struct Warm {
    since: Since,
    units: Vec<UnitFact>,
    cells: HashMap<CellQuery, Arc<CellFacts>>,
    rows: Option<(Wanted, Arc<Facts>)>,
    coverage: Option<Arc<RegionMonths>>,
}

/// How often each sender's figures had changed, which breaks were recorded, and which outside denominator last.
#[derive(Clone, Default, PartialEq)]
struct Since {
    changes: Vec<(String, i64)>,
    breaks: Vec<SeriesBreak>,
    outside: Option<(i64, String)>,
}

impl Since {
    fn of(state: &CellState) -> Self {
        let changes = state.marks.iter().map(|mark| (mark.sender.clone(), mark.change)).collect();
        Self { changes, breaks: state.breaks.clone(), outside: state.outside.clone() }
    }
}

impl Reader {
    /// A reader that has read nothing yet.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, lists: &CodeLists) -> Self {
        Self { store, lists: Arc::new(lists.clone()), warm: Mutex::default(), stock: tokio::sync::Mutex::default() }
    }

    /// The facts that a report is made of.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn facts(
        &self,
        name: ReportName,
        parameters: &Parameters,
        now: Timestamp,
    ) -> Result<Arc<Facts>, StoreError> {
        if name.to_string() != outcomes::DEFINITION.name {
            return self.store.facts(&name.parts(parameters)).await.map(Arc::new);
        }
        let plan = parameters.plan(now.to_zoned(TimeZone::UTC).date());
        let wanted = cells::wanted(&plan, parameters.instruments.as_deref(), parameters.comparison);
        let told_of_maturity = name.parts(parameters).contains(&Part::Activity);
        if let Some(query) = cells::query(&plan, &wanted)
            && let Some(mut facts) = self.of_cells(&query).await?
        {
            if told_of_maturity {
                facts.activities = self.store.monthly_counts().await?;
            }
            return Ok(Arc::new(facts));
        }
        if told_of_maturity {
            // Not kept: what counts may change between two deliveries of treatments.
            let activities = self.store.monthly_counts().await?;
            let coverage = self.coverage(&Since::of(&self.store.cells(None).await?)).await?;
            return Ok(Arc::new(Facts { activities, coverage, ..self.store.scores(&wanted).await? }));
        }
        self.rows(wanted).await
    }

    /// The rows that outcomes are made of.
    async fn rows(&self, wanted: Wanted) -> Result<Arc<Facts>, StoreError> {
        // Read before the rows: what comes in between counts as a change since.
        let since = Since::of(&self.store.cells(None).await?);
        if let Some(rows) = self.lock().known_rows(&wanted, &since) {
            return Ok(rows);
        }
        let coverage = self.coverage(&since).await?;
        let rows = Arc::new(Facts { coverage, ..self.store.scores(&wanted).await? });
        let mut warm = self.lock();
        warm.begin(since);
        warm.rows = Some((wanted, Arc::clone(&rows)));
        Ok(rows)
    }

    /// Coverage of regions by month, counted once for everything that was read since a change; nothing without an outside denominator.
    async fn coverage(&self, since: &Since) -> Result<Option<Arc<RegionMonths>>, StoreError> {
        if since.outside.is_none() {
            return Ok(None);
        }
        if let Some(known) = self.lock().known_coverage(since) {
            return Ok(Some(known));
        }
        let (facts, lists) = (self.store.coverage_sources().await?, Arc::clone(&self.lists));
        let made = tokio::task::spawn_blocking(move || regional::both(&facts, &lists));
        let coverage = Arc::new(made.await.map_err(|error| StoreError::Statement(error.to_string()))?);
        let mut warm = self.lock();
        warm.begin(since.clone());
        warm.coverage = Some(Arc::clone(&coverage));
        Ok(Some(coverage))
    }

    /// Makes every cell that is out of date anew.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn refresh(&self) -> Result<(), StoreError> {
        for mark in self.store.cells(None).await?.marks.iter().filter(|mark| !mark.is_clean()) {
            renew(&*self.store, &self.lists, mark).await?;
        }
        Ok(())
    }

    /// The cells that answer a question; nothing while too much of them is out of date.
    async fn of_cells(&self, query: &CellQuery) -> Result<Option<Facts>, StoreError> {
        for _ in 0..ATTEMPTS {
            let state = self.store.cells(None).await?;
            let behind: Vec<&CellMark> = state.marks.iter().filter(|mark| !mark.is_clean()).collect();
            if !behind.is_empty() {
                // A whole sender is the work of the register's own pace; some months are made sooner than all rows are read.
                if behind.iter().any(|mark| mark.wanted().is_none()) {
                    return Ok(None);
                }
                for mark in behind {
                    renew(&*self.store, &self.lists, mark).await?;
                }
                continue;
            }
            let since = Since::of(&state);
            if let Some(facts) = self.lock().known(query, &since) {
                return Ok(Some(facts));
            }
            let state = self.store.cells(Some(query)).await?;
            if !state.marks.iter().all(CellMark::is_clean) {
                continue;
            }
            let since = Since::of(&state);
            let wrong = StoreError::Inconsistent { table: "cell", column: "pairs", id: 0 };
            let ready = Arc::new(cells::ready(state.cells).ok_or(wrong)?);
            let coverage = self.coverage(&since).await?;
            let mut warm = self.lock();
            warm.begin(since);
            warm.units = state.units;
            warm.coverage = coverage;
            if warm.cells.len() >= KEPT {
                warm.cells.clear();
            }
            warm.cells.insert(query.clone(), Arc::clone(&ready));
            return Ok(Some(warm.facts(ready)));
        }
        Ok(None)
    }

    fn lock(&self) -> MutexGuard<'_, Warm> {
        self.warm.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Warm {
    /// Forgets what is not of this moment.
    fn begin(&mut self, since: Since) {
        if self.since != since {
            *self = Self { since, ..Self::default() };
        }
    }

    fn known(&self, query: &CellQuery, since: &Since) -> Option<Facts> {
        let ready = self.cells.get(query).filter(|_| self.since == *since)?;
        Some(self.facts(Arc::clone(ready)))
    }

    fn known_coverage(&self, since: &Since) -> Option<Arc<RegionMonths>> {
        self.coverage.clone().filter(|_| self.since == *since)
    }

    fn known_rows(&self, wanted: &Wanted, since: &Since) -> Option<Arc<Facts>> {
        let (known, rows) = self.rows.as_ref().filter(|_| self.since == *since)?;
        (known == wanted).then(|| Arc::clone(rows))
    }

    fn facts(&self, ready: Arc<CellFacts>) -> Facts {
        let (units, breaks, coverage) = (self.units.clone(), self.since.breaks.clone(), self.coverage.clone());
        Facts { units, breaks, coverage, cells: Some(ready), ..Facts::default() }
    }
}

#[cfg(test)]
mod tests;
