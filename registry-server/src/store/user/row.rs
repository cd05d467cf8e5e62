//! Somebody as both engines read and write them.
//!
//! Promises: moments are whole milliseconds since 1970, so that they can be compared in the database; a row that cannot be this program's
//! is an error that names it.

use jiff::Timestamp;
use schemas::language::Language;

use super::{Invitation, Subject, User, UserKey, Waiting};
use crate::authenticate::attempt::Tries;
use crate::authenticate::password::PasswordHash;
use crate::authenticate::session::{Session, TokenHash};
use crate::store::StoreError;

/// A row of the table.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::store) struct UserRow {
    pub(in crate::store) number: i64,
    pub(in crate::store) email: String,
    pub(in crate::store) role: String,
    pub(in crate::store) language: String,
    pub(in crate::store) password: Option<String>,
    pub(in crate::store) factor: Option<Vec<u8>>,
    pub(in crate::store) failures: i64,
    pub(in crate::store) locked_until: Option<i64>,
    pub(in crate::store) last_step: Option<i64>,
    pub(in crate::store) invitation: Option<Vec<u8>>,
    pub(in crate::store) invited_until: Option<i64>,
    pub(in crate::store) added_at: i64,
    pub(in crate::store) signed_in_at: Option<i64>,
    pub(in crate::store) removed_at: Option<i64>,
    pub(in crate::store) issuer: Option<String>,
    pub(in crate::store) subject: Option<String>,
}

/// An attempt to sign in as it is read: until when it counts, where it leads, and which session it is to make fresh.
pub(in crate::store) type WaitingRow = (i64, String, Option<Vec<u8>>);

/// A session as it is read: what is kept of its token, whose it is, when it began, was seen and proved.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::store) struct SessionRow {
    token: Vec<u8>,
    web_user: i64,
    began_at: i64,
    seen_at: i64,
    proved_at: i64,
}

/// A number, an address, an invitation, or issuer and subject; the others are nothing.
pub(in crate::store) type KeyRow<'a> =
    (Option<i64>, Option<&'a str>, Option<&'a [u8]>, (Option<&'a str>, Option<&'a str>));

/// A key as it is asked for.
pub(in crate::store) fn key(key: &UserKey) -> KeyRow<'_> {
    match key {
        UserKey::Number(number) => (Some(i64::from(*number)), None, None, (None, None)),
        UserKey::Email(email) => (None, Some(email), None, (None, None)),
        UserKey::Invitation(token) => (None, None, Some(token), (None, None)),
        UserKey::Subject(of) => (None, None, None, (Some(&of.issuer), Some(&of.subject))),
    }
}

/// A moment as it is kept.
pub(in crate::store) fn moment(at: Timestamp) -> i64 {
    at.as_millisecond()
}

impl From<&User> for UserRow {
    fn from(user: &User) -> Self {
        Self {
            number: user.number.into(),
            email: user.email.clone(),
            role: user.role.to_string(),
            language: user.language.tag().to_owned(),
            password: user.password.as_ref().map(|password| password.as_str().to_owned()),
            factor: user.factor.clone(),
            failures: user.tries.failures.into(),
            locked_until: user.tries.locked_until.map(moment),
            last_step: user.tries.last_step,
            invitation: user.invitation.as_ref().map(|invitation| invitation.token.to_vec()),
            invited_until: user.invitation.as_ref().map(|invitation| moment(invitation.until)),
            added_at: moment(user.added_at),
            signed_in_at: user.signed_in_at.map(moment),
            removed_at: user.removed_at.map(moment),
            issuer: user.subject.as_ref().map(|of| of.issuer.clone()),
            subject: user.subject.as_ref().map(|of| of.subject.clone()),
        }
    }
}

impl TryFrom<UserRow> for User {
    type Error = StoreError;

    fn try_from(row: UserRow) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::Inconsistent { table: "web_user", column, id: row.number };
        let moment = |at: Option<i64>, column| {
            at.map(|at| Timestamp::from_millisecond(at).map_err(|_| wrong(column))).transpose()
        };
        let token = row.invitation.map(|token| read_token(&token).ok_or_else(|| wrong("invitation"))).transpose()?;
        let until = moment(row.invited_until, "invited_until")?;
        Ok(Self {
            number: u32::try_from(row.number).map_err(|_| wrong("number"))?,
            role: row.role.parse().map_err(|_| wrong("role"))?,
            language: row.language.parse::<Language>().map_err(|_| wrong("language"))?,
            password: row.password.map(PasswordHash::kept),
            factor: row.factor,
            tries: Tries {
                failures: u32::try_from(row.failures).map_err(|_| wrong("failures"))?,
                locked_until: moment(row.locked_until, "locked_until")?,
                last_step: row.last_step,
            },
            invitation: token.zip(until).map(|(token, until)| Invitation { token, until }),
            added_at: moment(Some(row.added_at), "added_at")?.unwrap_or_default(),
            signed_in_at: moment(row.signed_in_at, "signed_in_at")?,
            removed_at: moment(row.removed_at, "removed_at")?,
            subject: row.issuer.zip(row.subject).map(|(issuer, subject)| Subject { issuer, subject }),
            email: row.email,
        })
    }
}

/// A session with what is kept of its token.
pub(in crate::store) fn session(row: &SessionRow) -> Result<(TokenHash, Session), StoreError> {
    let wrong = |column| StoreError::Inconsistent { table: "web_session", column, id: row.web_user };
    let moment = |at, column| Timestamp::from_millisecond(at).map_err(|_| wrong(column));
    let session = Session {
        user: u32::try_from(row.web_user).map_err(|_| wrong("web_user"))?,
        began_at: moment(row.began_at, "began_at")?,
        seen_at: moment(row.seen_at, "seen_at")?,
        proved_at: moment(row.proved_at, "proved_at")?,
    };
    Ok((read_token(&row.token).ok_or_else(|| wrong("token"))?, session))
}

/// An attempt to sign in under what is kept of its token.
pub(in crate::store) fn waiting(token: TokenHash, (until, next, session): WaitingRow) -> Result<Waiting, StoreError> {
    let wrong = |column| StoreError::Inconsistent { table: "web_sign_in", column, id: until };
    Ok(Waiting {
        token,
        until: Timestamp::from_millisecond(until).map_err(|_| wrong("until"))?,
        next,
        session: session.map(|session| read_token(&session).ok_or_else(|| wrong("session"))).transpose()?,
    })
}

fn read_token(bytes: &[u8]) -> Option<TokenHash> {
    TokenHash::try_from(bytes).ok()
}
