//! A report as a page: what it shows, a form to choose by, charts, the table, and the table as a file.
//!
//! Promises: the charts' figures are the table's; the file holds exactly the table; the address alone gives the same page again.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use schemas::language::Text;
use schemas::rule::Rule;

use super::answer::Answer;
use super::fault::Fault;
use super::filter::{self, Choice};
use super::shell::{Shell, minute};
use super::tab::{self, Tab};
use super::{Ask, keep};
use crate::authenticate::Permit;
use crate::report::{Parameters, Report, narrowed, render};
use crate::yearbook::{self, Charts};

/// Charts of one page; the table has the rest.
const CHARTS: usize = 12;

/// A page that shows a report.
#[derive(Debug)]
pub(super) struct Sheet {
    /// The report.
    pub(super) report: &'static str,
    /// The heading.
    pub(super) title: Text,
    /// Its path.
    pub(super) path: &'static str,
    /// What is shown at first.
    pub(super) first: &'static [(&'static str, &'static str)],
    /// What can be chosen.
    pub(super) fields: &'static [&'static str],
    /// The rows that are shown, by a grouping column and its code; nothing for all.
    pub(super) only: Option<(&'static str, &'static str)>,
}

const CHANGES: Text = Text::fixed("Hur patienternas skattningar ändrades", "How patients' scores changed");

/// Results of treatments.
pub(super) static OUTCOMES: Sheet = Sheet {
    report: "outcomes",
    title: CHANGES,
    path: "/outcomes",
    first: &[
        ("by", "region"),
        ("instrument", "PHQ-9"),
        ("comparison", "paired"),
        ("cohort", "ended"),
        ("period", "all"),
    ],
    fields: &[
        "by",
        "instrument",
        "comparison",
        "cohort",
        "period",
        "from",
        "to",
        "programme",
        "condition",
        "region",
        "unit",
        "sex",
        "age_group",
    ],
    only: None,
};

/// Units beside the limits of chance.
pub(super) static UNITS: Sheet = Sheet {
    report: "funnel",
    title: Text::fixed(
        "Regioner och enheter bredvid slumpens gränser",
        "Regions and units beside the limits of chance",
    ),
    path: "/units",
    first: &[("by", ""), ("instrument", "PHQ-9"), ("cohort", "ended"), ("period", "all")],
    fields: &[
        "instrument",
        "cohort",
        "period",
        "from",
        "to",
        "programme",
        "condition",
        "region",
        "unit",
        "sex",
        "age_group",
    ],
    only: None,
};

/// What a unit reads in place of [`OUTCOMES`].
static OWN_OUTCOMES: Sheet = Sheet {
    report: "outcomes",
    title: CHANGES,
    path: "/outcomes",
    first: &[("by", ""), ("instrument", "PHQ-9"), ("comparison", "paired"), ("cohort", "ended"), ("period", "all")],
    fields: &[
        "by",
        "instrument",
        "comparison",
        "cohort",
        "period",
        "from",
        "to",
        "programme",
        "condition",
        "unit",
        "sex",
        "age_group",
    ],
    only: None,
};

/// What a unit reads in place of [`UNITS`].
static OWN_TREATMENTS: Sheet = Sheet {
    report: "groups",
    title: Text::fixed(
        "Enhetens behandlingar bredvid regionens och rikets",
        "The unit's treatments beside those of the region and the country",
    ),
    path: "/units",
    first: &[("by", ""), ("cohort", "ended"), ("period", "all")],
    fields: &["by", "cohort", "period", "from", "to", "programme", "condition", "unit", "sex", "age_group"],
    only: None,
};

/// What a researcher reads in place of [`OUTCOMES`].
static RELEASED_OUTCOMES: Sheet = Sheet {
    report: "outcomes",
    title: CHANGES,
    path: "/outcomes",
    first: &[("by", "region"), ("instrument", "PHQ-9"), ("period", "all")],
    fields: &["by", "instrument", "period"],
    only: None,
};

/// What a researcher reads in place of [`UNITS`]: no table of units is published.
static RELEASED_TREATMENTS: Sheet = Sheet {
    report: "groups",
    title: Text::fixed("Behandlingar per region och program", "Treatments by region and programme"),
    path: "/units",
    first: &[("by", "region"), ("period", "all")],
    fields: &["by", "period"],
    only: None,
};

/// The share of treatments that the register holds.
pub(super) static COVERAGE: Sheet = Sheet {
    report: "coverage",
    title: Text::fixed(
        "Hur stor del av behandlingarna som finns i registret",
        "What share of treatments the register holds",
    ),
    path: "/coverage",
    first: &[("by", "region"), ("period", "year")],
    fields: &["period", "from", "to", "programme", "condition", "region", "unit"],
    only: None,
};

