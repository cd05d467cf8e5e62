//! Which words a source uses for what is mapped, how often, and what each means here.
//!
//! Promises: a word means what a cycle would take it for; a value that could be an identity number is counted and never shown; memory
//! is bounded however many words there are. Connects to nothing but the source and writes nothing.
//! Must not know: who a row is about.

mod read;
mod render;

#[cfg(test)]
mod tests;

pub use read::survey;
pub use render::{suggestions, table};

use std::collections::HashMap;

use schemas::codelist::{CodeLists, fold};
use schemas::id::HsaId;
use serde::Serialize;

use crate::config::{MapKind, Maps};
use crate::identity::looks_like_identity;
use crate::map::{Origin, Words, nearest, sure};

/// Distinct words of one kind that are told apart; a column of free text would have no end.
const MOST_WORDS: usize = 10_000;

/// Words as they are counted.
#[derive(Default)]
pub struct Tally {
    words: HashMap<MapKind, HashMap<String, Counted>>,
    hidden: HashMap<MapKind, u64>,
    beyond: HashMap<MapKind, u64>,
}

/// A word in its first spelling, and how often it stands there in any.
struct Counted {
    spelling: String,
    count: u64,
}

/// What the words of a source mean.
#[derive(Debug, Serialize)]
pub struct Survey {
    /// `registry-map/1`
    pub schema: &'static str,
    /// Distinct words without a code.
    pub unknown: usize,
    /// Each kind that the source uses.
    pub kinds: Vec<Kind>,
}

/// The words of one kind.
#[derive(Debug, Serialize)]
pub struct Kind {
    /// Which kind.
    pub kind: MapKind,
    /// Its words: the unknown ones first, then the most frequent.
    pub words: Vec<Word>,
    /// Values that could be identity numbers and are not shown.
    pub hidden: u64,
    /// Values beyond the words that are told apart.
    pub beyond: u64,
}

/// One word.
#[derive(Debug, PartialEq, Serialize)]
pub struct Word {
    /// As it stands in the source, in the first of its spellings.
    pub local_value: String,
    /// How often.
    pub count: u64,
    /// The code that it means.
    pub code: Option<String>,
    /// How it came to it.
    pub origin: Origin,
    /// The nearest codes of an unknown word, the likest first.
    pub nearest: Vec<String>,
    /// The nearest one when hardly anything else can be meant.
    #[serde(skip)]
    sure: Option<String>,
}

impl Tally {
    /// Counts one value.
    pub fn add(&mut self, kind: MapKind, value: &str) {
        let words = self.words.entry(kind).or_default();
        let key = key(kind, value);
        if let Some(known) = words.get_mut(&key) {
            known.count += 1;
        } else if looks_like_identity(value) {
            *self.hidden.entry(kind).or_default() += 1;
        } else if words.len() >= MOST_WORDS {
            *self.beyond.entry(kind).or_default() += 1;
        } else {
            words.insert(key, Counted { spelling: value.to_owned(), count: 1 });
        }
    }

    /// What the counted words mean.
    #[must_use]
    pub fn survey(mut self, lists: &CodeLists, maps: &Maps) -> Survey {
        let mut words = Words::new(lists, maps);
        let mut kinds = Vec::new();
        for kind in MapKind::ALL {
            let Some(counted) = self.words.remove(&kind) else { continue };
            let mut told: Vec<Word> =
                counted.into_values().map(|counted| word(counted, kind, (&mut words, lists))).collect();
            told.sort_by(|a, b| {
                let known = |word: &Word| word.code.is_some();
                (known(a), b.count, &a.local_value).cmp(&(known(b), a.count, &b.local_value))
            });
            let of = |counts: &HashMap<MapKind, u64>| counts.get(&kind).copied().unwrap_or_default();
            kinds.push(Kind { kind, words: told, hidden: of(&self.hidden), beyond: of(&self.beyond) });
        }
        let unknown = kinds.iter().flat_map(|kind| &kind.words).filter(|word| word.code.is_none()).count();
        Survey { schema: "registry-map/1", unknown, kinds }
    }
}

/// Spellings that a row of the mapping covers at once are one word; an HSA-id has one spelling.
fn key(kind: MapKind, value: &str) -> String {
    if kind == MapKind::Unit && value.parse::<HsaId>().is_ok() { value.to_owned() } else { fold(value) }
}

fn word(counted: Counted, kind: MapKind, (words, lists): (&mut Words<'_>, &CodeLists)) -> Word {
    let Counted { spelling: local_value, count } = counted;
    let (code, origin) = words.meaning(kind, &local_value);
    let near = if code.is_none() { nearest(kind, &local_value, lists) } else { Vec::new() };
    let sure = sure(kind, &near, lists).map(str::to_owned);
    Word { local_value, count, code, origin, nearest: near.into_iter().map(|near| near.code).collect(), sure }
}
