//! Makes what pages show: reports of all, of somebody's part and of frozen data, the senders' accounts, and what came of units.
//!
//! Promises: a few are made at a time; each is kept and shown as [`super::kept`] promises, whoever's part it tells of; nothing stays in
//! memory that was made before somebody left.
//! Must not know: who asks.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use schemas::id::{HsaId, SenderCode};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::fault::Fault;
use super::kept::{Holds, Kept, Made, Question};
use crate::account::{Account, account};
use crate::aggregate::whose::Whose;
use crate::fact::DataState;
use crate::reader::{Reader, Stood, since};
use crate::registry::Registry;
use crate::report::{self, ParameterError, Parameters, Report, ReportData, ReportName, beside, participation};
use crate::store::Cut;
use crate::store::watch::unit::UnitArrivals;

/// Reports that are made at the same time.
const PLACES: usize = 2;
/// How often it is looked whether somebody has left.
const PACE: Duration = Duration::from_secs(1);

/// What pages are made of, and what it is made with.
pub(super) struct Workshop {
    registry: Arc<Registry>,
    reader: Reader,
    places: Semaphore,
    reports: Arc<Kept<Report>>,
    accounts: Arc<Kept<Accounts>>,
    arrivals: Arc<Kept<Arrivals>>,
}

/// What the senders' accounts come to.
pub(super) struct Accounts {
    /// Each sender's, by code.
    pub(super) all: Vec<Account>,
    /// The moment that they are of.
    pub(super) as_of: Timestamp,
}

/// What came of some units.
pub(super) struct Arrivals {
    /// Of each unit, by the sender that brought it.
    pub(super) all: Vec<UnitArrivals>,
    /// The moment that they are of.
    pub(super) as_of: Timestamp,
}

/// Of which treatments a report tells.
#[derive(Debug, Clone)]
pub(super) enum Of {
    /// Of all, as they count now.
    All,
    /// Of a sender's, with others and the country beside it.
    Beside(SenderCode),
    /// Of somebody's alone.
    Only(Whose),
    /// Of somebody's part of frozen data.
    Frozen(Box<Cut>, Whose),
}

impl Workshop {
    /// An empty one.
    pub(super) fn new(registry: Arc<Registry>) -> Self {
        let reader = Reader::new(Arc::clone(&registry.store), &registry.lists);
        let (reports, accounts) = (Arc::new(Kept::new(&registry)), Arc::new(Kept::new(&registry)));
        let arrivals = Arc::new(Kept::new(&registry));
        Self { registry, reader, places: Semaphore::new(PLACES), reports, accounts, arrivals }
    }

    /// A report for a page that was asked for in a state of the data.
    ///
    /// # Errors
    /// When the parameters name what there is not, or the store fails; [`Fault::Busy`] where people leave faster than it is made.
    pub(super) async fn report(
        self: &Arc<Self>,
        (name, parameters): (&str, Parameters),
        of: Of,
        asked_in: &DataState,
    ) -> Result<Arc<Report>, Fault> {
        let name: ReportName = name.parse().map_err(|_| Fault::NotFound)?;
        report::check(name, &self.registry.lists, &parameters).map_err(|_| Fault::Unreadable)?;
        let question = self.question(name, &parameters, &of);
        let make = || {
            let (workshop, parameters, of) = (Arc::clone(self), parameters.clone(), of.clone());
            async move { workshop.make(name, parameters, of).await }.boxed()
        };
        self.reports.get(&question, asked_in, make).await
    }

    /// Every sender's account, by code.
    ///
    /// # Errors
    /// When the store fails; [`Fault::Busy`] as for a report.
    pub(super) async fn accounts(self: &Arc<Self>, asked_in: &DataState) -> Result<Arc<Accounts>, Fault> {
        let question = Question { text: "accounts".to_owned(), holds: Holds::AMinute };
        let make = || {
            let workshop = Arc::clone(self);
            async move { workshop.read_accounts().await }.boxed()
        };
        self.accounts.get(&question, asked_in, make).await
    }

    /// What came of some units.
    ///
    /// # Errors
    /// When the store fails; [`Fault::Busy`] as for a report.
    pub(super) async fn arrivals(
        self: &Arc<Self>,
        units: &[HsaId],
        asked_in: &DataState,
    ) -> Result<Arc<Arrivals>, Fault> {
        let question = Question { text: format!("arrivals {units:?}"), holds: Holds::UntilChange };
        let make = || {
            let (workshop, units) = (Arc::clone(self), units.to_vec());
            async move { workshop.read_arrivals(&units).await }.boxed()
        };
        self.arrivals.get(&question, asked_in, make).await
    }

