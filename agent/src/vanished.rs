//! Rows that were found before and that a reading of the whole source has not met: what becomes of each. Pure.
//!
//! Promises: an empty or broken source never empties the register: when too much is gone at once, a person decides; what is older than
//! the window that the source keeps has left it and is never taken back; what the register never had is forgotten.
//! Must not know: tables, sources, or what is sent.

mod text;

#[cfg(test)]
mod tests;

pub use text::{because, list};

use std::collections::HashMap;

use serde::Serialize;

use crate::map::Cell;

/// Why a treatment is taken back that its source has no more.
pub const VANISHED: &str = "vanished";
/// More than this, or more than one in a hundred, is too much to be taken back without a person's decision.
const MOST: u64 = 50;

/// A treatment that a whole reading has not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The last part of its record key.
    pub key: String,
    /// The source's id, or the short record key.
    pub local_id: String,
    /// What it was counted under last.
    pub cell: Cell,
    /// Whether the register has it, or may come to by what is queued.
    pub at_register: bool,
    /// What was decided before.
    pub state: Option<State>,
}

/// What is decided of a treatment that vanished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nothing yet: a person decides.
    Waiting,
    /// It is taken back, now or by the next run.
    Retract,
    /// It stays at the register though the source has it no more.
    Keep,
}

impl State {
    /// The word in the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Retract => "retract",
            Self::Keep => "keep",
        }
    }

    /// The state with a word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        [Self::Waiting, Self::Retract, Self::Keep].into_iter().find(|state| state.word() == word)
    }
}

/// One treatment that vanished, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Its number, for a decision.
    pub id: i64,
    /// System of its source.
    pub source: String,
    /// The source's id, or the short record key.
    pub treatment: String,
    /// Unit, programme and month under which it was counted last.
    #[serde(flatten)]
    pub cell: Cell,
    /// Begin of the cycle that missed it first, RFC 3339 UTC.
    pub since: String,
    /// What is decided.
    pub state: State,
}

/// What is known of the source besides.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// Its treatments at the register before this reading, by unit and programme.
    pub standing: Vec<(String, String, u64)>,
    /// Whether a file that was read last time is missing now or has no row.
    pub lacks_file: bool,
    /// The newest month that may have left its window, `YYYY-MM`; none where it keeps everything.
    pub left_until: Option<String>,
}

/// What becomes of a treatment that vanished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The register does not have it: it is forgotten.
    Forgotten,
    /// It has left the source's window: it is forgotten as found, its record stays.
    Left,
    /// It is taken back.
    TakenBack,
    /// A person decides.
    Waits,
    /// It was decided before.
    AsDecided,
}

/// Decides on the treatments that a reading of one whole source has not met, in their order.
#[must_use]
pub fn decide(missing: &[Missing], around: &Around) -> Vec<Fate> {
    let has_left = |one: &Missing| around.left_until.as_ref().is_some_and(|last| one.cell.month <= *last);
    let fate = |one: &Missing| match one.state {
        Some(State::Retract) => Some(Fate::AsDecided),
        _ if !one.at_register => Some(Fate::Forgotten),
        _ if has_left(one) => Some(Fate::Left),
        Some(State::Keep) => Some(Fate::AsDecided),
        Some(State::Waiting) | None => None,
    };
    let fates: Vec<Option<Fate>> = missing.iter().map(fate).collect();
    let open: Vec<&Missing> =
        missing.iter().zip(&fates).filter(|(_, fate)| fate.is_none()).map(|(one, _)| one).collect();
    let too_much = is_too_much(open.len(), around) || is_one_wholly_gone(&open, missing, around);
    let undecided = |one: &Missing| match one.state {
        None if !too_much => Fate::TakenBack,
        None => Fate::Waits,
        Some(_) => Fate::AsDecided,
    };
    missing.iter().zip(fates).map(|(one, fate)| fate.unwrap_or_else(|| undecided(one))).collect()
}

/// The most that may go from a set without a person's decision.
#[must_use]
pub fn most_missing(set: u64) -> u64 {
    (set / 100).min(MOST)
}

/// Whether so many treatments of a set are more than is taken back without a person's decision.
#[must_use]
pub fn is_too_many(gone: u64, set: u64) -> bool {
    gone > most_missing(set)
}

fn is_too_much(gone: usize, around: &Around) -> bool {
    let set: u64 = around.standing.iter().map(|(.., n)| n).sum();
    around.lacks_file || is_too_many(gone as u64, set)
}

/// Whether a unit or a programme of those that nobody has decided on has no treatment left.
fn is_one_wholly_gone(open: &[&Missing], missing: &[Missing], around: &Around) -> bool {
    let names: [fn(&Cell) -> &str; 2] = [|cell| &cell.unit, |cell| &cell.programme];
    (0..2).any(|place| {
        let mut left: HashMap<&str, u64> = HashMap::new();
        for (unit, programme, n) in &around.standing {
            *left.entry([unit.as_str(), programme.as_str()][place]).or_default() += n;
        }
        for one in missing.iter().filter(|one| one.at_register) {
            if let Some(left) = left.get_mut(names[place](&one.cell)) {
                *left = left.saturating_sub(1);
            }
        }
        open.iter().any(|one| left.get(names[place](&one.cell)) == Some(&0))
    })
}
