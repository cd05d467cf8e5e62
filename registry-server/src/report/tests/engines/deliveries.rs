//! Deliveries of a fixture, and invented ones with corrections, retractions and conflicts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use schemas::batch::SCHEMA;
use schemas::canonical;
use schemas::id::{BatchId, SenderCode, Version};
use schemas::receipt::{LineFinding, Verdict};
use schemas::record::{Retraction, RetractionReason, Treatment, Unit};
use serde_json::json;

use crate::environment::Stamp;
use crate::report::tests::fixture::{Line, lines, measurements, populations};
use crate::store::audit::{Entry, Sealed, What};
use crate::store::{AgentPlan, Arrival, Delivery, Payload, Reference, SenderStatus, Store, TreatmentArrival};
use crate::subject::{Alias, Pepper};

/// The senders of the invented deliveries.
pub(crate) const SENDERS: [&str; 4] = ["01", "12", "20", "P07"];

/// A fixed time.
pub(crate) fn at() -> Timestamp {
    "2026-11-01T12:00:00Z".parse().unwrap()
}

/// The fixed time, under the salt of a name.
fn stamp(name: &str) -> Stamp {
    Stamp { at: at(), salt: canonical::sha256(name.as_bytes()) }
}

/// Enrols senders, each with a first generation.
pub(crate) async fn enrol(store: &dyn Store, senders: &[&str]) {
    for code in senders {
        let code: SenderCode = code.parse().unwrap();
        store.set_sender(&code, SenderStatus::Active, stamp(code.as_str())).await.unwrap();
        store.issue_generation(&code, &"a".repeat(32).parse().unwrap(), stamp(code.as_str())).await.unwrap();
    }
}

/// Brings a fixture into a store as its regions would.
pub(crate) async fn deliver_fixture(store: &dyn Store, folder: &str) {
    let mut by_treatment: BTreeMap<(String, String), Vec<Line>> = BTreeMap::new();
    for line in lines(&format!("{folder}/treatments-long.csv")) {
        by_treatment.entry((line["region"].clone(), line["treatment_id"].clone())).or_default().push(line);
    }
    let mut by_sender: BTreeMap<String, Vec<Arrival>> = BTreeMap::new();
    let mut units = BTreeSet::new();
    for ((sender, id), lines) in by_treatment {
        let line = &lines[0];
        let records = by_sender.entry(sender.clone()).or_default();
        if units.insert(line["unit"].clone()) {
            let unit: Unit = serde_json::from_value(json!({ "name": "Enheten", "county": sender })).unwrap();
            records.push(arrival(line["unit"].clone(), 1, Payload::Unit(unit)));
        }
        let content = json!({
            "pseudonym": format!("psn1.r{sender}-g1.{}", "a".repeat(43)), "programme": line["programme"],
            "unit": line["unit"], "status": line["status"], "started_on": line["started"], "ended_on": line["ended"],
            "birth_year": line["birth_year"].parse::<i16>().ok(), "measurements": measurements(&lines),
        });
        let content = serde_json::from_value(content).unwrap();
        records.push(arrival(key(&sender, &id), 1, treatment(content, alias(&sender, &line["person"]))));
    }
    store.take_in(Reference::Populations(&populations(folder)), at()).await.unwrap();
    for (sender, records) in by_sender {
        enrol(store, &[&sender]).await;
        for (number, records) in (0..).zip(records.chunks(1000)) {
            let records = records.iter().cloned().map(Some).collect();
            store.accept_batch(delivery(&sender, number, records)).await.unwrap();
        }
    }
}

