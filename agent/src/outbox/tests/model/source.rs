//! A source of a few treatments, and a cycle that reads it as the real one does.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::pseudonymise::pseudonym_of;

/// Treatments that there may be; two neighbours are of one person.
pub(super) const KEYS: usize = 8;

/// What the source says of a treatment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It can be sent; one of three contents.
    Whole(u8),
    /// It breaks a rule.
    Held,
    /// It is said to be the next person's, and breaks a rule.
    Corrected,
    /// It is ongoing.
    Excluded,
    /// Its person objects, for good.
    Objects,
    /// It is not there.
    Absent,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Source {
    fates: BTreeMap<usize, Fate>,
    left: BTreeSet<[u8; 32]>,
}

impl Source {
    pub(super) fn change(&mut self, key: usize, fate: Fate) {
        if self.fates.get(&key) != Some(&Fate::Objects) {
            let objects = fate != Fate::Absent && self.left.contains(&named(key, fate));
            self.fates.insert(key, if objects { Fate::Objects } else { fate });
        }
    }

    /// Everything that names a person is one's who objects from now on.
    pub(super) fn leave(&mut self, person: [u8; 32]) {
        self.left.insert(person);
        for (key, fate) in &mut self.fates {
            if *fate != Fate::Absent && named(*key, *fate) == person {
                *fate = Fate::Objects;
            }
        }
    }

    fn fate(&self, key: usize) -> Fate {
        self.fates.get(&key).copied().unwrap_or(Fate::Absent)
    }

    /// The treatments that are there.
    pub(super) fn all(&self) -> Vec<usize> {
        (0..KEYS).filter(|key| self.fate(*key) != Fate::Absent).collect()
    }

    /// What the register should hold.
    pub(super) fn truth(&self) -> BTreeMap<String, String> {
        let whole = |key| match self.fate(key) {
            Fate::Whole(n) => Some((wire(key), content(key, n))),
            _ => None,
        };
        (0..KEYS).filter_map(whole).collect()
    }

    /// The keys whose accepted version stands at the register, whatever it is.
    pub(super) fn held(&self) -> BTreeSet<String> {
        let stays = |key: &usize| matches!(self.fate(*key), Fate::Held | Fate::Corrected);
        (0..KEYS).filter(stays).map(wire).collect()
    }

    /// The treatments of those who left.
    pub(super) fn objecting(&self) -> Vec<usize> {
        (0..KEYS).filter(|key| self.fate(*key) == Fate::Objects).collect()
    }
}

/// Whom a row names.
fn named(key: usize, fate: Fate) -> [u8; 32] {
    if fate == Fate::Corrected { person((key + 2) % KEYS) } else { person(key) }
}

/// What stands for a treatment of one who objects.
fn hidden(key: usize) -> String {
    format!("{key}{}", "h".repeat(42))
}

pub(super) fn last(key: usize) -> String {
    format!("{key}{}", "k".repeat(42))
}

pub(super) fn wire(key: usize) -> String {
    format!("rec1.12.{}", last(key))
}

pub(super) fn person(key: usize) -> [u8; 32] {
    [u8::try_from(key / 2 + 1).unwrap(); 32]
}

/// As it stands in what is sent.
pub(super) fn pseudonym(person: [u8; 32]) -> String {
    pseudonym_of(&"r12-g1".parse().unwrap(), person).to_string()
}

fn content(key: usize, n: u8) -> String {
    format!("{{\"n\":{n},\"pseudonym\":\"{}\"}}", pseudonym(person(key)))
}

