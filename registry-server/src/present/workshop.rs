//! Reports that are made once for everybody who asks.
//!
//! Promises: a report is made by one at a time, and whoever asks for it meanwhile waits for that; whoever goes away leaves it to be
//! finished. Nobody is shown a report that somebody stood in who had left when it was asked for. A report is made again as soon as
//! the data have changed, apart from one that took long: that is shown, with the moment that it is of, as long as `patience` says, and
//! then once more while the next is made.
//! Memory: finished reports up to `ROOM` figures.
//! Must not know: who may see what.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::fault::Fault;
use crate::fact::DataState;
use crate::reader::{Reader, Stood, patience, since};
use crate::registry::Registry;
use crate::report::{self, Parameters, Report, ReportData, ReportName, participation};

/// Figures that are kept, about 24 bytes each.
const ROOM: usize = 2_000_000;
/// Where a sender stands is told by the clock too.
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
/// Times that a report is begun in which somebody leaves while it is made.
const ATTEMPTS: usize = 5;
/// How often it is looked whether somebody has left.
const PACE: Duration = Duration::from_secs(1);

/// The register's reports, and what they are made with.
pub(super) struct Workshop {
    registry: Arc<Registry>,
    reader: Reader,
    places: Arc<Semaphore>,
    shelf: Mutex<Shelf>,
}

/// A report that is being made.
type Making = Shared<BoxFuture<'static, Result<Made, Fault>>>;

/// Finished reports, and those that are being made.
#[derive(Default)]
struct Shelf {
    made: HashMap<Question, (Made, u64)>,
    making: HashMap<Question, Making>,
    /// Counts the looks, so that what nobody looks at goes first.
    looks: u64,
}

/// What is asked for, on which day.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Question(String);

/// A finished report.
#[derive(Debug, Clone)]
struct Made {
    report: Arc<Report>,
    state: DataState,
    took: SignedDuration,
}

/// What becomes of a question.
enum Found {
    Shown(Arc<Report>),
    /// Shown for the last time.
    Old(Arc<Report>),
    Nothing,
}

impl Workshop {
    /// An empty one, which makes as many reports at a time as there are places.
    pub(super) fn new(registry: Arc<Registry>, places: Arc<Semaphore>) -> Self {
        let reader = Reader::new(Arc::clone(&registry.store), &registry.lists);
        Self { registry, reader, places, shelf: Mutex::default() }
    }

    /// A report of everything.
    ///
    /// # Errors
    /// When the parameters name what there is not, or the store fails; [`Fault::Busy`] where people leave faster than it is made.
    pub(super) async fn report(self: &Arc<Self>, name: &str, parameters: Parameters) -> Result<Arc<Report>, Fault> {
        let name: ReportName = name.parse().map_err(|_| Fault::NotFound)?;
        report::check(name, &self.registry.lists, &parameters).map_err(|_| Fault::Unreadable)?;
        let now = self.registry.environment.now();
        let question = Question(format!("{} {name} {:?}", now.to_zoned(TimeZone::UTC).date(), parameters.listed()));
        for _ in 0..ATTEMPTS {
            let state = self.registry.store.data_state().await?;
            let found = self.shelf().find(&question, &state, now);
            match found {
                Found::Shown(report) => return Ok(report),
                Found::Old(report) => {
                    drop(self.begin(&question, name, &parameters));
                    return Ok(report);
                }
                Found::Nothing => {}
            }
            let made = self.begin(&question, name, &parameters).await?;
            // Whoever leaves while it is made may stand in it.
            if made.state.left == self.registry.store.data_state().await?.left {
                return Ok(made.report);
            }
        }
        Err(Fault::Busy)
    }

    /// Lets go of everything that was made before somebody left, until the register stops.
    pub(super) async fn forget_who_left(self: Arc<Self>, stop: CancellationToken) {
        let mut left = None;
        // Ends with the register.
        loop {
            // A store that does not answer gives no reports either.
            if let Ok(state) = self.registry.store.data_state().await
                && left.replace(state.left) != Some(state.left)
            {
                self.shelf().made.retain(|_, (made, _)| made.state.left == state.left);
                self.reader.forget(&state).await;
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(PACE) => {}
            }
        }
    }

    /// The making of a report, begun now unless it is being made.
    fn begin(self: &Arc<Self>, question: &Question, name: ReportName, parameters: &Parameters) -> Making {
        let mut known = self.shelf();
        if let Some(making) = known.making.get(question) {
            return making.clone();
        }
        let (workshop, asked, parameters) = (Arc::clone(self), question.clone(), parameters.clone());
        let making = async move {
            let made = workshop.make(name, parameters).await;
            workshop.shelf().finish(asked, made.as_ref().ok());
            made
        };
        let begun = making.boxed().shared();
        known.making.insert(question.clone(), begun.clone());
        tokio::spawn(begun.clone());
        begun
    }

    async fn make(&self, name: ReportName, parameters: Parameters) -> Result<Made, Fault> {
        let _place = self.places.acquire().await.map_err(|_| Fault::Busy)?;
        let (registry, clock) = (Arc::clone(&self.registry), &*self.registry.environment.clock);
        let Stood { facts, state, as_of, took } = self.reader.shared(name, &parameters, clock).await?;
        let begun = clock.uptime();
        let built = tokio::task::spawn_blocking(move || {
            let thresholds = registry.lists.thresholds();
            report::build(name, &ReportData { facts, lists: &registry.lists, thresholds, as_of }, &parameters)
        });
        let built = built.await.map_err(|_| Fault::Unexpected("a report broke off".to_owned()))?;
        let report = Arc::new(built.map_err(|_| Fault::Unreadable)?);
        Ok(Made { report, state, took: took.saturating_add(since(begun, clock)) })
    }

    /// Whether facts are kept.
    #[cfg(test)]
    pub(super) async fn has_facts(&self) -> bool {
        self.reader.has_stock().await
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn find(&mut self, question: &Question, state: &DataState, now: Timestamp) -> Found {
        self.looks += 1;
        let Some((made, looked)) = self.made.get_mut(question) else { return Found::Nothing };
        *looked = self.looks;
        let (age, patience) = (now.duration_since(made.report.as_of), patience(made.took));
        let by_the_clock = made.report.report == participation::DEFINITION.name && age >= MINUTE;
        let report = Arc::clone(&made.report);
        if made.state.left != state.left {
            Found::Nothing
        } else if (made.state == *state && !by_the_clock) || age < patience {
            Found::Shown(report)
        } else if age < patience.saturating_mul(2) {
            Found::Old(report)
        } else {
            Found::Nothing
        }
    }

    fn finish(&mut self, question: Question, made: Option<&Made>) {
        self.making.remove(&question);
        let Some(made) = made else { return };
        self.made.insert(question, (made.clone(), self.looks));
        let figures = |made: &Made| made.report.rows.len() * made.report.columns.len();
        let mut kept: usize = self.made.values().map(|(made, _)| figures(made)).sum();
        while kept > ROOM {
            let unseen = self.made.iter().min_by_key(|(_, (_, looked))| *looked).map(|(question, _)| question.clone());
            let Some((gone, _)) = unseen.and_then(|question| self.made.remove(&question)) else { break };
            kept -= figures(&gone);
        }
    }
}
