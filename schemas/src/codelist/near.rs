//! How alike two words are, for proposals to a person.
//!
//! Promises: equal words after folding are 1. Must not know: which words there are.

use super::fold::fold;

/// A code that a word may have been meant for.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// The code.
    pub code: String,
    /// How alike its likest name is, 0 to 1.
    pub likeness: f64,
}

/// Below this likeness a proposal misleads more than it helps.
pub(crate) const WORTH_TELLING: f64 = 0.65;
/// From here on a proposal may be written down for a person to confirm.
const SURE: f64 = 0.9;

impl Near {
    /// Whether a person should be shown it.
    #[must_use]
    pub fn is_worth_telling(&self) -> bool {
        self.likeness >= WORTH_TELLING
    }

    /// Whether it is so much alike that only a mistyped letter or an addition is between the two.
    #[must_use]
    pub fn is_sure(&self) -> bool {
        self.likeness >= SURE
    }
}

/// The likeness of two words after folding (Jaro-Winkler, 0 to 1).
#[must_use]
pub fn likeness(one: &str, other: &str) -> f64 {
    strsim::jaro_winkler(&fold(one), &fold(other))
}
