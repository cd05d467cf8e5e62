//! Cycles by the plan, for as long as the process lives: wait, run, wait again.
//!
//! Promises: what is done next is decided in `decide` alone, again at least twice a minute, so that a changed clock, a host that slept
//! and a pause that somebody asked for are noticed; between runs nothing is open but a lock; the service manager's watchdog hears
//! from the work itself, never from a timer beside it: from each page of rows that is read and each batch that is tried. Whatever ends a
//! cycle, the daemon lives on and tries again, because a faulty row, table or file may be mended before the next run.
//! Must not know: what a cycle does, which signals there are, or who asks the clock.

mod decide;
mod lock;
mod say;
mod service;

pub use decide::{Action, Memory, Next, decide};
pub use service::Service;

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use schemas::exit::Exit;
use tokio::sync::{Notify, mpsc};

use crate::config::Config;
use crate::cycle::Progress;
use crate::outbox::{Outbox, OutboxError, PauseNote, RunNote, Told};
use crate::pause;
use crate::push::Client;
use crate::schedule::{Plan, ScheduleError};

/// The longest time without a look at clock and notes.
const LOOK: Duration = Duration::from_secs(30);
/// How long a batch on its way may take once the daemon is to stop.
const LAST_BATCH: Duration = Duration::from_secs(20);
/// How often a register that could not be told of a pause is tried.
const TELL_AGAIN: SignedDuration = SignedDuration::from_mins(15);

/// What the operator asks of a running daemon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Read the configuration again.
    Reload,
    /// Stop in order, with this exit code.
    Stop(Exit),
}

/// What a cycle came to: the exit code that `once` would end with, and a sentence for the log.
#[derive(Debug)]
pub(crate) struct Came {
    pub(crate) exit: Exit,
    pub(crate) sentence: String,
}

/// What the composition root does for the daemon.
pub(crate) trait Work {
    /// Runs one cycle.
    async fn cycle(&self, config: &Config, progress: &(dyn Fn(Progress) + Sync)) -> Came;
    /// Reads the configuration again and everything that it names; a sentence when something of it is wrong.
    async fn reread(&self) -> Result<Config, String>;
}

/// Where the daemon lives.
pub(crate) struct Host<'a> {
    /// The clock.
    pub(crate) now: &'a (dyn Fn() -> Timestamp + Sync),
    /// The service manager.
    pub(crate) service: &'a Service,
    /// What the operator asks.
    pub(crate) orders: mpsc::Receiver<Order>,
}

/// Why the daemon ends by itself.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DaemonError {
    /// The state cannot be used, or another daemon holds it.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// The plan cannot be read.
    #[error("[schedule] {0}")]
    Schedule(#[from] ScheduleError),
}

/// Runs until it is told to stop.
///
/// # Errors
/// [`DaemonError`] when nothing would get better by waiting.
pub(crate) async fn run(config: Config, work: &impl Work, host: Host<'_>) -> Result<Exit, DaemonError> {
    drop(Outbox::open_for_notes(&config.state_dir()).await?);
    let _held = lock::hold(&config.state_dir())?;
    let plan = Plan::of(&config.agent.region, &config.schedule)?;
    let mut daemon = Daemon { config, plan, work, host, remark: None, fault: None, told_at: None };
    daemon.host.service.ready();
    // Ends with an order to stop, or when the state fails.
    loop {
        let order = match daemon.look().await? {
            Action::Begin => daemon.begin().await.map(|()| None)?,
            Action::Run { planned, attempt } => daemon.cycle(planned, attempt).await?,
            Action::Wait { until, .. } => daemon.wait(until).await,
        };
        match order {
            None => {}
            Some(Order::Reload) => daemon.reload().await,
            Some(Order::Stop(exit)) => {
                daemon.host.service.stopping();
                tracing::info!("stopped; {}", daemon.left().await?);
                return Ok(exit);
            }
        }
    }
}

struct Daemon<'a, W> {
    config: Config,
    plan: Plan,
    work: &'a W,
    host: Host<'a>,
    /// Why a new configuration is not in force.
    remark: Option<String>,
    /// Why the newest run did not come to its end.
    fault: Option<String>,
    /// When the register was last tried to be told of a pause.
    told_at: Option<Timestamp>,
}

