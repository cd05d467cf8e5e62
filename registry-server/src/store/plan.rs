//! What to write for a delivery: decided from what is stored, before anything is written, and the same for every engine.
//!
//! Promises: pure; records are taken in their order; of several accounts of one record only the last to count is written.

/// What a delivery did, in numbers.
mod done;
/// What withdrawals say to a delivery.
mod withdrawn;

use std::collections::HashMap;

use schemas::id::Version;
use schemas::receipt::{LineFinding, Verdict};

use super::arrival::{Arrival, Delivery, Payload};
use super::error::RefusedDelivery;
use super::version::{Account, Decision, decide};
use withdrawn::{Outcome, finding};

pub(crate) use done::Done;
pub(crate) use withdrawn::Withdrawn;

/// Which records share a set of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Space {
    /// Treatments and their retractions.
    Treatment,
    /// Units.
    Unit,
    /// Monthly counts.
    Activity,
    /// Accounting lines.
    Run,
    /// Which persons are one.
    Pair,
}

impl Payload {
    /// The set of keys that the record's key belongs to.
    pub(crate) fn space(&self) -> Space {
        match self {
            Self::Treatment(_) | Self::Retraction(_) => Space::Treatment,
            Self::Unit(_) => Space::Unit,
            Self::Activity(_) => Space::Activity,
            Self::Run(_) => Space::Run,
            Self::Pair(_) => Space::Pair,
        }
    }
}

/// What the store holds of the keys and persons that a delivery names.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Stored accounts by key.
    pub(crate) accounts: HashMap<(Space, String), Account>,
    /// Internal ids by the re-keyed value; a delivery has one key id only.
    pub(crate) subjects: HashMap<[u8; 32], i64>,
    /// What withdrawals left of them.
    pub(crate) withdrawn: Withdrawn,
}

impl Known {
    /// The same, with accounts in generations that nobody gave out before every other: such a row was altered behind the register's back,
    /// and would outrank whatever mends it.
    pub(crate) fn given_out(mut self, newest: u32) -> Self {
        for account in self.accounts.values_mut().filter(|account| account.version.generation > newest) {
            account.version = Version { generation: 0, counter: 0 };
        }
        self
    }
}

/// The generations that a sender was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Given {
    /// The newest, 0 when none was.
    pub(crate) newest: u32,
    /// That of the delivery's state directory.
    pub(crate) of_state: Option<u32>,
    /// Where a set under new keys begins that does not count yet.
    pub(crate) coming: Option<u32>,
}

/// One record to write.
#[derive(Debug)]
pub(crate) struct Write<'a> {
    /// What to write.
    pub(crate) arrival: &'a Arrival,
    /// Its line in the batch, from 1 for the first record.
    pub(crate) line: i64,
    /// The person, for a treatment.
    pub(crate) subject: Option<i64>,
    /// What is stored now under the key.
    pub(crate) before: Option<Account>,
}

/// What to write, and what to answer.
#[derive(Debug, Default)]
pub(crate) struct Plan<'a> {
    /// One verdict a line.
    pub(crate) verdicts: Vec<Verdict>,
    /// The records to write, each key once.
    pub(crate) writes: Vec<Write<'a>>,
    /// Persons to make first.
    pub(crate) new_subjects: Vec<(i64, [u8; 32])>,
    /// Persons that lose a treatment and may have none left.
    pub(crate) left: Vec<i64>,
    /// Why lines were refused that keep the rules.
    pub(crate) findings: Vec<LineFinding>,
    /// Erased records with the version up to which they were taken back since.
    pub(crate) raised: Vec<(&'a str, Version)>,
    /// The persons whose treatments are taken back, by the record's key.
    pub(crate) taken_back: Vec<(&'a str, Person)>,
}

/// A person of a treatment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Person {
    /// The one with this internal id.
    Stored(i64),
    /// The one of this name; its treatment came and went in one delivery.
    Named([u8; 32]),
}

/// The writes that replace a stored treatment or take it back.
pub(crate) fn replaced<'a, 'w>(writes: &'a [Write<'w>]) -> impl Iterator<Item = &'a Write<'w>> {
    writes.iter().filter(|write| write.before.is_some_and(|account| account.subject.is_some()))
}

