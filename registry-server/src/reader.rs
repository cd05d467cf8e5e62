//! Reading what a report is made of: from cells where they can answer, else from the narrow rows.
//!
//! Promises: a report from cells has the bytes of the report from the rows; cells are used only when the store says that none is out of
//! date, which one short query tells; what was read stays in memory until something changes.
//! Memory: the groups of the register and, for each question kept, about 16 bytes for each month, group and distinct pair of scores.

/// Cells made anew.
mod renewal;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use schemas::codelist::CodeLists;

use crate::aggregate::cells;
use crate::fact::cell::{CellFacts, CellMark, CellQuery};
use crate::fact::{Facts, SeriesBreak, UnitFact};
use crate::report::{Parameters, ReportName, outcomes};
use crate::store::{Store, StoreError};

pub(crate) use renewal::{keep_current, renew};

/// Questions whose cells stay in memory.
const KEPT: usize = 8;
/// How often cells are looked for that deliveries keep marking.
const ATTEMPTS: usize = 3;

/// Reads facts, and keeps the cells that it has read.
pub struct Reader {
    store: Arc<dyn Store>,
    lists: Arc<CodeLists>,
    warm: Mutex<Warm>,
}

/// What was read, and the changes up to which it holds.
#[derive(Default)]
struct Warm {
    changes: Vec<(String, i64)>,
    units: Vec<UnitFact>,
    cells: HashMap<CellQuery, Arc<CellFacts>>,
}

impl Reader {
    /// A reader that has read nothing yet.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, lists: &CodeLists) -> Self {
        Self { store, lists: Arc::new(lists.clone()), warm: Mutex::default() }
    }

    /// The facts that a report is made of.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn facts(&self, name: ReportName, parameters: &Parameters, now: Timestamp) -> Result<Facts, StoreError> {
        if name.to_string() == outcomes::DEFINITION.name {
            let plan = parameters.plan(now.to_zoned(TimeZone::UTC).date());
            let query = cells::query(&plan, parameters.instruments.as_deref(), parameters.comparison);
            if let Some(query) = query
                && let Some(facts) = self.of_cells(&query).await?
            {
                return Ok(facts);
            }
        }
        self.store.facts(name.needs()).await
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
            if let Some(facts) = self.warm(query, &changes(&state.marks), &state.breaks) {
                return Ok(Some(facts));
            }
            let state = self.store.cells(Some(query)).await?;
            if !state.marks.iter().all(CellMark::is_clean) {
                continue;
            }
            let wrong = StoreError::Inconsistent { table: "cell", column: "pairs", id: 0 };
            let ready = Arc::new(cells::ready(state.cells).ok_or(wrong)?);
            let mut warm = self.warm.lock().unwrap_or_else(PoisonError::into_inner);
            warm.keep(changes(&state.marks), state.units, (query, &ready));
            return Ok(Some(warm.facts(ready, state.breaks)));
        }
        Ok(None)
    }

    fn warm(&self, query: &CellQuery, changes: &[(String, i64)], breaks: &[SeriesBreak]) -> Option<Facts> {
        let warm = self.warm.lock().unwrap_or_else(PoisonError::into_inner);
        let ready = warm.cells.get(query).filter(|_| warm.changes == changes)?;
        Some(warm.facts(Arc::clone(ready), breaks.to_vec()))
    }
}

impl Warm {
    fn keep(
        &mut self,
        changes: Vec<(String, i64)>,
        units: Vec<UnitFact>,
        (query, ready): (&CellQuery, &Arc<CellFacts>),
    ) {
        if self.changes != changes || self.cells.len() >= KEPT {
            *self = Self { changes, units, cells: HashMap::new() };
        }
        self.cells.insert(query.clone(), Arc::clone(ready));
    }

    fn facts(&self, ready: Arc<CellFacts>, breaks: Vec<SeriesBreak>) -> Facts {
        Facts { units: self.units.clone(), breaks, cells: Some(ready), ..Facts::default() }
    }
}

/// How often each sender's figures have changed.
fn changes(marks: &[CellMark]) -> Vec<(String, i64)> {
    marks.iter().map(|mark| (mark.sender.clone(), mark.change)).collect()
}

#[cfg(test)]
mod tests;
