//! One full cycle: read, check, pseudonymise, queue, deliver. Reads as prose; every step is a stage of its own.
//!
//! Promises: objections are known before the first treatment is read; rows and cursor commit together before anything is sent; what
//! the register does not take stays queued.

/// Takes the register's code lists.
mod lists;
/// Who leaves, before anything is read or sent.
mod leave;
/// Whether a cycle reads everything or what changed.
mod reading;
/// Reads every source.
mod read;
/// What is read of one source.
mod gather;
/// Whether a source may look treatments up by their ids.
mod lookup;
/// Monthly counts.
mod counts;
/// What becomes of an episode.
mod decide;
/// What a reading has not met.
mod gone;
/// Puts what was decided into the transaction.
mod queue;
/// Whether it waits for a person.
mod hold;
/// What waits, as it will be sent.
mod candidate;
/// Lets go what waited.
mod free;
/// The half that needs the register.
mod send;
/// The way to the register, as it was met.
mod reach;
/// The end: where everything went.
mod settle;

#[cfg(test)]
mod tests;

pub use candidate::{Looked, look};
pub use counts::{GatheredCounts, to_send};
pub use decide::{Action, Decided, Facts, decide};
pub use free::{Freed, release};
pub use gather::{Gathered, Opened, close, gather, gather_everything, objectors, open};
pub use gone::Ordered;
pub use read::{Extent, planned};

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use schemas::contact::Me;
use schemas::settings::BadSettings;

use crate::account::Account;
use crate::config::effective;
use crate::episode::{EpisodeError, Gathering};
use crate::extract::{Reading, Scope};
use crate::guard::{self, Leak};
use crate::objections::ObjectionsError;
use crate::outbox::{CycleStamp, Outbox, OutboxError, Sort, Term};
use crate::pause;
use crate::push::witness::{self, Forgotten, Standing};
use crate::push::{Client, ClientError, Delivered, PushError};
use crate::reconcile::ReconcileError;
use crate::reset;
use crate::setup::Setup;
use crate::source::SourceError;
use crate::withdraw::{self, Confirmed};
use send::{Heard, Sent};

/// A host clock further than this from the register's stops the cycle: dates in the future could not be told (reliability R8).
const LARGEST_SKEW_HOURS: i64 = 24;
/// And so does one that is further than this from the newest time that the register signed, where it does not answer.
const LONGEST_SILENCE_HOURS: i64 = 366 * 24;

/// What the composition root lends to a cycle.
pub struct Surroundings<'a> {
    /// The clock.
    pub now: &'a (dyn Fn() -> Timestamp + Sync),
    /// A random number from 0 to 1.
    pub chance: &'a (dyn Fn() -> f64 + Sync),
    /// Random bytes for the name of a new state directory.
    pub random: [u8; 16],
    /// Told as rows are read and records delivered.
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

/// How far a cycle has come.
#[derive(Debug, Clone, Copy)]
pub enum Progress {
    /// A page of rows that are not counted was looked through: who objects, or what changed.
    Looked,
    /// Rows read so far.
    Read(u64),
    /// Records queued in all, before the first is sent.
    Queued(u64),
    /// A batch is tried, for the first time or again.
    Attempt,
    /// Records of one more closed batch.
    Delivered(u32),
}

/// What a cycle came to.
#[derive(Debug)]
pub struct Outcome {
    /// The cycle's number.
    pub cycle: i64,
    /// Its payload hash: over the canonical keys and contents of its treatments and retractions, in the order of the keys.
    pub payload_sha256: String,
    /// What it counted.
    pub counts: Counts,
    /// Where everything went that was found: the account of the newest sweep, and of this cycle where it read less.
    pub accounts: Vec<Account>,
    /// Erasures that the register has confirmed.
    pub erased: Vec<Confirmed>,
    /// How the delivery ended.
    pub delivered: Delivered,
    /// Seconds that this host's clock is ahead of the register's, when the register was asked.
    pub skew_s: Option<i64>,
}

/// Counts by term and rule; the rule is empty where none decided.
pub type Counts = BTreeMap<(Term, String), u64>;

