//! What a step makes of somebody, decided before anything is written.
//!
//! Promises: pure; each change has exactly one event, and says which sessions must not outlive it.

use jiff::Timestamp;
use schemas::language::Language;

use super::{Attempt, Gain, User, UserKey, UserStep, Which};
use crate::authenticate::Role;
use crate::authenticate::attempt::{Tries, Verdict};
use crate::authenticate::session::{IDLE, LONGEST};
use crate::environment::Stamp;
use crate::store::audit::{Entry, What};

/// What is to be written.
pub(in crate::store) struct Change {
    /// Somebody as they are from now on.
    pub(in crate::store) user: User,
    /// The event.
    pub(in crate::store) entry: Entry,
    /// The sessions that end.
    pub(in crate::store) ends: Option<Which>,
}

/// Whom a step is about.
pub(in crate::store) fn key(step: &UserStep) -> UserKey {
    match step {
        UserStep::Invite { email, .. }
        | UserStep::Reset { email, .. }
        | UserStep::Role { email, .. }
        | UserStep::Remove { email }
        | UserStep::Readmit { email } => UserKey::Email(email.clone()),
        UserStep::Accept { invitation, .. } => UserKey::Invitation(*invitation),
        UserStep::Password { number, .. } => UserKey::Number(*number),
        UserStep::Vouch { subject, .. } | UserStep::Turn { subject } => UserKey::Subject(subject.clone()),
    }
}

/// What a step makes of somebody, or of nobody under the next number; nothing when it cannot be taken.
pub(in crate::store) fn take(step: &UserStep, before: Option<User>, next: u32, stamp: Stamp) -> Option<Change> {
    let there = before.as_ref().is_some_and(|user| user.removed_at.is_none());
    let (user, word, ends) = match step {
        UserStep::Invite { email, role, language, invitation } => {
            let number = before.as_ref().map_or(next, |user| user.number);
            let user = User {
                invitation: Some(invitation.clone()),
                ..anew(number, email.clone(), (role, *language, stamp.at))
            };
            (!there).then_some((user, "invited", Some(Which::All)))?
        }
        UserStep::Vouch { subject, role, language, gain } => {
            let new =
                || User { subject: Some(subject.clone()), ..anew(next, subject.name(), (role, *language, stamp.at)) };
            let user = if there { before? } else { before.is_none().then(new)? };
            vouched(user, role, (gain, stamp.at))
        }
        UserStep::Turn { .. } => (before?, "refused", Some(Which::All)),
        UserStep::Readmit { .. } => {
            let mut user = before.filter(|user| user.subject.is_some())?;
            user.removed_at.take()?;
            (user, "readmitted", None)
        }
        _ => change(step, before.filter(|_| there)?, stamp.at)?,
    };
    Some(Change::of(user, word, (ends, stamp)))
}

/// Somebody new, who cannot sign in yet.
fn anew(number: u32, email: String, (role, language, at): (&Role, Language, Timestamp)) -> User {
    User {
        number,
        email,
        subject: None,
        role: role.clone(),
        language,
        password: None,
        factor: None,
        tries: Tries::default(),
        invitation: None,
        added_at: at,
        signed_in_at: None,
        removed_at: None,
    }
}

/// Somebody whom the provider vouches for, with the role that its word gives now.
fn vouched(mut user: User, role: &Role, (gain, at): (&Gain, Timestamp)) -> (User, &'static str, Option<Which>) {
    let ends = (user.role != *role).then_some(Which::All);
    user.role = role.clone();
    match gain {
        Gain::Session { .. } => {
            user.signed_in_at = Some(at);
            (user, "signed_in", ends)
        }
        Gain::Fresh { .. } => (user, "proved_again", ends),
    }
}

fn change(step: &UserStep, mut user: User, at: Timestamp) -> Option<(User, &'static str, Option<Which>)> {
    let is_vouched_for = user.subject.is_some();
    match step {
        UserStep::Remove { .. } => {
            (user.password, user.factor, user.invitation, user.removed_at) = (None, None, None, Some(at));
            Some((user, "removed", Some(Which::All)))
        }
        // Role and proof of who is vouched for are the provider's.
        _ if is_vouched_for => None,
        UserStep::Invite { .. } | UserStep::Vouch { .. } | UserStep::Turn { .. } | UserStep::Readmit { .. } => None,
        UserStep::Reset { invitation, .. } => {
            (user.password, user.factor, user.tries) = (None, None, Tries::default());
            user.invitation = Some(invitation.clone());
            Some((user, "reset", Some(Which::All)))
        }
        UserStep::Role { role, .. } => {
            user.role = role.clone();
            Some((user, "role", Some(Which::All)))
        }
        UserStep::Accept { password, factor, step, .. } => {
            user.invitation.take_if(|invitation| at < invitation.until)?;
            (user.password, user.factor) = (Some(password.clone()), Some(factor.clone()));
            user.tries = Tries { last_step: *step, ..Tries::default() };
            Some((user, "accepted", None))
        }
        UserStep::Password { password, session, .. } => {
            user.password.replace(password.clone())?;
            Some((user, "password", Some(Which::AllBut(*session))))
        }
    }
}

/// What an attempt on an account leaves, and whether it succeeded.
pub(in crate::store) fn attempted(attempt: &Attempt, mut user: User, stamp: Stamp) -> (Verdict, Change) {
    let (verdict, tries) = match user {
        User { removed_at: None, password: Some(_), .. } => (attempt.decide)(&user.tries),
        _ => (Verdict::Refused, user.tries),
    };
    user.tries = tries;
    let word = match (verdict, &attempt.gain) {
        (Verdict::Proved, Gain::Session { .. }) => {
            user.signed_in_at = Some(stamp.at);
            "signed_in"
        }
        (Verdict::Proved, Gain::Fresh { .. }) => "proved_again",
        (Verdict::Refused, _) => "refused",
        (Verdict::Locked { .. }, _) => "locked",
    };
    (verdict, Change::of(user, word, (None, stamp)))
}

/// The event of an attempt on an account that is nobody's.
pub(in crate::store) fn nobody(stamp: Stamp) -> Entry {
    Entry::new(stamp, None, What::User { number: None, step: "refused".into(), role: None })
}

/// The event of sessions that somebody ended.
pub(in crate::store) fn signed_out(number: u32, stamp: Stamp) -> Entry {
    Entry::new(stamp, None, What::User { number: Some(number), step: "signed_out".into(), role: None })
}

/// Sessions that were seen or began before these moments are over.
pub(in crate::store) fn over(now: Timestamp) -> (Timestamp, Timestamp) {
    (now - IDLE, now - LONGEST)
}

impl Change {
    fn of(user: User, word: &str, (ends, stamp): (Option<Which>, Stamp)) -> Self {
        let sender = if let Role::Region(code) = &user.role { Some(code) } else { None };
        let what = What::User { number: Some(user.number), step: word.to_owned(), role: Some(user.role.to_string()) };
        Self { entry: Entry::new(stamp, sender, what), user, ends }
    }
}
