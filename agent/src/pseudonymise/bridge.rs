//! From a mapped treatment to a record: the identity goes in, a pseudonym comes out, and the identity is gone.
//!
//! Promises: a person who objected is excluded whatever the row says; an optional field that breaks a shared rule is left out, any
//! other broken rule holds the treatment; a local id that could be an identity number is replaced by the short record key; a row without an
//! id is named by its number, so that no two of them are taken for one treatment.

use std::collections::HashSet;

use schemas::canonical;
use schemas::id::{Pseudonym, RecordKey};
use schemas::record::{Answer, Treatment};
use schemas::rule::{self, Effect, Finding, Rule};

use super::Keys;
use super::met::{Met, Named};
use crate::identity::{IdentityNumber, looks_like_identity};
use crate::map::{Draft, Kept, Mapped, MappedAnswer, Outcome};
use crate::source::Recency;

/// The persons who objected, as hashes under the objection key; in memory for one cycle.
#[derive(Default)]
pub struct Objectors(HashSet<[u8; 32]>);

impl Objectors {
    /// Remembers a person.
    pub fn add(&mut self, hash: [u8; 32]) {
        self.0.insert(hash);
    }

    /// Everybody, in no order.
    pub fn hashes(&self) -> impl Iterator<Item = &[u8; 32]> {
        self.0.iter()
    }

    /// One hash over all of them, which shows whether they are the same persons as before.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hashes: Vec<[u8; 32]> = self.0.iter().copied().collect();
        hashes.sort_unstable();
        canonical::sha256_hex(hashes.as_flattened())
    }
}

/// How a row without an id is named: by its number in the reading of its query, from 1.
#[must_use]
pub fn row_name(number: u64) -> String {
    format!("row {number}")
}

/// A treatment row that holds no identity any more.
pub struct Pseudonymised {
    /// Index of its source.
    pub source: usize,
    /// The treatment's key.
    pub key: RecordKey,
    /// The source's id, or the short record key where the id could be an identity number.
    pub local_id: String,
    /// How new the row is.
    pub recency: Recency,
    /// The person, when the number can be read, also of a row that stays.
    pub person: Option<Pseudonym>,
    /// What becomes of it.
    pub fate: Fate,
}

/// What becomes of a treatment row.
pub enum Fate {
    /// It can be joined with its answers; optional fields that were left out are named.
    Ready(Box<Treatment>, Vec<Finding>),
    /// It stays in the region.
    Held(Vec<Finding>),
    /// It does not belong in the register.
    Excluded(Finding),
}

/// An answer under its treatment's key.
pub struct KeyedAnswer<'a> {
    /// Index of its source.
    pub source: usize,
    /// The treatment's key.
    pub key: &'a RecordKey,
    /// The source's id of the treatment, or the short record key.
    pub local_id: &'a str,
    /// How new the row is.
    pub recency: Recency,
    /// The answer, or why it stays.
    pub answer: Result<Answer<'a>, Vec<Finding>>,
}

/// Keys that stand for one source.
pub struct Pseudonymiser<'a> {
    keys: &'a Keys,
    source: usize,
    system: &'a str,
    objectors: &'a Objectors,
    rules: rule::Context<'a>,
    met: Met,
    /// Rows of treatments and of answers so far.
    treatments: u64,
    answers: u64,
}