/// Why a cycle ended early. Nothing of it was kept, or what was queued before waits for the next.
#[derive(Debug, thiserror::Error)]
pub enum CycleError {
    /// The source cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The scratch file failed.
    #[error(transparent)]
    Episode(#[from] EpisodeError),
    /// The state failed.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// The register cannot be spoken to.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The list of objections cannot be gone by.
    #[error(transparent)]
    Objections(#[from] ObjectionsError),
    /// The file of `[map]` names a code that does not exist.
    #[error(transparent)]
    Mapping(#[from] BadSettings),
    /// The host's clock is wrong.
    #[error(
        "this host's clock is {} hours {} the register's; set the clock, nothing was read or sent",
        .0.abs(),
        if *.0 < 0 { "behind" } else { "ahead of" }
    )]
    Clock(i64),
}

impl From<ReconcileError> for CycleError {
    fn from(error: ReconcileError) -> Self {
        match error {
            ReconcileError::Outbox(error) => Self::Outbox(error),
            ReconcileError::Client(error) => Self::Client(error),
        }
    }
}

impl From<PushError> for CycleError {
    fn from(error: PushError) -> Self {
        match error {
            PushError::Outbox(error) => Self::Outbox(error),
            PushError::Client(error) => Self::Client(error),
        }
    }
}

/// Runs a cycle.
///
/// # Errors
/// [`CycleError`] tells what stopped it and what to do.
pub async fn run(setup: &Setup, extent: Extent, surroundings: &Surroundings<'_>) -> Result<Outcome, CycleError> {
    let config = &setup.config;
    let client = Client::new(config)?;
    let mut outbox = Outbox::open(&config.state_dir()).await?;
    let ended = Box::pin(through((setup, &client), extent, &mut outbox, surroundings)).await;
    let noted = reach::note(&mut outbox, &ended, (surroundings.now)()).await;
    let outcome = ended?;
    noted?;
    Ok(outcome)
}

async fn through(
    (setup, client): (&Setup, &Client),
    extent: Extent,
    outbox: &mut Outbox,
    surroundings: &Surroundings<'_>,
) -> Result<Outcome, CycleError> {
    let contact = first_contact(setup, client, outbox, surroundings).await?;
    let renewed = match &contact {
        Some(contact) => lists::renewed(setup, client, &contact.codelists, (surroundings.now)()).await,
        None => None,
    };
    let setup = renewed.as_ref().unwrap_or(setup);
    // Also when the sources cannot be read.
    let mut erased = leave::tell(setup, client, outbox, surroundings).await?.confirmed;
    let Queued { cycle, payload_sha256, counts } = read_and_queue(setup, extent, outbox, surroundings).await?;
    tracing::info!(cycle, payload_sha256, "queued");
    let heard = if contact.is_some() { Heard::Yes } else { Heard::No };
    let sent = send::send((setup, client), outbox, surroundings, (heard, Some((cycle, extent)))).await?;
    let Sent { accounts, erased: confirmed, delivered } = sent;
    erased.extend(confirmed);
    outbox.clean().await?;
    let skew_s = contact.and_then(|contact| contact.skew_s);
    Ok(Outcome { cycle, payload_sha256, counts, accounts, erased, delivered, skew_s })
}

/// What a cycle put into the outbox.
#[derive(Debug)]
pub struct Queued {
    /// The cycle's number.
    pub cycle: i64,
    /// Its payload hash.
    pub payload_sha256: String,
    /// What it counted.
    pub counts: Counts,
}

/// The half of a cycle that needs no register: everything up to the commit of rows and cursor.
///
/// # Errors
/// [`CycleError`] when source or state fail; then nothing of the cycle is kept.
pub async fn read_and_queue(
    setup: &Setup,
    extent: Extent,
    outbox: &mut Outbox,
    surroundings: &Surroundings<'_>,
) -> Result<Queued, CycleError> {
    let config = &setup.config;
    let now = (surroundings.now)();
    outbox.pin_fields().await?;
    let mut gathering = Gathering::begin(Some(&config.state_dir().join("scratch")))?;
    let read = read::read((setup, surroundings), extent, outbox, &mut gathering).await?;
    withdraw::note(setup, &read.objecting, outbox, (now, surroundings.random)).await?;
    let mut episodes = gathering.finish();
    let gone = gone::look(setup, &read, &mut episodes, outbox).await?;
    let systems: Vec<String> = setup.places.iter().map(|place| place.config.system.clone()).collect();
    for ((system, (scope, _)), spellings) in systems.iter().zip(&read.scopes).zip(&read.spellings) {
        lookup::keep(scope, *spellings, outbox, system).await?;
    }
    let mut queueing = outbox.begin_cycle(&stamp(setup, &read.scopes, read.basis.clone(), now), systems).await?;
    queueing.configured(&in_force(setup)).await?;
    gone.note(&mut queueing).await?;
    let (payload_sha256, counts) = queue::fill(setup, &read, gone.among(episodes), &mut queueing).await?;
    let cycle = queueing.commit(&payload_sha256, &read.gathered.newest).await?;
    outbox.take_back_elsewhere(now).await?;
    Ok(Queued { cycle, payload_sha256, counts })
}

/// What is configured, without secrets and without anything that could name a person.
fn in_force(setup: &Setup) -> String {
    let settings = effective::settings(&setup.config, &setup.config.text, &[]).unwrap_or_default();
    let shown = |value: String| if guard::looks(&value).is_some() { "hidden".to_owned() } else { value };
    let settings: BTreeMap<_, _> = settings.into_iter().map(|setting| (setting.key, shown(setting.value))).collect();
    serde_json::json!(settings).to_string()
}

/// What the register told before anything was read.
struct Contact {
    /// Seconds that this host's clock is ahead of it; none when its time cannot be read.
    skew_s: Option<i64>,
    /// Hash of its code lists.
    codelists: String,
}

/// Gets a generation for a new state directory, and compares clocks. A register that does not answer stops only a new directory:
/// a known one reads and queues without it. A register that remembers no generation as new as this directory's, or whose
/// audit log does not extend what was seen of it, may have lost records; everything is then read and sent again.
async fn first_contact(
    setup: &Setup,
    client: &Client,
    outbox: &mut Outbox,
    surroundings: &Surroundings<'_>,
) -> Result<Option<Contact>, CycleError> {
    let own = generation(client, outbox, surroundings).await?;
    match client.me_at((surroundings.now)()).await {
        Ok(me) => {
            let skew_s = compare_clocks(&me, (surroundings.now)())?;
            let me = leave::agree((setup, client), outbox, me, surroundings).await?;
            reset::remember(outbox, (&me, setup.keys.id())).await?;
            pause::tell(client, outbox).await?;
            let forgotten = if me.generation < own { Forgotten::Yes } else { Forgotten::No };
            let standing = Standing { environment: setup.config.agent.environment.word(), forgotten };
            let wrong = witness::ask((client, outbox), standing, (surroundings.now)()).await?;
            if forgotten == Forgotten::Yes || wrong.is_some_and(Sort::may_have_lost) {
                tracing::warn!("the register has forgotten what it took from here; everything is sent again");
                outbox.begin_anew().await?;
                generation(client, outbox, surroundings).await?;
                leave::tell_again((setup, client), outbox, surroundings).await?;
            }
            Ok(Some(Contact { skew_s, codelists: me.codelists }))
        }
        Err(error) if error.is_temporary() => {
            tracing::warn!("the clock is not compared: {error}");
            let seen = outbox.witness().await?.checkpoint.map(|checkpoint| checkpoint.body.at);
            compare_with_the_past(seen, (surroundings.now)())?;
            leave::agree_alone(setup, outbox).await?;
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// The generation of this state directory, asked for when it has none.
async fn generation(client: &Client, outbox: &mut Outbox, surroundings: &Surroundings<'_>) -> Result<u32, CycleError> {
    if let Some((_, generation)) = outbox.generation().await? {
        return Ok(generation);
    }
    let state_id = outbox.state_id(surroundings.random).await?;
    let generation = match outbox.reset_note().await? {
        Some(note) => reset::begin(client, outbox, (state_id, note)).await?,
        None => client.generation(state_id).await?,
    };
    outbox.set_generation(generation).await?;
    Ok(generation)
}

fn refused(leak: Leak) -> String {
    format!(
        "a queued batch was not sent, because a field ({}) holds what looks like an identity number, an e-mail address or a phone \
         number, or is not approved to leave; the next run reads its records again and holds the faulty ones",
        leak.field
    )
}

fn compare_clocks(me: &Me, now: Timestamp) -> Result<Option<i64>, CycleError> {
    let Ok(register) = me.time.parse::<Timestamp>() else {
        tracing::warn!("the clock is not compared: the register's time cannot be read; tell the register");
        return Ok(None);
    };
    let skew_s = now.as_second() - register.as_second();
    if skew_s.abs() > LARGEST_SKEW_HOURS * 3_600 {
        return Err(CycleError::Clock(skew_s / 3_600));
    }
    Ok(Some(skew_s))
}

/// Without the register's own time: what it signed last, it signed in the past, and within the last year where anybody delivers at all.
fn compare_with_the_past(signed: Option<Timestamp>, now: Timestamp) -> Result<(), CycleError> {
    let ahead = signed.map_or(SignedDuration::ZERO, |signed| now.duration_since(signed));
    let (most, least) =
        (SignedDuration::from_hours(LONGEST_SILENCE_HOURS), SignedDuration::from_hours(LARGEST_SKEW_HOURS));
    if (-least..=most).contains(&ahead) { Ok(()) } else { Err(CycleError::Clock(ahead.as_hours())) }
}

fn stamp(setup: &Setup, scopes: &[(Scope, Reading)], basis: String, now: Timestamp) -> CycleStamp {
    let since = scopes.iter().filter_map(|read| match read {
        (Scope::Treatments(_), Reading::Since(since)) => Some(*since),
        _ => None,
    });
    CycleStamp {
        started_at: now.to_string(),
        reading: since.min().map_or_else(|| "full".into(), |since| since.to_string()),
        basis,
        kid: setup.keys.id().to_string(),
        environment: setup.config.agent.environment.word().into(),
        rules: schemas::rule::hash(),
        codelists: setup.lists.hash(),
        agent: env!("CARGO_PKG_VERSION").into(),
        schedule: setup.config.schedule.cron.clone(),
        timezone: setup.config.schedule.timezone.clone(),
    }
}
