//! `/sign-in/provider` and what follows: to the identity provider, back from it, and out of it.
//!
//! Promises: a browser is sent to the configured provider and nowhere else; why somebody did not come in is one sentence that says what
//! to do, and its detail is logged once.

use askama::Template;
use schemas::language::Text;

use super::answer::Answer;
use super::fault::Fault;
use super::shell::Shell;
use super::{Ask, route, sign_in, visitor};
use crate::authenticate::session::Token;
use crate::config::Others;
use crate::provider::{NotVouched, Provider, Returned};
use crate::sign_in::vouched::{AWAY, Brought, Errand, NotIn};

/// The cookie that a browser holds while it is at the provider.
const AWAY_COOKIE: &str = "__Host-sign-in";

static LEFT: Text = Text::fixed("Du är utloggad här", "You are signed out here");

/// Why somebody who was sent to the provider did not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turned {
    /// The provider does not answer.
    Down,
    /// The browser was not sent, comes too late, or comes again.
    Astray,
    /// The provider did not let them in.
    Declined,
    /// Nothing of what the provider says gives a role here.
    NoRole,
    /// They are let in no more.
    Removed,
    /// Somebody else proved who they are.
    SomebodyElse,
    /// The provider's answer cannot be relied on.
    NotVouched,
}

#[derive(Template)]
#[template(path = "signed_out.html")]
struct Page {
    shell: Shell,
    address: String,
}

/// Sends the browser to the provider, to sign in, or with `again` to prove anew who somebody is.
///
/// # Errors
/// [`Fault::NotFound`] without a provider, [`Fault::Turned`] when it does not answer.
pub(super) async fn send(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let provider = of(ask)?;
    sign_in::try_once(ask)?;
    let next = ask.visit.asked("next").filter(|next| sign_in::is_own(next)).unwrap_or_default().to_owned();
    let session = match ask.visit.asked("again") {
        Some(_) => Some(ask.somebody()?.token.hash()),
        None => None,
    };
    let errand = Errand { next, session, language: ask.visit.language };
    let (token, to) = ask.desk.door.send(provider, errand).await.map_err(turned)?;
    let text = token.text();
    let cookie = format!("{AWAY_COOKIE}={}; Path=/; Max-Age={}; Secure; HttpOnly; SameSite=Lax", *text, AWAY.as_secs());
    Ok(Answer::SeeOther { to, cookie: Some(cookie) })
}

/// Lets in whoever comes back.
///
/// # Errors
/// [`Fault::Turned`] when they do not come in.
pub(super) async fn back(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let provider = of(ask)?;
    let visit = ask.visit;
    let Some(token) = visit.cookie(AWAY_COOKIE).and_then(Token::read) else { return Ok(turned_away(Turned::Astray)) };
    let returned = visit.asked("code").map(|code| Returned { code, issuer: visit.asked("iss") });
    let brought = Brought { token, state: visit.asked("state").unwrap_or_default(), returned };
    let held = visitor::token(visit);
    let entered = match ask.desk.door.receive(provider, (brought, held.as_ref()), visit.language).await.map_err(turned)
    {
        // This address counts once, also when somebody only wants to read the page in another language.
        Err(Fault::Turned(why)) => return Ok(turned_away(why)),
        entered => entered?,
    };
    let first = || route::menu(&entered.role).next().map_or("/account", |(path, _)| path).to_owned();
    let to = if entered.next.is_empty() { first() } else { entered.next.clone() };
    Ok(Answer::SeeOther { to, cookie: entered.token.as_ref().map(visitor::cookie) })
}

/// Tells somebody who came back why they did not come in.
///
/// # Errors
/// Always: [`Fault::Turned`], or [`Fault::NotFound`] where the address names no reason.
pub(super) fn refused(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let why = ask.visit.asked("why").and_then(|word| Turned::ALL.into_iter().find(|why| why.word() == word));
    Err(why.map_or(Fault::NotFound, Fault::Turned))
}

/// Goes on to end the session at the provider too. A form must not lead to another site, so this page stands in between.
///
/// # Errors
/// None in practice.
pub(super) async fn left(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let address = match &ask.desk.provider {
        Some(provider) => provider.leaving().await,
        None => None,
    };
    match address {
        Some(address) => Answer::page(&Page { shell: Shell::new((ask.visit, ask.visitor), &LEFT), address }),
        None => Ok(Answer::SeeOther { to: "/sign-in".to_owned(), cookie: None }),
    }
}

/// Sends somebody on to be told why they did not come in.
fn turned_away(why: Turned) -> Answer {
    Answer::SeeOther { to: format!("/sign-in/refused?why={}", why.word()), cookie: None }
}

fn of<'a>(ask: &'a Ask<'_>) -> Result<&'a Provider, Fault> {
    ask.desk.provider.as_ref().ok_or(Fault::NotFound)
}

