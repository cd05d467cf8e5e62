//! The calendar of a year's cut: its days, comments, signatures, publication.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemas::id::SenderCode;
use serde::{Serialize, Serializer};

use crate::authenticate::Role;

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

impl Calendar {
    /// Whether senders and units may comment: through the last day for it (UTC), and never after the publication.
    #[must_use]
    pub fn takes_comments(&self, now: Timestamp) -> bool {
        self.published.is_none() && now.to_zoned(TimeZone::UTC).date() <= self.comments_until
    }
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
    /// A sender's code, or the HSA-ids of units, comma separated.
    pub of: String,
    /// What was remarked.
    pub comment: String,
    /// When.
    pub at: Timestamp,
    /// Who wrote it when signed in; nothing where staff wrote it down.
    pub by: Option<Remarker>,
}

/// Who wrote a remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remarker {
    /// The number of the person's account.
    pub user: u32,
    /// What the person was then.
    #[serde(serialize_with = "as_text")]
    pub role: Role,
}

fn as_text<S: Serializer>(role: &Role, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(role)
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
    /// Somebody who is signed in remarks something; a later remark of the same person takes the place of the earlier one.
    Remark {
        /// Who.
        by: Remarker,
        /// A sender's code, or the HSA-ids of units, comma separated.
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
