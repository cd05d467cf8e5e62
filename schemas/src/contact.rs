//! What agent and register tell each other outside batches: who the sender is to the register, and which generation it writes in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::batch::Limits;
use crate::id::{KeyId, SenderCode, StateId};

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
