//! Who delivers, and what each says became of everything in its source.
//!
//! Promises: counts only.

use std::sync::Arc;

use schemas::record::Run;

/// A sender, as participation is told by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderFact {
    /// Who.
    pub sender: Arc<str>,
    /// Where it stands: active, suspended or revoked.
    pub status: Arc<str>,
    /// When it was enrolled first, RFC 3339.
    pub enrolled_at: String,
    /// When the first batch with an accepted treatment came, RFC 3339.
    pub first_accepted_at: Option<String>,
    /// When the last one did.
    pub last_accepted_at: Option<String>,
    /// When the newest batch of any kind came.
    pub last_seen_at: Option<String>,
    /// Last day of the silence that it has planned, as it said it.
    pub paused_until: Option<String>,
    /// The agent's cron expression.
    pub schedule: Option<String>,
    /// The zone that the schedule is read in, an IANA name.
    pub timezone: Option<String>,
}

/// A line of a sender's accounting, of its newest reading of everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFact {
    /// Who counted.
    pub sender: Arc<str>,
    /// What it counted.
    pub run: Run,
}
