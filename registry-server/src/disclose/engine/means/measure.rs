//! Scores that means may be asked of: an instrument's range, and the code of those who have both scores.
//!
//! Promises: every person of that code has both scores, within the range, and nobody else has any.

use std::collections::BTreeMap;

use crate::disclose::engine::vocabulary::{Unregistered, Vocabulary};

/// A range from which means are printed in whole numbers.
const WHOLE_FROM: f64 = 100.0;

/// Scores to be registered.
#[derive(Debug, Clone, Copy)]
pub struct Scored<'a> {
    /// The name by which means are asked for, after `mean:`.
    pub name: &'a str,
    /// What they are scores of: means of the same are held against each other, whichever two scores they are of.
    pub of: &'a str,
    /// The code, `(dimension, code)`, of those who have both scores: of a dimension of kind `Outcome`.
    pub pairs: (&'a str, &'a str),
    /// The lowest score that there is.
    pub lowest: f64,
    /// The highest.
    pub highest: f64,
    /// Whether a higher score is better.
    pub higher_is_better: bool,
}

/// Registered scores.
#[derive(Debug, Clone)]
pub(in crate::disclose::engine) struct Measure {
    pub(in crate::disclose::engine) name: String,
    pub(super) of: String,
    /// Dimension and node of the pairs.
    pub(in crate::disclose::engine) pairs: (usize, usize),
    pub(super) lowest: f64,
    pub(super) highest: f64,
    pub(super) higher_is_better: bool,
}

impl Measure {
    /// What means are printed in steps of.
    pub(super) fn step(&self) -> f64 {
        if self.highest - self.lowest >= WHOLE_FROM { 1.0 } else { 0.1 }
    }

    /// A figure as printed.
    pub(super) fn printed(&self, value: f64) -> f64 {
        let steps = if self.highest - self.lowest >= WHOLE_FROM { 1.0 } else { 10.0 };
        // Not minus zero.
        (value * steps).round() / steps + 0.0
    }

    /// The scores of each contributor, given as codes by dimension and subject; nothing where some are missing, too many or out of range.
    pub(in crate::disclose::engine) fn scores<'c>(
        &self,
        contributors: impl Iterator<Item = (&'c [u8], &'c [usize])>,
        vocabulary: &Vocabulary,
        scores: &BTreeMap<Vec<u8>, (f64, f64)>,
    ) -> Option<Vec<Option<(f64, f64)>>> {
        let known = &vocabulary.dimensions[self.pairs.0];
        let is_in_range = |score: f64| (self.lowest..=self.highest).contains(&score);
        let of = |(subject, codes): (&'c [u8], &'c [usize])| {
            let is_pair = known.at(codes[self.pairs.0], known.nodes[self.pairs.1].depth) == self.pairs.1;
            let score = scores.get(subject).copied();
            let is_right = score.is_none_or(|(first, second)| is_in_range(first) && is_in_range(second));
            (is_right && score.is_some() == is_pair).then_some(score)
        };
        let found = contributors.map(of).collect::<Option<Vec<_>>>()?;
        (found.iter().flatten().count() == scores.len()).then_some(found)
    }
}

impl Vocabulary {
    /// Scores that means may be asked of.
    ///
    /// # Errors
    /// A code that is not registered or has scores already, or no range.
    pub fn scored(mut self, scored: Scored<'_>) -> Result<Self, Unregistered> {
        let pairs = self.find(scored.pairs)?;
        let Scored { name, of, lowest, highest, higher_is_better, .. } = scored;
        if lowest.is_nan()
            || highest.is_nan()
            || lowest >= highest
            || self.measures.iter().any(|known| known.name == name || known.pairs == pairs)
        {
            return Err(Unregistered::Name(name.to_owned()));
        }
        self.measures.push(Measure {
            name: name.to_owned(),
            of: of.to_owned(),
            pairs,
            lowest,
            highest,
            higher_is_better,
        });
        Ok(self)
    }
}
