//! `/years/{cut}/protected`: the exact figures of a frozen year beside those that are published, for staff.
//!
//! Promises: the published ones are those that everybody gets from the same cut; the file holds exactly the table.

use std::sync::Arc;

use askama::Template;
use schemas::language::Text;

use super::Ask;
use super::answer::Answer;
use super::fault::Fault;
use super::filter::Choice;
use super::shell::Shell;
use crate::aggregate::whose::Whose;
use crate::report::parameters::Audience;
use crate::report::{Parameters, Report, published, render};
use crate::store::Cut;

/// Where frozen years lie.
const FOLDER: &str = "/years/";
/// What follows the cut.
const PAGE: &str = "/protected";
const FILE: &str = "/protected.csv";
/// The file's name.
const NAME: &str = "protected";

type Words = (&'static str, &'static str, &'static str);

const REPORTS: [Words; 2] = [("outcomes", "resultat", "outcomes"), ("groups", "behandlingar", "treatments")];
const BY: [Words; 3] =
    [("region", "region", "region"), ("programme", "program", "programme"), ("", "odelat", "undivided")];
const PERIODS: [Words; 2] = [("all", "hela tiden", "all time"), ("year", "år", "year")];

#[derive(Template)]
#[template(path = "protected.html")]
struct Page {
    shell: Shell,
    year: String,
    path: String,
    query: String,
    choices: Vec<Choice>,
    /// Made by the report's own renderer, which escapes what it is given.
    table: String,
}

/// The page.
///
/// # Errors
/// [`Fault::NotFound`] when there is no such year, [`Fault::Unreadable`] when a choice is none, or the store fails.
pub(super) async fn page(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (cut, chosen) = (asked(ask, PAGE).await?, Chosen::of(ask)?);
    let report = made(ask, &cut, &chosen).await?;
    let title =
        Text::made(format!("Exakt bredvid publicerat: {}", cut.name), format!("Exact beside published: {}", cut.name));
    Answer::page(&Page {
        shell: Shell::new((ask.visit, ask.visitor), &title),
        year: format!("{FOLDER}{}", cut.id()),
        path: format!("{FOLDER}{}{PAGE}", cut.id()),
        query: chosen.query(),
        choices: chosen.fields(ask),
        table: render::html::sheet(&report, ask.visit.language).into_string(),
    })
}

/// The table as a file.
///
/// # Errors
/// As for the page.
pub(super) async fn file(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let report = made(ask, &asked(ask, FILE).await?, &Chosen::of(ask)?).await?;
    let text = render::csv(&report).map_err(|error| Fault::Unexpected(error.to_string()))?;
    Ok(Answer::Csv { name: NAME, text })
}

/// The cut that a path names.
async fn asked(ask: &Ask<'_>, end: &str) -> Result<Cut, Fault> {
    let id = ask.visit.path.strip_prefix(FOLDER).and_then(|rest| rest.strip_suffix(end)).ok_or(Fault::NotFound)?;
    let cuts = ask.desk.registry.store.cuts().await?;
    cuts.into_iter().find(|cut| cut.id() == id && cut.calendar.is_some()).ok_or(Fault::NotFound)
}

async fn made(ask: &Ask<'_>, cut: &Cut, chosen: &Chosen) -> Result<Report, Fault> {
    let exact = chosen.parameters()?;
    let public = Parameters { audience: Audience::Public, ..exact.clone() };
    let exact = ask.of_cut(cut, (chosen.report, exact), Whose::All).await?;
    let public = ask.of_cut(cut, (chosen.report, public), Whose::All).await?;
    Ok(published::beside(Arc::unwrap_or_clone(exact), &public))
}

/// What was chosen.
struct Chosen {
    report: &'static str,
    by: &'static str,
    period: &'static str,
    instrument: String,
}

impl Chosen {
    fn of(ask: &Ask<'_>) -> Result<Self, Fault> {
        let one = |name: &str, words: &[Words]| {
            let asked = ask.visit.asked(name);
            let found = words.iter().map(|(value, ..)| *value).find(|value| Some(*value) == asked);
            match (found, asked) {
                (Some(value), _) => Ok(value),
                (None, None) => words.first().map(|(value, ..)| *value).ok_or(Fault::Unreadable),
                (None, Some(_)) => Err(Fault::Unreadable),
            }
        };
        let instrument = ask.visit.asked("instrument").filter(|value| !value.is_empty()).unwrap_or("PHQ-9");
        let known = ask.desk.registry.lists.instrument(instrument).ok_or(Fault::Unreadable)?;
        let (report, by, period) = (one("report", &REPORTS)?, one("by", &BY)?, one("period", &PERIODS)?);
        Ok(Self { report, by, period, instrument: known.code.clone() })
    }

    fn pairs(&self) -> [(&'static str, &str); 4] {
        [("report", self.report), ("by", self.by), ("period", self.period), ("instrument", &self.instrument)]
    }

    fn parameters(&self) -> Result<Parameters, Fault> {
        Parameters::from_pairs(self.pairs().into_iter().skip(1)).map_err(|_| Fault::Unreadable)
    }

    fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.pairs()).finish()
    }

    fn fields(&self, ask: &Ask<'_>) -> Vec<Choice> {
        let language = ask.visit.language;
        let of = |name: &'static str, label: (&'static str, &'static str), (words, chosen): (&[Words], &str)| Choice {
            name,
            label: language.pick(label.0, label.1),
            options: words
                .iter()
                .map(|(value, sv, en)| ((*value).to_owned(), language.pick(*sv, *en).to_owned(), *value == chosen))
                .collect(),
            day: String::new(),
        };
        let instrument = |code: &String| (code.clone(), code.clone(), *code == self.instrument);
        vec![
            of("report", ("Tabell", "Table"), (&REPORTS, self.report)),
            of("by", ("Per", "By"), (&BY, self.by)),
            of("period", ("Period", "Period"), (&PERIODS, self.period)),
            Choice {
                name: "instrument",
                label: language.pick("Instrument", "Instrument"),
                options: ask.desk.registry.lists.instruments().map(|one| instrument(&one.code)).collect(),
                day: String::new(),
            },
        ]
    }
}
