//! `/catalogue`: what the register holds and an extract can be made of: each variable with its definition and value set, and how much
//! there is, as far as it is published.
//!
//! Promises: what stands here can be asked for; every number is one of the newest published year, as it was published, with its notes on
//! coverage and breaks in series, or was stated of the newest data set that an extract was made of; a search without a hit says so.

use std::sync::Arc;

use askama::Template;
use schemas::language::Text;

use super::Ask;
use super::answer::Answer;
use super::fault::Fault;
use super::shell::{Shell, minute};
use crate::catalogue::{self, Variable, document, workbook};
use crate::extract::build::BuildError;
use crate::extract::whole::{Said, Stated, newest};
use crate::report::{Parameters, Report, render};

static TITLE: Text = Text::fixed("Vad registret har", "What the register holds");
/// Names and values that a report is asked with.
type Asked = &'static [(&'static str, &'static str)];

/// Reports of what there is: name, how it is asked for, heading.
static HELD: [(&str, Asked, Text); 2] = [
    ("groups", &[("by", ""), ("period", "year")], Text::fixed("Behandlingar per år", "Treatments by year")),
    (
        "outcomes",
        &[("by", ""), ("comparison", "paired")],
        Text::fixed(
            "Skattningar per instrument, och hur många som saknas",
            "Scores by instrument, and how many are missing",
        ),
    ),
];
/// The kind of a workbook.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[derive(Template)]
#[template(path = "catalogue.html")]
struct Page {
    shell: Shell,
    search: String,
    /// How many there are without a search.
    all: usize,
    shown: Vec<Shown>,
    /// The frozen data set of which it is stated how whole it is, and the statements.
    whole: Option<(String, Vec<Whole>)>,
    held: Vec<Held>,
}

/// A statement on how whole the newest data set is.
struct Whole {
    title: String,
    meaning: String,
    by: &'static str,
    /// Code, name, and what is told of it.
    lines: Vec<(String, String, String)>,
}

/// A variable as it is shown.
struct Shown {
    id: String,
    kind: String,
    name: String,
    definition: String,
    range: String,
    /// Code, name, when it is in use.
    values: Vec<(String, String, String)>,
    valid: String,
    source: String,
}

/// A table of what there is.
struct Held {
    heading: &'static str,
    /// Made by the report's own renderer, which escapes what it is given; nothing where nothing is published.
    table: Option<(String, String)>,
}

/// The page.
///
/// # Errors
/// When the store fails.
pub(super) async fn page(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let language = ask.visit.language;
    let search = ask.visit.asked("q").unwrap_or_default().trim().to_owned();
    let variables = catalogue::variables(&ask.desk.registry.lists);
    let all = variables.len();
    let shown = variables.into_iter().filter(|one| one.has(&search));
    let shown = shown.map(|one| of(&one, ask)).collect();
    let mut held = Vec::new();
    for (name, pairs, heading) in &HELD {
        let table = match made(ask, (name, pairs)).await {
            Ok(report) => Some((minute(report.as_of), render::html::sheet(&report, language).into_string())),
            Err(Fault::NotReleased) => None,
            Err(fault) => return Err(fault),
        };
        held.push(Held { heading: heading.pick(language), table });
    }
    let whole = whole(ask).await?;
    Answer::page(&Page { shell: Shell::new((ask.visit, ask.visitor), &TITLE), search, all, shown, whole, held })
}

/// The variables as a document for programs, with what is stated of the newest data set.
///
/// # Errors
/// When the store fails.
pub(super) async fn json(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let variables = catalogue::variables(&ask.desk.registry.lists);
    let stated = newest_stated(ask).await?;
    Ok(Answer::Json(format!("{:#}\n", document::document(&variables, stated.as_ref()))))
}

/// The same as a workbook.
///
/// # Errors
/// When it cannot be made, or the store fails.
pub(super) async fn xlsx(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let variables = catalogue::variables(&ask.desk.registry.lists);
    let stated = newest_stated(ask).await?;
    let bytes =
        workbook::workbook(&variables, stated.as_ref()).map_err(|error| Fault::Unexpected(error.to_string()))?;
    Ok(Answer::Attached { name: "catalogue.xlsx".to_owned(), content_type: WORKBOOK, bytes })
}

async fn whole(ask: &Ask<'_>) -> Result<Option<(String, Vec<Whole>)>, Fault> {
    let language = ask.visit.language;
    let line =
        |(code, name, said): &(String, Text, Said)| (code.clone(), name.pick(language).to_owned(), said.text(language));
    let told = |Stated { statement, lines }: &Stated| Whole {
        title: statement.title.pick(language).to_owned(),
        meaning: statement.meaning.pick(language).to_owned(),
        by: if statement.by == "region" { "region" } else { "instrument" },
        lines: lines.iter().map(line).collect(),
    };
    Ok(newest_stated(ask).await?.map(|(cut, stated)| (cut, stated.iter().map(told).collect())))
}

async fn newest_stated(ask: &Ask<'_>) -> Result<Option<(String, Vec<Stated>)>, Fault> {
    let registry = &ask.desk.registry;
    newest(&*registry.store, &registry.lists).await.map_err(|error| match error {
        BuildError::Store(error) => error.into(),
        error => Fault::Unexpected(error.to_string()),
    })
}

async fn made(ask: &Ask<'_>, (name, pairs): (&str, &[(&str, &str)])) -> Result<Arc<Report>, Fault> {
    let parameters = Parameters::from_pairs(pairs.iter().copied()).map_err(|_| Fault::Unreadable)?;
    ask.released(name, parameters).await
}

fn of(variable: &Variable, ask: &Ask<'_>) -> Shown {
    let language = ask.visit.language;
    let valid = |validity: catalogue::Validity| match (validity.from, validity.to) {
        (None, None) => String::new(),
        (from, to) => {
            let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
            format!("{} – {}", day(from), day(to))
        }
    };
    let values = variable.values.iter();
    Shown {
        id: variable.id.clone(),
        kind: variable.kind.name().pick(language).to_owned(),
        name: variable.name.pick(language).to_owned(),
        definition: variable.definition.pick(language).to_owned(),
        range: variable.range.as_ref().map(|range| range.pick(language).to_owned()).unwrap_or_default(),
        values: values.map(|one| (one.code.clone(), one.name.pick(language).to_owned(), valid(one.validity))).collect(),
        valid: valid(variable.validity),
        source: variable.source.clone(),
    }
}
