//! The mails about steps that were taken with requests: for whom and when, and sending them.
//!
//! Promises: of each step within the last week whoever asked gets one mail where somebody else took it, and every approver who must still
//! decide where the request waits for one; once, over restarts and however many servers run; a mail server that is away loses none, and
//! who need not act any more gets none. Must not know: what a mail says.

use jiff::{SignedDuration, Timestamp};

use super::mail::Mail;
use super::notice::Letter;
use crate::authenticate::{Role, email};
use crate::request::{Request, Standing, Step};
use crate::store::request_mail::RequestMail;
use crate::store::{Store, StoreError, User, UserKey, UserState};

/// Steps that are older are told nobody: they were taken before there was a mail server.
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Plans the mails of new steps, and sends what is due; tells how many were sent.
pub(crate) async fn tell(store: &dyn Store, mail: Option<&Mail>, now: Timestamp) -> Result<u32, StoreError> {
    let Some(mail) = mail else { return Ok(0) };
    for step in store.untold_steps(now.saturating_sub(WEEK).unwrap_or(Timestamp::MIN)).await? {
        let Some(request) = store.request(step.request).await? else { continue };
        let after = as_after(&request, step.place);
        let people: Vec<u32> = store
            .users()
            .await?
            .iter()
            .filter(|user| letter(&after, user, now).is_some())
            .map(|user| user.number)
            .collect();
        store.plan_step(step, &people, now).await?;
    }
    let mut sent = 0;
    while let Some(planned) = store.take_step_mail(now).await? {
        if let Some((user, letter)) = due(store, planned, now).await? {
            if let Err(reason) = mail.send_step((planned, &letter), &user.email, now).await {
                let person = planned.person;
                tracing::warn!(person, "a mail about a request could not be sent and is tried again later: {reason}");
                break;
            }
            sent += 1;
        }
        store.step_mail_settled(planned, now).await?;
    }
    Ok(sent)
}

/// Whom a planned mail is for, and what it says; nothing where they need not be told any more.
async fn due(store: &dyn Store, planned: RequestMail, now: Timestamp) -> Result<Option<(User, Letter)>, StoreError> {
    let Some(request) = store.request(planned.step.request).await? else { return Ok(None) };
    let Some(user) = store.user(&UserKey::Number(planned.person)).await? else { return Ok(None) };
    let after = as_after(&request, planned.step.place);
    let is_asked = request.requester() == Some(user.number) || waits_for(&request, &user, now);
    Ok(letter(&after, &user, now).filter(|_| is_asked).map(|letter| (user, letter)))
}

/// A request as it was after a step.
fn as_after(request: &Request, place: u32) -> Request {
    let steps = request.steps.iter().take(place as usize).cloned().collect();
    Request { number: request.number, steps }
}

/// What somebody is told of the last step of a request; nothing for whom it does not concern or who cannot be reached.
fn letter(after: &Request, user: &User, now: Timestamp) -> Option<Letter> {
    let may_sign_in = matches!(user.state(now), UserState::Active | UserState::Locked);
    let last = after.steps.last().filter(|_| may_sign_in && email::read(&user.email).is_ok())?;
    if last.person == user.number {
        None
    } else if after.requester() == Some(user.number) {
        Some(Letter::to_requester(after, last))
    } else {
        let is_news = matches!(last.step, Step::Submitted | Step::Approved);
        (is_news && waits_for(after, user, last.at)).then(|| Letter::to_approver(after, last.at))
    }
}

/// Whether a request waits for somebody's decision.
fn waits_for(request: &Request, user: &User, at: Timestamp) -> bool {
    user.role == Role::Approver
        && request.requester() != Some(user.number)
        && request.standing(at) == Standing::Submitted
        && !request.approvals().any(|taken| taken.person == user.number)
}

#[cfg(test)]
mod tests;
