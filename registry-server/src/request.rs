//! A request for an aggregated extract: what it states, and how far it has come.
//!
//! Promises: pure; where a request stands follows from the steps that were taken with it and the time, from nothing else. Whoever asked
//! decides on nothing of it, and two others must agree. Source of the fields: what Swedish registers require of a researcher.
//! Must not know: SQL, HTTP, how a table is made.

/// A request that amends another.
mod amending;
/// An order of the statistician's file.
pub mod analysis;
/// Where a request stands, and who may take it further.
pub mod course;
/// In what a request that amends another differs.
pub mod difference;
/// What a request states.
pub mod form;
/// How many requests somebody may hand in.
pub mod quota;
/// Why a step is not taken.
pub mod refusal;
/// What is said of a step.
pub mod said;

use jiff::Timestamp;

pub use course::{Standing, Step};
pub use form::Form;
pub use refusal::Refusal;
pub use said::Said;

/// A request with everything that became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Its number, from 1.
    pub number: u32,
    /// What was done, in order; the first step wrote it down.
    pub steps: Vec<Taken>,
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// What was done.
    pub step: Step,
    /// When.
    pub at: Timestamp,
    /// The number of whoever did it.
    pub person: u32,
    /// What they said of it.
    pub said: Said,
    /// What the request states from then on; nothing where that stays as it was.
    pub form: Option<Form>,
}

impl Request {
    /// What it states now.
    #[must_use]
    pub fn form(&self) -> Option<&Form> {
        self.steps.iter().rev().find_map(|taken| taken.form.as_ref())
    }

    /// The number of whoever asks.
    #[must_use]
    pub fn requester(&self) -> Option<u32> {
        self.steps.first().map(|taken| taken.person)
    }
}
