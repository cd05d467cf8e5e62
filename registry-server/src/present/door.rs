//! `/` for a unit's reader: its own figures over 12 and 36 months, region and country as published, what changed since the last quarter,
//! and how complete its data are; made for a sheet of paper.
//!
//! Promises: every figure is one of a report, asked for the unit's own treatments or as everybody may see it; nothing of another unit.

use std::sync::Arc;

use askama::Template;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use schemas::id::HsaId;
use schemas::language::{Language, Text};

use super::Ask;
use super::answer::Answer;
use super::fault::Fault;
use super::shell::{Shell, minute};
use super::tables::{self, Table};
use crate::authenticate::Role;
use crate::figure::Figure;
use crate::report::heading::{Unit, heading};
use crate::report::{Parameters, Report};

static TITLE: Text = Text::fixed("Enhetens egna siffror", "The unit's own figures");

/// Instruments that fit on the paper; the page of outcomes has all.
const INSTRUMENTS: usize = 4;
const OF_TREATMENTS: [&str; 3] = ["n_started", "n_persons", "completed_p"];
const OF_SCORES: [&str; 5] = ["n_paired", "paired_of_pre", "mean_change", "rel_improved_p", "recovery_p"];
/// What stands for a figure that is not defined.
const UNDEFINED: &str = "–";
const OF_FIELDS: [&str; 2] = ["valid_p", "missing_p"];

#[derive(Template)]
#[template(path = "door.html")]
struct Page {
    shell: Shell,
    units: String,
    as_of: String,
    since: String,
    /// Treatments that ended since.
    added: String,
    tables: Vec<Table>,
    is_published: bool,
}

/// What stands in a row that its report has none for.
#[derive(Clone, Copy)]
enum Absent {
    /// No treatment: counted, and none.
    None,
    /// Nothing was published of it.
    Untold,
}

/// What a row is made from.
struct Source {
    name: String,
    absent: Absent,
    groups: Arc<Report>,
    outcomes: Arc<Report>,
}

/// The page.
///
/// # Errors
/// When the store fails; [`Fault::NotAllowed`] for whoever reads for no unit.
pub(super) async fn page(ask: &Ask<'_>) -> Result<Answer, Fault> {
    Answer::page(&made(ask).await?)
}

/// Its tables as a file, after what was added since the quarter ended.
///
/// # Errors
/// As for the page.
pub(super) async fn file(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let language = ask.visit.language;
    let Page { units, since, added, tables, .. } = made(ask).await?;
    let title = format!("{} {since}", language.pick("Sedan kvartalet tog slut", "Since the quarter ended on"));
    let head = language.pick("Tillkomna behandlingar", "Treatments added");
    let first = Table::new(title, &[head], vec![(units, vec![added])]);
    let all: Vec<Table> = std::iter::once(first).chain(tables).collect();
    tables::file("overview", &all, language)
}

async fn made(ask: &Ask<'_>) -> Result<Page, Fault> {
    let Role::Unit(units) = &ask.somebody()?.user.role else { return Err(Fault::NotAllowed) };
    let (language, now) = (ask.visit.language, ask.desk.registry.environment.now());
    let until = quarter_before(now.to_zoned(TimeZone::UTC).date());
    let sources = sources(ask, units, until).await?;
    let added = own(ask, units, ("groups", &[("from", &after(until))])).await?;
    let (fields, of) = completeness(ask, units).await?;
    let told = sources.iter().flat_map(|source| [&source.groups, &source.outcomes]).take(2 * OWN).chain([&added]);
    let oldest = told.map(|report| report.as_of).fold(of, Timestamp::min);
    let mut tables = vec![of_treatments(&sources, language)];
    tables.extend(instruments(&sources).into_iter().map(|code| of_scores(&sources, &code, language)));
    tables.push(fields);
    Ok(Page {
        shell: Shell::new((ask.visit, ask.visitor), &TITLE),
        units: units.iter().map(HsaId::as_str).collect::<Vec<_>>().join(", "),
        as_of: minute(oldest),
        since: until.to_string(),
        added: added.rows.last().map_or_else(|| "0".to_owned(), |row| text(&added, row, "n_started", language)),
        tables,
        is_published: sources.len() > OWN,
    })
}

