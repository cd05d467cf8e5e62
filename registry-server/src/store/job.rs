//! The building of requests' tables as it is kept: what waits, who is at it and how far it has come, and what became of it.
//!
//! Promises of every engine: a job is one process's at a time, for as long as that keeps telling that it lives; one whose process is silent
//! is given to the next that asks. That somebody asked for it is written together with its event in the audit log.
//! Must not know: how tables are built, who may ask.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use schemas::language::{Language, Text};

use super::StoreError;
use super::alarm::Mark;
use super::audit::{Entry, What};
use crate::environment::Stamp;

/// How long a process that tells nothing is taken to be alive.
const SILENCE: SignedDuration = SignedDuration::from_mins(1);
/// The word of the event.
pub const ASKED: &str = "queued";
/// The word of the event of tables that were not built.
pub const FAILED: &str = "failed";

/// How far the tables of a request have come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// The table that is being built, from 1.
    pub table: u32,
    /// How many there are.
    pub tables: u32,
    /// Which attempt this is; 0 before the first.
    pub round: u32,
    /// Cells that are held against everything that was released.
    pub cells: u32,
}

/// Where a job stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobState {
    /// Nobody is at it.
    Queued,
    /// Somebody is.
    Running(Progress),
    /// The tables are built.
    Done,
    /// Why they are not.
    Failed(Text),
}

/// The building of a request's tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The number of the request.
    pub request: u32,
    /// The number of whoever asked for it.
    pub person: u32,
    /// The cut, by number or name; the newest where none is named.
    pub cut: Option<String>,
    /// Where it stands.
    pub state: JobState,
    /// Since when it waits, or since when it is over.
    pub at: Timestamp,
    /// How often somebody began it and did not give it back.
    pub attempts: u32,
}

/// A job that somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// The number of the request.
    pub request: u32,
    /// The number of whoever asks.
    pub person: u32,
    /// The cut, by number or name.
    pub cut: Option<String>,
    /// The process that is at it at once; nothing where the next that asks is.
    pub holder: Option<String>,
}

/// The jobs.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// Keeps a job; tells whether it is kept: not while a process that lives is at one of this request.
    async fn queue_job(&self, job: &NewJob, mark: Mark) -> Result<bool, StoreError>;

    /// The newest job of a request.
    async fn job(&self, request: u32) -> Result<Option<Job>, StoreError>;

    /// The job that has waited longest, for this process alone from now on; nothing where none waits.
    async fn take_job(&self, holder: &str, at: Timestamp) -> Result<Option<Job>, StoreError>;

    /// Notes how far a job has come, and that its process lives; tells whether the job is still that process's.
    async fn note_job(&self, held: (u32, &str), progress: Progress, at: Timestamp) -> Result<bool, StoreError>;

    /// Ends a process's part in a job; does nothing where the job is not that process's any more. What waits again was not attempted; that it
    /// failed is written together with its event in the audit log.
    async fn end_job(&self, held: (u32, &str), state: &JobState, stamp: Stamp) -> Result<(), StoreError>;
}

/// The statements, the same on both engines.
pub(super) mod sql {
    pub(in crate::store) const QUEUE: &str = "INSERT INTO extract_job
        (request, web_user, cut, state, at, holder, beat_s, attempts, place, places, round, cells, why)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0, 0, '')
        ON CONFLICT (request) DO UPDATE SET web_user = excluded.web_user, cut = excluded.cut, state = excluded.state,
            at = excluded.at, holder = excluded.holder, beat_s = excluded.beat_s, attempts = 0, place = 0, places = 0,
            round = 0, cells = 0, why = '', why_sv = ''
        WHERE extract_job.state <> 'running' OR extract_job.beat_s <= $8";
    pub(in crate::store) const ONE: &str =
        "SELECT request, web_user, cut, state, at, attempts, place, places, round, cells, why, why_sv
        FROM extract_job WHERE request = $1";
    pub(in crate::store) const TAKE: &str =
        "UPDATE extract_job SET state = 'running', holder = $1, beat_s = $2, attempts = attempts + 1
        WHERE (state = 'queued' OR state = 'running' AND beat_s <= $3) AND request IN (
            SELECT request FROM extract_job WHERE state = 'queued' OR state = 'running' AND beat_s <= $3
            ORDER BY at, request LIMIT 1)
        RETURNING request, web_user, cut, state, at, attempts, place, places, round, cells, why, why_sv";
    pub(in crate::store) const NOTE: &str =
        "UPDATE extract_job SET beat_s = $3, place = $4, places = $5, round = $6, cells = $7
        WHERE request = $1 AND holder = $2 AND state = 'running'";
    pub(in crate::store) const END: &str =
        "UPDATE extract_job SET state = $3, why = $4, why_sv = $5, at = $6, holder = NULL,
            attempts = attempts - CASE WHEN $3 = 'queued' AND attempts > 0 THEN 1 ELSE 0 END
        WHERE request = $1 AND holder = $2 AND state = 'running' RETURNING web_user";
}

