//! Deliveries for the cases: small, invented, and with a receipt that is simply its verdicts.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use schemas::canonical;
use schemas::id::{BatchId, RecordKey, StateId, Version};
use schemas::receipt::{LineFinding, Verdict};
use schemas::record::{Activity, Retraction, RetractionReason, Run, Treatment, Unit};

use crate::environment::Stamp;
use crate::fact::Part;
use crate::store::audit::{Entry, Sealed, What};
use crate::store::{
    AgentPlan, Arrival, Delivery, PairSays, Payload, RefusedDelivery, SenderStatus, Store, TreatmentArrival,
};
use crate::subject::{Alias, Pepper, TombKey};

/// A fixed time.
pub(crate) fn at() -> Timestamp {
    "2026-11-01T12:00:00Z".parse().unwrap()
}

/// The fixed time, under a salt that is always the same.
pub(crate) fn stamp() -> Stamp {
    Stamp { at: at(), salt: [7; 32] }
}

/// A record key of a sender.
pub(crate) fn key(sender: &str, number: u8) -> String {
    let hmac = format!("{number:03}{}", "a".repeat(40));
    RecordKey::new(&sender.parse().unwrap(), &hmac).unwrap().to_string()
}

/// A treatment of a person with a PHQ-9 from 15 to `post`, which stays half a year.
#[expect(clippy::unnecessary_wraps, reason = "it stands in a list of records, some of which broke a rule")]
pub(crate) fn treatment(key: String, version: (u32, u64), person: u8, post: u8) -> Option<Arrival> {
    let content: Treatment = serde_json::from_value(serde_json::json!({
        "pseudonym": format!("psn1.r12-g1.{}", "a".repeat(43)), "programme": "depressionshjalpen",
        "programme_version": "2.0", "unit": "SE9990120000-E002", "status": "completed", "end_reason": "completed",
        "started_on": "2024-01-01", "ended_on": "2024-03-01", "sex": "F", "birth_year": 1980, "diagnoses": ["F32.1", "F41"],
        "referred_on": "2023-12-01", "assessed_on": "2023-12-20", "modules_total": 8, "modules_completed": 7,
        "therapist_minutes": 90, "messages": 12, "sick_leave_before": 50, "sick_leave_after": 0,
        "measurements": [
            {"instrument": "PHQ-9", "timepoint": "pre", "answered_on": "2024-01-01", "score": 15.0},
            {"instrument": "PHQ-9", "timepoint": "post", "answered_on": "2024-03-01", "score": post},
            {"instrument": "PHQ-9", "timepoint": "followup-6m", "answered_on": "2024-09-01", "score": post},
        ],
    }))
    .unwrap();
    let alias = Alias { kid: "r12-g1".into(), s: [person; 32] };
    Some(arrival(key, version, Payload::Treatment(Box::new(TreatmentArrival::new(content, alias)))))
}

/// A treatment taken back.
#[expect(clippy::unnecessary_wraps, reason = "it stands in a list of records, some of which broke a rule")]
pub(crate) fn retraction(key: String, version: (u32, u64)) -> Option<Arrival> {
    Some(arrival(key, version, Payload::Retraction(Retraction { reason: RetractionReason::Reopened })))
}

/// A unit of a county.
#[expect(clippy::unnecessary_wraps, reason = "it stands in a list of records, some of which broke a rule")]
pub(crate) fn unit(key: &str, version: (u32, u64), county: &str) -> Option<Arrival> {
    let content: Unit = serde_json::from_value(serde_json::json!({
        "name": "Enheten", "county": county, "care_level": "primary", "ownership": "private",
        "successor_id": "SE9990120000-E003",
    }))
    .unwrap();
    Some(arrival(key.to_owned(), version, Payload::Unit(content)))
}

/// A month's counts.
#[expect(clippy::unnecessary_wraps, reason = "it stands in a list of records, some of which broke a rule")]
pub(super) fn activity(key: &str, version: (u32, u64), count: u64) -> Option<Arrival> {
    let content: Activity = serde_json::from_value(serde_json::json!({
        "month": "2024-01", "unit": "SE9990120000-E002", "programme": "depressionshjalpen", "sex": "F",
        "age_group": "25-34", "started": count, "ended": count, "ongoing": 0,
    }))
    .unwrap();
    Some(arrival(key.to_owned(), version, Payload::Activity(content)))
}

