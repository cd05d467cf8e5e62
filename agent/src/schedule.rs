//! When cycles run: the plan of one sender, in the times that both ends read alike.
//!
//! Promises: the same sender under the same settings has the same plan on every host.
//! Must not know: the clock, what runs, or what ran before.

mod plan;

pub use plan::{Plan, PlannedRun, Reads, sweep_is_due};
pub use schemas::schedule::{Schedule, ScheduleError, duration, jitter};
