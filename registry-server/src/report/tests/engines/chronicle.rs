//! An invented register as everything that its senders ever said: each version of each record, to be delivered in any order and cut.
//!
//! Promises: a version has one content, so that nothing conflicts; a treatment is the same person's in every version; a number gives
//! the same register every time.

use schemas::id::Version;
use schemas::record::{Activity, Retraction, RetractionReason, Run, Treatment, Unit};
use serde_json::json;

use super::deliveries::{Chance, SENDERS, alias, arrival, delivery, enrol, episode, key, treatment};
use crate::store::{Arrival, PairSays, Payload, Store};
use crate::subject::Alias;

/// Treatments of each sender.
const TREATMENTS: usize = 60;
/// Persons of each sender; some have several treatments.
const PERSONS: usize = 40;
/// Units of each sender, those that treatments name.
const UNITS: usize = 9;

/// One version of one record.
#[derive(Clone)]
pub(super) struct Said {
    /// Who says it.
    pub(super) sender: &'static str,
    /// The persons that it is about.
    pub(super) persons: Vec<usize>,
    /// What is said.
    pub(super) arrival: Arrival,
}

/// A treatment that stands when everything was said.
pub(super) struct Standing {
    /// Who sent it.
    pub(super) sender: &'static str,
    /// The sender's number of it.
    pub(super) number: usize,
    /// The person, under one number only.
    pub(super) person: usize,
    /// Its newest version.
    pub(super) content: Treatment,
}

/// Whom the senders' own counts hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counting {
    /// Also those who leave.
    Everybody,
    /// Only those who stay.
    WhoStays,
}

/// Whether a person leaves the register in the end; of two that are one, both do.
pub(super) fn leaves(person: usize) -> bool {
    person % 10 == 3 || (person < 20 && person % 10 < 2)
}

/// Everybody of a sender who leaves.
pub(super) fn leaving(sender: &str) -> Vec<Alias> {
    (0..PERSONS).filter(|person| leaves(*person)).map(|person| alias(sender, &person.to_string())).collect()
}

/// Where a sender's units lie.
pub(super) fn county(sender: &str) -> &str {
    if sender == "P07" { "20" } else { sender }
}

/// The treatments with all their versions: sender, number, person, and counter and content; no content takes it back.
type Histories = Vec<(&'static str, usize, usize, Vec<(u64, Option<Treatment>)>)>;

fn histories(seed: i64) -> Histories {
    let mut chance = Chance(seed, 1);
    let mut histories = Vec::new();
    for sender in SENDERS {
        for number in 0..TREATMENTS {
            let person = chance.below(PERSONS);
            let versions = (0..=chance.below(3) as u64).map(|counter| {
                let taken_back = chance.below(8) == 0;
                (counter + 1, (!taken_back).then(|| episode(&mut chance, sender).0))
            });
            let versions = versions.collect();
            histories.push((sender, number, person, versions));
        }
    }
    histories
}

/// What stands of the treatments when everything was said.
pub(super) fn standing(seed: i64) -> Vec<Standing> {
    let newest = |(sender, number, person, mut versions): (_, _, usize, Vec<(u64, Option<Treatment>)>)| {
        let (_, content) = versions.pop()?;
        // Two numbers of one person, unless the sender took that back.
        let person = if person % 10 == 1 && !split(person / 10) { person - 1 } else { person };
        Some(Standing { sender, number, person, content: content? })
    };
    histories(seed).into_iter().filter_map(newest).collect()
}

/// Whether the sender took back that the first two of these ten persons are one.
fn split(ten: usize) -> bool {
    !ten.is_multiple_of(2)
}

/// Everything that is said of treatments, persons and units, sender by sender and in the order of the versions.
pub(super) fn said(seed: i64) -> Vec<Said> {
    let mut said = Vec::new();
    for (sender, number, person, versions) in histories(seed) {
        for (counter, content) in versions {
            let payload = match content {
                Some(content) => treatment(content, alias(sender, &person.to_string())),
                None => Payload::Retraction(Retraction { reason: RetractionReason::Reopened }),
            };
            let arrival = arrival(key(sender, &number.to_string()), counter, payload);
            said.push(Said { sender, persons: vec![person], arrival });
        }
    }
    for sender in SENDERS {
        said.extend((0..PERSONS / 10).flat_map(|ten| pairs(sender, ten)));
        said.extend((0..UNITS).flat_map(|number| units(sender, number)));
    }
    said
}

fn pairs(sender: &'static str, ten: usize) -> Vec<Said> {
    let persons = vec![ten * 10, ten * 10 + 1];
    let [one, other] = [&persons[0], &persons[1]].map(|person| alias(sender, &person.to_string()));
    let says = if split(ten) { vec![PairSays::Merge, PairSays::Split] } else { vec![PairSays::Merge] };
    let version = |counter| Version { generation: 1, counter };
    let said = (1..).zip(says).map(|(counter, says)| Arrival::of_pair(version(counter), &one, &other, says));
    said.map(|arrival| Said { sender, persons: persons.clone(), arrival }).collect()
}

fn units(sender: &'static str, number: usize) -> Vec<Said> {
    let say = |counter: u64| {
        let care_level = ["primary", "psychiatry"][(number + usize::from(counter == 1)) % 2];
        let unit: Unit = serde_json::from_value(json!({
            "name": "Enheten", "county": county(sender), "care_level": care_level, "ownership": owner(number, counter),
            "successor_id": unit_id((number + 4) % UNITS),
        }))
        .unwrap();
        Said { sender, persons: Vec::new(), arrival: arrival(unit_id(number), counter, Payload::Unit(unit)) }
    };
    (1..=UNIT_VERSIONS).map(say).collect()
}

/// How often each unit is described.
const UNIT_VERSIONS: u64 = 2;

/// Who runs a unit by its newest description.
pub(super) fn ownership(unit: &str) -> Option<&'static str> {
    (0..UNITS).find(|number| unit_id(*number) == unit).and_then(|number| owner(number, UNIT_VERSIONS))
}

