//! What agent and register tell each other outside batches: who the sender is to the register, which generation it writes in,
//! and when it plans to be silent.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::batch::Limits;
use crate::id::{KeyId, SenderCode, StateId};

/// Seconds between the clocks of agent and register above which either end tells of it.
pub const SKEW_TOLD_S: i64 = 60;

/// Answer to `GET /v1/me`: what the register knows about this sender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Me {
    /// The sender as its certificate names it.
    pub sender: SenderCode,
    /// `test` or `production`.
    pub environment: String,
    /// `active`; other senders get a problem instead.
    pub status: String,
    /// What a batch may measure.
    pub limits: Limits,
    /// The batch schema that the register reads, [`crate::batch::SCHEMA`].
    pub schema: String,
    /// Hash of the rules that it enforces.
    pub rules: String,
    /// Hash of its code lists.
    pub codelists: String,
    /// The register's time, RFC 3339 UTC.
    pub time: String,
    /// The newest generation given to this sender, 0 when none was.
    pub generation: u32,
    /// The key ids registered for the sender.
    pub keys: Vec<KeyId>,
    /// Persons whom this sender has withdrawn and not lifted. A sender that remembers fewer has lost objections.
    #[serde(default)]
    pub withdrawn: u64,
    /// Cases that wait for this sender's answer.
    #[serde(default)]
    pub cases: Vec<OpenCase>,
    /// While a set under a new key is on its way, the treatments of the one that it will replace; nothing otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<u64>,
}

/// A person has turned to the register, which asks each sender to look: the sender withdraws the person under this number, or answers
/// that it found none. Who it is, the senders learn on another way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenCase {
    /// The register's number of the case.
    pub number: u32,
    /// The day on which every sender should have answered.
    pub deadline: Date,
    /// The day on which it was opened.
    pub opened_on: Date,
}

/// Body of `POST /v1/generation`: the first contact of an empty state directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GenerationRequest {
    /// Random name of the state directory; the same name always gets the same generation.
    pub state_id: StateId,
}

/// Answer to `POST /v1/generation`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Generation {
    /// The generation that this state directory writes in, from 1.
    pub generation: u32,
}

/// Body of `POST /v1/pause`: a silence that the sender has planned. `DELETE /v1/pause` ends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// The first day on which the sender delivers again.
    pub until: Date,
    /// Why, in the administrator's words, for the register's staff. Never anything about a person.
    #[schemars(length(min = 1, max = 200))]
    pub reason: String,
}

impl Pause {
    /// Longest reason, characters.
    pub const LONGEST_REASON: usize = 200;

    /// Whether the reason says something, on one line and no longer than it may.
    #[must_use]
    pub fn has_reason(&self) -> bool {
        let length = self.reason.chars().count();
        !self.reason.trim().is_empty() && length <= Self::LONGEST_REASON && !self.reason.chars().any(char::is_control)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_has_a_reason_of_one_line() {
        let longest = "å".repeat(Pause::LONGEST_REASON);
        for (reason, expected) in [
            ("byte av journalsystem", true),
            (&longest, true),
            (&format!("{longest}å"), false),
            ("", false),
            ("  ", false),
            ("a\nb", false),
            ("a\u{1b}[2J", false),
        ] {
            let pause = Pause { until: "2026-12-24".parse().unwrap(), reason: reason.into() };
            assert_eq!(pause.has_reason(), expected, "{reason:?}");
        }
    }
}
