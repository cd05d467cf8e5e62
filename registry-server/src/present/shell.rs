//! What stands around every page: title, menu, language, footer.
//!
//! Promises: the menu holds what the reader may open, and nothing else; changing the language keeps the page.

use schemas::language::{Language, Text};

use super::asset;
use super::visit::Visit;

/// What the layout needs.
#[derive(Debug, Clone)]
pub(super) struct Shell {
    /// The language of everything.
    pub(super) language: Language,
    /// The page's heading.
    pub(super) title: String,
    /// Where files lie.
    pub(super) assets: &'static str,
    /// The menu.
    pub(super) menu: Vec<Entry>,
    /// This page in the other language.
    pub(super) other_language: String,
}

/// A line of the menu.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Where it leads.
    pub(super) path: &'static str,
    /// What it is called.
    pub(super) text: &'static str,
    /// Whether it is this page.
    pub(super) is_current: bool,
}

/// Path, Swedish, English.
const MENU: [(&str, &str, &str); 1] = [("/definitions", "Definitioner", "Definitions")];

impl Shell {
    /// The shell of a page.
    pub(super) fn new(visit: &Visit, title: &Text) -> Self {
        let language = visit.language;
        let entry = |(path, sv, en): (&'static str, &'static str, &'static str)| Entry {
            path,
            text: language.pick(sv, en),
            is_current: visit.path == path,
        };
        Self {
            language,
            title: title.pick(language).to_owned(),
            assets: asset::folder(),
            menu: MENU.into_iter().map(entry).collect(),
            other_language: visit.in_language(language.pick(Language::En, Language::Sv)),
        }
    }

    /// A text in the page's language.
    pub(super) fn told<'a>(&self, text: &'a Text) -> &'a str {
        text.pick(self.language)
    }

    /// A word or sentence in the page's language.
    pub(super) fn say(&self, sv: &'static str, en: &'static str) -> &'static str {
        self.language.pick(sv, en)
    }
}