/// Stores a treatment each of 150 persons of two senders, none of whom lacks anything that an extract needs; every fourth has no score
/// after the treatment.
pub(crate) async fn deliver_crowd(store: &dyn Store) {
    for sender in ["01", "12"] {
        enrol(store, &[sender]).await;
        let place = format!("SE9990{sender}0000-E001");
        let described = json!({ "name": "Enheten", "county": sender, "ownership": "public", "care_level": "primary" });
        let described: Unit = serde_json::from_value(described).unwrap();
        let mut records = vec![Some(arrival(place.clone(), 1, Payload::Unit(described)))];
        for person in 0..150 {
            let mut measurements = vec![answer("pre", "2024-02-01", 12 + person % 7)];
            measurements.extend((person % 4 > 0).then(|| answer("post", "2024-05-01", 4 + person % 9)));
            let content = json!({
                "pseudonym": format!("psn1.r{sender}-g1.{}", "a".repeat(43)), "programme": "depressionshjalpen",
                "unit": place, "status": "completed", "started_on": "2024-02-01", "ended_on": "2024-05-01",
                "sex": (["F", "M", "F"][person % 3]), "birth_year": 1960 + person % 40,
                "measurements": measurements,
            });
            let (content, id) = (serde_json::from_value(content).unwrap(), person.to_string());
            records.push(Some(arrival(key(sender, &id), 1, treatment(content, alias(sender, &id)))));
        }
        store.accept_batch(delivery(sender, 0, records)).await.unwrap();
    }
}

fn answer(timepoint: &str, day: &str, points: usize) -> serde_json::Value {
    json!({ "instrument": "PHQ-9", "timepoint": timepoint, "answered_on": day, "score": points })
}

/// A batch that some sender of [`SENDERS`] may have sent: new records, corrections, replays, retractions, and now and then another content
/// under a version that is stored.
pub(crate) fn invented(seed: i64) -> Delivery {
    let mut chance = Chance(seed, 0);
    let sender = SENDERS[chance.below(SENDERS.len())];
    let mut records = vec![Some(arrival(unit_id(&mut chance), 1 + chance.below(9) as u64, unit(&mut chance)))];
    for _ in 0..chance.below(24) {
        let number = chance.below(160);
        // Of one version there is mostly one content; a conflict needs another one.
        let counter = 1 + chance.below(6) as u64;
        let twist = usize::from(chance.below(300) == 0);
        let mut own = Chance(i64::try_from(number * 100 + twist).unwrap(), counter);
        let payload = if own.below(8) == 0 {
            Payload::Retraction(Retraction { reason: RetractionReason::TestPatient })
        } else {
            let (content, person) = episode(&mut own, sender);
            treatment(content, alias(sender, &person.to_string()))
        };
        let record = arrival(key(sender, &number.to_string()), counter, payload);
        records.push((chance.below(12) > 0).then_some(record));
    }
    delivery(sender, 100 + seed, records)
}

/// Numbers that look drawn and are the same every time.
pub(crate) struct Chance(pub(crate) i64, pub(crate) u64);

impl Chance {
    /// A number from 0 on, below the limit.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.1 += 1 << 20;
        let bytes = canonical::sha256(format!("{} {}", self.0, self.1).as_bytes());
        usize::from(u16::from_be_bytes([bytes[0], bytes[1]])) % limit
    }

    /// One of these.
    pub(super) fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    /// One of these, or none.
    pub(super) fn one_of<'a>(&mut self, choices: &[&'a str]) -> Option<&'a str> {
        choices.get(self.below(choices.len() + 1)).copied()
    }
}

fn unit_id(chance: &mut Chance) -> String {
    format!("SE9990120000-E{:03}", chance.below(9))
}

fn unit(chance: &mut Chance) -> Payload {
    let unit: Unit = serde_json::from_value(json!({
        "name": "Enheten", "county": chance.pick(&["01", "12", "20"]), "care_level": chance.one_of(&["primary", "psychiatry"]),
        "ownership": chance.one_of(&["public", "private"]), "successor_id": unit_id(chance),
    }))
    .unwrap();
    Payload::Unit(unit)
}