/// Refuses a delivery in versions that nobody gave out: they would outrank every later one.
pub(crate) fn check_generations(delivery: &Delivery, given: Given) -> Result<(), RefusedDelivery> {
    // What an earlier state directory sends would be taken for a part of the set that is to be replaced.
    if given.of_state.is_none() || given.of_state < given.coming {
        return Err(RefusedDelivery::StateUnknown);
    }
    let ahead = |record: &Option<Arrival>| record.as_ref().is_some_and(|r| r.version.generation > given.newest);
    match delivery.records.iter().position(ahead) {
        Some(index) => Err(RefusedDelivery::GenerationUnknown(u32::try_from(index + 1).unwrap_or(u32::MAX))),
        None => Ok(()),
    }
}

/// Decides every record of a delivery. The error is the line, from 1, of a version conflict.
pub(crate) fn plan<'a>(records: &'a [Option<Arrival>], known: Known, draw: &dyn Fn() -> i64) -> Result<Plan<'a>, u32> {
    let mut planning = Planning::new(known, draw);
    for (line, record) in (1..).zip(records) {
        let verdict = match record {
            None => Verdict::Rejected,
            Some(arrival) => planning.decide(line, arrival).ok_or(line)?,
        };
        planning.plan.verdicts.push(verdict);
    }
    Ok(planning.finish())
}

/// A delivery of which some records are decided.
struct Planning<'a, 'd> {
    draw: &'d dyn Fn() -> i64,
    stored: HashMap<(Space, String), Account>,
    /// What counts of each key after the records so far.
    current: HashMap<(Space, String), Account>,
    subjects: HashMap<[u8; 32], i64>,
    drawn: HashMap<i64, [u8; 32]>,
    withdrawn: Withdrawn,
    /// The record to write of each key.
    last: HashMap<(Space, &'a str), (u32, &'a Arrival, Option<i64>)>,
    plan: Plan<'a>,
}

impl<'a, 'd> Planning<'a, 'd> {
    fn new(known: Known, draw: &'d dyn Fn() -> i64) -> Self {
        let Known { accounts: stored, subjects, withdrawn } = known;
        let (current, drawn, last) = (stored.clone(), HashMap::new(), HashMap::new());
        Self { draw, stored, current, subjects, drawn, withdrawn, last, plan: Plan::default() }
    }

    /// The verdict on a record; nothing when it contradicts a stored one.
    fn decide(&mut self, line: u32, arrival: &'a Arrival) -> Option<Verdict> {
        let key = (arrival.payload.space(), arrival.key.clone());
        let before = self.current.get(&key);
        match self.withdrawn.judge(arrival, before) {
            None => {}
            Some(Outcome::Refused(field)) => {
                self.plan.findings.push(finding(line, field));
                return Some(Verdict::Rejected);
            }
            Some(Outcome::StandsFor(verdict)) => {
                if verdict == Verdict::Accepted {
                    self.plan.raised.push((&arrival.key, arrival.version));
                }
                return Some(verdict);
            }
        }
        let subject = match &arrival.payload {
            Payload::Treatment(treatment) => Some(*self.subjects.entry(treatment.alias.s).or_insert_with(|| {
                let id = (self.draw)();
                self.drawn.insert(id, treatment.alias.s);
                id
            })),
            _ => None,
        };
        let offered = Account { version: arrival.version, content: arrival.content_hash, subject };
        let decision = decide(before, &offered);
        if matches!(decision, Decision::Accept | Decision::Replace) {
            if let (Payload::Retraction(_), Some(taken)) =
                (&arrival.payload, before.and_then(|account| account.subject))
            {
                let person = self.drawn.get(&taken).map_or(Person::Stored(taken), |s| Person::Named(*s));
                self.plan.taken_back.push((&arrival.key, person));
            }
            self.current.insert(key, offered);
            self.last.insert((arrival.payload.space(), &arrival.key), (line, arrival, subject));
        }
        verdict(decision)
    }

    fn finish(mut self) -> Plan<'a> {
        let mut order: Vec<_> = self.last.into_values().collect();
        order.sort_unstable_by_key(|(line, ..)| *line);
        for (line, arrival, subject) in order {
            let before = self.stored.get(&(arrival.payload.space(), arrival.key.clone())).copied();
            self.plan.left.extend(before.and_then(|account| account.subject).filter(|old| subject != Some(*old)));
            self.plan.new_subjects.extend(subject.and_then(|id| Some((id, self.drawn.remove(&id)?))));
            self.plan.writes.push(Write { arrival, line: line.into(), subject, before });
        }
        self.plan
    }
}

fn verdict(decision: Decision) -> Option<Verdict> {
    match decision {
        Decision::Accept => Some(Verdict::Accepted),
        Decision::Replace => Some(Verdict::Replaced),
        Decision::Unchanged => Some(Verdict::Unchanged),
        Decision::Stale => Some(Verdict::Stale),
        Decision::Conflict => None,
    }
}