impl<'a> Pseudonymiser<'a> {
    /// The region's keys for the source with an index and a system; `objectors` are left out, `rules` is what the shared rules need.
    #[must_use]
    pub fn new(
        keys: &'a Keys,
        (source, system): (usize, &'a str),
        objectors: &'a Objectors,
        rules: rule::Context<'a>,
    ) -> Self {
        Self { keys, source, system, objectors, rules, met: Met::default(), treatments: 0, answers: 0 }
    }

    /// Takes the identity out of a treatment row.
    #[must_use]
    pub fn treatment(&mut self, outcome: Outcome<Mapped>) -> Pseudonymised {
        self.treatments += 1;
        match outcome {
            Outcome::Held(kept) => self.kept(kept, Fate::Held),
            Outcome::Excluded(kept) => self.kept(kept, |findings| Fate::Excluded(findings[0])),
            Outcome::Ready(mapped) => {
                let Mapped { local_id, person, draft, recency, warnings } = mapped;
                let key = self.keys.record_key(self.system, &local_id);
                let pseudonym = self.keys.pseudonym(&person);
                let fate = if self.objects(&person) {
                    Fate::Excluded(OBJECTION)
                } else {
                    self.checked(record(draft, pseudonym.clone()), warnings)
                };
                Pseudonymised {
                    source: self.source,
                    local_id: shown(local_id, &key),
                    key,
                    recency,
                    person: Some(pseudonym),
                    fate,
                }
            }
        }
    }

    /// Puts an answer under its treatment's key.
    #[must_use]
    pub fn answer<'s>(&'s mut self, outcome: Outcome<MappedAnswer<'s>>) -> KeyedAnswer<'s> {
        self.answers += 1;
        let (keys, system) = (self.keys, self.system);
        let name = |local_id: &str| {
            let key = keys.record_key(system, local_id);
            Named { shown: shown(local_id.to_owned(), &key), key }
        };
        let (named, recency, answer) = match outcome {
            Outcome::Ready(MappedAnswer { local_id, recency, answer }) => {
                (self.met.meet(local_id, || name(local_id)), recency, Ok(answer))
            }
            Outcome::Held(Kept { local_id, findings, recency, .. })
            | Outcome::Excluded(Kept { local_id, findings, recency, .. })
                if local_id.is_empty() =>
            {
                let (shown, key) = unnamed(keys, (system, "measurements"), self.answers);
                (self.met.meet_once(Named { key, shown }), recency, Err(findings))
            }
            Outcome::Held(Kept { local_id, findings, recency, .. })
            | Outcome::Excluded(Kept { local_id, findings, recency, .. }) => {
                (self.met.meet(&local_id, || name(&local_id)), recency, Err(findings))
            }
        };
        KeyedAnswer { source: self.source, key: &named.key, local_id: &named.shown, recency, answer }
    }

    fn kept(&self, kept: Kept, fate: impl FnOnce(Vec<Finding>) -> Fate) -> Pseudonymised {
        let Kept { local_id, findings, recency, person } = kept;
        let (local_id, key) = if local_id.is_empty() {
            unnamed(self.keys, (self.system, "treatments"), self.treatments)
        } else {
            let key = self.keys.record_key(self.system, &local_id);
            (shown(local_id, &key), key)
        };
        let objects = person.as_ref().is_some_and(|person| self.objects(person));
        // An objection comes before what is said of the row, so that nothing is kept of it but its number.
        let fate = if objects { Fate::Excluded(OBJECTION) } else { fate(findings) };
        let person = person.map(|person| self.keys.pseudonym(&person));
        Pseudonymised { source: self.source, local_id, key, recency, person, fate }
    }

    fn objects(&self, person: &IdentityNumber) -> bool {
        self.objectors.0.contains(&self.keys.objection(person))
    }

    fn checked(&self, mut treatment: Treatment, mut warnings: Vec<Finding>) -> Fate {
        let (mut left_out, mut faults): (Vec<_>, Vec<_>) = rule::check_treatment(&treatment, &self.rules)
            .into_iter()
            .partition(|finding| finding.rule.effect() == Effect::Warn);
        // A version has the form of digits and points, and so have identity numbers.
        let told = left_out.iter().any(|finding| finding.field == "programme_version");
        if !told && treatment.programme_version.as_deref().is_some_and(looks_like_identity) {
            left_out.push(Finding::new(Rule::OptionalNumber, "programme_version"));
        }
        faults.extend(leave_out(&mut treatment, &left_out));
        warnings.extend(left_out);
        if faults.is_empty() { Fate::Ready(Box::new(treatment), warnings) } else { Fate::Held(faults) }
    }
}

const OBJECTION: Finding = Finding { rule: Rule::Objection, field: "person_id" };

/// What may be kept of a local id: all of it, unless it could be an identity number.
fn shown(local_id: String, key: &RecordKey) -> String {
    if looks_like_identity(&local_id) { key.short() } else { local_id }
}

/// Name and key of a row without an id. No system's name holds a line feed, so that the key is that of no treatment.
fn unnamed(keys: &Keys, (system, query): (&str, &str), number: u64) -> (String, RecordKey) {
    let name = row_name(number);
    let key = keys.record_key(&format!("{system}\n{query}"), &name);
    (name, key)
}

fn record(draft: Draft, pseudonym: Pseudonym) -> Treatment {
    let Draft {
        programme,
        programme_version,
        unit,
        unit_end,
        status,
        end_reason,
        referred_on,
        assessed_on,
        started_on,
        ended_on,
        sex,
        birth_year,
        diagnoses,
        modules_total,
        modules_completed,
        therapist_minutes,
        messages,
        sick_leave_before,
        sick_leave_after,
    } = draft;
    Treatment {
        pseudonym,
        programme,
        programme_version,
        unit,
        unit_end,
        status,
        end_reason,
        referred_on,
        assessed_on,
        started_on,
        ended_on,
        sex,
        birth_year,
        diagnoses,
        modules_total,
        modules_completed,
        therapist_minutes,
        messages,
        sick_leave_before,
        sick_leave_after,
        measurements: Vec::new(),
    }
}

/// Leaves optional fields out; answers the findings at fields that cannot be left out.
fn leave_out(treatment: &mut Treatment, findings: &[Finding]) -> Vec<Finding> {
    let mut needed = Vec::new();
    for finding in findings {
        match finding.field {
            "unit_id_end" => treatment.unit_end = None,
            "end_reason" => treatment.end_reason = None,
            "referred_on" => treatment.referred_on = None,
            "assessed_on" => treatment.assessed_on = None,
            "birth_year" => treatment.birth_year = None,
            "diagnosis" => treatment.diagnoses.clear(),
            "programme_version" => treatment.programme_version = None,
            "sick_leave_before" => treatment.sick_leave_before = None,
            "sick_leave_after" => treatment.sick_leave_after = None,
            _ => needed.push(*finding),
        }
    }
    needed
}
