//! The records that travel: one whole treatment episode with its measurements, and what stands around it.
//!
//! Promises: holds no identity and no local id; `content` holds no time of sending, no run and no batch, so that the same episode
//! always has the same bytes; unknown fields are refused, so that nothing travels that nobody approved.
//! Must not know: where a record comes from or where it is kept.

mod activity;
mod hash;
mod run;
mod sum;
mod timepoint;

pub use activity::Activity;
pub use hash::{around_pseudonym, content_hash};
pub use run::{Counted, Reading, Reason, Run, Term, UNKNOWN};
pub use sum::{Sum, Terms};
pub use timepoint::Timepoint;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{HsaId, Pseudonym, RecordKey, Version};

/// One ended treatment (a *moment* of a treatment programme) with every valid score, as the source shows it now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Treatment {
    /// The person, under the sender's key.
    pub pseudonym: Pseudonym,
    /// Code of the programme (code list programmes), kind *treatment* only.
    pub programme: String,
    /// Version of the programme as the source writes it, for example `2.0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub programme_version: Option<String>,
    /// HSA-id of the unit where the treatment started.
    pub unit: String,
    /// HSA-id of the unit that it was handed over to, when it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_end: Option<String>,
    /// How it ended.
    pub status: Status,
    /// Why it ended (code list end-reasons).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_reason: Option<String>,
    /// Date of the referral or own request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub referred_on: Option<Date>,
    /// Date of the assessment before the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub assessed_on: Option<Date>,
    /// Date of the start.
    #[schemars(with = "String", extend("format" = "date"))]
    pub started_on: Date,
    /// Date of the end.
    #[schemars(with = "String", extend("format" = "date"))]
    pub ended_on: Date,
    /// Legal sex, when the source or the identity number tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// Year of birth; never the date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_year: Option<i16>,
    /// ICD-10-SE codes, in the order of the source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diagnoses: Vec<String>,
    /// Modules of the programme that were opened for the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modules_total: Option<u32>,
    /// Modules that the person finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modules_completed: Option<u32>,
    /// The therapist's time, minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub therapist_minutes: Option<u32>,
    /// Messages between person and therapist, both ways.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<u32>,
    /// Sick leave before the treatment, per cent: 0, 25, 50, 75 or 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sick_leave_before: Option<u8>,
    /// Sick leave after the treatment, per cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sick_leave_after: Option<u8>,
    /// At most one score for an instrument and timepoint, ordered by instrument, then timepoint.
    pub measurements: Vec<Measurement>,
}

/// One score of one self-rating form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// Code of the instrument (code list instruments).
    pub instrument: String,
    /// Which planned time the answer belongs to.
    pub timepoint: Timepoint,
    /// The day it was answered.
    #[schemars(with = "String", extend("format" = "date"))]
    pub answered_on: Date,
    /// Total score in the instrument's own points.
    pub score: f64,
}

impl Measurement {
    /// The same, lent.
    #[must_use]
    pub fn answer(&self) -> Answer<'_> {
        let Self { instrument, timepoint, answered_on, score } = self;
        Answer { answered_on: *answered_on, instrument, score: *score, timepoint: *timepoint }
    }
}

/// A [`Measurement`] on its way, whose instrument's code somebody else keeps; there are too many of them for texts of their own. Its
/// canonical bytes are the measurement's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the fields are documented at Measurement")]
pub struct Answer<'a> {
    pub answered_on: Date,
    pub instrument: &'a str,
    pub score: f64,
    pub timepoint: Timepoint,
}

/// How a treatment ended. Other states of a source never travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Carried through as planned.
    Completed,
    /// Ended before its plan.
    Discontinued,
}

/// Legal sex as in the identity number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Sex {
    /// Female.
    F,
    /// Male.
    M,
}

impl Sex {
    /// `F` or `M`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::F => "F",
            Self::M => "M",
        }
    }
}

/// A treatment that was sent and does not belong in the register any more; not an erasure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retraction {
    /// Why.
    pub reason: RetractionReason,
}

/// Why a treatment is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RetractionReason {
    /// The source shows it as ongoing again.
    Reopened,
    /// It turned out to be a test patient.
    TestPatient,
    /// The person now has protected identity.
    ProtectedIdentity,
    /// It was moved to a support programme.
    SupportProgramme,
    /// The source shows it no more, though it should.
    Vanished,
}

/// A unit as the sender describes it. Its county decides the region of every report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Name for people.
    pub name: String,
    /// Code list care-levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub care_level: Option<String>,
    /// Public or private.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ownership: Option<Ownership>,
    /// County code (code list regions).
    pub county: String,
    /// HSA-id of the care provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub care_provider_id: Option<String>,
    /// Municipality.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub municipality: Option<String>,
    /// First day in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub valid_from: Option<Date>,
    /// Last day in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub valid_to: Option<Date>,
    /// HSA-id of the unit that took over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor_id: Option<String>,
}

/// Who runs a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ownership {
    /// The region itself.
    Public,
    /// A private caregiver.
    Private,
}

/// Two pseudonyms of one person, who got another number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubjectPair {
    /// The person under the number used before.
    pub old: Pseudonym,
    /// The person under the number used now.
    pub new: Pseudonym,
}

/// One line of a batch: `{kind, key, version, content}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Record {
    /// A treatment episode, new or corrected.
    Treatment {
        /// Which treatment.
        key: RecordKey,
        /// Which account of it.
        version: Version,
        /// The episode.
        content: Box<Treatment>,
    },
    /// A treatment taken back.
    Retraction {
        /// Which treatment.
        key: RecordKey,
        /// Later than every version sent before.
        version: Version,
        /// Why.
        content: Retraction,
    },
    /// A unit's description.
    Unit {
        /// Which unit.
        key: HsaId,
        /// Which account of it.
        version: Version,
        /// The description.
        content: Unit,
    },
    /// A month's counts.
    Activity {
        /// Month, unit, programme and split, joined by `|`.
        key: String,
        /// Which account of them.
        version: Version,
        /// The counts.
        content: Activity,
    },
    /// A line of a cycle's accounting.
    Run {
        /// [`Run::key`]
        key: String,
        /// Which account of it.
        version: Version,
        /// The counts.
        content: Run,
    },
    /// Two pseudonyms are one person's.
    SubjectMerge {
        /// 43 random characters of base64url.
        key: String,
        /// Later than every merge and split of the pair before.
        version: Version,
        /// The pseudonyms.
        content: SubjectPair,
    },
    /// Two pseudonyms are not one person's after all.
    SubjectSplit {
        /// 43 random characters of base64url.
        key: String,
        /// Later than every merge and split of the pair before.
        version: Version,
        /// The pseudonyms.
        content: SubjectPair,
    },
}
