//! The records of the example batch: every kind once, and a treatment both with every field and with the needed ones only.

use jiff::civil::date;
use schemas::id::{HsaId, Pseudonym, RecordKey, Version};
use schemas::record::{
    Activity, Counted, Measurement, Ownership, Reading, Reason, Record, Retraction, RetractionReason, Run, Sex, Status,
    SubjectPair, Term, Treatment, Unit,
};
use schemas::rule::Rule;

use super::{invented_hmac, key_id, sender};

const UNIT: &str = "SE9990120000-E002";
const UNIT_END: &str = "SE9990120000-E003";

/// The records in the order of their lines.
pub(crate) fn records() -> Vec<Record> {
    let version = |counter| Version { generation: 1, counter };
    let unit: HsaId = UNIT.parse().unwrap();
    let month = "2025-09";
    vec![
        Record::Unit { key: unit, version: version(1), content: described_unit() },
        Record::Treatment { key: record_key("full"), version: version(2), content: Box::new(full_treatment()) },
        Record::Treatment { key: record_key("bare"), version: version(3), content: Box::new(bare_treatment()) },
        Record::Retraction {
            key: record_key("reopened"),
            version: version(4),
            content: Retraction { reason: RetractionReason::Reopened },
        },
        Record::Activity {
            key: format!("{month}|{UNIT}|depressionshjalpen|F|25-34"),
            version: version(5),
            content: activity(month),
        },
        Record::Run { key: run(month).key(), version: version(6), content: run(month) },
        Record::SubjectMerge { key: invented_hmac("merge"), version: version(7), content: pair() },
        Record::SubjectSplit { key: invented_hmac("split"), version: version(8), content: pair() },
    ]
}

fn record_key(of: &str) -> RecordKey {
    RecordKey::new(&sender(), &invented_hmac(&format!("treatment {of}"))).unwrap()
}

fn pseudonym(of: &str) -> Pseudonym {
    Pseudonym::new(&key_id(), &invented_hmac(&format!("person {of}"))).unwrap()
}

fn full_treatment() -> Treatment {
    Treatment {
        pseudonym: pseudonym("full"),
        programme: "depressionshjalpen".into(),
        programme_version: Some("2.0".into()),
        unit: UNIT.into(),
        unit_end: Some(UNIT_END.into()),
        status: Status::Discontinued,
        end_reason: Some("patient_ended_early".into()),
        referred_on: Some(date(2025, 5, 20)),
        assessed_on: Some(date(2025, 6, 2)),
        started_on: date(2025, 6, 9),
        ended_on: date(2025, 9, 1),
        sex: Some(Sex::F),
        birth_year: Some(1991),
        diagnoses: vec!["F32.1".into(), "F41.1".into()],
        modules_total: Some(8),
        modules_completed: Some(6),
        therapist_minutes: Some(95),
        messages: Some(14),
        sick_leave_before: Some(50),
        sick_leave_after: Some(0),
        measurements: vec![
            answer("EDE-Q", "pre", (2025, 6, 9), 2.833_333_333_333_333_5),
            answer("PHQ-9", "pre", (2025, 6, 9), 16.0),
            answer("PHQ-9", "weekly-3", (2025, 6, 30), 12.0),
            answer("PHQ-9", "post", (2025, 9, 1), 6.0),
            answer("PHQ-9", "followup-6m", (2026, 1, 10), 4.0),
        ],
    }
}

fn bare_treatment() -> Treatment {
    Treatment {
        pseudonym: pseudonym("bare"),
        programme: "angesthjalpen".into(),
        programme_version: None,
        unit: UNIT.into(),
        unit_end: None,
        status: Status::Completed,
        end_reason: None,
        referred_on: None,
        assessed_on: None,
        started_on: date(2025, 6, 9),
        ended_on: date(2025, 9, 1),
        sex: None,
        birth_year: None,
        diagnoses: vec![],
        modules_total: None,
        modules_completed: None,
        therapist_minutes: None,
        messages: None,
        sick_leave_before: None,
        sick_leave_after: None,
        measurements: vec![],
    }
}

fn answer(instrument: &str, timepoint: &str, (year, month, day): (i16, i8, i8), score: f64) -> Measurement {
    Measurement {
        instrument: instrument.into(),
        timepoint: timepoint.parse().unwrap(),
        answered_on: date(year, month, day),
        score,
    }
}

fn described_unit() -> Unit {
    Unit {
        name: "Vårdcentralen Exempel".into(),
        care_level: Some("primary".into()),
        ownership: Some(Ownership::Public),
        county: "12".into(),
        care_provider_id: Some("SE9990120000-E001".into()),
        municipality: Some("Exempelstad".into()),
        valid_from: Some(date(2019, 1, 1)),
        valid_to: Some(date(2025, 12, 31)),
        successor_id: Some(UNIT_END.into()),
    }
}

fn activity(month: &str) -> Activity {
    Activity {
        month: month.into(),
        unit: UNIT.into(),
        programme: "depressionshjalpen".into(),
        sex: Some(Sex::F),
        age_group: Some("25-34".into()),
        started: 7,
        ended: 5,
        ongoing: 21,
    }
}

fn run(month: &str) -> Run {
    Run {
        cycle: 3,
        reading: Reading::Full,
        counted: Counted::Treatments,
        month: month.into(),
        unit: UNIT.into(),
        programme: "depressionshjalpen".into(),
        found: 12,
        accepted: 5,
        unchanged: 2,
        rejected: 1,
        held: 1,
        excluded: 2,
        pending: 1,
        reasons: vec![
            Reason { term: Term::Held, rule: Rule::ScoreRange.id().into(), n: 1 },
            Reason { term: Term::Excluded, rule: "ongoing".into(), n: 2 },
        ],
    }
}

fn pair() -> SubjectPair {
    SubjectPair { old: pseudonym("full"), new: pseudonym("full, with another number") }
}
