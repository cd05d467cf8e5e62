//! The facts of all reports at hand, read once for many readers.
//!
//! Promises: one reads at a time, and the others wait for what it reads; facts are not handed out once somebody has left since they were
//! read; while deliveries come, facts that took long to read are handed out for as long as [`patience`] says, with the moment that they
//! are of. The further fields of treatments, which lie in their documents, are read with them where a report needs them.
//! Memory: one set of facts, about 150 bytes a treatment and 60 for each of its instruments and comparisons, and 64 a treatment where
//! further fields were read; the old one goes before the next is read.

use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::Reader;
use crate::aggregate::cells;
use crate::environment::Clock;
use crate::fact::cell::{CellMark, CellQuery};
use crate::fact::{DataState, Facts, Part};
use crate::report::{Parameters, ReportName, outcomes};
use crate::store::StoreError;

/// What is kept at hand until a report needs more.
const PARTS: [Part; 4] = [Part::Outcomes, Part::Activity, Part::Senders, Part::Runs];
/// What is read sooner is read again at each change.
const SOON: SignedDuration = SignedDuration::from_millis(250);
/// A reading is worth so many times what it took.
const WORTH: i32 = 30;
/// No reading is worth more.
const LONGEST: SignedDuration = SignedDuration::from_mins(10);

/// Facts, and what they are of.
#[derive(Debug, Clone)]
pub(crate) struct Stood {
    /// The facts.
    pub(crate) facts: Arc<Facts>,
    /// What they stand on.
    pub(crate) state: DataState,
    /// The moment that they are of.
    pub(crate) as_of: Timestamp,
    /// How long they took to read.
    pub(crate) took: SignedDuration,
}

/// How old something may be shown that took so long to make, while data change.
pub(crate) fn patience(took: SignedDuration) -> SignedDuration {
    if took < SOON { SignedDuration::ZERO } else { took.saturating_mul(WORTH).min(LONGEST) }
}

impl Stood {
    /// Whether they may be handed out now.
    fn holds(&self, state: &DataState, now: Timestamp) -> bool {
        let young = now.duration_since(self.as_of) < patience(self.took);
        self.state.left == state.left && (self.state == *state || young)
    }

    /// The same, of this moment where nothing has changed since.
    fn seen(&self, state: &DataState, now: Timestamp) -> Self {
        let as_of = if self.state == *state { now } else { self.as_of };
        Self { as_of, ..self.clone() }
    }
}

impl Reader {
    /// The facts of a report, shared with all who ask.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn shared(
        &self,
        name: ReportName,
        parameters: &Parameters,
        clock: &dyn Clock,
    ) -> Result<Stood, StoreError> {
        let (as_of, begun) = (clock.now(), clock.uptime());
        let state = self.store.data_state().await?;
        if !needs_details(name, parameters)
            && let Some(facts) = self.current_cells(name, parameters, as_of).await?
        {
            return Ok(Stood { facts: Arc::new(facts), state, as_of, took: since(begun, clock) });
        }
        self.shared_rows(name, parameters, clock).await
    }

    /// The same where the treatments themselves are asked for, because somebody's part of them is to be told apart.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn shared_rows(
        &self,
        name: ReportName,
        parameters: &Parameters,
        clock: &dyn Clock,
    ) -> Result<Stood, StoreError> {
        let parts = if needs_details(name, parameters) { Part::ALL } else { &PARTS };
        self.stock(parts, clock).await
    }

    /// Forgets what was read before somebody left.
    pub(crate) async fn forget(&self, state: &DataState) {
        let mut stock = self.stock.lock().await;
        if stock.as_ref().is_some_and(|(stood, _)| stood.state.left != state.left) {
            *stock = None;
        }
        *self.lock() = super::Warm::default();
    }

    /// The cells of a report of outcomes, where they can answer it and none is out of date.
    async fn current_cells(
        &self,
        name: ReportName,
        parameters: &Parameters,
        now: Timestamp,
    ) -> Result<Option<Facts>, StoreError> {
        if name.to_string() != outcomes::DEFINITION.name {
            return Ok(None);
        }
        let plan = parameters.plan(now.to_zoned(TimeZone::UTC).date());
        let wanted = cells::wanted(&plan, parameters.instruments.as_deref(), parameters.comparison);
        let Some(query) = cells::query(&plan, &wanted) else { return Ok(None) };
        let Some(mut facts) = self.clean(&query).await? else { return Ok(None) };
        if name.parts(parameters).contains(&Part::Activity) {
            facts.activities = self.store.monthly_counts().await?;
        }
        Ok(Some(facts))
    }

    async fn clean(&self, query: &CellQuery) -> Result<Option<Facts>, StoreError> {
        let marks = self.store.cells(None).await?.marks;
        if marks.iter().all(CellMark::is_clean) { self.of_cells(query).await } else { Ok(None) }
    }

    /// Whether facts are kept.
    #[cfg(test)]
    pub(crate) async fn has_stock(&self) -> bool {
        self.stock.lock().await.is_some()
    }

    /// At least these parts.
    async fn stock(&self, parts: &'static [Part], clock: &dyn Clock) -> Result<Stood, StoreError> {
        let mut stock = self.stock.lock().await;
        let (as_of, begun) = (clock.now(), clock.uptime());
        let state = self.store.data_state().await?;
        let has_parts = |known: &[Part]| parts.iter().all(|part| known.contains(part));
        let at_hand = stock.as_ref().filter(|(known, of)| has_parts(of) && known.holds(&state, as_of));
        if let Some((known, _)) = at_hand {
            return Ok(known.seen(&state, as_of));
        }
        *stock = None;
        let facts = Arc::new(self.store.facts(parts).await?);
        let read = Stood { facts, state, as_of, took: since(begun, clock) };
        *stock = Some((read.clone(), parts));
        Ok(read)
    }
}

fn needs_details(name: ReportName, parameters: &Parameters) -> bool {
    name.parts(parameters).contains(&Part::Details)
}

/// The time since a moment of the clock's own count.
pub(crate) fn since(begun: std::time::Duration, clock: &dyn Clock) -> SignedDuration {
    SignedDuration::try_from(clock.uptime().saturating_sub(begun)).unwrap_or(SignedDuration::ZERO)
}
