//! Requests for extracts as they are kept: every step that was taken, none altered.
//!
//! Promises of every engine: a step is written together with its event in the audit log; of two who take a step at the same time from where
//! a request stands, one is told that somebody was faster. Must not know: which steps may follow each other.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;
use super::alarm::Mark;
use super::audit::{Entry, What};
use crate::request::{Form, Refusal, Request, Said, Step, Taken, quota};

/// Requests.
#[async_trait]
pub trait Requests: Send + Sync {
    /// Every request with its steps, by number.
    async fn requests(&self) -> Result<Vec<Request>, StoreError>;

    /// One of them; nothing where there is none of this number.
    async fn request(&self, number: u32) -> Result<Option<Request>, StoreError>;

    /// Keeps a new request by its first step, under the next number, which it gives.
    async fn add_request(&self, first: &Taken, mark: Mark) -> Result<u32, StoreError>;

    /// Keeps a step behind so many; tells whether it is kept: not where somebody has taken another meanwhile, or there is no request.
    async fn take_step(&self, number: u32, behind: usize, step: &Taken, mark: Mark) -> Result<bool, StoreError>;

    /// Hands a request in behind so many steps, unless whoever asks has handed in `quota` others in twelve months: counted and kept as
    /// one, so that of two at the same moment only as many are kept as may be.
    async fn hand_in(&self, place: (u32, usize), step: &Taken, quota: u32, mark: Mark) -> Result<HandedIn, StoreError>;
}

/// What became of a request that was to be handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandedIn {
    /// It is handed in.
    Kept,
    /// Somebody took another step at the same moment.
    Overtaken,
    /// Whoever asks has handed in as many as they may.
    Full(Refusal),
}

/// The statements, the same on both engines.
pub(super) mod sql {
    pub(in crate::store) const ALL: &str =
        "SELECT request, place, step, at, web_user, comment, diary, form FROM request_step
        ORDER BY request, place";
    pub(in crate::store) const ONE: &str =
        "SELECT request, place, step, at, web_user, comment, diary, form FROM request_step
        WHERE request = $1 ORDER BY place";
    pub(in crate::store) const ADD: &str =
        "INSERT INTO request_step (request, place, step, at, web_user, comment, diary, form)
        SELECT COALESCE(MAX(request), 0) + 1, 1, $1, $2, $3, $4, $5, $6 FROM request_step RETURNING request";
    pub(in crate::store) const STEP: &str =
        "INSERT INTO request_step (request, place, step, at, web_user, comment, diary, form)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8
        WHERE EXISTS (SELECT 1 FROM request_step WHERE request = $1 AND place = $2 - 1)
        ON CONFLICT (request, place) DO NOTHING";
    pub(in crate::store) const HANDED_IN: &str =
        "SELECT request, at FROM request_step WHERE step = 'submitted' AND web_user = $1 ORDER BY request, place";
}

/// Request, place, step, time, person, comment, diary number, form.
pub(super) type StepRow = (i64, i64, String, String, i64, String, String, Option<String>);

/// Rows in the order of requests and places, as requests.
pub(super) fn requests(rows: Vec<StepRow>) -> Result<Vec<Request>, StoreError> {
    let mut requests: Vec<Request> = Vec::new();
    for (number, _, step, at, person, comment, diary, form) in rows {
        let broken = |column| StoreError::Inconsistent { table: "request_step", column, id: number };
        let small = |stored: i64, column| u32::try_from(stored).map_err(|_| broken(column));
        let step = Step::ALL.into_iter().find(|known| known.word() == step).ok_or_else(|| broken("step"))?;
        let form = form.map(|form| serde_json::from_str::<Form>(&form)).transpose().map_err(|_| broken("form"))?;
        let at = at.parse().map_err(|_| broken("at"))?;
        let said = Said { comment, diary };
        let taken = Taken { step, at, person: small(person, "web_user")?, said, form };
        let number = small(number, "request")?;
        match requests.last_mut() {
            Some(request) if request.number == number => request.steps.push(taken),
            _ => requests.push(Request { number, steps: vec![taken] }),
        }
    }
    Ok(requests)
}

/// Whether a request can be handed in, by when the same person handed in requests: rows of [`sql::HANDED_IN`].
pub(super) fn room(
    number: u32,
    rows: Vec<(i64, String)>,
    (quota, now): (u32, Timestamp),
) -> Result<Result<(), Refusal>, StoreError> {
    let mut first: BTreeMap<i64, Timestamp> = BTreeMap::new();
    for (request, at) in rows {
        let broken = |_| StoreError::Inconsistent { table: "request_step", column: "at", id: request };
        first.entry(request).or_insert(at.parse().map_err(broken)?);
    }
    // What was given back and comes again is counted already.
    let is_new = !first.contains_key(&i64::from(number));
    Ok(if is_new { quota::left(quota, first.into_values(), now).map(|_| ()) } else { Ok(()) })
}

/// What a step states, as it is kept.
pub(super) fn form(taken: &Taken) -> Result<Option<String>, StoreError> {
    let written = taken.form.as_ref().map(serde_json::to_string).transpose();
    written.map_err(|error| StoreError::Statement(error.to_string()))
}

/// The event of a step.
pub(super) fn event(number: u32, taken: &Taken, mark: Mark) -> Entry {
    let step = taken.step.word().to_owned();
    let what = What::Request { number: number.into(), of: taken.person, person: mark.person, step };
    Entry::new(mark.stamp, None, what)
}
