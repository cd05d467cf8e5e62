//! The treatments that a sender has in the register, each with what its row really says.
//!
//! Promises: the content hash is made from the stored document again, never taken from where it stands; a row whose columns, outcomes
//! or person are not what its document makes of them gets another hash than any content has, so that its sender sends it again; no row
//! is so spoilt that the others cannot be told.
//! Must not know: SQL.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemas::batch::Kind;
use schemas::canonical;
use schemas::digest::Line;
use schemas::id::{RecordKey, SenderCode, Version};
use schemas::record::{Sex, Treatment, content_hash};

use super::{TreatmentArrival, words};
use crate::outcome::Members;
use crate::subject::Alias;

/// Treatments that are looked at together.
pub(super) const PAGE: i64 = 500;

/// A stored treatment.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Stored {
    pub(super) id: i64,
    pub(super) record_key: String,
    generation: i64,
    counter: i64,
    content_hash: Vec<u8>,
    programme: String,
    programme_version: Option<String>,
    unit: String,
    unit_end: Option<String>,
    status: String,
    end_reason: Option<String>,
    started_on: String,
    ended_on: String,
    sex: Option<String>,
    birth_year: Option<i16>,
    diagnosis: Option<String>,
    document: String,
    /// Whether its person has a name.
    named: bool,
}

/// A stored outcome: treatment, instrument, then the members.
pub(super) type StoredOutcome = (i64, String, Option<f64>, Option<f64>, Option<f64>, Option<f64>, Option<f64>);

/// A stored follow-up: treatment, instrument, months, score before, score.
pub(super) type StoredFollowup = (i64, String, i16, Option<f64>, f64);

/// What a treatment's answers come to, as rows without the treatment, in their order.
type Outcomes = (Vec<(String, Members)>, Vec<(String, i16, Option<f64>, f64)>);

/// The lines of a page.
pub(super) fn lines(
    sender: &SenderCode,
    treatments: &[Stored],
    (outcomes, followups): (Vec<StoredOutcome>, Vec<StoredFollowup>),
) -> Vec<Line> {
    let mut stored: HashMap<i64, Outcomes> = HashMap::new();
    for (id, instrument, pre, post, first, last, carried) in outcomes {
        stored.entry(id).or_default().0.push((instrument, Members { pre, post, first, last, carried }));
    }
    for (id, instrument, months, pre, score) in followups {
        stored.entry(id).or_default().1.push((instrument, months, pre, score));
    }
    let mut outcomes = |id| stored.remove(&id).unwrap_or_default();
    treatments.iter().map(|treatment| line(sender, treatment, outcomes(treatment.id))).collect()
}

fn line(sender: &SenderCode, row: &Stored, mut outcomes: Outcomes) -> Line {
    outcomes.0.sort_by(|one, other| one.0.cmp(&other.0));
    outcomes.1.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
    let key: Option<RecordKey> = row.record_key.parse().ok().filter(|key: &RecordKey| key.sender() == sender.as_str());
    let version = version(row);
    let hash = content_hash(Kind::Treatment, row.document.as_bytes());
    let whole = key.is_some() && version.is_some() && hash.as_slice() == row.content_hash && is_itself(row, &outcomes);
    Line {
        key: key.unwrap_or_else(|| stand_in(sender, &row.record_key)),
        version: version.unwrap_or(Version { generation: 0, counter: 0 }),
        content: if whole { hash } else { altered(row) },
    }
}

fn version(row: &Stored) -> Option<Version> {
    Some(Version { generation: row.generation.try_into().ok()?, counter: row.counter.try_into().ok()? })
}

/// A key that no record has, in place of one that is none.
fn stand_in(sender: &SenderCode, key: &str) -> RecordKey {
    let hash = URL_SAFE_NO_PAD.encode(canonical::sha256(key.as_bytes()));
    RecordKey::new(sender, &hash).expect("32 bytes are 43 characters of base64url")
}

/// Whether the row is what its document makes of it.
fn is_itself(row: &Stored, outcomes: &Outcomes) -> bool {
    let Some(made) = made_again(&row.document) else { return false };
    let text = |of: &Option<String>| of.clone();
    row.named
        && made.document == row.document
        && (&made.programme, &made.programme_version, &made.unit, &made.unit_end)
            == (&row.programme, &row.programme_version, &row.unit, &row.unit_end)
        && (words::status(made.status), text(&made.end_reason)) == (&*row.status, text(&row.end_reason))
        && (made.started_on.to_string(), made.ended_on.to_string()) == (row.started_on.clone(), row.ended_on.clone())
        && (made.sex.map(Sex::code), made.birth_year) == (row.sex.as_deref(), row.birth_year)
        && made.diagnosis == row.diagnosis
        && derived(&made) == *outcomes
}

/// The arrival that a document was stored from. Its person is nobody: the document holds none.
fn made_again(document: &str) -> Option<TreatmentArrival> {
    let nobody = format!("{{\"pseudonym\":\"psn1.nat-g1.{}\",", "A".repeat(43));
    let whole = nobody + document.strip_prefix('{')?;
    let treatment: Treatment = serde_json::from_str(&whole).ok()?;
    Some(TreatmentArrival::new(treatment, Alias { kid: String::new(), s: [0; 32] }))
}

fn derived(made: &TreatmentArrival) -> Outcomes {
    let own = made.outcomes.iter().filter(|scores| scores.members != Members::default());
    let followups = made.outcomes.iter().flat_map(|scores| {
        let pre = scores.members.pre;
        scores.followups.iter().map(move |(months, score)| (scores.instrument.clone(), i16::from(*months), pre, *score))
    });
    (own.map(|scores| (scores.instrument.clone(), scores.members)).collect(), followups.collect())
}

/// A hash that no content has, because no kind of record bears this word.
fn altered(row: &Stored) -> [u8; 32] {
    canonical::sha256(&[b"altered\0", row.document.as_bytes()].concat())
}