fn owner(number: usize, counter: u64) -> Option<&'static str> {
    [Some("public"), Some("private"), None][(number + usize::from(counter == 1)) % 3]
}

fn unit_id(number: usize) -> String {
    format!("SE9990120000-E{number:03}")
}

/// What the senders count themselves after reading everything so many times.
pub(super) fn counts(seed: i64, cycle: u64, counting: Counting) -> Vec<Said> {
    let mut chance = Chance(seed, 2);
    let mut said = Vec::new();
    for sender in SENDERS {
        for (place, programme) in
            (0..12).flat_map(|month| ["depressionshjalpen", "oroshjalpen"].map(|code| (month, code)))
        {
            let (month, unit) = (format!("2023-{:02}", place + 1), unit_id(chance.below(3)));
            let more = u64::from(counting == Counting::Everybody && place % 3 == 0);
            let [one, two, three, held] = [9, 9, 4, 3].map(|most| chance.below(most) as u64);
            let sexes = [&[None][..], &[Some("F"), Some("M")]][chance.below(2)];
            for sex in sexes {
                let activity: Activity = serde_json::from_value(json!({
                    "month": month, "unit": unit, "programme": programme, "sex": sex, "started": one + more, "ended": two + more,
                    "ongoing": three,
                }))
                .unwrap();
                let arrival = arrival(activity.key(), cycle, Payload::Activity(activity));
                said.push(Said { sender, persons: Vec::new(), arrival });
            }
            let run: Run = serde_json::from_value(json!({
                "cycle": cycle, "reading": "full", "counted": "treatments", "month": month, "unit": unit, "programme": programme,
                "found": 20 + two + held + more, "accepted": 20 + two + more, "unchanged": 0, "rejected": 0, "held": held,
                "excluded": 0, "pending": 0, "reasons": [{ "term": "held", "rule": "unit-form", "n": held }],
            }))
            .unwrap();
            said.push(Said { sender, persons: Vec::new(), arrival: arrival(run.key(), cycle, Payload::Run(run)) });
        }
    }
    said
}

/// The same in another order.
pub(super) fn shuffled(mut said: Vec<Said>, seed: i64) -> Vec<Said> {
    let mut chance = Chance(seed, 3);
    for place in (1..said.len()).rev() {
        said.swap(place, chance.below(place + 1));
    }
    said
}

/// A register that knows the senders.
pub(super) async fn begin(store: &dyn Store) {
    enrol(store, &SENDERS).await;
}

/// Delivers in this order, each sender's in batches of a few records; their numbers begin at one that no batch has.
pub(super) async fn deliver(store: &dyn Store, said: &[Said], first: i64) {
    let mut chance = Chance(first, 4);
    for sender in SENDERS {
        let mut rest: Vec<&Said> = said.iter().filter(|said| said.sender == sender).collect();
        let mut number = first;
        while !rest.is_empty() {
            let cut = (1 + chance.below(40)).min(rest.len());
            let records = rest.drain(..cut).map(|said| Some(said.arrival.clone())).collect();
            store.accept_batch(delivery(sender, number, records)).await.unwrap();
            number += 1;
        }
    }
}
