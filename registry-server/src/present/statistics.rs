//! `/statistics`: the tables that everybody may read, without signing in, on a page and as open data.
//!
//! Promises: every figure left through the disclosure engine and stands in its ledger; the files hold exactly the table, marks included;
//! a hidden figure is neither 0 nor empty in any of them.

use askama::Template;
use schemas::language::{Language, Text};
use serde_json::{Value, json};

use super::Ask;
use super::answer::Answer;
use super::fault::Fault;
use super::shell::{Shell, minute};
use crate::extract::build::BuildError;
use crate::extract::open::{Open, open};
use crate::extract::package::csv;
use crate::extract::sheet::{Cell, Column, HIDDEN, NOT_REPORTED, Sheet};

/// Where the tables lie.
const FOLDER: &str = "/statistics/";
static TITLE: Text = Text::fixed("Öppen statistik", "Open statistics");

#[derive(Template)]
#[template(path = "statistics.html")]
struct Page {
    shell: Shell,
    /// Every open table: what its files lie under, its title, and whether it is the one that is shown.
    tables: Vec<(String, String, bool)>,
    shown: Option<Shown>,
}

/// A table as it is shown.
struct Shown {
    /// What its files lie under.
    name: String,
    title: String,
    /// The cut, and since when it is open.
    of: String,
    /// Heading, what it means, and whether it heads figures.
    columns: Vec<(String, String, bool)>,
    /// Text, and whether it is a figure.
    rows: Vec<Vec<(String, bool)>>,
}

/// The page: what is open, and one table of it, the newest where none is chosen.
///
/// # Errors
/// [`Fault::NotFound`] for no table that everybody may read; when the store fails.
pub(super) async fn page(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let language = ask.visit.language;
    let open = all(ask).await?;
    let chosen = match ask.visit.asked("table") {
        Some(name) => Some(open.iter().find(|one| one.name() == name).ok_or(Fault::NotFound)?),
        None => open.first(),
    };
    let shown = match chosen {
        Some(one) => Some(shown(one, &sheet(ask, one).await?, language)),
        None => None,
    };
    let is_shown = |name: &str| shown.as_ref().is_some_and(|shown| shown.name == name);
    let listed = |one: &Open| {
        let name = one.name();
        let title = format!("{} ({})", one.title().pick(language), one.cut.id());
        (name.clone(), title, is_shown(&name))
    };
    let tables = open.iter().map(listed).collect();
    Answer::page(&Page { shell: Shell::new((ask.visit, ask.visitor), &TITLE), tables, shown })
}

/// A table as a file.
///
/// # Errors
/// [`Fault::NotFound`] for no table that everybody may read; when the store fails.
pub(super) async fn csv(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (_, sheet) = named(ask, "/table.csv").await?;
    let bytes = csv::table(&sheet).map_err(|error| Fault::Unexpected(error.to_string()))?;
    Ok(Answer::Csv { name: "statistics", text: String::from_utf8_lossy(&bytes).into_owned() })
}

/// The same for programs.
///
/// # Errors
/// As for the file.
pub(super) async fn json(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (table, sheet) = named(ask, "/table.json").await?;
    let both = |text: &Text| json!({ "sv": text.pick(Language::Sv), "en": text.pick(Language::En) });
    let column = |column: &Column| json!({ "name": column.name, "title": both(&column.title), "meaning": both(&column.meaning) });
    let document = json!({
        "schema": "registry-server-open/1", "name": table.name(), "title": both(&sheet.title),
        "cut": table.cut.id(), "open_since": table.since,
        "columns": sheet.columns.iter().map(column).collect::<Vec<_>>(),
        "rows": sheet.rows.iter().map(|row| row.iter().map(value).collect()).collect::<Vec<Vec<Value>>>(),
    });
    Ok(Answer::Json(format!("{document:#}\n")))
}

async fn all(ask: &Ask<'_>) -> Result<Vec<Open>, Fault> {
    let registry = &ask.desk.registry;
    open(&*registry.store, &registry.lists).await.map_err(unexpected)
}

async fn sheet(ask: &Ask<'_>, table: &Open) -> Result<Sheet, Fault> {
    let registry = &ask.desk.registry;
    let sheet = table.sheet(&*registry.store, (&registry.lists, &registry.pepper)).await;
    sheet.map_err(unexpected)?.ok_or(Fault::NotFound)
}

async fn named(ask: &Ask<'_>, file: &str) -> Result<(Open, Sheet), Fault> {
    let name = ask.visit.path.strip_prefix(FOLDER).and_then(|rest| rest.strip_suffix(file)).ok_or(Fault::NotFound)?;
    let table = all(ask).await?.into_iter().find(|table| table.name() == name).ok_or(Fault::NotFound)?;
    let sheet = sheet(ask, &table).await?;
    Ok((table, sheet))
}

fn unexpected(error: BuildError) -> Fault {
    match error {
        BuildError::Store(error) => error.into(),
        error => Fault::Unexpected(error.to_string()),
    }
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Code(code) => json!(code),
        Cell::Figure { value, .. } => json!(value),
        Cell::Mark(mark) if *mark == HIDDEN => json!({ "hidden": true }),
        Cell::Mark(mark) if *mark == NOT_REPORTED => json!({ "not_reported": true }),
        Cell::Mark(_) => json!({ "not_applicable": true }),
    }
}

fn shown(table: &Open, sheet: &Sheet, language: Language) -> Shown {
    let column = |column: &Column| {
        (column.title.pick(language).to_owned(), column.meaning.pick(language).to_owned(), !column.is_key)
    };
    let cell = |(column, cell): (&Column, &Cell)| match cell {
        Cell::Code(code) => (column.name_of(code).pick(language).to_owned(), false),
        Cell::Figure { value, decimals } => (language.number(*value, *decimals), true),
        Cell::Mark(mark) => ((*mark).to_owned(), true),
    };
    Shown {
        name: table.name(),
        title: sheet.title.pick(language).to_owned(),
        of: format!("{} {}, {}", table.cut.id(), table.cut.name, minute(table.since)),
        columns: sheet.columns.iter().map(column).collect(),
        rows: sheet.rows.iter().map(|row| sheet.columns.iter().zip(row).map(cell).collect()).collect(),
    }
}
