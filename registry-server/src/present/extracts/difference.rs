//! In what a request that amends another differs from that, as its page shows it.
//!
//! Promises: both sides of every field and table that differs, with a word for what became of it; what is the same is listed as decided.

use schemas::language::{Language, Text};

use super::{field, one, table};
use crate::present::Ask;
use crate::present::fault::Fault;
use crate::request::difference::{Beside, Difference};
use crate::request::form::Table;
use crate::request::{Form, Request};

/// The difference.
pub(super) struct Shown {
    /// The number of the request that it amends.
    pub(super) amends: u32,
    /// What it is called, before, after.
    pub(super) fields: Vec<(&'static str, Vec<String>, Vec<String>)>,
    /// What became of it, before, after.
    pub(super) tables: Vec<(&'static str, String, String)>,
}

/// The difference of a request; nothing where it amends none.
///
/// # Errors
/// When the store fails.
pub(super) async fn of(ask: &Ask<'_>, request: &Request) -> Result<Option<Shown>, Fault> {
    let Some((amends, form)) = request.form().and_then(|form| Some((form.amends?, form))) else { return Ok(None) };
    let original = ask.desk.registry.store.request(amends).await?;
    let before = original.as_ref().and_then(Request::form).cloned().unwrap_or_default();
    Ok(Some(shown(amends, (&before, form), ask.visit.language)))
}

fn shown(amends: u32, (before, after): (&Form, &Form), language: Language) -> Shown {
    let Difference { fields, tables } = Difference::of(before, after);
    let field = |name: &str| {
        let known = field::by_name(name)?;
        Some((known.label.pick(language), one::lines(before, known, language), one::lines(after, known, language)))
    };
    let side = |table: Option<&Table>| table.map_or_else(|| "–".to_owned(), |one| table::told(one, language));
    let table = |beside: &Beside| {
        let (before, after) = beside.sides();
        (name(beside).pick(language), side(before), side(after))
    };
    Shown {
        amends,
        fields: fields.iter().filter_map(|changed| field(&changed.field)).collect(),
        tables: tables.iter().map(table).collect(),
    }
}

fn name(beside: &Beside) -> &'static Text {
    static SAME: Text = Text::fixed("oförändrad, redan beslutad", "unchanged, decided already");
    static CHANGED: Text = Text::fixed("ändrad", "changed");
    static ADDED: Text = Text::fixed("tillagd", "added");
    static REMOVED: Text = Text::fixed("borttagen", "removed");
    match beside {
        Beside::Same(_) => &SAME,
        Beside::Changed(..) => &CHANGED,
        Beside::Added(_) => &ADDED,
        Beside::Removed(_) => &REMOVED,
    }
}