    /// Lets go of everything that was made before somebody left, until the register stops.
    pub(super) async fn forget_who_left(self: Arc<Self>, stop: CancellationToken) {
        let mut left = None;
        // Ends with the register.
        loop {
            // A store that does not answer gives no reports either.
            if let Ok(state) = self.registry.store.data_state().await {
                // Each time: what was begun before may be finished only now.
                self.reports.forget(&state);
                self.accounts.forget(&state);
                self.arrivals.forget(&state);
                if left.replace(state.left) != Some(state.left) {
                    self.reader.forget(&state).await;
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(PACE) => {}
            }
        }
    }

    fn question(&self, name: ReportName, parameters: &Parameters, of: &Of) -> Question {
        let listed = parameters.listed();
        if let Of::Frozen(cut, whose) = of {
            let left = cut.withdrawn_treatments() + cut.replaced_treatments();
            let text = format!("{} without {left} {whose:?} {name} {listed:?}", cut.id());
            return Question { text, holds: Holds::Always };
        }
        let day = self.registry.environment.now().to_zoned(TimeZone::UTC).date();
        // Where a sender stands is told by the clock too.
        let is_of_senders = name.to_string() == participation::DEFINITION.name;
        let holds = if is_of_senders { Holds::AMinute } else { Holds::UntilChange };
        Question { text: format!("{day} {of:?} {name} {listed:?}"), holds }
    }

    async fn make(&self, name: ReportName, parameters: Parameters, of: Of) -> Result<Made<Report>, Fault> {
        let _place = self.places.acquire().await.map_err(|_| Fault::Busy)?;
        let (registry, clock) = (Arc::clone(&self.registry), &*self.registry.environment.clock);
        let Stood { facts, state, as_of, took } = self.facts(name, &parameters, &of).await?;
        let begun = clock.uptime();
        let built = tokio::task::spawn_blocking(move || {
            let thresholds = registry.lists.thresholds();
            built(name, &ReportData { facts, lists: &registry.lists, thresholds, as_of }, (&parameters, &of))
        });
        let built = built.await.map_err(|_| Fault::Unexpected("a report broke off".to_owned()))?;
        let report = built.map_err(|_| Fault::Unreadable)?;
        let size = report.rows.len() * report.columns.len();
        let took = took.saturating_add(since(begun, clock));
        Ok(Made { thing: Arc::new(report), state, as_of, took, size })
    }

    async fn facts(&self, name: ReportName, parameters: &Parameters, of: &Of) -> Result<Stood, Fault> {
        let (store, clock) = (&self.registry.store, &*self.registry.environment.clock);
        match of {
            Of::All => Ok(self.reader.shared(name, parameters, clock).await?),
            Of::Beside(_) | Of::Only(_) => Ok(self.reader.shared_rows(name, parameters, clock).await?),
            Of::Frozen(cut, _) => {
                let begun = clock.uptime();
                let state = store.data_state().await?;
                let facts = Arc::new(store.facts_of(cut.number, &name.parts(parameters)).await?);
                Ok(Stood { facts, state, as_of: cut.made_at, took: since(begun, clock) })
            }
        }
    }

    async fn read_accounts(&self) -> Result<Made<Accounts>, Fault> {
        let (store, clock) = (&self.registry.store, &*self.registry.environment.clock);
        let (as_of, begun) = (clock.now(), clock.uptime());
        let state = store.data_state().await?;
        let mut accounts = Vec::new();
        for sender in store.senders().await? {
            let rows = store.account(&sender.code).await?;
            accounts.push(account(sender.code, &rows));
        }
        let size = accounts.len();
        let thing = Arc::new(Accounts { all: accounts, as_of });
        Ok(Made { thing, state, as_of, took: since(begun, clock), size })
    }

    async fn read_arrivals(&self, units: &[HsaId]) -> Result<Made<Arrivals>, Fault> {
        let (store, clock) = (&self.registry.store, &*self.registry.environment.clock);
        let (as_of, begun) = (clock.now(), clock.uptime());
        let state = store.data_state().await?;
        let all = store.unit_arrivals(units).await?;
        let size = all.iter().map(|one| one.hours.len()).sum();
        let thing = Arc::new(Arrivals { all, as_of });
        Ok(Made { thing, state, as_of, took: since(begun, clock), size })
    }

    /// Whether facts are kept.
    #[cfg(test)]
    pub(super) async fn has_facts(&self) -> bool {
        self.reader.has_stock().await
    }
}

fn built(
    name: ReportName,
    data: &ReportData<'_>,
    (parameters, of): (&Parameters, &Of),
) -> Result<Report, ParameterError> {
    match of {
        Of::All | Of::Frozen(_, Whose::All) => report::build(name, data, parameters),
        Of::Beside(code) => beside::for_sender(name, data, parameters, code),
        Of::Only(whose) | Of::Frozen(_, whose) => beside::own(name, data, parameters, whose),
    }
}