/// How complete the data of the units' own treatments are, over twelve months, and the moment that this is of.
///
/// # Errors
/// When the store fails.
pub(super) async fn completeness(ask: &Ask<'_>, units: &[HsaId]) -> Result<(Table, Timestamp), Fault> {
    let fields = own(ask, units, ("data-quality", &[("period", "rolling12")])).await?;
    Ok((of_fields(&fields, ask.visit.language), fields.as_of))
}

/// Rows of a table that are the unit's own.
const OWN: usize = 3;

/// The unit's own rows, then region and country as published.
async fn sources(ask: &Ask<'_>, units: &[HsaId], until: Date) -> Result<Vec<Source>, Fault> {
    let language = ask.visit.language;
    let (before, until) = (until.to_string(), language.pick("12 månader till", "12 months to"));
    let names = [
        language.pick("12 månader", "12 months").to_owned(),
        format!("{until} {before}"),
        language.pick("36 månader", "36 months").to_owned(),
    ];
    let asked: [&[(&str, &str)]; OWN] =
        [&[("period", "rolling12")], &[("period", "rolling12"), ("to", &before)], &[("period", "rolling36")]];
    let mut sources = Vec::new();
    for (name, pairs) in names.into_iter().zip(asked) {
        let groups = own(ask, units, ("groups", pairs)).await?;
        let outcomes = own(ask, units, ("outcomes", pairs)).await?;
        sources.push(Source { name, absent: Absent::None, groups, outcomes });
    }
    let [groups, outcomes] = ["groups", "outcomes"].map(|name| (name, undivided(&[])));
    let groups = ask.for_units((groups.0, groups.1?), units).await?;
    let outcomes = ask.for_units((outcomes.0, outcomes.1?), units).await?;
    for (whose, sv, en) in [("region", "Regionen", "Region"), ("country", "Riket", "Country")] {
        let only = |report: &Report| {
            let rows = report.rows.iter().filter(|row| row[0] == Figure::text(whose)).cloned().collect();
            Arc::new(Report { rows, ..report.clone() })
        };
        let name = format!("{}, {}", language.pick(sv, en), language.pick("publicerat", "as published"));
        let absent = Absent::Untold;
        let source = Source { name, absent, groups: only(&groups), outcomes: only(&outcomes) };
        sources.extend(Some(source).filter(|source| !source.groups.rows.is_empty()));
    }
    Ok(sources)
}

/// A report over the unit's own treatments, undivided.
async fn own(ask: &Ask<'_>, units: &[HsaId], (name, pairs): (&str, &[(&str, &str)])) -> Result<Arc<Report>, Fault> {
    ask.of_units((name, undivided(pairs)?), units).await
}

fn undivided(pairs: &[(&str, &str)]) -> Result<Parameters, Fault> {
    Parameters::from_pairs([("by", "")].iter().chain(pairs).copied()).map_err(|_| Fault::Unreadable)
}

fn of_treatments(sources: &[Source], language: Language) -> Table {
    let title = language.pick("Avslutade behandlingar", "Ended treatments").to_owned();
    let rows = sources.iter().map(|source| {
        let row = source.groups.rows.last().ok_or(source.absent);
        (source.name(language), figures(&source.groups, row, (&OF_TREATMENTS, language)))
    });
    Table { title, columns: heads(&sources[0].groups, &OF_TREATMENTS, language), rows: rows.collect() }
}

/// The instruments of the unit, those with most pairs first.
fn instruments(sources: &[Source]) -> Vec<String> {
    let report = &sources[OWN - 1].outcomes;
    let place = |name: &str| report.columns.iter().position(|column| column == name);
    let (Some(code), Some(pairs)) = (place("instrument"), place("n_paired")) else { return Vec::new() };
    let counted = report.rows.iter().filter(|row| row[0].is_sum()).filter_map(|row| match (&row[code], &row[pairs]) {
        (Figure::Text(code), Figure::Count(n)) if *n > 0 => Some((*n, code.to_string())),
        _ => None,
    });
    let mut counted: Vec<(u64, String)> = counted.collect();
    counted.sort_by(|(n, code), (other, next)| other.cmp(n).then_with(|| code.cmp(next)));
    counted.into_iter().map(|(_, code)| code).take(INSTRUMENTS).collect()
}

