//! A delivery on its way into the store: what was checked, with the region's pseudonyms already replaced.
//!
//! Promises: nothing here holds a pseudonym of a region; the stored document of a treatment is its canonical content without it.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use schemas::batch::Kind;
use schemas::canonical;
use schemas::id::{BatchId, KeyId, SenderCode, StateId, Version};
use schemas::receipt::{LineFinding, Verdict};
use schemas::record::{Activity, Retraction, Run, Sex, Status, Treatment, Unit, around_pseudonym, content_hash};

use crate::outcome::{self, Scores};
use crate::store::AgentPlan;
use crate::store::audit::Sealed;
use crate::subject::{Alias, TombKey};

/// Makes the receipt and its event from the verdicts, in the order of the lines, from what the store found against lines, and from the
/// newest checkpoint of the audit log.
pub type Seal = Box<dyn Fn(&[Verdict], &[LineFinding], Option<String>) -> Sealed + Send + Sync>;

/// Draws an internal id of a person.
pub type Draw = Box<dyn Fn() -> i64 + Send + Sync>;

/// A batch that passed every check.
pub struct Delivery {
    /// Who sent it.
    pub sender: SenderCode,
    /// Its name.
    pub batch: BatchId,
    /// The key id of its pseudonyms.
    pub kid: KeyId,
    /// The state directory that it was built from.
    pub state: StateId,
    /// The state directory's cycle.
    pub cycle: u64,
    /// What it says of the agent that sent it.
    pub plan: AgentPlan,
    /// When it came.
    pub received_at: Timestamp,
    /// Its records in order; nothing where a record broke a rule.
    pub records: Vec<Option<Arrival>>,
    /// Makes the receipt.
    pub seal: Seal,
    /// Draws ids for new persons.
    pub draw: Draw,
    /// Finds what was erased.
    pub tombs: TombKey,
}

/// One record on its way in.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// Which record.
    pub key: String,
    /// Which account of it.
    pub version: Version,
    /// SHA-256 over kind and content, the pseudonym left out.
    pub content_hash: [u8; 32],
    /// What it says.
    pub payload: Payload,
}

/// What a record says.
#[derive(Debug, Clone)]
pub enum Payload {
    /// A treatment episode.
    Treatment(Box<TreatmentArrival>),
    /// A treatment taken back.
    Retraction(Retraction),
    /// A unit's description.
    Unit(Unit),
    /// A month's counts.
    Activity(Activity),
    /// A line of a cycle's accounting.
    Run(Run),
    /// Whether two persons are one.
    Pair(PairArrival),
}

/// Whether two pseudonyms are one person's, as it is stored.
#[derive(Debug, Clone)]
pub struct PairArrival {
    /// The pseudonyms under the register's own key, the smaller one first.
    pub s: [[u8; 32]; 2],
    /// What is said of them.
    pub says: PairSays,
}

/// What is said of two pseudonyms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairSays {
    /// They are one person's.
    Merge,
    /// They are not, after all.
    Split,
}

/// A treatment as it is stored.
#[derive(Debug, Clone)]
pub struct TreatmentArrival {
    /// The person.
    pub alias: Alias,
    /// Programme code.
    pub programme: String,
    /// Version of the programme.
    pub programme_version: Option<String>,
    /// HSA-id of the unit where it started.
    pub unit: String,
    /// HSA-id of the unit that took over.
    pub unit_end: Option<String>,
    /// How it ended.
    pub status: Status,
    /// Why it ended.
    pub end_reason: Option<String>,
    /// Date of the start.
    pub started_on: Date,
    /// Date of the end.
    pub ended_on: Date,
    /// Legal sex.
    pub sex: Option<Sex>,
    /// Year of birth.
    pub birth_year: Option<i16>,
    /// The first diagnosis code.
    pub diagnosis: Option<String>,
    /// The whole content in canonical form, without the pseudonym.
    pub document: String,
    /// What its answers come to, by instrument.
    pub outcomes: Vec<Scores>,
}

impl TreatmentArrival {
    /// Takes the pseudonym out of a treatment and works out its outcomes.
    #[must_use]
    pub fn new(treatment: Treatment, alias: Alias) -> Self {
        let document = without_pseudonym(&treatment);
        Self {
            alias,
            outcomes: outcome::derive(&treatment.measurements),
            programme: treatment.programme,
            programme_version: treatment.programme_version,
            unit: treatment.unit,
            unit_end: treatment.unit_end,
            status: treatment.status,
            end_reason: treatment.end_reason,
            started_on: treatment.started_on,
            ended_on: treatment.ended_on,
            sex: treatment.sex,
            birth_year: treatment.birth_year,
            diagnosis: treatment.diagnoses.into_iter().next(),
            document,
        }
    }
}

impl Arrival {
    /// A record of this payload.
    #[must_use]
    pub fn new(key: String, version: Version, payload: Payload) -> Self {
        let (kind, content) = match &payload {
            Payload::Treatment(treatment) => (Kind::Treatment, Cow::Borrowed(treatment.document.as_bytes())),
            Payload::Retraction(content) => (Kind::Retraction, Cow::Owned(canonical::bytes(content))),
            Payload::Unit(content) => (Kind::Unit, Cow::Owned(canonical::bytes(content))),
            Payload::Activity(content) => (Kind::Activity, Cow::Owned(canonical::bytes(content))),
            Payload::Run(content) => (Kind::Run, Cow::Owned(canonical::bytes(content))),
            // The pseudonyms are all of its content.
            Payload::Pair(PairArrival { says: PairSays::Merge, .. }) => (Kind::SubjectMerge, Cow::Borrowed(NOTHING)),
            Payload::Pair(PairArrival { says: PairSays::Split, .. }) => (Kind::SubjectSplit, Cow::Borrowed(NOTHING)),
        };
        Self { key, version, content_hash: content_hash(kind, &content), payload }
    }

    /// What is said of the pair of these two persons. Its key is the pair itself, so that of all that is said of it the newest counts.
    #[must_use]
    pub fn of_pair(version: Version, one: &Alias, other: &Alias, says: PairSays) -> Self {
        let mut s = [one.s, other.s];
        s.sort_unstable();
        Self::new(canonical::hex(s.as_flattened()), version, Payload::Pair(PairArrival { s, says }))
    }
}

/// A canonical content without members.
const NOTHING: &[u8] = b"{}";

/// The canonical content with the member `pseudonym` cut out.
fn without_pseudonym(treatment: &Treatment) -> String {
    let content = canonical::bytes(treatment);
    let (before, after) = around_pseudonym(&content);
    String::from_utf8([before, after].concat()).expect("canonical JSON is UTF-8, and the member is cut at its marks")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_document_holds_everything_but_the_pseudonym() {
        let text = format!(
            r#"{{"pseudonym":"psn1.r12-g1.{}","programme":"\"pseudonym\":\"psn1\",","unit":"SE9990120000-E002",
                "status":"completed","started_on":"2024-01-01","ended_on":"2024-02-01","measurements":[]}}"#,
            "a".repeat(43)
        );
        let treatment: Treatment = serde_json::from_str(&text).unwrap();
        let document = without_pseudonym(&treatment);
        assert!(!document.contains("psn1.r12"), "{document}");
        let mut expected: serde_json::Value = serde_json::from_str(&text).unwrap();
        expected.as_object_mut().unwrap().remove("pseudonym");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&document).unwrap(), expected);
    }
}
