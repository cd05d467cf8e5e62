//! `/extracts`: requests for aggregated extracts, each with where it stands and by when a decision is promised.
//!
//! Promises: whoever asks sees their own requests and no others; every step is taken under the same rules as at the command line, and
//! why one is not taken is told in a sentence; who decides is named to those who look after the requests, by number to whoever asked.

/// How the building of its tables goes.
mod building;
/// In what a request that amends another differs.
mod difference;
/// What a request states, field by field.
mod field;
/// The files of one.
mod files;
/// Writing a request down, and anew.
mod form;
/// What would be hidden of tables.
mod hidden;
/// One request.
mod one;
/// Tables of a request, as they are typed.
mod table;
/// A form between what was typed and what is kept.
mod typed;

use askama::Template;
use jiff::Timestamp;
use schemas::language::{Language, Text};
use schemas::rule::today;

use super::answer::Answer;
use super::fault::Fault;
use super::shell::Shell;
use super::{Ask, catalogue};
use crate::authenticate::Permit;
use crate::casework::Caseworker;
use crate::request::{Request, Standing, Step};
use crate::store::User;
use crate::store::alarm::Mark;

/// Where requests lie.
const FOLDER: &str = "/extracts/";

/// What lies under the addresses of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// What the register holds.
    Catalogue,
    /// The same for programs.
    CatalogueDocument,
    /// The same as a workbook.
    CatalogueWorkbook,
    /// Every request that the reader may see.
    List,
    /// The form of a new one.
    New,
    /// Writing it down.
    DoDraft,
    /// One of them.
    One,
    /// Its form.
    Mend,
    /// Writing it anew.
    DoMend,
    /// Taking a step with it.
    DoStep,
    /// Its files, in one archive.
    Files,
    /// How the building of its tables goes, on a page that comes again by itself.
    Building,
}

static TITLE: Text = Text::fixed("Begäran om uttag", "Requests for extracts");

#[derive(Template)]
#[template(path = "extracts.html")]
struct List {
    shell: Shell,
    rows: Vec<Row>,
    /// Whether the reader may write a new one.
    may_ask: bool,
}

/// A request of the list.
struct Row {
    number: u32,
    title: String,
    standing: String,
    since: String,
    clock: String,
    asks: String,
}

/// What lies there.
///
/// # Errors
/// Those of each.
pub(super) async fn answered(ask: &Ask<'_>, part: Part) -> Result<Answer, Fault> {
    match part {
        Part::Catalogue => catalogue::page(ask).await,
        Part::CatalogueDocument => catalogue::json(ask).await,
        Part::CatalogueWorkbook => catalogue::xlsx(ask).await,
        Part::List => list(ask).await,
        Part::New => form::new(ask).await,
        Part::DoDraft => form::draft(ask).await,
        Part::One => one::page(ask).await,
        Part::Mend => form::page(ask).await,
        Part::DoMend => form::mend(ask).await,
        Part::DoStep => one::step(ask).await,
        Part::Files => files::file(ask).await,
        Part::Building => building::page(ask).await,
    }
}

/// The list.
///
/// # Errors
/// When the store fails.
async fn list(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (registry, language) = (&ask.desk.registry, ask.visit.language);
    let (now, people) = (registry.environment.now(), registry.store.users().await?);
    let mut requests = registry.store.requests().await?;
    requests.retain(|request| sees(ask, request));
    let row = |request: Request| Row {
        number: request.number,
        title: title(&request, language),
        standing: request.standing(now).name().pick(language).to_owned(),
        since: since(&request).map(day).unwrap_or_default(),
        clock: clock(&request, now, language),
        asks: request.requester().map(|person| who(ask, person, &people)).unwrap_or_default(),
    };
    Answer::page(&List {
        shell: Shell::new((ask.visit, ask.visitor), &TITLE),
        rows: requests.into_iter().rev().map(row).collect(),
        may_ask: ask.permit == Permit::Own,
    })
}