fn of_scores(sources: &[Source], code: &str, language: Language) -> Table {
    let row = |source: &Source| {
        let place = source.outcomes.columns.iter().position(|column| column == "instrument");
        let is_asked = |row: &&Vec<Figure>| place.is_some_and(|place| row[place] == Figure::text(code));
        let row = source.outcomes.rows.iter().rfind(is_asked).ok_or(source.absent);
        (source.name(language), figures(&source.outcomes, row, (&OF_SCORES, language)))
    };
    let title = format!("{code}, {}", language.pick("före och efter", "before and after"));
    Table { title, columns: heads(&sources[0].outcomes, &OF_SCORES, language), rows: sources.iter().map(row).collect() }
}

fn of_fields(report: &Report, language: Language) -> Table {
    let place = |name: &str| report.columns.iter().position(|column| column == name);
    let is_field = |row: &&Vec<Figure>| {
        let level = place("level").map(|place| &row[place]);
        let is_sum = place("region").is_some_and(|place| row[place].is_sum());
        row[0].is_sum() && is_sum && level == Some(&Figure::text("field"))
    };
    let name = |row: &Vec<Figure>| place("item").map_or_else(String::new, |place| report.text(row, place, language));
    let rows = report.rows.iter().filter(is_field);
    Table {
        title: language
            .pick("Hur fullständiga uppgifterna är, 12 månader", "How complete the data are, 12 months")
            .to_owned(),
        columns: heads(report, &OF_FIELDS, language),
        rows: rows.map(|row| (name(row), figures(report, Ok(row), (&OF_FIELDS, language)))).collect(),
    }
}

fn heads(report: &Report, columns: &[&str], language: Language) -> Vec<String> {
    let place = |name: &&str| report.columns.iter().position(|column| column == name);
    columns.iter().filter_map(place).map(|place| report.head(place, language)).collect()
}

/// The figures of a row: where none is defined stands a dash, never nothing.
fn figures(
    report: &Report,
    row: Result<&Vec<Figure>, Absent>,
    (columns, language): (&[&str], Language),
) -> Vec<String> {
    let counts = |name: &str| heading(name).is_some_and(|heading| heading.unit == Unit::Count);
    let one = |name: &&str| match row {
        Ok(row) => Some(text(report, row, name, language)).filter(|text| !text.is_empty()),
        Err(Absent::None) if counts(name) => Some("0".to_owned()),
        Err(_) => None,
    };
    columns.iter().map(|name| one(name).unwrap_or_else(|| UNDEFINED.to_owned())).collect()
}

fn text(report: &Report, row: &[Figure], column: &str, language: Language) -> String {
    let place = report.columns.iter().position(|known| known == column);
    place.map_or_else(String::new, |place| report.text(row, place, language))
}

impl Source {
    /// What the row is called, and that the unit had no treatment in its time.
    fn name(&self, language: Language) -> String {
        match self.absent {
            Absent::None if self.groups.rows.is_empty() => {
                format!("{}: {}", self.name, language.pick("inga behandlingar", "no treatments"))
            }
            _ => self.name.clone(),
        }
    }
}

/// The last day of the quarter before a day's.
fn quarter_before(day: Date) -> Date {
    let months = i32::from(day.month() - 1) % 3;
    let first = day.first_of_month().saturating_sub(months.months());
    first.saturating_sub(1.day())
}

fn after(day: Date) -> String {
    day.saturating_add(1.day()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_ends_before_the_one_of_the_day() {
        for (day, end) in [
            ("2026-01-01", "2025-12-31"),
            ("2026-03-31", "2025-12-31"),
            ("2026-04-01", "2026-03-31"),
            ("2026-11-22", "2026-09-30"),
        ] {
            assert_eq!(quarter_before(day.parse().unwrap()).to_string(), end);
        }
        assert_eq!(after("2025-12-31".parse().unwrap()), "2026-01-01");
    }
}
