//! What is asked and answered when a sender's keys were lost, and its whole set comes again under new ones.
//!
//! Promises: the old set counts until the new one replaces it, the new one from then on; never both, never half of one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{KeyId, StateId};

/// Body of `POST /v1/key-reset`. The same again changes nothing more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyReset {
    /// Random name of the state directory that the new set is sent from.
    pub state_id: StateId,
    /// The new key's id: of the sender's own scope, with a later generation than every key before it.
    pub kid: KeyId,
    /// What is to happen.
    pub step: Step,
}

/// The two steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Every key before is retired for good; what comes under the new one is kept beside the old set and does not count yet.
    Begin,
    /// The new set is whole and takes the old one's place, in one transaction.
    Replace,
}

/// Answer to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeyResetAnswer {
    /// The generation that the state directory writes in.
    pub generation: u32,
    /// Treatments of the set that counts.
    pub standing: u64,
    /// Treatments of the one that does not count yet.
    pub coming: u64,
    /// Whether the new key's set counts.
    pub counts: bool,
}