/// A cycle over some treatments: everything, or what changed. All that vanished is taken back.
pub(super) async fn cycle(outbox: &mut Outbox, source: &Source, read: &[usize], whole: bool) {
    let mut ids = Ids::default();
    let here: BTreeSet<usize> = read.iter().copied().filter(|key| source.fate(*key) != Fate::Absent).collect();
    for key in &here {
        ids.add(&last(*key));
    }
    let missing = if whole { outbox.missing(("12", "main"), &mut ids).await.unwrap() } else { Vec::new() };
    let decided: Vec<String> = outbox.to_take_back("12").await.unwrap().into_iter().map(|(_, one)| one.key).collect();
    let reading = if whole { "full" } else { "2024-05-01T00:00:00Z" };
    let stamp = CycleStamp { reading: reading.into(), ..stamp() };
    let mut queueing = outbox.begin_cycle(&stamp, vec!["main".into()]).await.unwrap();

    let never: Vec<String> = missing.iter().filter(|one| !one.at_register).map(|one| one.key.clone()).collect();
    queueing.forget_found("12", &never).await.unwrap();
    let gone: Vec<_> = missing.iter().filter(|one| one.at_register && one.state.is_none()).collect();
    let states: Vec<_> = gone.iter().map(|one| (*one, State::Retract)).collect();
    queueing.note_vanished(0, &states).await.unwrap();
    let gone = gone.iter().map(|one| one.key.clone()).chain(decided);
    for key in gone.filter(|key| here.iter().all(|here| last(*here) != *key)).collect::<BTreeSet<_>>() {
        take_back(&mut queueing, &format!("rec1.12.{key}"), "vanished").await;
    }

    let mut keys: Vec<String> = here.iter().map(|key| last(*key)).collect();
    keys.extend(here.iter().map(|key| hidden(*key)));
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    queueing.forget_what_stayed(0, (!whole).then_some(&keys)).await.unwrap();
    for key in here {
        read_one(&mut queueing, source, key).await;
    }
    queueing.commit("payload", &[None]).await.unwrap();
    outbox.take_back_elsewhere(moment(super::register::AT)).await.unwrap();
}

async fn read_one(queueing: &mut Queueing<'_>, source: &Source, key: usize) {
    if source.fate(key) == Fate::Objects {
        return read_objector_s(queueing, key).await;
    }
    let (wire, last, person) = (wire(key), last(key), named(key, source.fate(key)));
    let known = queueing.known(&[&wire]).await.unwrap().remove(&wire);
    let cell = cell(queueing, key).await;
    let stays = if known.is_some() { Came::StaysNow } else { Came::Stays };
    let came = match source.fate(key) {
        Fate::Whole(n) => {
            let content = content(key, n);
            let fingerprint = schemas::canonical::sha256(content.as_bytes());
            if known.is_some_and(|known| known.fingerprint == fingerprint) {
                Came::Unchanged
            } else {
                queueing.queue_treatment(&wire, content.as_bytes(), &fingerprint, (cell, 3)).await.unwrap();
                Came::Queued
            }
        }
        Fate::Held | Fate::Corrected => {
            queueing.hold(&Hold { cell: Some(cell), answers: 3, ..hold(&last, &last) }).await.unwrap();
            drop_rejected(queueing, &wire, known).await;
            stays
        }
        _ => {
            queueing.exclude((0, &last), "status-ongoing", (cell, 3)).await.unwrap();
            if known.as_ref().is_some_and(|known| known.at_register) {
                take_back(queueing, &wire, "reopened").await;
            } else {
                drop_rejected(queueing, &wire, known).await;
            }
            stays
        }
    };
    let (person, answers, standing) = (Some(&person), 3, 3);
    let row = FoundRow { key: &wire, local_id: &last, person, cell, answers, standing, came };
    queueing.found(0, &row).await.unwrap();
}

/// Counted and not named.
async fn read_objector_s(queueing: &mut Queueing<'_>, key: usize) {
    let (hidden, cell) = (hidden(key), cell(queueing, key).await);
    queueing.forget_found("12", &[last(key)]).await.unwrap();
    queueing.note_elsewhere(&[wire(key)]).await.unwrap();
    queueing.exclude((0, &hidden), "objection", (cell, 3)).await.unwrap();
    let (key, local_id, came) = (&format!("rec1.12.{hidden}"), "", Came::Stays);
    let row = FoundRow { key, local_id, person: None, cell, answers: 3, standing: 3, came };
    queueing.found(0, &row).await.unwrap();
}

async fn cell(queueing: &mut Queueing<'_>, key: usize) -> i64 {
    let unit = if key < 4 { "E1" } else { "E2" };
    let cell = Cell { unit: unit.into(), programme: "sovhjalpen".into(), month: "2024-03".into() };
    queueing.cell(&cell).await.unwrap()
}

async fn drop_rejected(queueing: &mut Queueing<'_>, wire: &str, known: Option<Known>) {
    if known.is_some_and(|known| known.rejected) {
        queueing.drop_rejected(&[wire]).await.unwrap();
    }
}

async fn take_back(queueing: &mut Queueing<'_>, wire: &str, reason: &str) {
    let content = format!("{{\"reason\":\"{reason}\"}}");
    let fingerprint = schemas::canonical::sha256(content.as_bytes());
    let known = queueing.known(&[wire]).await.unwrap().remove(wire);
    if known.is_some_and(|known| known.at_register && known.fingerprint != fingerprint) {
        queueing.queue(Kind::Retraction, wire, content.as_bytes(), &fingerprint).await.unwrap();
    }
}
