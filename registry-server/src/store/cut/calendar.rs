//! The calendar of a year's cut: its days, comments, signatures, publication.

use jiff::Timestamp;
use jiff::civil::Date;
use schemas::id::SenderCode;
use serde::Serialize;

/// The days of a year's cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Calendar {
    /// The year.
    pub year: i16,
    /// The last day whose deliveries count for the year.
    pub stop: Date,
    /// The last day on which comments are taken.
    pub comments_until: Date,
    /// Its publication; nothing before it.
    pub published: Option<Publication>,
}

/// That a cut was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Publication {
    /// When.
    pub at: Timestamp,
    /// Why before the end of the time for comments.
    pub reason: Option<String>,
}

/// A remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CutComment {
    /// A sender's code, or a unit's HSA-id.
    pub of: String,
    /// What was remarked.
    pub comment: String,
    /// When.
    pub at: Timestamp,
}

/// A sender's signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CutSignature {
    /// Whose.
    pub sender: String,
    /// Who signed for the sender.
    pub signed_by: String,
    /// When.
    pub at: Timestamp,
}

/// What becomes of a cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CutStep {
    /// A sender signs; its later signature takes the place of an earlier one.
    Sign(Signed),
    /// A sender or a unit remarks something.
    Comment {
        /// A sender's code, or a unit's HSA-id.
        of: String,
        /// What.
        comment: String,
    },
    /// It is published; once is enough.
    Publish {
        /// Why before the end of the time for comments.
        reason: Option<String>,
    },
}

/// A signature with what it is proved by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Whose.
    pub sender: SenderCode,
    /// Who signs for the sender.
    pub signed_by: String,
    /// The bytes that were signed.
    pub statement: Vec<u8>,
    /// A signature scheme of TLS 1.3.
    pub scheme: u16,
    /// The certificate's key.
    pub public_key: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}
