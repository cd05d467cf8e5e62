//! What a person reads instead of a page.
//!
//! Promises: one sentence that says what to do, in the reader's language, and no detail; what nobody expected is logged once, under the
//! number that the page shows.

use askama::Template;
use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{Response, StatusCode};
use schemas::canonical;
use schemas::language::{Language, Text};

use super::answer::Answer;
use super::provider::Turned;
use super::shell::Shell;
use super::visit::Visit;
use super::visitor::Visitor;
use super::{Desk, answer};
use crate::config::Others;
use crate::provider::Provider;
use crate::store::StoreError;

/// Why there is no page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// Only for who is signed in.
    SignIn,
    /// Not for who is signed in.
    NotAllowed,
    /// No such table is published.
    NotReleased,
    /// What was asked cannot be understood.
    Unreadable,
    /// Too many attempts from one address.
    TooOften,
    /// The invitation was taken, or is over, or never was.
    NoInvitation,
    /// The disk failed under the store, so that this process must end.
    Broken(String),
    /// Nothing lies there.
    NotFound,
    /// The identity provider sent somebody back who does not come in, or nobody.
    Turned(Turned),
    /// A form that no page of this register sent.
    Foreign,
    /// It takes too long at the moment.
    Busy,
    /// A defect, or a store that failed.
    Unexpected(String),
}

#[derive(Template)]
#[template(path = "fault.html")]
struct Page {
    shell: Shell,
    sentence: String,
    number: Option<String>,
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Broken(_) => Self::Broken(error.to_string()),
            error if error.passes() => Self::Busy,
            error => Self::Unexpected(error.to_string()),
        }
    }
}

impl Fault {
    /// Status, what it is, and what to do, where people have accounts here besides or have none.
    fn told(&self, others: Others) -> (u16, Text, Text) {
        let [title, sentence] = match self {
            Self::SignIn => NOT_SIGNED_IN,
            Self::NotAllowed => NOT_ALLOWED,
            Self::NotReleased => NOT_RELEASED,
            Self::Unreadable => UNREADABLE,
            Self::TooOften => TOO_OFTEN,
            Self::NoInvitation => NO_INVITATION,
            Self::NotFound => NOT_FOUND,
            Self::Foreign => FOREIGN,
            Self::Turned(turned) => turned.words(others),
            Self::Busy => BUSY,
            Self::Unexpected(_) | Self::Broken(_) => UNEXPECTED,
        };
        let status = match self {
            Self::SignIn => 401,
            Self::NotAllowed | Self::Foreign => 403,
            Self::NotFound | Self::NoInvitation | Self::NotReleased => 404,
            Self::Unreadable => 400,
            Self::TooOften => 429,
            Self::Busy => 503,
            Self::Turned(turned) => turned.status(),
            Self::Unexpected(_) | Self::Broken(_) => 500,
        };
        (status, title, sentence)
    }

    /// What to do, in a sentence.
    pub(super) fn sentence(&self) -> Text {
        self.told(Others::LocalAccounts).2
    }

    /// What tells it: a page, the form to sign in, or a problem document for other programs.
    pub(super) fn response(&self, desk: &Desk, (visit, visitor): (&Visit, Option<&Visitor>)) -> Response<Body> {
        let number = self.logged(desk);
        let others = desk.provider.as_ref().map_or(Others::LocalAccounts, Provider::others);
        let (status, title, sentence) = self.told(others);
        if visit.path.starts_with("/api/") {
            return problem(status, title.pick(Language::En), number.as_deref());
        }
        if *self == Self::SignIn {
            let to = format!("/sign-in?{}", visit.next());
            return Answer::SeeOther { to, cookie: None }.response();
        }
        let shell = Shell::new((visit, visitor), &title);
        let page = Page { sentence: shell.told(&sentence).to_owned(), shell, number };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        answer::html(status, page.render().unwrap_or_default())
    }

    /// Logs what nobody expected; gives the number under which it stands in the log.
    fn logged(&self, desk: &Desk) -> Option<String> {
        let (Self::Unexpected(detail) | Self::Broken(detail)) = self else { return None };
        let number = canonical::hex(&desk.registry.environment.random::<8>());
        tracing::error!(instance = %number, "a page could not be made: {detail}");
        if matches!(self, Self::Broken(_)) {
            desk.registry.broken.cancel();
        }
        Some(number)
    }
}

/// A problem document (RFC 9457).
fn problem(status: u16, title: &str, instance: Option<&str>) -> Response<Body> {
    let document = serde_json::json!({ "type": "about:blank", "title": title, "status": status, "instance": instance });
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [(CONTENT_TYPE, Some("application/problem+json".to_owned())), (CONTENT_DISPOSITION, None)];
    answer::with(status, headers, document.to_string())
}

/// What it is, and what to do.
type Words = [Text; 2];

const NOT_SIGNED_IN: Words = [
    Text::fixed("Du är inte inloggad", "You are not signed in"),
    Text::fixed("Logga in och försök igen.", "Sign in and try again."),
];
const NOT_ALLOWED: Words = [
    Text::fixed("Sidan är inte för din roll", "This page is not for your role"),
    Text::fixed(
        "Gå vidare från menyn, eller be registrets kansli om en annan roll.",
        "Go on from the menu, or ask the register's staff for another role.",
    ),
];
const NOT_RELEASED: Words = [
    Text::fixed("Ingen sådan tabell är publicerad", "No such table is published"),
    Text::fixed(
        "Du ser här det som är publicerat; resultat publiceras varje år när årets uppgifter är granskade.",
        "Here you see what is published; outcomes are published each year once the year's data are reviewed.",
    ),
];
const UNREADABLE: Words = [
    Text::fixed("Det går inte att läsa vad du frågar efter", "What you ask for cannot be read"),
    Text::fixed("Gå tillbaka, ändra urvalet och försök igen.", "Go back, change the selection and try again."),
];
const TOO_OFTEN: Words = [
    Text::fixed("För många försök", "Too many attempts"),
    Text::fixed("Vänta en kvart och försök igen.", "Wait a quarter of an hour and try again."),
];
const NO_INVITATION: Words = [
    Text::fixed("Inbjudan gäller inte", "The invitation does not count"),
    Text::fixed(
        "Den är använd eller för gammal; be registrets kansli om en ny.",
        "It was used or is too old; ask the register's staff for a new one.",
    ),
];
const NOT_FOUND: Words = [
    Text::fixed("Sidan finns inte", "There is no such page"),
    Text::fixed("Kontrollera adressen, eller börja om från menyn.", "Check the address, or start again from the menu."),
];
const FOREIGN: Words = [
    Text::fixed("Formuläret togs inte emot", "The form was not accepted"),
    Text::fixed(
        "Det skickades inte från en sida i det här registret; öppna sidan här och skicka det igen.",
        "It was not sent from a page of this register; open the page here and send it again.",
    ),
];
const BUSY: Words = [
    Text::fixed("Registret är upptaget", "The register is busy"),
    Text::fixed("Vänta en minut och ladda om sidan.", "Wait a minute and load the page again."),
];
const UNEXPECTED: Words = [
    Text::fixed("Något gick fel", "Something went wrong"),
    Text::fixed(
        "Försök igen; hjälper det inte, lämna numret nedan till registrets kansli.",
        "Try again; if that does not help, give the number below to the register's staff.",
    ),
];