impl<W: Work> Daemon<'_, W> {
    /// Looks at notes and clock, and says what comes next.
    async fn look(&mut self) -> Result<Action, OutboxError> {
        let mut notes = self.notes().await?;
        let pause = notes.pause_note().await?;
        self.tell(pause.as_ref(), &mut notes).await?;
        let now = (self.host.now)();
        let paused = pause::in_force(pause.as_ref(), now, self.plan.zone());
        let run = notes.run_note().await?;
        let memory = Memory {
            planned: run.as_ref().filter(|note| note.plan == self.plan.text()).map(|note| note.planned),
            attempts: run.as_ref().map_or(0, |note| note.attempts),
            tried_at: run.as_ref().and_then(|note| note.tried_at),
            in_vain: notes.reach_note().await?.in_vain,
            paused_until: paused.and_then(|pause| pause::end(pause, self.plan.zone())),
        };
        let action = decide(&self.plan, &memory, now);
        let (_, waiting, _) = notes.depth().await?;
        let line = say::line(&action, (paused, waiting), self.plan.zone());
        self.host.service.status(&say::with_remarks(line, [&self.remark, &self.fault]));
        self.host.service.alive(now);
        Ok(action)
    }

    async fn notes(&self) -> Result<Outbox, OutboxError> {
        Outbox::open_for_notes(&self.config.state_dir()).await
    }

    /// Tells the register of a pause that it does not know of.
    async fn tell(&mut self, note: Option<&PauseNote>, notes: &mut Outbox) -> Result<(), OutboxError> {
        let now = (self.host.now)();
        let lately = self.told_at.is_some_and(|told_at| now.duration_since(told_at).abs() < TELL_AGAIN);
        if lately || note.is_none_or(|note| note.told == Told::Yes) {
            return Ok(());
        }
        self.told_at = Some(now);
        match Client::new(&self.config) {
            Ok(client) => pause::tell(&client, notes).await.map(drop),
            Err(error) => {
                tracing::warn!("the register is not told of the pause yet: {error}");
                Ok(())
            }
        }
    }

    /// A plan that is new begins now: nothing of it was missed.
    async fn begin(&self) -> Result<(), OutboxError> {
        let mut notes = self.notes().await?;
        let before = notes.run_note().await?;
        let (plan, planned) = (self.plan.text().to_owned(), (self.host.now)());
        let note = match before {
            Some(before) => RunNote { plan, planned, ..before },
            None => RunNote { plan, planned, attempts: 0, tried_at: None, finished_at: None },
        };
        notes.set_run_note(&note).await
    }

    async fn wait(&mut self, until: Option<Timestamp>) -> Option<Order> {
        let left = until.map(|until| until.duration_since((self.host.now)()));
        let left = left.map_or(LOOK, |left| Duration::try_from(left).unwrap_or(Duration::ZERO));
        let step = left.min(LOOK).min(self.host.service.patience());
        tokio::time::timeout(step, self.host.orders.recv()).await.ok().flatten()
    }

    /// Runs a cycle, having noted that it begins. An order that came meanwhile is the answer.
    async fn cycle(&mut self, planned: Timestamp, attempt: u32) -> Result<Option<Order>, DaemonError> {
        let (mut notes, tried_at) = (self.notes().await?, Some((self.host.now)()));
        let finished_at = notes.run_note().await?.and_then(|note| note.finished_at);
        let plan = self.plan.text().to_owned();
        let note = RunNote { plan, planned, attempts: attempt, tried_at, finished_at };
        notes.set_run_note(&note).await?;
        drop(notes);
        self.host.service.status("reading the source");
        let (came, order) = self.run_cycle().await;
        let Some(came) = came else { return Ok(order) };
        match came.exit {
            Exit::Done | Exit::Partly => {
                tracing::info!("{}", came.sentence);
                self.fault = None;
                let note = RunNote { attempts: 0, finished_at: Some((self.host.now)()), ..note };
                self.notes().await?.set_run_note(&note).await?;
            }
            exit => {
                if matches!(exit, Exit::NotAllowed | Exit::Config) {
                    tracing::error!(attempt, "the run ended, mend this; it is tried again: {}", came.sentence);
                } else {
                    tracing::warn!(attempt, "the run did not come to its end and is tried again: {}", came.sentence);
                }
                self.fault = Some(format!("the newest run ended: {}", came.sentence));
            }
        }
        Ok(order)
    }

    /// The cycle with an ear for orders. On an order to stop, reading breaks off at once, because nothing of it is kept; a batch on its
    /// way may still arrive.
    async fn run_cycle(&mut self) -> (Option<Came>, Option<Order>) {
        let (service, now) = (self.host.service, self.host.now);
        let (delivering, delivered) = (AtomicBool::new(false), Notify::new());
        let progress = |progress: Progress| {
            service.alive(now());
            match progress {
                Progress::Queued(records) => {
                    service.status(&format!("delivering; {records} waiting"));
                    delivering.store(true, Ordering::Relaxed);
                }
                Progress::Delivered(_) => delivered.notify_waiters(),
                Progress::Looked | Progress::Read(_) | Progress::Attempt => {}
            }
        };
        let mut cycle = pin!(self.work.cycle(&self.config, &progress));
        let mut later = None;
        // Ends with the cycle or with an order to stop.
        loop {
            tokio::select! {
                came = &mut cycle => return (Some(came), later),
                order = self.host.orders.recv() => match order {
                    Some(Order::Stop(exit)) => {
                        service.stopping();
                        if delivering.load(Ordering::Relaxed) {
                            tracing::info!("stopping; the batch on its way is finished first");
                            tokio::select! {
                                came = &mut cycle => return (Some(came), Some(Order::Stop(exit))),
                                () = delivered.notified() => {}
                                () = tokio::time::sleep(LAST_BATCH) => {}
                            }
                        }
                        return (None, Some(Order::Stop(exit)));
                    }
                    Some(order) => later = Some(order),
                    None => return (Some((&mut cycle).await), later),
                },
            }
        }
    }

    /// Takes a new configuration when all of it can be used, and keeps the old one otherwise.
    async fn reload(&mut self) {
        self.host.service.reloading();
        self.remark = match self.reread().await {
            Ok((config, plan)) => {
                tracing::info!("the configuration was read again");
                (self.config, self.plan) = (config, plan);
                None
            }
            Err(sentence) => {
                tracing::error!("the configuration was not taken, the one from before stays in force: {sentence}");
                Some(format!("the new configuration was not taken: {sentence}"))
            }
        };
        self.host.service.ready();
    }

    async fn reread(&self) -> Result<(Config, Plan), String> {
        let config = self.work.reread().await?;
        if config.state_dir() != self.config.state_dir() {
            return Err("[agent] state_dir cannot change while the daemon runs; stop it and start it again".into());
        }
        let plan = Plan::of(&config.agent.region, &config.schedule).map_err(|error| error.to_string())?;
        Ok((config, plan))
    }

    /// What a stop leaves for later.
    async fn left(&self) -> Result<String, OutboxError> {
        let (_, waiting, _) = self.notes().await?.depth().await?;
        Ok(say::waiting(waiting))
    }
}
