//! Who asks: the person behind the session that the browser holds.
//!
//! Promises: a session that is over, ended or of somebody removed is as none.

use super::Desk;
use super::fault::Fault;
use super::route::Route;
use super::visit::Visit;
use crate::authenticate::session::Token;
use crate::store::User;

/// The cookie that holds the token. The prefix makes a browser take it over TLS only, for this host only.
pub(super) const SESSION: &str = "__Host-session";

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    /// Who.
    pub(super) user: User,
    /// What the browser holds.
    pub(super) token: Token,
}

/// The token that a browser holds, whether it counts or not.
pub(super) fn token(visit: &Visit) -> Option<Token> {
    Token::read(visit.cookie(SESSION)?)
}

/// Who asks; nobody without a session that counts. An address that a browser asks for again and again by itself keeps none alive.
///
/// # Errors
/// When the store fails.
pub(super) async fn of(desk: &Desk, route: Option<&Route>, visit: &Visit) -> Result<Option<Visitor>, Fault> {
    let Some(token) = token(visit) else { return Ok(None) };
    let door = &desk.door;
    let found =
        if route.is_some_and(Route::comes_again) { door.find(&token).await? } else { door.resume(&token).await? };
    Ok(found.map(|(_, user)| Visitor { user, token }))
}

/// The cookie of a new session.
pub(super) fn cookie(token: &Token) -> String {
    format!("{SESSION}={}; Path=/; Secure; HttpOnly; SameSite=Lax", *token.text())
}

/// The cookie that takes the session's one away.
pub(super) fn no_cookie() -> String {
    format!("{SESSION}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax")
}
