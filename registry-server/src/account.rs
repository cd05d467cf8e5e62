//! The register's own record of a sender's accounting: what the sender says became of everything that it found, and beside it what the
//! register counts itself.
//!
//! Promises: pure; only the newest reading of everything and the newest run are told, because lines of older ones are no longer true;
//! every difference is one sentence that says what to do; counts only.
//! Must not know: SQL, HTTP, who reads it.

/// What each disagreement is told as.
mod words;

use std::collections::BTreeMap;

use schemas::id::{SenderCode, Version};
use schemas::language::Text;
use schemas::record::{Counted, Reading, Run, Sum, Terms};
use serde::Serialize;

use crate::store::{AccountRows, CycleRow, Ends};
use words::Said;

/// A sender's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Whose.
    pub sender: SenderCode,
    /// The newest reading of everything, the proof for the whole source.
    pub full: Option<Cycle>,
    /// The newest run, when it read changes only.
    pub newest: Option<Cycle>,
    /// What the register counts itself.
    pub here: Here,
    /// What does not agree, a sentence each; machine output has them in English.
    #[serde(serialize_with = "words::in_english")]
    pub sentences: Vec<Text>,
}

/// What a sender says of one cycle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cycle {
    /// Generation of the state directory.
    pub generation: u32,
    /// Its cycle.
    pub cycle: u64,
    /// What was read.
    pub reading: Reading,
    /// Treatments.
    pub treatments: Sum,
    /// Answers.
    pub answers: Sum,
    /// Treatments by month of `ended_on`.
    pub months: BTreeMap<String, Terms>,
    /// When the last of its own batches came, RFC 3339.
    pub received_at: Option<String>,
    /// Treatments that its batches and those of later cycles brought, by the register's own receipts: a line counts what became of its
    /// treatments until today, so it says no more than this. What was sent again is counted again.
    pub accepted_by_receipts: u64,
}

/// What the register counts itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Here {
    /// Active treatments.
    pub active: u64,
    /// The same by month of `ended_on`.
    pub months: BTreeMap<String, u64>,
    /// What its own receipts and erasures come to, and what was mended; nothing when some batches are older than this count.
    pub by_receipts: Option<u64>,
    /// When the sender compared last what both ends hold, RFC 3339.
    pub compared_at: Option<String>,
}

/// Puts an account together.
#[must_use]
pub fn account(sender: SenderCode, rows: &AccountRows) -> Account {
    let full = newest(rows, |run| run.reading == Reading::Full);
    let newest = newest(rows, |_| true).filter(|cycle| cycle.reading == Reading::Increment);
    let here = here(rows);
    let mut account = Account { sender, full, newest, here, sentences: Vec::new() };
    account.sentences = sentences(&account, rows);
    account
}

/// The newest cycle with a line that is wanted: generations are compared first, because a new state directory counts its cycles anew.
fn newest(rows: &AccountRows, wanted: impl Fn(&Run) -> bool) -> Option<Cycle> {
    let place = |(version, run): &(Version, Run)| (version.generation, run.cycle);
    let newest = rows.lines.iter().filter(|(_, run)| wanted(run)).map(place).max()?;
    let lines: Vec<&Run> = rows.lines.iter().filter(|line| place(line) == newest).map(|(_, run)| run).collect();
    let (generation, cycle) = newest;
    let own = rows.cycles.iter().find(|row| (row.generation, row.cycle) == newest);
    let since = rows.cycles.iter().filter(|row| (row.generation, row.cycle) >= newest);
    let counted = |counted| lines.iter().filter(move |run| run.counted == counted).copied();
    let mut months: BTreeMap<String, Terms> = BTreeMap::new();
    for run in counted(Counted::Treatments) {
        months.entry(run.month.clone()).or_default().add(run);
    }
    Some(Cycle {
        generation,
        cycle,
        reading: lines.first()?.reading,
        treatments: Sum::of(counted(Counted::Treatments)),
        answers: Sum::of(counted(Counted::Answers)),
        months,
        received_at: own.map(|row| row.received_at.clone()),
        accepted_by_receipts: since.map(|row| row.accepted).sum(),
    })
}

fn here(rows: &AccountRows) -> Here {
    let sum = |of: fn(&CycleRow) -> u64| rows.cycles.iter().map(of).sum::<u64>();
    let gone = sum(|row| row.removed) + rows.erased.iter().map(|(_, n)| n).sum::<u64>();
    Here {
        active: rows.active.iter().map(|(_, n)| n).sum(),
        months: rows.active.iter().cloned().collect(),
        by_receipts: (rows.untold == 0 || rows.drift.is_some())
            .then(|| sum(|row| row.added).saturating_sub(gone).saturating_add_signed(rows.drift.unwrap_or_default())),
        compared_at: rows.compared.as_ref().map(|(at, _)| at.clone()),
    }
}

fn sentences(account: &Account, rows: &AccountRows) -> Vec<Text> {
    let Account { sender, full, newest, here, .. } = account;
    let said = Said { sender };
    let mut sentences = Vec::new();
    for cycle in full.iter().chain(newest) {
        let which = (cycle.cycle, cycle.generation);
        for (counts, counted) in [(&cycle.treatments, Counted::Treatments), (&cycle.answers, Counted::Answers)] {
            let difference = counts.terms.difference;
            if difference != 0 {
                sentences.push(said.unbalanced(which, counted, difference));
            }
        }
        let (told, receipts) = (cycle.treatments.terms.accepted, cycle.accepted_by_receipts);
        if told > receipts && rows.untold == 0 {
            sentences.push(said.beyond_receipts(which, told, receipts));
        }
    }
    if let Some(expected) = here.by_receipts.filter(|expected| *expected != here.active) {
        sentences.push(said.behind_the_back(expected, here.active));
    }
    if let Some((at, Ends::Different)) = &rows.compared {
        sentences.push(said.compared(at));
    }
    if let Some(missing) = full.as_ref().and_then(|full| missing(full, account, rows)) {
        sentences.push(said.missing(missing));
    }
    sentences
}

/// How many treatments that the newest full reading counts as delivered are not here, those left out that were taken back or erased since.
fn missing(full: &Cycle, account: &Account, rows: &AccountRows) -> Option<u64> {
    let read_at = full.received_at.as_deref()?;
    let later = |row: &&CycleRow| (row.generation, row.cycle) > (full.generation, full.cycle);
    let taken_back: u64 = rows.cycles.iter().filter(later).map(|row| row.removed).sum();
    let erased: u64 = rows.erased.iter().filter(|(at, _)| at.as_str() >= read_at).map(|(_, n)| n).sum();
    let Terms { accepted, unchanged, .. } = full.treatments.terms;
    let missing = (accepted + unchanged).saturating_sub(account.here.active + taken_back + erased);
    (missing > 0).then_some(missing)
}

#[cfg(test)]
mod tests;
