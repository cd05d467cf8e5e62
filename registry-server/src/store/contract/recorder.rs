//! A store that notes what it is asked and what it answers, so that two engines can be compared call by call.
//!
//! Promises: what only names a row inside one database (internal ids of treatments, the engine's own words of an error) is left out;
//! everything else is noted as it is.

/// Alarms.
mod alarm;
/// The building of requests' tables.
mod job;
/// Orders of the statistician's file.
mod analysis;
/// The mail after each quarter.
mod quarter;
/// Tables that left a frozen data set.
mod release;
/// Requests for extracts.
mod request;
/// The mails about steps of requests.
mod request_mail;
/// Looking into the audit log.
mod trail;
/// What senders are watched by.
mod watch;

/// What is asked and answered of people who sign in.
mod users;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;
use schemas::contact::Pause;
use schemas::digest::Line;
use schemas::id::{BatchId, KeyId, SenderCode, StateId};
use schemas::key_reset::KeyResetAnswer;
use tokio::sync::mpsc;

use crate::environment::Stamp;
use crate::fact::cell::{CellMark, CellQuery, CellScores, CellState, Cells, Wanted};
use crate::fact::{ActivityFact, DataState, DetailFact, Facts, Part, SenderFact, UnitFact};
use crate::store::audit::{Entry, LogTail, Sign};
use crate::store::transfer::{Row, Table};
use crate::store::{
    AccountRows, Affairs, CaseStep, Cleaned, Cleaning, Cut, CutStep, Delivery, Disclosed, Ends, Erasure, Figures,
    KeyReset, Ledger, NewCut, Persons, Reference, RefusedDelivery, Sender, SenderStatus, Store, StoreError,
};

