//! `/definitions`: what every report and every measure means, with its worked example; the same as the command `definitions` prints.

use askama::Template;
use schemas::language::Text;

use super::Ask;
use super::answer::Answer;
use super::fault::Fault;
use super::shell::Shell;
use crate::indicator::definition::{self, Entry};
use crate::report::{self, history::history};

static TITLE: Text = Text::fixed("Vad varje mått betyder", "What every measure means");

#[derive(Template)]
#[template(path = "definitions.html")]
struct Page {
    shell: Shell,
    /// Each with what changed in it.
    reports: Vec<(&'static report::Definition, Vec<Text>)>,
    entries: Vec<Entry>,
}

/// The page.
///
/// # Errors
/// None in practice.
pub(super) fn page(ask: &Ask<'_>) -> Result<Answer, Fault> {
    Answer::page(&Page {
        shell: Shell::new((ask.visit, ask.visitor), &TITLE),
        reports: report::ALL.iter().map(|definition| (*definition, history(definition))).collect(),
        entries: definition::all(),
    })
}
