//! What stands around every page: title, menu, language, footer.
//!
//! Promises: the menu holds what the reader may open, and nothing else; changing the language keeps the page.

use schemas::language::{Language, Text};

use super::visit::Visit;
use super::visitor::Visitor;
use super::{asset, route};
pub(super) use crate::moment::minute;

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
    /// Who is signed in, and as what.
    pub(super) reader: Option<(String, String)>,
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

impl Shell {
    /// The shell of a page.
    pub(super) fn new((visit, visitor): (&Visit, Option<&Visitor>), title: &Text) -> Self {
        let language = visit.language;
        let entry = |(path, (sv, en)): (&'static str, route::Name)| Entry {
            path,
            text: language.pick(sv, en),
            is_current: visit.path == path,
        };
        let reader =
            visitor.map(|visitor| (visitor.user.email.clone(), visitor.user.role.name().pick(language).to_owned()));
        Self {
            language,
            title: title.pick(language).to_owned(),
            assets: asset::folder(),
            menu: visitor.into_iter().flat_map(|visitor| route::menu(&visitor.user.role)).map(entry).collect(),
            reader,
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
