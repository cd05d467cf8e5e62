//! The tables of approved requests, built one at a time while the register runs, and never while somebody waits for a page.
//!
//! Promises: a job is worked on by one process at a time, which says every other second how far it has come; what a process leaves when
//! it ends is taken up by the next, and tables that left already are not built twice. A job that ends its process three times is over; one
//! whose process is told to stop is given back within a question of the audit, and was not attempted.
//! Must not know: SQL, HTTP, how tables are built.

use std::sync::Arc;
use std::time::Duration;

use schemas::language::{Language, Text};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::casework::{Caseworker, NotTaken, Workshop};
use crate::environment::Environment;
use crate::extract::build::{BuildError, Told};
use crate::extract::deliver::Undelivered;
use crate::extract::undelivered;
use crate::registry::Registry;
use crate::request::{Refusal, Request};
use crate::store::alarm::Mark;
use crate::store::job::{Job, JobState, Progress};
use crate::store::release::Package;
use crate::store::{Store, StoreError, User, UserKey, UserState};
use crate::turn::Turn;

/// How often the register looks whether a job waits.
const PACE: Duration = Duration::from_secs(2);
/// How often a process that works on one says so.
const BEAT: Duration = Duration::from_secs(2);
/// How often a job is begun, planned stops not counted.
const ATTEMPTS: u32 = 3;
/// It ends every process that takes it up.
const BROKEN_OFF: Text = Text::fixed(
    "arbetet bröts tre gånger; begär det igen när registret har setts över",
    "the work broke off three times; ask for it again once the register has been looked at",
);

/// Works off what waits until the register stops or its disk fails.
pub(crate) async fn keep_building(registry: Arc<Registry>, stop: CancellationToken) {
    let holder = holder(&registry.environment);
    let (registry, holder, stop) = (&*registry, &*holder, &stop);
    let turn = Turn { pace: PACE, failed: "tables of requests were not built" };
    turn.again((&registry.broken, stop), move || next(registry, (holder, stop))).await;
}

/// A name that no other process has.
pub(crate) fn holder(environment: &Environment) -> String {
    schemas::canonical::sha256_hex(&environment.random::<32>())
}

/// Works on the job that has waited longest; tells whether there was one.
///
/// # Errors
/// When the store fails; the job is begun again then.
pub(crate) async fn next(registry: &Registry, (holder, stop): (&str, &CancellationToken)) -> Result<bool, StoreError> {
    let (store, environment) = (&registry.store, &registry.environment);
    let Some(job) = store.take_job(holder, environment.now()).await? else { return Ok(false) };
    let state = if job.attempts > ATTEMPTS {
        JobState::Failed(BROKEN_OFF)
    } else {
        tokio::select! {
            // Whoever comes next takes it up.
            () = stop.cancelled() => JobState::Queued,
            made = built(registry, &job, (holder, stop)) => state(made)?,
        }
    };
    let number = job.request;
    match &state {
        JobState::Failed(why) => {
            tracing::warn!(number, "the tables of a request were not built: {}", why.pick(Language::En));
        }
        JobState::Done => tracing::info!(number, "the tables of a request are built"),
        JobState::Queued | JobState::Running(_) => {}
    }
    store.end_job((number, holder), &state, environment.stamp()).await?;
    Ok(true)
}

/// What became of a job.
///
/// # Errors
/// When it was the store, which another attempt may find better.
fn state(made: Result<(Request, Package), NotTaken>) -> Result<JobState, StoreError> {
    match made {
        Ok(_) => Ok(JobState::Done),
        Err(NotTaken::Undelivered(Undelivered::Build(BuildError::Stopped))) => Ok(JobState::Queued),
        Err(NotTaken::Store(error) | NotTaken::Undelivered(Undelivered::Build(BuildError::Store(error)))) => Err(error),
        Err(why) => Ok(JobState::Failed(sentence(&why))),
    }
}

/// Why a job failed; nothing of it is a value of a person.
pub(crate) fn sentence(why: &NotTaken) -> Text {
    let sv = match why {
        NotTaken::Refused(refusal) => return refusal.sentence(),
        NotTaken::Undelivered(why) => return undelivered::told(why),
        NotTaken::Overtaken => "någon gjorde något annat med begäran i samma stund",
        NotTaken::NoCut => "det frysta underlaget finns inte",
        NotTaken::Building => "tabellerna byggs redan",
        NotTaken::Unknown => "begäran finns inte",
        NotTaken::Faults(_) => "det begäran anger har fel",
        NotTaken::Store(_) => "databasen svarade inte; orsaken står i serverns logg",
    };
    Text::made(sv.to_owned(), why.to_string())
}

/// Builds what a job asks for, in the name of whoever asked for it.
async fn built(
    registry: &Registry,
    job: &Job,
    (holder, stop): (&str, &CancellationToken),
) -> Result<(Request, Package), NotTaken> {
    let (store, environment) = (&registry.store, &registry.environment);
    let is_known = |user: &User| matches!(user.state(environment.now()), UserState::Active | UserState::Locked);
    let person = store.user(&UserKey::Number(job.person)).await?.filter(is_known).ok_or(Refusal::NotApprover)?;
    let mark = Mark { stamp: environment.stamp(), person: Some(person.number) };
    let (lists, quota) = (&registry.lists, registry.quota);
    let caseworker = Caseworker { store: &**store, lists, person: &person, quota, mark };
    let bench = Bench::new(store, environment, (job.request, holder));
    let told = Told { tell: &|progress| bench.tell(progress), stop };
    let (pepper, key, cut) = (&registry.pepper, &registry.receipt_key, job.cut.as_deref());
    caseworker.build(job.request, &Workshop { pepper, key, cut, told }, || environment.stamp()).await
}

/// Where a job is worked on: until it is dropped, the store is told that its process lives and how far it has come.
pub(crate) struct Bench {
    progress: watch::Sender<Progress>,
    _beating: AbortOnDropHandle<()>,
}

impl Bench {
    /// A bench for the job of a request that a process holds.
    pub(crate) fn new(store: &Arc<dyn Store>, environment: &Environment, (request, holder): (u32, &str)) -> Self {
        let (progress, seen) = watch::channel(Progress::default());
        let (store, environment, holder) = (Arc::clone(store), environment.clone(), holder.to_owned());
        let beating = tokio::spawn(async move {
            // Ends when the job is another's, and with the bench.
            loop {
                let far = *seen.borrow();
                match store.note_job((request, &holder), far, environment.now()).await {
                    Ok(true) => {}
                    Ok(false) => return tracing::warn!(request, "a job was taken over by another process"),
                    Err(error) => tracing::warn!(request, "how far a job has come could not be kept: {error}"),
                }
                tokio::time::sleep(BEAT).await;
            }
        });
        Self { progress, _beating: AbortOnDropHandle::new(beating) }
    }

    /// Takes down how far the work has come.
    pub(crate) fn tell(&self, progress: Progress) {
        self.progress.send_replace(progress);
    }
}