/// Whether a request is told to the reader.
fn sees(ask: &Ask<'_>, request: &Request) -> bool {
    ask.permit != Permit::Own || request.requester() == ask.visitor.map(|visitor| visitor.user.number)
}

/// The request that the path names, for who may see it.
async fn find(ask: &Ask<'_>) -> Result<Request, Fault> {
    let name = ask.visit.path.strip_prefix(FOLDER).and_then(|rest| rest.split('/').next());
    let number = name.and_then(|name| name.parse().ok()).ok_or(Fault::NotFound)?;
    let request = ask.desk.registry.store.request(number).await?;
    request.filter(|request| sees(ask, request)).ok_or(Fault::NotFound)
}

/// Whoever is signed in, about to take a step.
fn caseworker<'a>(ask: &'a Ask<'_>) -> Result<Caseworker<'a>, Fault> {
    let (registry, person) = (&ask.desk.registry, &ask.somebody()?.user);
    let mark = Mark { stamp: registry.environment.stamp(), person: Some(person.number) };
    Ok(Caseworker { store: &*registry.store, lists: &registry.lists, person, quota: registry.quota, mark })
}

/// Somebody as the reader may know them: oneself and, for who looks after requests, everybody by address; others by number.
fn who(ask: &Ask<'_>, person: u32, people: &[User]) -> String {
    let is_self = ask.visitor.is_some_and(|visitor| visitor.user.number == person);
    let known = people.iter().find(|user| user.number == person).filter(|_| is_self || ask.permit != Permit::Own);
    let numbered = || format!("{} {person}", ask.visit.language.pick("person", "person"));
    known.map_or_else(numbered, |user| user.email.clone())
}

/// What a request is called; something also where nothing was written yet.
fn title(request: &Request, language: Language) -> String {
    let title = request.form().map(|form| form.title.clone()).filter(|title| !title.trim().is_empty());
    title.unwrap_or_else(|| language.pick("(ingen rubrik än)", "(no title yet)").to_owned())
}

/// When it came to stand where it does.
fn since(request: &Request) -> Option<Timestamp> {
    request.steps.iter().rev().find(|taken| taken.step != Step::Mended).map(|taken| taken.at)
}

/// By when something is promised or over; nothing where no clock runs.
fn clock(request: &Request, now: Timestamp, language: Language) -> String {
    if let Some(until) = request.decide_by(now) {
        return decision((until, now), request.approvals().count(), language);
    }
    let (words, until) = match request.standing(now) {
        Standing::Released => (language.pick("kan hämtas till", "can be fetched until"), request.fetched_until()),
        _ => (language.pick("gäller till", "holds until"), request.approved_until()),
    };
    match until.filter(|until| now < *until) {
        Some(until) => format!("{words} {}", day(until)),
        None => String::new(),
    }
}

/// By when a decision is promised, or was, and how many have agreed.
fn decision((until, now): (Timestamp, Timestamp), approvals: usize, language: Language) -> String {
    let days = (today(until) - today(now)).get_days();
    let (count, until) = (days.unsigned_abs(), day(until));
    let left = match (days < 0, count) {
        (true, 1) => language.pick("en dag sen", "one day late").to_owned(),
        (true, _) => format!("{count} {}", language.pick("dagar sent", "days late")),
        (false, 0) => language.pick("i dag", "today").to_owned(),
        (false, 1) => language.pick("en dag kvar", "one day left").to_owned(),
        (false, _) => format!("{count} {}", language.pick("dagar kvar", "days left")),
    };
    let agreed = format!("{approvals} {}", language.pick("av 2 har godkänt", "of 2 have approved"));
    format!("{} {until}, {left}; {agreed}", language.pick("beslut senast", "decision by"))
}

/// Of a moment the day, as people write it.
fn day(at: Timestamp) -> String {
    today(at).to_string()
}

/// A form as a browser sends it.
#[cfg(test)]
pub(super) fn sent(form: &crate::request::Form) -> Vec<(String, String)> {
    typed::pairs(form)
}
