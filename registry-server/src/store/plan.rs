//! What to write for a delivery: decided from what is stored, before anything is written, and the same for every engine.
//!
//! Promises: pure; records are taken in their order; of several accounts of one record only the last to count is written.

use std::collections::HashMap;

use schemas::receipt::Verdict;

use super::arrival::{Arrival, Delivery, Payload};
use super::error::RefusedDelivery;
use super::version::{Account, Decision, decide};

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
}

/// The generations that a sender was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Given {
    /// The newest, 0 when none was.
    pub(crate) newest: u32,
    /// That of the delivery's state directory.
    pub(crate) of_state: Option<u32>,
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
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    /// One verdict a line.
    pub(crate) verdicts: Vec<Verdict>,
    /// The records to write, each key once.
    pub(crate) writes: Vec<Write<'a>>,
    /// Persons to make first.
    pub(crate) new_subjects: Vec<(i64, [u8; 32])>,
    /// Persons that lose a treatment and may have none left.
    pub(crate) left: Vec<i64>,
}

/// The writes that replace a stored treatment or take it back.
pub(crate) fn replaced<'a, 'w>(writes: &'a [Write<'w>]) -> impl Iterator<Item = &'a Write<'w>> {
    writes.iter().filter(|write| write.before.is_some_and(|account| account.subject.is_some()))
}

/// Refuses a delivery in versions that nobody gave out: they would outrank every later one.
pub(crate) fn check_generations(delivery: &Delivery, given: Given) -> Result<(), RefusedDelivery> {
    if given.of_state.is_none() {
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
    let Known { accounts: stored, mut subjects } = known;
    let mut drawn = HashMap::new();
    let mut current = stored.clone();
    let mut last: HashMap<(Space, &str), (usize, Option<i64>)> = HashMap::new();
    let mut verdicts = Vec::with_capacity(records.len());
    for (index, record) in records.iter().enumerate() {
        let Some(arrival) = record else {
            verdicts.push(Verdict::Rejected);
            continue;
        };
        let subject = match &arrival.payload {
            Payload::Treatment(treatment) => Some(*subjects.entry(treatment.alias.s).or_insert_with(|| {
                let id = draw();
                drawn.insert(id, treatment.alias.s);
                id
            })),
            _ => None,
        };
        let offered = Account { version: arrival.version, content: arrival.content_hash, subject };
        let key = (arrival.payload.space(), arrival.key.clone());
        let decision = decide(current.get(&key), &offered);
        if matches!(decision, Decision::Accept | Decision::Replace) {
            current.insert(key, offered);
            last.insert((arrival.payload.space(), &arrival.key), (index, subject));
        }
        verdicts.push(verdict(decision).ok_or_else(|| u32::try_from(index + 1).unwrap_or(u32::MAX))?);
    }
    let mut order: Vec<(usize, Option<i64>)> = last.into_values().collect();
    order.sort_unstable();
    let mut plan = Plan { verdicts, writes: Vec::with_capacity(order.len()), new_subjects: vec![], left: vec![] };
    for (index, subject) in order {
        let Some(arrival) = &records[index] else { continue };
        let before = stored.get(&(arrival.payload.space(), arrival.key.clone())).copied();
        plan.left.extend(before.and_then(|account| account.subject).filter(|old| subject != Some(*old)));
        plan.new_subjects.extend(subject.and_then(|id| Some((id, drawn.remove(&id)?))));
        let line = i64::try_from(index + 1).unwrap_or(i64::MAX);
        plan.writes.push(Write { arrival, line, subject, before });
    }
    Ok(plan)
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