/// Completeness and rejects.
pub(super) static QUALITY: Sheet = Sheet {
    report: "data-quality",
    title: Text::fixed("Hur fullständiga och riktiga uppgifterna är", "How complete and correct the data are"),
    path: "/quality",
    first: &[("by", ""), ("period", "all")],
    fields: &["period", "from", "to", "region", "unit"],
    only: None,
};

#[derive(Template)]
#[template(path = "sheet.html")]
struct Page {
    shell: Shell,
    tabs: Vec<Tab>,
    /// The word of the table that is shown, where it is not the page's own.
    show: Option<&'static str>,
    meaning: String,
    /// What is kept, where something is left out.
    selection: Option<String>,
    as_of: String,
    choices: Vec<Choice>,
    charts: Charts,
    /// Made by the report's own renderer, which escapes what it is given.
    table: String,
    rows: usize,
    path: &'static str,
    query: String,
    report: &'static str,
}

/// A page of what is not published.
#[derive(Template)]
#[template(path = "released.html")]
struct Nothing {
    shell: Shell,
    sentence: String,
}

impl Sheet {
    /// What somebody reads in its place.
    fn read_by(&'static self, permit: Permit) -> &'static Self {
        match (self.path, permit) {
            ("/outcomes", Permit::OwnAndPublished) => &OWN_OUTCOMES,
            ("/outcomes", Permit::Released) => &RELEASED_OUTCOMES,
            ("/units", Permit::OwnAndPublished) => &OWN_TREATMENTS,
            ("/units", Permit::Released) => &RELEASED_TREATMENTS,
            _ => self,
        }
    }
}

/// The page.
///
/// # Errors
/// When the selection is not understood, or the store fails.
pub(super) async fn page(ask: &Ask<'_>, sheet: &'static Sheet) -> Result<Answer, Fault> {
    let own = sheet.read_by(ask.permit);
    let sheet = tab::chosen(ask, own);
    let language = ask.visit.language;
    let parameters = filter::parameters(sheet, ask.visit)?;
    let selection = narrowed::words(&parameters.only, &ask.desk.registry.lists);
    let report = match made(ask, sheet, parameters).await {
        Err(fault @ Fault::NotReleased) => {
            let shell = Shell::new((ask.visit, ask.visitor), &sheet.title);
            return Answer::page(&Nothing { sentence: shell.told(&fault.sentence()).to_owned(), shell });
        }
        made => made?,
    };
    let mut charts = yearbook::of_page(&report, language);
    charts.drawn.truncate(CHARTS);
    Answer::page(&Page {
        shell: Shell::new((ask.visit, ask.visitor), &sheet.title),
        tabs: tab::tabs(ask, (own, sheet)),
        show: tab::word(sheet),
        meaning: report.notes.first().map_or_else(String::new, |note| note.pick(language).to_owned()),
        selection: selection.map(|text| text.pick(language).to_owned()),
        as_of: minute(report.as_of),
        choices: filter::choices(sheet, ask, &keep::units(ask, sheet).await?),
        charts,
        table: render::html::sheet(&report, language).into_string(),
        rows: report.rows.len(),
        path: sheet.path,
        query: filter::query(sheet, ask.visit),
        report: sheet.report,
    })
}

/// The table as a file.
///
/// # Errors
/// As for the page.
pub(super) async fn file(ask: &Ask<'_>, sheet: &'static Sheet) -> Result<Answer, Fault> {
    let sheet = tab::chosen(ask, sheet.read_by(ask.permit));
    let report = made(ask, sheet, filter::parameters(sheet, ask.visit)?).await?;
    let text = render::csv(&report).map_err(|error| Fault::Unexpected(error.to_string()))?;
    Ok(Answer::Csv { name: sheet.report, text })
}

async fn made(ask: &Ask<'_>, sheet: &Sheet, parameters: Parameters) -> Result<Arc<Report>, Fault> {
    let mut report = ask.report(sheet.report, parameters).await?;
    if let Some(only) = sheet.only {
        let shown = Arc::make_mut(&mut report);
        shown.keep(only);
        shown.notes.extend(rules_of(shown));
    }
    Ok(report)
}

/// What the rules among a report's rows say, a sentence each.
fn rules_of(report: &Report) -> Vec<Text> {
    let Some(place) = report.columns.iter().position(|column| column == "item") else { return Vec::new() };
    let codes: BTreeSet<&str> = report.rows.iter().filter_map(|row| row[place].code()).collect();
    let rules = codes.into_iter().filter_map(|code| Some((code, Rule::by_id(code)?.describe())));
    rules.map(|(code, rule)| Text::made(format!("{code}: {}", rule.sv), format!("{code}: {}", rule.en))).collect()
}
