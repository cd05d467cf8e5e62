//! The one place where an error becomes HTTP.
//!
//! Promises: every answer that is not a success is a problem document (RFC 9457) with a type that the agent knows; the unexpected is a
//! blank 500 with an id under which its detail was logged, once; nothing here holds a value of a record.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use schemas::canonical;
use schemas::problem::{Problem, ProblemType};

use crate::admission::NotNow;
use crate::body::BodyError;
use crate::store::{RefusedDelivery, StoreError};
use crate::validate::RefusedBatch;

/// Seconds after which a busy register is worth asking again.
const BUSY_SECONDS: u64 = 5;
/// Seconds after which a full disk may have been seen to.
const DISK_SECONDS: u64 = 60;

/// Why a request gets no success.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The certificate names nobody who may deliver here.
    #[error("this register does not know the certificate's sender as active; ask the register's staff to enrol it")]
    SenderNotActive,
    /// The sender may not deliver for the time being.
    #[error(
        "this sender is suspended for the time being and nothing was stored; the register's staff tell why, and let it deliver again"
    )]
    Suspended,
    /// It must come again later.
    #[error(transparent)]
    NotNow(#[from] NotNow),
    /// The body is not taken.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The body's digest is not the one in the address.
    #[error("the body's SHA-256 is not the one in the address; build the batch again")]
    DigestMismatch,
    /// The address is of a stored batch with other bytes.
    #[error("this batch is stored already with other bytes; nothing was changed")]
    BatchConflict,
    /// The batch is refused whole.
    #[error(transparent)]
    Batch(#[from] RefusedBatch),
    /// The store refused the delivery, or failed.
    #[error(transparent)]
    Delivery(#[from] RefusedDelivery),
    /// A pseudonym is under another sender's key.
    #[error("a pseudonym is under a key that is not this sender's; check [pseudonym] key_id")]
    KeyOfAnother,
    /// Nothing is there.
    #[error("there is nothing under this address")]
    NotFound,
    /// The request is malformed.
    #[error("{0}")]
    BadRequest(&'static str),
    /// A defect of this program.
    #[error("unexpected: {0}")]
    Unexpected(String),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Delivery(error.into())
    }
}

impl Refusal {
    /// Whether the store's disk failed, so that this process must end.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        matches!(self, Self::Delivery(RefusedDelivery::Store(StoreError::Broken(_))))
    }

    /// The type of problem.
    #[must_use]
    pub fn kind(&self) -> ProblemType {
        match self {
            Self::SenderNotActive
            | Self::Suspended
            | Self::Batch(RefusedBatch::Environment)
            | Self::Delivery(RefusedDelivery::SenderNotActive) => ProblemType::SenderNotActive,
            Self::Batch(RefusedBatch::Sender) => ProblemType::SenderMismatch,
            Self::KeyOfAnother | Self::Batch(RefusedBatch::Key(_)) | Self::Delivery(RefusedDelivery::KeyUnknown) => {
                ProblemType::KeyUnknown
            }
            Self::Batch(RefusedBatch::Schema) => ProblemType::SchemaVersion,
            Self::Batch(RefusedBatch::Manifest(_))
            | Self::Delivery(RefusedDelivery::StateUnknown | RefusedDelivery::GenerationUnknown(_)) => {
                ProblemType::ManifestInvalid
            }
            Self::Batch(RefusedBatch::Line(_)) => ProblemType::LineUnreadable,
            Self::Delivery(RefusedDelivery::VersionConflict(_)) => ProblemType::VersionConflict,
            Self::DigestMismatch => ProblemType::DigestMismatch,
            Self::BatchConflict => ProblemType::BatchConflict,
            // A slow line brings a smaller batch in time, so the agent is told to halve it.
            Self::Body(BodyError::TooLarge(_) | BodyError::TooSlow(_)) => ProblemType::TooLarge,
            Self::NotNow(NotNow::TooManyRequests(_) | NotNow::TooMuchRefused(_)) => ProblemType::TooManyRequests,
            Self::NotNow(NotNow::Busy) => ProblemType::Busy,
            Self::Delivery(RefusedDelivery::Store(error)) if error.passes() => ProblemType::Busy,
            Self::NotNow(NotNow::DiskFull) | Self::Delivery(RefusedDelivery::Store(StoreError::Full)) => {
                ProblemType::DiskFull
            }
            Self::NotFound => ProblemType::NotFound,
            Self::BadRequest(_) | Self::Body(_) => ProblemType::BadRequest,
            Self::Delivery(RefusedDelivery::Store(_)) | Self::Unexpected(_) => ProblemType::Internal,
        }
    }

    /// The line of the batch that it is about, from 1 for the manifest.
    fn line(&self) -> Option<u32> {
        use RefusedDelivery::{GenerationUnknown, KeyUnknown, StateUnknown, VersionConflict};
        match self {
            Self::Batch(RefusedBatch::Key(line) | RefusedBatch::Line(line)) => Some(*line),
            Self::Batch(RefusedBatch::Manifest(_) | RefusedBatch::Schema | RefusedBatch::Sender)
            | Self::Delivery(KeyUnknown | StateUnknown) => Some(1),
            Self::Delivery(VersionConflict(record) | GenerationUnknown(record)) => Some(record + 1),
            _ => None,
        }
    }

    fn retry_after(&self) -> Option<u64> {
        match (self, self.kind()) {
            (Self::NotNow(NotNow::TooManyRequests(seconds) | NotNow::TooMuchRefused(seconds)), _) => Some(*seconds),
            (_, ProblemType::Busy) => Some(BUSY_SECONDS),
            (_, ProblemType::DiskFull) => Some(DISK_SECONDS),
            _ => None,
        }
    }

    fn detail(&self) -> String {
        match (self, self.kind()) {
            (_, ProblemType::Internal) => {
                "the register's staff find the reason in its log under the instance id".into()
            }
            (Self::Delivery(_), ProblemType::DiskFull) => NotNow::DiskFull.to_string(),
            (Self::Delivery(RefusedDelivery::Store(StoreError::Unreachable(_))), _) => {
                "its database does not answer at the moment; send it again as Retry-After says".into()
            }
            (Self::Delivery(_), ProblemType::Busy) => NotNow::Busy.to_string(),
            (Self::Delivery(_), ProblemType::SenderNotActive) => Self::SenderNotActive.to_string(),
            (Self::Delivery(RefusedDelivery::VersionConflict(record)), _) => format!(
                "line {} is stored in the same version with other content; nothing of the batch was stored, ask for a new generation",
                record + 1
            ),
            _ => self.to_string(),
        }
    }
}

/// The answer to a refused request; logs what nobody expected, under an id made of these random bytes.
#[must_use]
pub fn answer(refusal: &Refusal, instance: [u8; 8]) -> Response<Body> {
    let kind = refusal.kind();
    let mut problem = Problem { line: refusal.line(), ..Problem::new(kind, refusal.detail()) };
    if kind == ProblemType::Internal {
        let id = canonical::hex(&instance);
        tracing::error!(instance = %id, "a request failed unexpectedly: {refusal}");
        problem.instance = Some(id);
    } else if matches!(refusal, Refusal::Delivery(RefusedDelivery::Store(StoreError::Unreachable(_)))) {
        tracing::warn!("a request was told to come again: {refusal}");
    } else {
        tracing::debug!(status = problem.status, "a request was refused: {refusal}");
    }
    respond(&problem, refusal.retry_after())
}

fn respond(problem: &Problem, retry_after: Option<u64>) -> Response<Body> {
    let mut response = Response::new(Body::from(canonical::bytes(problem)));
    *response.status_mut() = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(seconds) = retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
