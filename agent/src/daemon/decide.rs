//! What the daemon does next, from its plan, its memory and the clock: pure.
//!
//! Promises: several missed runs are one; a run that did not come to its end is tried again, later each time and less often where the
//! register stays away, and never instead of the next planned one; a clock that was wrong for a while neither silences the daemon nor makes it run twice.
//! Must not know: what a run does, or how the daemon waits.

use jiff::{SignedDuration, Timestamp};

use crate::push::breaker;
use crate::schedule::Plan;

/// Waits before a run that failed is tried again; the last one repeats until the next planned run.
const TRY_AGAIN: [SignedDuration; 3] =
    [SignedDuration::from_mins(5), SignedDuration::from_mins(15), SignedDuration::from_mins(45)];
/// A memory from further ahead than this was written under a wrong clock.
const FUTURE: SignedDuration = SignedDuration::from_hours(24);

/// What earlier runs have left; the times are of this host's clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Memory {
    /// Every run planned until here has begun; none where this plan is new.
    pub planned: Option<Timestamp>,
    /// Attempts at the newest run, 0 once it came to its end.
    pub attempts: u32,
    /// When the newest attempt began.
    pub tried_at: Option<Timestamp>,
    /// Runs in a row, planned ones and others, that did not reach the register.
    pub in_vain: u32,
    /// When a planned silence ends.
    pub paused_until: Option<Timestamp>,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Remember that the plan begins now.
    Begin,
    /// Run now; remember first what the run stands for.
    Run {
        /// Every run planned until here has then begun.
        planned: Timestamp,
        /// The how manieth attempt it is, from 1.
        attempt: u32,
    },
    /// Do nothing for a while.
    Wait {
        /// When there is something to do; none when no run is planned any more.
        until: Option<Timestamp>,
        /// What then.
        what: Next,
    },
}

/// What the daemon waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The next planned run.
    Planned,
    /// The next attempt at a run that failed.
    Attempt(u32),
    /// The end of a planned silence.
    EndOfPause,
}

/// Decides.
#[must_use]
pub fn decide(plan: &Plan, memory: &Memory, now: Timestamp) -> Action {
    let Some(planned) = memory.planned else { return Action::Begin };
    if let Some(until) = memory.paused_until.filter(|until| now < *until) {
        return Action::Wait { until: Some(until), what: Next::EndOfPause };
    }
    let anew = Action::Run { planned: plan.planned_by(now), attempt: 1 };
    if planned.duration_since(now) > FUTURE {
        return anew;
    }
    let next = plan.next(planned);
    if next.is_some_and(|next| next <= now) {
        return anew;
    }
    let Some(again) = again(memory, now).filter(|again| next.is_none_or(|next| *again < next)) else {
        return Action::Wait { until: next, what: Next::Planned };
    };
    let attempt = memory.attempts.saturating_add(1);
    if again <= now {
        Action::Run { planned, attempt }
    } else {
        Action::Wait { until: Some(again), what: Next::Attempt(attempt) }
    }
}

/// When a run that did not come to its end is tried again.
fn again(memory: &Memory, now: Timestamp) -> Option<Timestamp> {
    let place = usize::try_from(memory.attempts.checked_sub(1)?).unwrap_or(usize::MAX);
    let wait = TRY_AGAIN[place.min(TRY_AGAIN.len() - 1)].max(breaker::wait(memory.in_vain));
    // An attempt from the future was noted under a wrong clock.
    let tried_at = memory.tried_at.filter(|tried_at| *tried_at <= now);
    Some(tried_at.and_then(|tried_at| tried_at.checked_add(wait).ok()).unwrap_or(now))
}

#[cfg(test)]
mod tests;