/// Request, person, cut, state, time, attempts, table, tables, round, cells, why in English and in Swedish.
pub(super) type JobRow = (i64, i64, Option<String>, String, String, i64, i64, i64, i64, i64, String, String);

/// A row as a job.
pub(super) fn job(row: JobRow) -> Result<Job, StoreError> {
    let (request, person, cut, state, at, attempts, table, tables, round, cells, why, why_sv) = row;
    let broken = |column| StoreError::Inconsistent { table: "extract_job", column, id: request };
    let small = |stored: i64, column| u32::try_from(stored).map_err(|_| broken(column));
    let state = match state.as_str() {
        "queued" => JobState::Queued,
        "running" => JobState::Running(Progress {
            table: small(table, "place")?,
            tables: small(tables, "places")?,
            round: small(round, "round")?,
            cells: small(cells, "cells")?,
        }),
        "done" => JobState::Done,
        // What failed before it was told in Swedish too is told in English.
        "failed" if why_sv.is_empty() => JobState::Failed(Text::made(why.clone(), why)),
        "failed" => JobState::Failed(Text::made(why_sv, why)),
        _ => return Err(broken("state")),
    };
    Ok(Job {
        request: small(request, "request")?,
        person: small(person, "web_user")?,
        cut,
        state,
        at: at.parse().map_err(|_| broken("at"))?,
        attempts: small(attempts, "attempts")?,
    })
}

/// A state as it is kept: its word, and why in English and in Swedish.
pub(super) fn kept(state: &JobState) -> (&'static str, &str, &str) {
    match state {
        JobState::Queued => ("queued", "", ""),
        JobState::Running(_) => ("running", "", ""),
        JobState::Done => ("done", "", ""),
        JobState::Failed(why) => (FAILED, why.pick(Language::En), why.pick(Language::Sv)),
    }
}

/// The word that a new job begins with.
pub(super) fn begins(job: &NewJob) -> &'static str {
    if job.holder.is_some() { "running" } else { "queued" }
}

/// Who has told nothing since then is not alive at a moment, in seconds.
pub(super) fn silent_since(at: Timestamp) -> i64 {
    at.saturating_sub(SILENCE).unwrap_or(Timestamp::MIN).as_second()
}

/// The event of a job that is asked for.
pub(super) fn asked(job: &NewJob, mark: Mark) -> Entry {
    let what =
        What::Request { number: job.request.into(), of: job.person, person: mark.person, step: ASKED.to_owned() };
    Entry::new(mark.stamp, None, what)
}

/// The event of a job of somebody's that is over; nothing where it did not fail.
pub(super) fn ended(
    (request, person): (u32, i64),
    state: &JobState,
    stamp: Stamp,
) -> Result<Option<Entry>, StoreError> {
    let JobState::Failed(_) = state else { return Ok(None) };
    let broken = |_| StoreError::Inconsistent { table: "extract_job", column: "web_user", id: request.into() };
    let of = u32::try_from(person).map_err(broken)?;
    let what = What::Request { number: request.into(), of, person: None, step: FAILED.to_owned() };
    Ok(Some(Entry::new(stamp, None, what)))
}
