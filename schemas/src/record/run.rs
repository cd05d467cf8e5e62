//! The accounting of a cycle: where everything that was found went, a line for each unit, programme and month.
//!
//! Promises: counts only, no local id and no value; the key names the line, so that a later account of the same line replaces it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Stands for a month, unit or programme that cannot be read.
pub const UNKNOWN: &str = "unknown";

/// The accounting of one cycle for one unit, programme and month: `found` is the sum of the six terms after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Cycle of the sender's state directory, from 1.
    pub cycle: u64,
    /// What the cycle read.
    pub reading: Reading,
    /// What is counted: treatments or answers.
    pub counted: Counted,
    /// `YYYY-MM` of `ended_on`, or [`UNKNOWN`].
    pub month: String,
    /// HSA-id of the unit where the treatments started, or [`UNKNOWN`].
    pub unit: String,
    /// Programme code, or [`UNKNOWN`].
    pub programme: String,
    /// Distinct ids read from the source.
    pub found: u64,
    /// Verdict accepted or replaced.
    pub accepted: u64,
    /// Equal to the accepted version.
    pub unchanged: u64,
    /// Verdict rejected.
    pub rejected: u64,
    /// Kept back by a rule.
    pub held: u64,
    /// Ongoing, support, test, protected, objection.
    pub excluded: u64,
    /// Queued without a verified receipt.
    pub pending: u64,
    /// How many of a term a rule decided; ordered by term, then rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
}

/// What a cycle read of its sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// Everything: its lines are the proof for the whole source.
    Full,
    /// What changed.
    Increment,
}

/// What a [`Run`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Whole treatment episodes.
    Treatments,
    /// Single answers.
    Answers,
}

/// A term of the accounting line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the terms are documented at Run")]
pub enum Term {
    Accepted,
    Unchanged,
    Rejected,
    Held,
    Excluded,
    Pending,
}

/// How many of a term one rule decided.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The term.
    pub term: Term,
    /// Stable id of the rule.
    pub rule: String,
    /// Treatments or answers.
    pub n: u64,
}

impl Reading {
    /// The word on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Increment => "increment",
        }
    }
}

impl Counted {
    /// The word on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Treatments => "treatments",
            Self::Answers => "answers",
        }
    }
}

impl Run {
    /// The line's key, by which a later account of it is known: `<reading>|<counted>|<month>|<unit>|<programme>`.
    #[must_use]
    pub fn key(&self) -> String {
        let Self { reading, counted, month, unit, programme, .. } = self;
        format!("{}|{}|{month}|{unit}|{programme}", reading.word(), counted.word())
    }

    /// The six terms that `found` is the sum of.
    #[must_use]
    pub fn terms(&self) -> [(Term, u64); 6] {
        [
            (Term::Accepted, self.accepted),
            (Term::Unchanged, self.unchanged),
            (Term::Rejected, self.rejected),
            (Term::Held, self.held),
            (Term::Excluded, self.excluded),
            (Term::Pending, self.pending),
        ]
    }

    /// What was found and is in no term; negative when a treatment is in two. Everything is accounted for when it is 0.
    #[must_use]
    pub fn difference(&self) -> i128 {
        self.terms().iter().fold(i128::from(self.found), |rest, (_, n)| rest - i128::from(*n))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_no_term_or_in_two_is_the_difference() {
        let mut run: Run = serde_json::from_value(serde_json::json!({
            "cycle": 7, "reading": "full", "counted": "answers", "month": "2024-04", "unit": "SE9990120000-E002",
            "programme": "sovhjalpen", "found": 10, "accepted": 3, "unchanged": 3, "rejected": 1, "held": 1, "excluded": 1,
            "pending": 1,
        }))
        .unwrap();
        assert_eq!((run.difference(), run.key().as_str()), (0, "full|answers|2024-04|SE9990120000-E002|sovhjalpen"));
        run.held = 3;
        assert_eq!(run.difference(), -2);
        (run.held, run.found) = (1, 11);
        assert_eq!(run.difference(), 1);
    }
}
