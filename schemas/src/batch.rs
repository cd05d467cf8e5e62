//! What is sent: NDJSON, a manifest on the first line and one record on each of the others.
//!
//! Promises: a batch's id is the SHA-256 of its decompressed bytes; the manifest holds no time, so that the same content queued again
//! in the same state is the same batch.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::id::{KeyId, SenderCode, StateId, Version};

/// The batch schema that this version writes and reads.
pub const SCHEMA: &str = "registry-batch/1";

/// First line of a batch: who sends what under which rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The sender; must be the certificate's.
    pub sender: SenderCode,
    /// `test` or `production`; must be the certificate's.
    pub environment: String,
    /// The person key under which every pseudonym of the batch stands.
    pub kid: KeyId,
    /// The state directory that queued it.
    pub state_id: StateId,
    /// Cycle of that state directory, from 1.
    pub cycle: u64,
    /// Records that follow.
    pub records: u32,
    /// Payload hash of the whole cycle (see [`crate::canonical::PayloadHash`]).
    pub payload_sha256: String,
    /// Hash of the rules that the agent ran.
    pub rules: String,
    /// Hash of the agent's code lists.
    pub codelists: String,
    /// Version of the agent.
    pub agent: String,
    /// The agent's `[schedule] cron`, by which the register tells late from planned; older agents do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
    /// Zone that the schedule is read in, an IANA name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
}

/// One line after the manifest, its content still unread.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope<'a> {
    /// Which record.
    pub kind: Kind,
    /// Its key.
    #[serde(borrow)]
    pub key: std::borrow::Cow<'a, str>,
    /// Its version.
    pub version: Version,
    /// The content, to be read according to `kind`.
    #[serde(borrow)]
    pub content: &'a RawValue,
}

/// The kinds of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// [`crate::record::Treatment`]
    Treatment,
    /// [`crate::record::Retraction`]
    Retraction,
    /// [`crate::record::Unit`]
    Unit,
    /// [`crate::record::Activity`]
    Activity,
    /// [`crate::record::Run`]
    Run,
    /// [`crate::record::SubjectPair`], one person's
    SubjectMerge,
    /// [`crate::record::SubjectPair`], of two persons
    SubjectSplit,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Treatment,
        Self::Retraction,
        Self::Unit,
        Self::Activity,
        Self::Run,
        Self::SubjectMerge,
        Self::SubjectSplit,
    ];

    /// The word on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Treatment => "treatment",
            Self::Retraction => "retraction",
            Self::Unit => "unit",
            Self::Activity => "activity",
            Self::Run => "run",
            Self::SubjectMerge => "subject_merge",
            Self::SubjectSplit => "subject_split",
        }
    }
}

/// The canonical bytes of one line from the canonical bytes of its content; no line feed.
#[must_use]
pub fn line(kind: Kind, key: &str, version: Version, canonical_content: &[u8]) -> Vec<u8> {
    let key = crate::canonical::bytes(&key);
    let mut line = Vec::with_capacity(canonical_content.len() + key.len() + 96);
    line.extend_from_slice(b"{\"content\":");
    line.extend_from_slice(canonical_content);
    line.extend_from_slice(b",\"key\":");
    line.extend_from_slice(&key);
    line.extend_from_slice(b",\"kind\":\"");
    line.extend_from_slice(kind.word().as_bytes());
    line.extend_from_slice(b"\",\"version\":");
    line.extend_from_slice(&crate::canonical::bytes(&version));
    line.push(b'}');
    line
}

/// What a batch may measure; the register's own are in `GET /v1/me`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Limits {
    /// Bytes of the request body.
    pub body: u64,
    /// Bytes after decompression.
    pub decompressed: u64,
    /// Decompressed bytes for one compressed byte.
    pub ratio: u64,
    /// Records, the manifest not counted.
    pub records: u32,
    /// Bytes of one line.
    pub line: u64,
    /// Nested objects and arrays.
    pub depth: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body: 8 << 20, decompressed: 64 << 20, ratio: 100, records: 5_000, line: 1 << 20, depth: 8 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical;
    use crate::record::{Record, Retraction, RetractionReason};

    #[test]
    fn a_line_put_together_is_the_canonical_form_of_the_record() {
        let key = format!("rec1.12.{}", "a".repeat(43));
        let version = Version { generation: 1, counter: 7 };
        let content = Retraction { reason: RetractionReason::Reopened };
        let record = Record::Retraction { key: key.parse().unwrap(), version, content: content.clone() };
        assert_eq!(line(Kind::Retraction, &key, version, &canonical::bytes(&content)), canonical::bytes(&record));
        let bytes = canonical::bytes(&record);
        let envelope: Envelope = serde_json::from_slice(&bytes).unwrap();
        assert_eq!((envelope.kind, envelope.key.as_ref(), envelope.version), (Kind::Retraction, key.as_str(), version));
    }
}
