//! Accounting lines put together, the same way at both ends.
//!
//! Promises: the difference of a sum is the sum of its lines' differences, so that two faults of one size show unless they are opposite
//! in one line.

use std::collections::BTreeMap;

use serde::Serialize;

use super::run::{Reason, Run, Term};

/// Lines put together: the terms and what decided them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sum {
    /// The terms.
    #[serde(flatten)]
    pub terms: Terms,
    /// How many of a term a rule decided, by term and rule.
    pub reasons: Vec<Reason>,
}

/// `found`, the terms that it should be the sum of, and what is left over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the terms are documented at Run")]
pub struct Terms {
    pub found: u64,
    pub accepted: u64,
    pub unchanged: u64,
    pub rejected: u64,
    pub held: u64,
    pub excluded: u64,
    pub pending: u64,
    /// What was found and is in no term; negative when something is in two.
    pub difference: i64,
}

impl Sum {
    /// Puts lines together.
    #[must_use]
    pub fn of<'a>(lines: impl Iterator<Item = &'a Run>) -> Self {
        let mut terms = Terms::default();
        let mut reasons: BTreeMap<(Term, &str), u64> = BTreeMap::new();
        for line in lines {
            terms.add(line);
            for Reason { term, rule, n } in &line.reasons {
                *reasons.entry((*term, rule)).or_default() += n;
            }
        }
        let reasons = reasons.into_iter().map(|((term, rule), n)| Reason { term, rule: rule.to_owned(), n }).collect();
        Self { terms, reasons }
    }
}

impl Terms {
    /// Adds a line.
    pub fn add(&mut self, line: &Run) {
        self.found += line.found;
        self.accepted += line.accepted;
        self.unchanged += line.unchanged;
        self.rejected += line.rejected;
        self.held += line.held;
        self.excluded += line.excluded;
        self.pending += line.pending;
        self.difference += i64::try_from(line.difference()).unwrap_or(i64::MAX);
    }
}
