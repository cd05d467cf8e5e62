//! What the register knows about a sender.

use schemas::contact::Pause;
use schemas::id::{KeyId, SenderCode};

/// Where a sender stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SenderStatus {
    /// May deliver.
    Active,
    /// May not deliver for the time being.
    Suspended,
    /// May not deliver any more.
    Revoked,
}

impl SenderStatus {
    /// The word that is stored and shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
        }
    }

    /// The standing that a stored word means.
    pub(crate) fn of_word(word: &str) -> Option<Self> {
        [Self::Active, Self::Suspended, Self::Revoked].into_iter().find(|status| status.word() == word)
    }
}

/// A sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// Who.
    pub code: SenderCode,
    /// Where it stands.
    pub status: SenderStatus,
    /// When it was enrolled first, RFC 3339.
    pub enrolled_at: String,
    /// The newest generation given to it, 0 when none was.
    pub generation: u32,
    /// The key ids that it may use.
    pub keys: Vec<KeyId>,
    /// Its stored treatments.
    pub treatments: u64,
    /// What it says of its deliveries.
    pub plan: SenderPlan,
}

/// What a sender says of its deliveries: with its newest batch, and of a planned silence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SenderPlan {
    /// The agent's cron expression, when its newest batch told it.
    pub schedule: Option<String>,
    /// The zone that the schedule is read in, an IANA name.
    pub timezone: Option<String>,
    /// Version of the agent.
    pub agent: Option<String>,
    /// When its newest batch came, RFC 3339.
    pub last_seen_at: Option<String>,
    /// The silence that it has planned, also one that is over.
    pub paused: Option<Pause>,
}

/// What a batch's manifest says of the agent that sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentPlan {
    /// Version of the agent.
    pub agent: String,
    /// Its cron expression; older agents do not say.
    pub schedule: Option<String>,
    /// The zone that the schedule is read in.
    pub timezone: Option<String>,
    /// Hash of the rules that it ran.
    pub rules: Option<String>,
    /// The form that the batch is written in.
    pub schema: Option<String>,
    /// Payload hash of the whole cycle that the batch is of.
    pub payload: Option<String>,
}
