//! The mails about steps that were taken with requests: which are planned, who takes one to be sent, and which are settled.
//!
//! Promises of every engine: a person has one mail of a step, over restarts and however many servers plan it; a planned mail is given to
//! one server at a time until it was settled, and for a month. Must not know: whom a step concerns, what a mail says.

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;

/// A step of a request: the request's number, and the place of the step among its steps, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepOf {
    /// The request.
    pub request: u32,
    /// The place.
    pub place: u32,
}

/// A planned mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestMail {
    /// What it is about.
    pub step: StepOf,
    /// The number of whom it is for.
    pub person: u32,
}

/// The mails as they are kept.
#[async_trait]
pub trait RequestMails: Send + Sync {
    /// Steps taken since a moment for which nothing is planned yet. Writing down and mending concern nobody else.
    async fn untold_steps(&self, since: Timestamp) -> Result<Vec<StepOf>, StoreError>;

    /// Plans a step's mails for these people, beside the settled one of whoever took it.
    async fn plan_step(&self, step: StepOf, people: &[u32], at: Timestamp) -> Result<(), StoreError>;

    /// A mail that is due, for this caller alone until it is due again: the later the more often it was taken, and never after a month.
    async fn take_step_mail(&self, at: Timestamp) -> Result<Option<RequestMail>, StoreError>;

    /// Notes that a mail was sent, or that nobody waits for it any more.
    async fn step_mail_settled(&self, mail: RequestMail, at: Timestamp) -> Result<(), StoreError>;
}

/// The statements, the same on both engines.
pub(super) mod sql {
    pub(in crate::store) const UNTOLD: &str = "SELECT request, place FROM request_step
        WHERE at >= $1 AND step NOT IN ('drafted', 'mended') AND NOT EXISTS (
            SELECT 1 FROM request_mail
            WHERE request_mail.request = request_step.request AND request_mail.place = request_step.place)
        ORDER BY request, place";
    pub(in crate::store) const OWN: &str = "INSERT INTO request_mail (request, place, web_user, made_s, due_s, sent_at)
        SELECT request, place, web_user, $3, $3, $4 FROM request_step WHERE request = $1 AND place = $2
        ON CONFLICT (request, place, web_user) DO NOTHING";
    pub(in crate::store) const PLAN: &str = "INSERT INTO request_mail (request, place, web_user, made_s, due_s)
        VALUES ($1, $2, $3, $4, $4) ON CONFLICT (request, place, web_user) DO NOTHING";
    pub(in crate::store) const TAKE: &str = "UPDATE request_mail
        SET attempts = attempts + 1,
            due_s = $1 + CASE WHEN attempts < 12 THEN 300 * (1 + attempts * attempts) ELSE 43200 END
        WHERE sent_at IS NULL AND due_s <= $1 AND (request, place, web_user) IN (
            SELECT request, place, web_user FROM request_mail
            WHERE sent_at IS NULL AND due_s <= $1 AND made_s + 2678400 > $1
            ORDER BY made_s, request, place, web_user LIMIT 1)
        RETURNING request, place, web_user";
    pub(in crate::store) const SETTLED: &str =
        "UPDATE request_mail SET sent_at = $4 WHERE request = $1 AND place = $2 AND web_user = $3";
}

/// A step as it was read.
pub(super) fn step((request, place): (i64, i64)) -> StepOf {
    let small = |number: i64| u32::try_from(number).unwrap_or_default();
    StepOf { request: small(request), place: small(place) }
}

/// A mail as it was read.
pub(super) fn mail((request, place, person): (i64, i64, i64)) -> RequestMail {
    RequestMail { step: step((request, place)), person: u32::try_from(person).unwrap_or_default() }
}
