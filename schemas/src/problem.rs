//! Why a request was refused: problem documents after RFC 9457 with types that both ends share.
//!
//! Promises: a problem names a field, a rule or a line, never a value.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The stable type of a problem; travels as the URI `/problems/<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ProblemType {
    /// The certificate is good, the sender not enrolled, suspended or revoked, or of the other environment.
    #[serde(rename = "/problems/sender-not-active")]
    SenderNotActive,
    /// The manifest or a record names another sender.
    #[serde(rename = "/problems/sender-mismatch")]
    SenderMismatch,
    /// Same key and version as a stored record, other content.
    #[serde(rename = "/problems/version-conflict")]
    VersionConflict,
    /// The key id is unknown, retired or of another sender.
    #[serde(rename = "/problems/key-unknown")]
    KeyUnknown,
    /// The body's digest is not the one in the path.
    #[serde(rename = "/problems/digest-mismatch")]
    DigestMismatch,
    /// The id in the path is stored with other bytes.
    #[serde(rename = "/problems/batch-conflict")]
    BatchConflict,
    /// A line is not a JSON record.
    #[serde(rename = "/problems/line-unreadable")]
    LineUnreadable,
    /// The first line is not a manifest, or does not describe what follows.
    #[serde(rename = "/problems/manifest-invalid")]
    ManifestInvalid,
    /// The batch schema is not one that this register reads.
    #[serde(rename = "/problems/schema-version")]
    SchemaVersion,
    /// Body, lines, depth, rows or compression ratio above the limits.
    #[serde(rename = "/problems/too-large")]
    TooLarge,
    /// More requests than the sender may make.
    #[serde(rename = "/problems/too-many-requests")]
    TooManyRequests,
    /// The register is working on as much as it can.
    #[serde(rename = "/problems/busy")]
    Busy,
    /// The register's disk is full.
    #[serde(rename = "/problems/disk-full")]
    DiskFull,
    /// There is nothing under this address for this sender.
    #[serde(rename = "/problems/not-found")]
    NotFound,
    /// The request itself is malformed.
    #[serde(rename = "/problems/bad-request")]
    BadRequest,
    /// Something unexpected; details are in the register's log under the instance id.
    #[serde(rename = "/problems/internal")]
    Internal,
}

impl ProblemType {
    /// The HTTP status that goes with the type.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::SenderNotActive | Self::SenderMismatch => 403,
            Self::VersionConflict | Self::BatchConflict => 409,
            Self::KeyUnknown
            | Self::DigestMismatch
            | Self::LineUnreadable
            | Self::ManifestInvalid
            | Self::SchemaVersion => 422,
            Self::TooLarge => 413,
            Self::TooManyRequests => 429,
            Self::Busy => 503,
            Self::DiskFull => 507,
            Self::NotFound => 404,
            Self::BadRequest => 400,
            Self::Internal => 500,
        }
    }

    /// One short English sentence for the type.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::SenderNotActive => "This sender may not deliver to this register",
            Self::SenderMismatch => "The batch names another sender than the certificate",
            Self::VersionConflict => "A record of this version is stored with other content",
            Self::KeyUnknown => "The key id is not registered for this sender",
            Self::DigestMismatch => "The body is not what its address says",
            Self::BatchConflict => "This batch is stored with other bytes",
            Self::LineUnreadable => "A line is not a record",
            Self::ManifestInvalid => "The manifest does not describe the batch",
            Self::SchemaVersion => "The register does not read this batch schema",
            Self::TooLarge => "The batch is larger than the limits allow",
            Self::TooManyRequests => "Too many requests",
            Self::Busy => "The register is busy",
            Self::DiskFull => "The register has no room left",
            Self::NotFound => "Not found",
            Self::BadRequest => "The request is malformed",
            Self::Internal => "The register failed to answer",
        }
    }

    /// Whether the same request may succeed later without anybody changing anything.
    #[must_use]
    pub fn is_temporary(self) -> bool {
        matches!(self, Self::TooManyRequests | Self::Busy | Self::DiskFull | Self::Internal)
    }
}

/// A problem document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// What kind.
    #[serde(rename = "type")]
    pub kind: ProblemType,
    /// The type's sentence.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What to do about this one, without values.
    pub detail: String,
    /// The line of the batch, from 1 for the manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Id under which the register logged an unexpected failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
}

impl Problem {
    /// A problem of a type with its own sentence.
    #[must_use]
    pub fn new(kind: ProblemType, detail: impl Into<String>) -> Self {
        Self {
            kind,
            title: kind.title().to_owned(),
            status: kind.status(),
            detail: detail.into(),
            line: None,
            instance: None,
        }
    }

    /// The same problem, at a line of the batch (the manifest is line 1).
    #[must_use]
    pub fn at_line(self, line: u32) -> Self {
        Self { line: Some(line), ..self }
    }
}
