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
use crate::catalogue::{self, Variable};
use crate::extract::open::{Open, open};
use crate::extract::sheet::{Cell, Column, HIDDEN, NOT_REPORTED};
use crate::report::render::harmless;

/// Where the tables lie.
const FOLDER: &str = "/statistics/";
static TITLE: Text = Text::fixed("Öppen statistik", "Open statistics");

#[derive(Template)]
#[template(path = "statistics.html")]
struct Page {
    shell: Shell,
    tables: Vec<Shown>,
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

/// The page.
///
/// # Errors
/// When the store fails.
pub(super) async fn page(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let registry = &ask.desk.registry;
    let variables = catalogue::variables(&registry.lists);
    let tables = all(ask).await?.iter().map(|table| shown(table, &variables, ask.visit.language)).collect();
    Answer::page(&Page { shell: Shell::new((ask.visit, ask.visitor), &TITLE), tables })
}

/// A table as a file.
///
/// # Errors
/// [`Fault::NotFound`] for no table that everybody may read; when the store fails.
pub(super) async fn csv(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let table = named(ask, "/table.csv").await?;
    let wrong = |error: csv::Error| Fault::Unexpected(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(table.sheet.columns.iter().map(|column| column.name.as_str())).map_err(wrong)?;
    for row in &table.sheet.rows {
        writer.write_record(row.iter().map(|cell| harmless(&cell.text()).into_owned())).map_err(wrong)?;
    }
    let bytes = writer.into_inner().map_err(|error| Fault::Unexpected(error.to_string()))?;
    Ok(Answer::Csv { name: "statistics", text: String::from_utf8_lossy(&bytes).into_owned() })
}

/// The same for programs.
///
/// # Errors
/// As for the file.
pub(super) async fn json(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let table = named(ask, "/table.json").await?;
    let both = |text: &Text| json!({ "sv": text.pick(Language::Sv), "en": text.pick(Language::En) });
    let column = |column: &Column| json!({ "name": column.name, "title": both(&column.title), "meaning": both(&column.meaning) });
    let document = json!({
        "schema": "registry-server-open/1", "name": table.name(), "title": both(&table.sheet.title),
        "cut": table.cut.id(), "open_since": table.since,
        "columns": table.sheet.columns.iter().map(column).collect::<Vec<_>>(),
        "rows": table.sheet.rows.iter().map(|row| row.iter().map(value).collect()).collect::<Vec<Vec<Value>>>(),
    });
    Ok(Answer::Json(format!("{document:#}\n")))
}

async fn all(ask: &Ask<'_>) -> Result<Vec<Open>, Fault> {
    let registry = &ask.desk.registry;
    let open = open(&*registry.store, (&registry.lists, &registry.pepper)).await;
    open.map_err(|error| Fault::Unexpected(error.to_string()))
}

async fn named(ask: &Ask<'_>, file: &str) -> Result<Open, Fault> {
    let name = ask.visit.path.strip_prefix(FOLDER).and_then(|rest| rest.strip_suffix(file)).ok_or(Fault::NotFound)?;
    all(ask).await?.into_iter().find(|table| table.name() == name).ok_or(Fault::NotFound)
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

fn shown(table: &Open, variables: &[Variable], language: Language) -> Shown {
    let sheet = &table.sheet;
    let column = |column: &Column| {
        (column.title.pick(language).to_owned(), column.meaning.pick(language).to_owned(), !column.is_key)
    };
    let cell = |(column, cell): (&Column, &Cell)| match cell {
        Cell::Code(code) => (name((&column.name, code), variables, language), false),
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

/// What a code of a column is called.
fn name((column, code): (&str, &str), variables: &[Variable], language: Language) -> String {
    match code {
        "ALL" => return language.pick("alla", "all").to_owned(),
        "OTHER" => return language.pick("övriga", "other").to_owned(),
        "UNKNOWN" => return language.pick("okänt", "not known").to_owned(),
        _ => {}
    }
    let of_column = variables.iter().filter(|one| one.id.split(':').next() == Some(column));
    let value = of_column.flat_map(|one| &one.values).find(|value| value.code == code);
    value.map_or_else(|| code.to_owned(), |value| value.name.pick(language).to_owned())
}
