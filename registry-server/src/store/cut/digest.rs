//! The hash of what is frozen: of each sender's treatments, and of the whole.
//!
//! Promises: the same facts have the same hash in every engine and whatever their order; internal numbers do not enter it, only which
//! treatments are one person's.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use schemas::canonical;
use schemas::record::Sex;

use super::{NewCut, part};
use crate::fact::{DetailFact, Facts, OutcomeFact, TreatmentFact};
use crate::store::words;

type Hash = [u8; 32];

/// The facts of a moment, ready to be kept.
#[derive(Debug)]
pub(in crate::store) struct Frozen {
    /// Hash of the whole.
    pub(in crate::store) hash: String,
    /// Treatments.
    pub(in crate::store) treatments: u64,
    /// Sender, treatments and hash.
    pub(in crate::store) shares: Vec<(Arc<str>, u64, String)>,
    /// What is no person's: name and document.
    pub(in crate::store) parts: Vec<(&'static str, String)>,
}

impl Frozen {
    /// Freezes facts.
    pub(in crate::store) fn of(facts: &Facts, new: &NewCut) -> Self {
        let shares = shares(facts);
        let parts = part::documents(facts);
        let documents: BTreeMap<&str, String> =
            parts.iter().map(|(part, document)| (*part, canonical::sha256_hex(document.as_bytes()))).collect();
        let whole = (&new.code_lists, &new.thresholds, &new.definitions, documents, in_words(&shares));
        Self {
            hash: canonical::sha256_hex(&canonical::bytes(&whole)),
            treatments: shares.iter().map(|(_, treatments, _)| treatments).sum(),
            shares,
            parts,
        }
    }
}

fn in_words(shares: &[(Arc<str>, u64, String)]) -> Vec<(&str, u64, &str)> {
    shares.iter().map(|(sender, treatments, hash)| (&**sender, *treatments, hash.as_str())).collect()
}

fn shares(facts: &Facts) -> Vec<(Arc<str>, u64, String)> {
    let mut outcomes: HashMap<i64, Vec<&OutcomeFact>> = HashMap::new();
    for outcome in &facts.outcomes {
        outcomes.entry(outcome.row).or_default().push(outcome);
    }
    let details: HashMap<i64, &DetailFact> = facts.details.iter().map(|detail| (detail.row, detail)).collect();
    let mut senders: BTreeMap<Arc<str>, HashMap<i64, Vec<Hash>>> = BTreeMap::new();
    for treatment in &facts.treatments {
        let of = (outcomes.remove(&treatment.row).unwrap_or_default(), details.get(&treatment.row).copied());
        let persons = senders.entry(Arc::clone(&treatment.sender)).or_default();
        persons.entry(treatment.subject).or_default().push(line(treatment, of));
    }
    let share = |(sender, persons): (Arc<str>, HashMap<i64, Vec<Hash>>)| {
        let treatments = persons.values().map(|lines| lines.len() as u64).sum();
        let persons = persons.into_values().map(together).collect();
        (sender, treatments, canonical::hex(&together(persons)))
    };
    senders.into_iter().map(share).collect()
}

/// One hash for several, whatever their order.
fn together(mut hashes: Vec<Hash>) -> Hash {
    hashes.sort_unstable();
    canonical::sha256(hashes.as_flattened())
}

fn line(treatment: &TreatmentFact, (outcomes, detail): (Vec<&OutcomeFact>, Option<&DetailFact>)) -> Hash {
    let t = treatment;
    let of_record = (
        (&*t.unit_start, t.unit_end.as_deref(), &*t.programme, t.programme_version.as_deref()),
        (words::status(t.status), t.end_reason.as_deref(), t.started_on, t.ended_on),
        (t.sex.map(Sex::code), t.birth_year, t.diagnosis.as_deref()),
    );
    let detail = detail.map(|d| {
        let work = (d.modules_total, d.modules_completed, d.therapist_minutes, d.messages);
        (d.referred_on, d.assessed_on, work, d.sick_leave_before, d.sick_leave_after)
    });
    let scores = |o: &&OutcomeFact| (o.instrument.to_string(), o.comparison.to_string(), o.first, o.second);
    let mut outcomes: Vec<_> = outcomes.iter().map(scores).collect();
    outcomes.sort_unstable_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    canonical::sha256(&canonical::bytes(&(of_record, detail, outcomes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Comparison;
    use schemas::record::Status;

    fn treatment(row: i64) -> TreatmentFact {
        TreatmentFact {
            row,
            subject: row,
            sender: "12".into(),
            unit_start: "SE9990120000-E002".into(),
            unit_end: None,
            programme: "depressionshjalpen".into(),
            programme_version: None,
            status: Status::Completed,
            end_reason: None,
            started_on: "2024-01-01".parse().unwrap(),
            ended_on: "2024-03-01".parse().unwrap(),
            sex: None,
            birth_year: Some(1980),
            diagnosis: None,
        }
    }

    fn new() -> NewCut {
        NewCut {
            name: "2025".into(),
            note: None,
            code_lists: "a".into(),
            thresholds: "b".into(),
            definitions: BTreeMap::new(),
            calendar: None,
        }
    }

    fn hash(facts: &Facts) -> String {
        Frozen::of(facts, &new()).hash
    }

    #[test]
    fn the_hash_depends_on_content_and_persons_and_on_no_number_or_order() {
        let mut facts = Facts { treatments: vec![treatment(1), treatment(2)], ..Facts::default() };
        let outcome = |row, second| OutcomeFact {
            row,
            instrument: "PHQ-9".into(),
            comparison: Comparison::Paired,
            first: Some(12.0),
            second: Some(second),
        };
        facts.outcomes = vec![outcome(1, 4.0), outcome(2, 5.0)];
        let whole = hash(&facts);

        let mut renumbered = facts.clone();
        renumbered.treatments.reverse();
        for treatment in &mut renumbered.treatments {
            (treatment.row, treatment.subject) = (treatment.row + 70, treatment.subject + 7);
        }
        renumbered.outcomes.iter_mut().for_each(|outcome| outcome.row += 70);
        assert_eq!(hash(&renumbered), whole);

        let mut one_person = facts.clone();
        one_person.treatments[1].subject = one_person.treatments[0].subject;
        let mut exchanged = facts.clone();
        exchanged.outcomes[0].row = 2;
        exchanged.outcomes[1].row = 1;
        exchanged.treatments[0].birth_year = Some(1950);
        let mut corrected = facts.clone();
        corrected.outcomes[0].second = Some(4.5);
        for other in [one_person, exchanged, corrected] {
            assert_ne!(hash(&other), whole);
        }
        let other_lists = NewCut { code_lists: "c".into(), ..new() };
        assert_ne!(Frozen::of(&facts, &other_lists).hash, whole);
    }
}