/// One call: the method's name, and what it answered.
pub(crate) type Call = (&'static str, String);

/// A store under observation.
pub(crate) struct Recorder {
    store: Arc<dyn Store>,
    calls: Mutex<Vec<Call>>,
}

impl Recorder {
    /// Observes a store.
    pub(crate) fn new(store: Arc<dyn Store>) -> Self {
        Self { store, calls: Mutex::default() }
    }

    /// What was asked and answered, in order.
    pub(crate) fn calls(self) -> Vec<Call> {
        self.calls.into_inner().unwrap()
    }

    fn note<T: Debug, E: Clone + Into<RefusedDelivery>>(
        &self,
        method: &'static str,
        answer: Result<T, E>,
    ) -> Result<T, E> {
        let told = match &answer {
            Ok(value) => format!("{value:?}"),
            Err(error) => kind(error.clone().into()),
        };
        self.calls.lock().unwrap().push((method, told));
        answer
    }
}

/// An error without the engine's own words.
fn kind(error: RefusedDelivery) -> String {
    let error = match error {
        RefusedDelivery::Store(StoreError::Statement(_)) => StoreError::Statement(String::new()).into(),
        RefusedDelivery::Store(StoreError::Broken(_)) => StoreError::Broken(String::new()).into(),
        other => other,
    };
    format!("{error:?}")
}

/// Facts with each treatment named by its place, and in a fixed order where the store promises none.
fn settled(facts: &Facts) -> String {
    let places: BTreeMap<i64, usize> = facts.treatments.iter().zip(0..).map(|(t, place)| (t.row, place)).collect();
    let mut told = Vec::new();
    for (place, treatment) in facts.treatments.iter().enumerate() {
        let mut treatment = treatment.clone();
        treatment.row = i64::try_from(place).unwrap();
        told.push(format!("{treatment:?}"));
    }
    let mut outcomes: Vec<String> = Vec::new();
    for outcome in &facts.outcomes {
        let mut outcome = outcome.clone();
        outcome.row = i64::try_from(places[&outcome.row]).unwrap();
        outcomes.push(format!("{outcome:?}"));
    }
    outcomes.sort_unstable();
    let details: Vec<_> = facts.details.iter().map(|detail| DetailFact { row: 0, ..detail.clone() }).collect();
    let Facts { units, populations, activities, senders, runs, denominators, breaks, .. } = facts;
    format!(
        "{told:?} {outcomes:?} {details:?} {units:?} {populations:?} {activities:?} {senders:?} {runs:?} {denominators:?} {breaks:?}"
    )
}

/// Cells in a fixed order, where the store promises none, and without the number of a row.
fn in_order(mut state: CellState) -> CellState {
    state.outside = state.outside.map(|(_, imported_at)| (0, imported_at));
    state.cells.groups.sort_by(|a, b| a.place.cmp(&b.place));
    let name = |cell: &CellScores| (cell.place.clone(), cell.instrument.clone(), cell.comparison);
    state.cells.scores.sort_by_key(name);
    state
}

#[async_trait]
impl Store for Recorder {
    async fn ready(&self) -> Result<(), StoreError> {
        self.note("ready", self.store.ready().await)
    }

    async fn set_sender(
        &self,
        code: &SenderCode,
        status: SenderStatus,
        stamp: Stamp,
    ) -> Result<Option<SenderStatus>, StoreError> {
        self.note("set_sender", self.store.set_sender(code, status, stamp).await)
    }

    async fn suspend_sender(
        &self,
        code: &SenderCode,
        reason: &str,
        stamp: Stamp,
    ) -> Result<Option<SenderStatus>, StoreError> {
        self.note("suspend_sender", self.store.suspend_sender(code, reason, stamp).await)
    }

    async fn sender_status(&self, code: &SenderCode) -> Result<Option<SenderStatus>, StoreError> {
        self.note("sender_status", self.store.sender_status(code).await)
    }

    async fn set_pause(&self, code: &SenderCode, pause: Option<&Pause>, at: Timestamp) -> Result<(), StoreError> {
        self.note("set_pause", self.store.set_pause(code, pause, at).await)
    }

    async fn senders(&self) -> Result<Vec<Sender>, StoreError> {
        self.note("senders", self.store.senders().await)
    }

    async fn sender_keys(&self, code: &SenderCode) -> Result<Vec<KeyId>, StoreError> {
        self.note("sender_keys", self.store.sender_keys(code).await)
    }

    async fn newest_generation(&self, code: &SenderCode) -> Result<u32, StoreError> {
        self.note("newest_generation", self.store.newest_generation(code).await)
    }

    async fn issue_generation(&self, code: &SenderCode, state: &StateId, stamp: Stamp) -> Result<u32, StoreError> {
        self.note("issue_generation", self.store.issue_generation(code, state, stamp).await)
    }

    async fn reset_keys(&self, reset: &KeyReset, stamp: Stamp) -> Result<KeyResetAnswer, RefusedDelivery> {
        self.note("reset_keys", self.store.reset_keys(reset, stamp).await)
    }

    async fn receipt(&self, code: &SenderCode, batch: &BatchId) -> Result<Option<Vec<u8>>, StoreError> {
        self.note("receipt", self.store.receipt(code, batch).await)
    }

    async fn accept_batch(&self, delivery: Delivery) -> Result<Vec<u8>, RefusedDelivery> {
        self.note("accept_batch", self.store.accept_batch(delivery).await)
    }

    async fn account(&self, code: &SenderCode) -> Result<AccountRows, StoreError> {
        self.note("account", self.store.account(code).await)
    }

    async fn note_comparison(&self, code: &SenderCode, ends: Ends, at: Timestamp) -> Result<(), StoreError> {
        self.note("note_comparison", self.store.note_comparison(code, ends, at).await)
    }

    async fn active(&self, code: &SenderCode, pages: mpsc::Sender<Vec<Line>>) -> Result<(), StoreError> {
        self.note("active", self.store.active(code, pages).await)
    }

    async fn erase(&self, erasure: Erasure) -> Result<Vec<u8>, RefusedDelivery> {
        self.note("erase", self.store.erase(erasure).await)
    }

    async fn lift(&self, persons: &Persons, stamp: Stamp) -> Result<u32, StoreError> {
        self.note("lift", self.store.lift(persons, stamp).await)
    }

    async fn disclose(&self, persons: &Persons, stamp: Stamp) -> Result<Disclosed, StoreError> {
        self.note("disclose", self.store.disclose(persons, stamp).await)
    }

    async fn affairs(&self, code: &SenderCode) -> Result<Affairs, StoreError> {
        self.note("affairs", self.store.affairs(code).await)
    }

    async fn set_case(&self, step: &CaseStep, stamp: Stamp) -> Result<Option<u32>, StoreError> {
        self.note("set_case", self.store.set_case(step, stamp).await)
    }

    async fn ledger(&self) -> Result<Ledger, StoreError> {
        self.note("ledger", self.store.ledger().await)
    }

    async fn clean(&self, cleaning: Cleaning) -> Result<Cleaned, StoreError> {
        self.note("clean", self.store.clean(cleaning).await)
    }

    async fn doubts(&self) -> Result<Vec<String>, StoreError> {
        // Each engine has settings of its own.
        self.note("doubts", Ok::<_, StoreError>(()))?;
        self.store.doubts().await
    }

    async fn note_event(&self, entry: &Entry) -> Result<(), StoreError> {
        self.note("note_event", self.store.note_event(entry).await)
    }

    async fn sequence(&self, sign: &Sign) -> Result<Option<String>, StoreError> {
        self.note("sequence", self.store.sequence(sign).await)
    }

    async fn log_tail(&self, from: u64) -> Result<Option<LogTail>, StoreError> {
        self.note("log_tail", self.store.log_tail(from).await)
    }

    async fn export(&self, table: &'static Table, pages: mpsc::Sender<Vec<Row>>) -> Result<(), StoreError> {
        let (inner, mut coming) = mpsc::channel::<Vec<Row>>(2);
        let pass_on = async {
            let mut seen = Vec::new();
            while let Some(page) = coming.recv().await {
                seen.extend_from_slice(&page);
                if pages.send(page).await.is_err() {
                    break;
                }
            }
            seen
        };
        let (exported, seen) = tokio::join!(self.store.export(table, inner), pass_on);
        self.note("export", exported.map(|()| seen)).map(|_| ())
    }

    async fn import(&self, table: &'static Table, rows: Vec<Row>) -> Result<(), StoreError> {
        self.note("import", self.store.import(table, rows).await)
    }

    async fn close(&self) {
        self.calls.lock().unwrap().push(("close", String::new()));
        self.store.close().await;
    }
}

#[async_trait]
impl Figures for Recorder {
    async fn facts(&self, parts: &[Part]) -> Result<Facts, StoreError> {
        let mut facts = self.store.facts(parts).await?;
        facts.treatments.sort_by_key(|treatment| treatment.row);
        self.calls.lock().unwrap().push(("facts", settled(&facts)));
        Ok(facts)
    }

    async fn take_in(&self, reference: Reference<'_>, at: Timestamp) -> Result<(), StoreError> {
        self.note("take_in", self.store.take_in(reference, at).await)
    }

    async fn scores(&self, wanted: &Wanted) -> Result<Facts, StoreError> {
        let mut facts = self.store.scores(wanted).await?;
        facts.treatments.sort_by_key(|treatment| treatment.row);
        self.calls.lock().unwrap().push(("scores", settled(&facts)));
        Ok(facts)
    }

    async fn coverage_sources(&self) -> Result<Facts, StoreError> {
        let facts = self.store.coverage_sources().await?;
        self.calls.lock().unwrap().push(("coverage_sources", format!("{:?} {}", facts.ended, settled(&facts))));
        Ok(facts)
    }

    async fn described_units(&self) -> Result<Vec<UnitFact>, StoreError> {
        self.note("described_units", self.store.described_units().await)
    }

    async fn monthly_counts(&self) -> Result<Vec<ActivityFact>, StoreError> {
        self.note("monthly_counts", self.store.monthly_counts().await)
    }

    async fn sender_facts(&self) -> Result<Vec<SenderFact>, StoreError> {
        self.note("sender_facts", self.store.sender_facts().await)
    }

    async fn data_state(&self) -> Result<DataState, StoreError> {
        let state = self.store.data_state().await?;
        self.calls.lock().unwrap().push(("data_state", format!("{:?}", state.left)));
        Ok(state)
    }

    async fn cells(&self, query: Option<&CellQuery>) -> Result<CellState, StoreError> {
        self.note("cells", self.store.cells(query).await.map(in_order))
    }

    async fn cell_sources(&self, mark: &CellMark) -> Result<Facts, StoreError> {
        let facts = self.store.cell_sources(mark).await?;
        self.calls.lock().unwrap().push(("cell_sources", settled(&facts)));
        Ok(facts)
    }

    async fn keep_cells(&self, mark: &CellMark, cells: &Cells) -> Result<(), StoreError> {
        self.note("keep_cells", self.store.keep_cells(mark, cells).await)
    }

    async fn freeze(&self, new: &NewCut, stamp: Stamp) -> Result<Option<Cut>, StoreError> {
        self.note("freeze", self.store.freeze(new, stamp).await)
    }

    async fn cuts(&self) -> Result<Vec<Cut>, StoreError> {
        self.note("cuts", self.store.cuts().await)
    }

    async fn step_cut(&self, cut: u32, step: &CutStep, stamp: Stamp) -> Result<(), StoreError> {
        self.note("step_cut", self.store.step_cut(cut, step, stamp).await)
    }

    async fn facts_of(&self, cut: u32, parts: &[Part]) -> Result<Facts, StoreError> {
        let facts = self.store.facts_of(cut, parts).await?;
        self.calls.lock().unwrap().push(("facts_of", settled(&facts)));
        Ok(facts)
    }
}