/// A treatment of some person of a sender, and which person.
pub(crate) fn episode(chance: &mut Chance, sender: &str) -> (Treatment, usize) {
    let started = jiff::civil::date(2022, 1, 1)
        .checked_add(jiff::Span::new().days(i64::try_from(chance.below(1200)).unwrap()))
        .unwrap();
    let day = |days: i64| started.checked_add(jiff::Span::new().days(days)).unwrap().to_string();
    let mut measurements = Vec::new();
    for (instrument, most) in [("PHQ-9", 28), ("GAD-7", 22), ("MADRS-S", 55)] {
        for (timepoint, days) in [("screening", -7), ("pre", 0), ("weekly-3", 21), ("post", 70), ("followup-6m", 250)] {
            if chance.below(3) > 0 {
                let score = chance.below(most) as f64 + [0.0, 0.5][chance.below(2)];
                measurements.push(json!({
                    "instrument": instrument, "timepoint": timepoint, "answered_on": day(days), "score": score,
                }));
            }
        }
    }
    let person = chance.below(120);
    let content = json!({
        "pseudonym": format!("psn1.r{sender}-g1.{}", "a".repeat(43)),
        "programme": chance.pick(&["depressionshjalpen", "oroshjalpen", "angesthjalpen"]),
        "programme_version": chance.one_of(&["1.0", "2.0"]), "unit": unit_id(chance),
        "unit_end": chance.one_of(&["SE9990120000-E001", "SE9990120000-E002"]),
        "status": chance.pick(&["completed", "discontinued"]), "end_reason": chance.one_of(&["completed", "declined"]),
        "started_on": started.to_string(), "ended_on": day(70), "sex": chance.one_of(&["F", "M"]),
        "birth_year": (chance.below(5) > 0).then(|| 1940 + chance.below(70)),
        "diagnoses": chance.one_of(&["F32.1", "F41", "F40.1"]).into_iter().collect::<Vec<_>>(),
        "measurements": measurements,
        // Of some people, so that it draws nothing.
        "assessed_on": (!person.is_multiple_of(3)).then(|| day(-3)),
        "referred_on": (chance.below(4) > 0).then(|| day(5 - i64::try_from(chance.below(150)).unwrap())),
        "sick_leave_before": ([Some(0), Some(25), Some(100), None][chance.below(4)]),
        "sick_leave_after": ([Some(0), Some(50), Some(100), None][chance.below(4)]),
    });
    (serde_json::from_value(content).unwrap(), person)
}

/// A person of a sender.
pub(crate) fn alias(sender: &str, person: &str) -> Alias {
    let kid = sender.parse::<SenderCode>().unwrap().first_key_id().to_string();
    Alias { kid, s: canonical::sha256(format!("{sender} {person}").as_bytes()) }
}

/// A treatment of a person.
pub(crate) fn treatment(content: Treatment, alias: Alias) -> Payload {
    Payload::Treatment(Box::new(TreatmentArrival::new(content, alias)))
}

/// A record key of a sender.
pub(crate) fn key(sender: &str, id: &str) -> String {
    let hash = canonical::sha256_hex(id.as_bytes());
    format!("rec1.{sender}.{}", &hash[..43])
}

/// A record in a version of the first generation.
pub(super) fn arrival(key: String, counter: u64, payload: Payload) -> Arrival {
    Arrival::new(key, Version { generation: 1, counter }, payload)
}

/// A batch of a sender, named by its number.
pub(crate) fn delivery(sender: &str, number: i64, records: Vec<Option<Arrival>>) -> Delivery {
    let sender: SenderCode = sender.parse().unwrap();
    // No two batches draw the same id, also not of two senders.
    let own = i64::from(u16::from_be_bytes([canonical::sha256(sender.as_str().as_bytes())[0], 0]));
    let next = AtomicI64::new((own * 1_000 + number) * 10_000);
    let batch: BatchId = canonical::sha256_hex(format!("{sender} {number}").as_bytes()).parse().unwrap();
    let (of, named) = (sender.clone(), batch.clone());
    let seal = move |verdicts: &[Verdict], _: &[LineFinding], _| {
        let entry = Entry::new(stamp(named.as_str()), Some(&of), What::batch(&named, String::new(), verdicts));
        Sealed { receipt: canonical::bytes(&verdicts), entry }
    };
    Delivery {
        kid: sender.first_key_id(),
        batch,
        sender,
        state: "a".repeat(32).parse().unwrap(),
        cycle: 1,
        plan: AgentPlan {
            agent: "0.1.0".into(),
            schedule: None,
            timezone: None,
            rules: None,
            schema: Some(SCHEMA.into()),
            payload: None,
        },
        received_at: at(),
        records,
        seal: Box::new(seal),
        draw: Box::new(move || next.fetch_add(1, Ordering::Relaxed)),
        tombs: Pepper::new([7; 32]).tomb_key(),
    }
}