/// A line of a cycle's accounting.
#[expect(clippy::unnecessary_wraps, reason = "it stands in a list of records, some of which broke a rule")]
pub(crate) fn run(month: &str, version: (u32, u64), count: u64) -> Option<Arrival> {
    let content: Run = serde_json::from_value(serde_json::json!({
        "cycle": version.1, "reading": "full", "counted": "treatments", "month": month, "unit": "SE9990120000-E002",
        "programme": "depressionshjalpen", "found": count + 1, "accepted": count, "unchanged": 0, "rejected": 0, "held": 1,
        "excluded": 0, "pending": 0, "reasons": [{"term": "held", "rule": "score-range", "n": 1}],
    }))
    .unwrap();
    Some(arrival(content.key(), version, Payload::Run(content)))
}

/// What is said of a pair of persons.
#[expect(clippy::unnecessary_wraps, reason = "it stands in a list of records, some of which broke a rule")]
pub(super) fn pair(persons: [u8; 2], (generation, counter): (u32, u64), says: PairSays) -> Option<Arrival> {
    let [one, other] = persons.map(|person| Alias { kid: "r12-g1".into(), s: [person; 32] });
    Some(Arrival::of_pair(Version { generation, counter }, &one, &other, says))
}

fn arrival(key: String, (generation, counter): (u32, u64), payload: Payload) -> Arrival {
    Arrival::new(key, Version { generation, counter }, payload)
}

/// A delivery under the sender's first key; its name is made of `name`.
pub(crate) fn delivery(sender: &str, name: u8, records: Vec<Option<Arrival>>) -> Delivery {
    let sender: schemas::id::SenderCode = sender.parse().unwrap();
    let own: i64 = sender.as_str().parse().unwrap();
    // As large as the numbers are that the register draws.
    let next = AtomicI64::new((1 << 62) + own * 1_000_000 + i64::from(name) * 1_000 + 1);
    let batch: BatchId = canonical::sha256_hex(&[name]).parse().unwrap();
    let (of, named) = (sender.clone(), batch.clone());
    let seal = move |verdicts: &[Verdict], _: &[LineFinding], _| {
        let entry = Entry::new(stamp(), Some(&of), What::batch(&named, String::new(), verdicts));
        Sealed { receipt: canonical::bytes(&verdicts), entry }
    };
    Delivery {
        kid: sender.first_key_id(),
        batch,
        sender,
        state: state('a'),
        cycle: name.into(),
        plan: AgentPlan {
            agent: "0.1.0".into(),
            schedule: Some("0 2 * * *".into()),
            timezone: None,
            rules: None,
            schema: None,
            payload: None,
        },
        received_at: at(),
        records,
        seal: Box::new(seal),
        draw: Box::new(move || next.fetch_add(1, Ordering::Relaxed)),
        tombs: tombs(),
    }
}

/// The key of tombstones in the cases.
pub(crate) fn tombs() -> TombKey {
    Pepper::new([7; 32]).tomb_key()
}

/// Delivers records of sender 12 and gives the verdicts.
pub(super) async fn deliver(
    store: &dyn Store,
    name: u8,
    records: Vec<Option<Arrival>>,
) -> Result<Vec<Verdict>, RefusedDelivery> {
    let receipt = store.accept_batch(delivery("12", name, records)).await?;
    Ok(serde_json::from_slice(&receipt).unwrap())
}

/// The name of a state directory.
pub(crate) fn state(letter: char) -> StateId {
    letter.to_string().repeat(32).parse().unwrap()
}

/// Enrols a sender whose state directory `a` has generation 1 and `b` generation 2.
pub(crate) async fn enrol(store: &dyn Store, code: &str) {
    let code = code.parse().unwrap();
    store.set_sender(&code, SenderStatus::Active, stamp()).await.unwrap();
    for letter in ['a', 'b'] {
        store.issue_generation(&code, &state(letter), stamp()).await.unwrap();
    }
}

/// The second PHQ-9 scores of all stored treatments, in the order of the treatments.
pub(super) async fn posts(store: &dyn Store) -> Vec<f64> {
    let facts = store.facts(Part::ALL).await.unwrap();
    facts
        .treatments
        .iter()
        .map(|treatment| {
            let paired = facts.outcomes.iter().find(|outcome| {
                outcome.row == treatment.row && outcome.comparison == crate::outcome::Comparison::Paired
            });
            paired.unwrap().second.unwrap()
        })
        .collect()
}
