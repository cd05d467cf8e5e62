//! What a cycle counted, for people and programs.

use std::collections::BTreeMap;

use serde::Serialize;

/// What a cycle counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the words are those of the accounting line")]
pub enum Term {
    Found,
    Queued,
    Retracted,
    Unchanged,
    Held,
    Excluded,
    AnswerHeld,
    Warning,
}

impl Term {
    /// The word in the database and in `status --json`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Queued => "queued",
            Self::Retracted => "retracted",
            Self::Unchanged => "unchanged",
            Self::Held => "held",
            Self::Excluded => "excluded",
            Self::AnswerHeld => "answer-held",
            Self::Warning => "warning",
        }
    }
}

/// Numbers by term, and by rule where one decided.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Term and number.
    pub counts: BTreeMap<String, u64>,
    /// Term, rule and number.
    pub by_rule: BTreeMap<String, BTreeMap<String, u64>>,
}

impl Tally {
    /// Adds a number under a term; an empty rule is none.
    pub fn add(&mut self, term: &str, rule: &str, n: u64) {
        *self.counts.entry(term.to_owned()).or_default() += n;
        if !rule.is_empty() {
            *self.by_rule.entry(term.to_owned()).or_default().entry(rule.to_owned()).or_default() += n;
        }
    }
}