fn turned(error: NotIn) -> Fault {
    Fault::Turned(match error {
        NotIn::Store(error) => return error.into(),
        NotIn::NotVouched(why) => {
            tracing::warn!("somebody could not sign in: {why}");
            match why {
                NotVouched::Down(_) => Turned::Down,
                NotVouched::Refused(_) => Turned::NotVouched,
            }
        }
        NotIn::Astray => Turned::Astray,
        NotIn::Declined => Turned::Declined,
        NotIn::NoRole => Turned::NoRole,
        NotIn::Removed => Turned::Removed,
        NotIn::SomebodyElse => Turned::SomebodyElse,
    })
}

impl Turned {
    /// Every reason.
    const ALL: [Self; 7] =
        [Self::Down, Self::Astray, Self::Declined, Self::NoRole, Self::Removed, Self::SomebodyElse, Self::NotVouched];

    /// The word for it in an address.
    fn word(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Astray => "astray",
            Self::Declined => "declined",
            Self::NoRole => "no-role",
            Self::Removed => "removed",
            Self::SomebodyElse => "somebody-else",
            Self::NotVouched => "not-vouched",
        }
    }

    /// The status of the page that tells it.
    pub(super) fn status(self) -> u16 {
        match self {
            Self::Down => 503,
            Self::Astray => 400,
            Self::Declined | Self::NoRole | Self::Removed | Self::SomebodyElse | Self::NotVouched => 403,
        }
    }

    /// What it is, and what to do, where people have accounts here besides or have none.
    pub(super) fn words(self, others: Others) -> [Text; 2] {
        match self {
            Self::Down if others == Others::LocalAccounts => DOWN,
            Self::Down => DOWN_ALONE,
            Self::Astray => ASTRAY,
            Self::Declined => DECLINED,
            Self::NoRole => NO_ROLE,
            Self::Removed => REMOVED,
            Self::SomebodyElse => SOMEBODY_ELSE,
            Self::NotVouched => NOT_VOUCHED,
        }
    }
}

const DOWN: [Text; 2] = [
    Text::fixed("Inloggningstjänsten svarar inte", "The sign-in service does not answer"),
    Text::fixed(
        "Försök igen om en stund; den som har ett konto här kan logga in med det så länge.",
        "Try again in a while; whoever has an account here can sign in with it meanwhile.",
    ),
];
const DOWN_ALONE: [Text; 2] = [
    Text::fixed("Inloggningstjänsten svarar inte", "The sign-in service does not answer"),
    Text::fixed("Försök igen om en stund.", "Try again in a while."),
];
const ASTRAY: [Text; 2] = [
    Text::fixed("Inloggningen kunde inte slutföras", "The sign-in could not be completed"),
    Text::fixed(
        "Den tog för lång tid eller är redan använd; börja om från inloggningssidan i samma webbläsare.",
        "It took too long or was used already; start again from the sign-in page in the same browser.",
    ),
];
const DECLINED: [Text; 2] = [
    Text::fixed("Inloggningen avbröts", "The sign-in was called off"),
    Text::fixed("Börja om från inloggningssidan.", "Start again from the sign-in page."),
];
const NO_ROLE: [Text; 2] = [
    Text::fixed("Du har ingen behörighet till registret", "You have no access to the register"),
    Text::fixed(
        "Logga in igen och välj ett annat medarbetaruppdrag, eller be registrets kansli om behörighet.",
        "Sign in again and choose another commission, or ask the register's staff for access.",
    ),
];
const REMOVED: [Text; 2] = [
    Text::fixed("Din behörighet är borttagen", "Your access was removed"),
    Text::fixed("Be registrets kansli om du behöver den igen.", "Ask the register's staff if you need it again."),
];
const SOMEBODY_ELSE: [Text; 2] = [
    Text::fixed("Det var någon annan som legitimerade sig", "Somebody else proved who they are"),
    Text::fixed("Gör om det som den som är inloggad här.", "Do it again as the one who is signed in here."),
];
const NOT_VOUCHED: [Text; 2] = [
    Text::fixed("Inloggningen godtogs inte", "The sign-in was not accepted"),
    Text::fixed(
        "Försök igen; hjälper det inte, kontakta registrets kansli.",
        "Try again; if that does not help, contact the register's staff.",
    ),
];

#[cfg(test)]
mod tests {
    use schemas::language::Language;

    use super::*;

    #[test]
    fn a_provider_that_is_down_sends_nobody_to_an_account_here_where_there_are_none() {
        for (language, account) in [(Language::Sv, "konto här"), (Language::En, "account here")] {
            for (others, is_told) in [(Others::LocalAccounts, true), (Others::Nobody, false)] {
                let [_, sentence] = Turned::Down.words(others);
                assert_eq!(sentence.pick(language).contains(account), is_told, "{others:?}");
            }
        }
    }
}
