//! What a delivery does to its sender's treatments, in numbers, so that the register can tell by its own receipts what it must hold.

use schemas::receipt::Verdict;

use super::{Given, Plan};
use crate::store::{Delivery, Payload};

/// The numbers that stand beside a stored batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Done {
    /// The generation of its state directory.
    pub(crate) generation: Option<u32>,
    /// Lines of treatments that were neither refused nor too late.
    pub(crate) accepted: i64,
    /// Treatments that are here since.
    pub(crate) added: i64,
    /// Treatments that are gone since.
    pub(crate) removed: i64,
}

impl Done {
    /// What a planned delivery does.
    pub(crate) fn of(delivery: &Delivery, plan: &Plan<'_>, given: Given) -> Self {
        let is_treatment = |payload: &Payload| matches!(payload, Payload::Treatment(_));
        let kept = |verdict: &Verdict| matches!(verdict, Verdict::Accepted | Verdict::Replaced | Verdict::Unchanged);
        let lines = delivery.records.iter().zip(&plan.verdicts);
        let accepted = lines.filter(|(record, verdict)| {
            record.as_ref().is_some_and(|arrival| is_treatment(&arrival.payload)) && kept(verdict)
        });
        let was_here = |write: &super::Write<'_>| write.before.is_some_and(|account| account.subject.is_some());
        let (mut added, mut removed) = (0, 0);
        for write in &plan.writes {
            match (&write.arrival.payload, was_here(write)) {
                (Payload::Treatment(_), false) => added += 1,
                (Payload::Retraction(_), true) => removed += 1,
                _ => {}
            }
        }
        let accepted = i64::try_from(accepted.count()).unwrap_or(i64::MAX);
        Self { generation: given.of_state, accepted, added, removed }
    }
}
