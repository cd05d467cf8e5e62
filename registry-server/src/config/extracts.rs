//! What whoever asks for extracts may take of the register.

use serde::{Deserialize, Serialize};

use crate::request::quota;

/// The `[extracts]` section; every key has a default.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Extracts {
    /// Requests that one person may hand in in twelve months.
    pub(super) quota: u32,
}

impl Default for Extracts {
    fn default() -> Self {
        Self { quota: quota::DEFAULT }
    }
}
