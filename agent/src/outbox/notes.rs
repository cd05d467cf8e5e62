//! What the daemon and the administrator leave for later runs: small notes in the state directory, one a subject.
//!
//! Promises: a note is written whole or not at all. Must not know: what follows from them.

use jiff::Timestamp;
use schemas::contact::Pause;
use serde::{Deserialize, Serialize};

/// How far the daemon has come in its plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunNote {
    /// Schedule and zone that the note is about.
    pub plan: String,
    /// Every run planned until here has begun.
    pub planned: Timestamp,
    /// Attempts at the newest run, 0 once it came to its end.
    pub attempts: u32,
    /// When the newest attempt began.
    pub tried_at: Option<Timestamp>,
    /// When a run came to its end last.
    pub finished_at: Option<Timestamp>,
}

/// What ended the newest `once` or run of the daemon before its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureNote {
    /// When it ended.
    pub at: Timestamp,
    /// Its exit code.
    pub exit: u8,
    /// What was said; nothing in it may name a person.
    pub sentence: String,
}

/// How the way to the register was lately.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachNote {
    /// When the first of the runs in vain ended; nothing when the newest got through.
    pub silent_since: Option<Timestamp>,
    /// Runs in a row that did not reach the register, or were put off by it.
    pub in_vain: u32,
    /// Seconds that this host's clock was ahead of the register's when it was heard last.
    pub skew_s: Option<i64>,
}

/// A planned silence, or its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PauseNote {
    /// The silence; none when it was ended.
    pub pause: Option<Pause>,
    /// Whether the register knows.
    pub told: Told,
}

/// Whether the register knows of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// It does.
    Yes,
    /// It is to be told at the next contact.
    NotYet,
}
