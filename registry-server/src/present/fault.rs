//! What a person reads instead of a page.
//!
//! Promises: one sentence that says what to do, in the reader's language, and no detail; what nobody expected is logged once, under the
//! number that the page shows.

use askama::Template;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use schemas::canonical;
use schemas::language::Text;

use super::shell::Shell;
use super::visit::Visit;
use super::{Desk, answer};

/// Why there is no page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nothing lies there.
    NotFound,
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

impl Fault {
    fn told(&self) -> (StatusCode, Text, Text) {
        match self {
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                Text::fixed("Sidan finns inte", "There is no such page"),
                Text::fixed(
                    "Kontrollera adressen, eller börja om från menyn.",
                    "Check the address, or start again from the menu.",
                ),
            ),
            Self::Foreign => (
                StatusCode::FORBIDDEN,
                Text::fixed("Formuläret togs inte emot", "The form was not accepted"),
                Text::fixed(
                    "Det skickades inte från en sida i det här registret; öppna sidan här och skicka det igen.",
                    "It was not sent from a page of this register; open the page here and send it again.",
                ),
            ),
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                Text::fixed("Registret är upptaget", "The register is busy"),
                Text::fixed("Vänta en minut och ladda om sidan.", "Wait a minute and load the page again."),
            ),
            Self::Unexpected(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                Text::fixed("Något gick fel", "Something went wrong"),
                Text::fixed(
                    "Försök igen; hjälper det inte, lämna numret nedan till registrets kansli.",
                    "Try again; if that does not help, give the number below to the register's staff.",
                ),
            ),
        }
    }

    /// The page that tells it.
    pub(super) fn response(&self, desk: &Desk, visit: &Visit) -> Response<Body> {
        let (status, title, sentence) = self.told();
        let number = match self {
            Self::Unexpected(detail) => {
                let number = canonical::hex(&desk.registry.environment.random::<8>());
                tracing::error!(instance = %number, "a page could not be made: {detail}");
                Some(number)
            }
            _ => None,
        };
        let language = visit.language;
        let shell = Shell::new(visit, &title);
        let page = Page { shell, sentence: sentence.pick(language).to_owned(), number };
        answer::html(status, page.render().unwrap_or_default())
    }
}
