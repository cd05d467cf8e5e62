//! `/accessibility`: the statement that Swedish law asks of public bodies (2018:1937), open to everybody.

use askama::Template;
use schemas::language::Text;

use super::Ask;
use super::answer::Answer;
use super::fault::Fault;
use super::shell::Shell;

static TITLE: Text = Text::fixed("Tillgänglighetsredogörelse", "Accessibility statement");

#[derive(Template)]
#[template(path = "accessibility.html")]
struct Page {
    shell: Shell,
    contact: Option<String>,
}

/// The page.
///
/// # Errors
/// None in practice.
pub(super) fn page(ask: &Ask<'_>) -> Result<Answer, Fault> {
    Answer::page(&Page {
        shell: Shell::new((ask.visit, ask.visitor), &TITLE),
        contact: ask.desk.registry.contact.clone(),
    })
}
