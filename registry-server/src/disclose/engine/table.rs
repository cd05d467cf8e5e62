//! A table as it may leave, and the only place where it is made.
//!
//! Promises: a `Disclosed` value is made in `engine::disclose`, or read back from what was written under the register's seal, and nowhere
//! else; a table in JSON says exactly what may be seen, while what its hiding rests on is neither printed nor written with it; zero, hidden, not reported and not applicable are four
//! different marks. Source: disclosure, sections 8 and 12.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::disclose::engine::cube::Name;
use crate::disclose::engine::means::Averaged;
use crate::disclose::engine::percent::Percent;
use crate::disclose::engine::primary::Tells;

/// What may leave.
#[derive(Debug, Clone, PartialEq)]
pub struct Disclosed<T>(T);

impl<T> Disclosed<T> {
    pub(super) fn new(cleared: T) -> Self {
        Self(cleared)
    }
}

impl<T> Deref for Disclosed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// Persons, rounded to base 5.
    Count(u64),
    /// Nobody, as everybody knows: the codes exclude each other.
    Zero,
    /// Kept back.
    Hidden,
    /// Nothing is reported from there.
    NotReported,
    /// What is counted is not defined there.
    NotApplicable,
}

impl Shown {
    /// Whether everybody knows that nobody is counted there.
    pub(super) fn is_void(self) -> bool {
        matches!(self, Self::Zero | Self::NotReported | Self::NotApplicable)
    }
}

/// One cell.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The code of each dimension, `ALL` where it is summed over.
    pub codes: Vec<String>,
    /// What is shown.
    pub shown: Shown,
    /// Of a measure, the share of those that it is measured on.
    pub percent: Option<Percent>,
    /// Units that treated everybody in the table: stands in the row of all, of three units or more. By cell they would add up, and so tell
    /// of hidden ones.
    pub units: Option<usize>,
    /// Of a cell of pairs that means were asked of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub means: Option<Averaged>,
    #[serde(skip)]
    pub(super) name: Name,
    #[serde(skip)]
    pub(super) k: u64,
    #[serde(skip)]
    pub(super) tells: Tells,
    /// The earlier cut that the figure was drawn in, where it was kept.
    #[serde(skip)]
    pub(super) drawn: Option<String>,
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seen = (&self.codes, self.shown, self.percent, self.units, self.means);
        seen.fmt(f)
    }
}

/// A table of persons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// What was asked for.
    pub asked: String,
    /// What it is split by: less than was asked for, where too much would have been hidden.
    pub split_by: String,
    /// Names of the dimensions.
    pub columns: Vec<String>,
    /// Its cells, with every sum.
    pub rows: Vec<Row>,
}
