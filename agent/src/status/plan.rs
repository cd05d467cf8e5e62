//! When the next run is, as far as schedule and pauses tell.

use jiff::Timestamp;

use super::{Paused, Status};
use crate::config::Config;
use crate::outbox::{PauseNote, Told};
use crate::pause;
use crate::schedule::{Plan, ScheduleError};

/// Fills in the next run and a silence in force.
///
/// # Errors
/// When `[schedule]` cannot be read.
pub(super) fn fill(
    status: &mut Status,
    config: &Config,
    note: Option<&PauseNote>,
    now: Timestamp,
) -> Result<(), ScheduleError> {
    let plan = Plan::of(&config.agent.region, &config.schedule)?;
    let paused = pause::in_force(note, now, plan.zone());
    let from = paused.and_then(|pause| pause::end(pause, plan.zone())).unwrap_or(now);
    status.next_run = plan.runs(from, None, 1).first().map(|run| run.at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    status.paused = paused.map(|pause| Paused {
        until: pause.until.to_string(),
        reason: pause.reason.clone(),
        told: note.is_some_and(|note| note.told == Told::Yes),
    });
    Ok(())
}
