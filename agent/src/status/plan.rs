//! When the next run is, as far as schedule, pauses and failures tell, and whether runs that were planned did not come about.

use jiff::Timestamp;
use schemas::language::Language;

use super::{Paused, Status, Way};
use crate::config::Config;
use crate::daemon::{Action, Memory, Next, decide};
use crate::outbox::{Outbox, OutboxError, PauseNote, ReachNote, RunNote, Told};
use crate::pause;
use crate::schedule::{Plan, ScheduleError};

/// How a moment is written in the document.
pub(super) const UTC: &str = "%Y-%m-%dT%H:%M:%SZ";

/// What runs and administrators have left about the plan.
#[derive(Debug, Default)]
pub(super) struct Left {
    pause: Option<PauseNote>,
    run: Option<RunNote>,
    reach: ReachNote,
    finished_at: Option<Timestamp>,
}

impl Left {
    pub(super) async fn read(outbox: &mut Outbox) -> Result<Self, OutboxError> {
        Ok(Self {
            pause: outbox.pause_note().await?,
            run: outbox.run_note().await?,
            reach: outbox.reach_note().await?,
            finished_at: outbox.finished_at().await?,
        })
    }
}

/// Fills in the next run, a silence in force and when a run that failed is tried again. Answers what is to be warned of.
///
/// # Errors
/// When `[schedule]` cannot be read.
pub(super) fn fill(
    status: &mut Status,
    (config, language): (&Config, Language),
    left: &Left,
    now: Timestamp,
) -> Result<Option<String>, ScheduleError> {
    let plan = Plan::of(&config.agent.region, &config.schedule)?;
    let note = left.pause.as_ref();
    let paused = pause::in_force(note, now, plan.zone());
    let from = paused.and_then(|pause| pause::end(pause, plan.zone())).unwrap_or(now);
    status.next_run = plan.runs(from, None, 1).first().map(|run| run.at.strftime(UTC).to_string());
    status.paused = paused.map(|pause| Paused {
        until: pause.until.to_string(),
        reason: pause.reason.clone(),
        told: note.is_some_and(|note| note.told == Told::Yes),
    });
    let retry_at = retry(&plan, left, now).map(|at| at.strftime(UTC).to_string());
    status.register = Way::of(&left.reach, retry_at.as_ref().or(status.next_run.as_ref()));
    if let Some(failure) = &mut status.last_failure {
        failure.retry_at = retry_at;
    }
    Ok(overdue((&plan, language), left, now))
}

/// When the daemon tries a run again that did not come to its end.
fn retry(plan: &Plan, left: &Left, now: Timestamp) -> Option<Timestamp> {
    let run = left.run.as_ref().filter(|run| run.plan == plan.text())?;
    let pause = pause::in_force(left.pause.as_ref(), now, plan.zone());
    let memory = Memory {
        planned: Some(run.planned),
        attempts: run.attempts,
        tried_at: run.tried_at,
        in_vain: left.reach.in_vain,
        paused_until: pause.and_then(|pause| pause::end(pause, plan.zone())),
    };
    match decide(plan, &memory, now) {
        Action::Wait { until, what: Next::Attempt(_) } => until,
        _ => None,
    }
}

/// Warns when two planned runs have gone by since a run came to its end last; those of a silence are not missed.
fn overdue((plan, language): (&Plan, Language), left: &Left, now: Timestamp) -> Option<String> {
    let finished_at = left.finished_at?;
    let silence = left.pause.as_ref().and_then(|note| pause::end(note.pause.as_ref()?, plan.zone()));
    let from = silence.map_or(finished_at, |end| end.max(finished_at));
    let missed = plan.runs(from, None, 2);
    missed.get(1).filter(|second| second.at <= now).map(|_| {
        let since = finished_at.to_zoned(plan.zone().clone()).strftime("%Y-%m-%d %H:%M %:z").to_string();
        language.pick(
            format!(
                "ingen körning har nått sitt slut sedan {since}, och två eller fler var planerade sedan dess; se efter att \
                 `registry-agent run` eller er timer är i gång"
            ),
            format!(
                "no run has come to its end since {since}, and two or more were planned since; see that `registry-agent run` or your \
                 timer is running"
            ),
        )
    })
}
