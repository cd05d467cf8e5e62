//! `/audit`: who saw or did what, and when.
//!
//! Promises: a region's reader sees what concerns its own sender and what its own people did; the file holds what the page shows and what
//! is older under the same choice, up to a number that it says; people are numbers but to whom may know their addresses.

use std::collections::BTreeMap;

use askama::Template;
use jiff::Timestamp;
use jiff::civil::Date;
use schemas::language::Text;

use super::Ask;
use super::answer::Answer;
use super::event::{self, KINDS, Told};
use super::fault::Fault;
use super::shell::Shell;
use crate::audit::review;
use crate::authenticate::{Permit, Role};
use crate::moment::{midnight, minute};
use crate::report::render::harmless;
use crate::store::trail::{Look, Placed};

static TITLE: Text = Text::fixed("Vem som har sett eller gjort vad", "Who saw or did what");
/// Events on a page.
const PAGE: u32 = 50;
/// Events in a file.
const FILE: u32 = 10_000;

#[derive(Template)]
#[template(path = "audit.html")]
struct Page {
    shell: Shell,
    kinds: Vec<(&'static str, &'static str, bool)>,
    person: String,
    from: String,
    to: String,
    lines: Vec<Line>,
    /// What stands behind the question mark, for the file and for what is older.
    query: String,
    older: Option<u64>,
    may_review: bool,
}

/// An event of the table.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// Its place in the log.
    pub(super) position: u64,
    /// When.
    pub(super) at: String,
    /// Who: address where it may be known, else number and role.
    pub(super) who: String,
    /// What.
    pub(super) told: Told,
}

/// The page.
///
/// # Errors
/// [`Fault::Unreadable`] when a choice is not understood; when the store fails.
pub(super) async fn page(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let look = look(ask, PAGE + 1)?;
    let mut lines = lines(ask, &ask.desk.registry.store.events(&look).await?).await?;
    let more = lines.len() > PAGE as usize;
    lines.truncate(PAGE as usize);
    let (visit, language) = (ask.visit, ask.visit.language);
    let value = |name| visit.asked(name).unwrap_or_default().to_owned();
    let chosen = value("kind");
    Answer::page(&Page {
        shell: Shell::new((visit, ask.visitor), &TITLE),
        kinds: KINDS.iter().map(|(kind, name)| (*kind, name.pick(language), *kind == chosen)).collect(),
        person: value("person"),
        from: value("from"),
        to: value("to"),
        query: query(ask),
        older: lines.last().filter(|_| more).map(|line| line.position),
        lines,
        may_review: ask.permit == Permit::All,
    })
}

/// The table as a file, with what is older.
///
/// # Errors
/// As for the page.
pub(super) async fn file(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let lines = lines(ask, &ask.desk.registry.store.events(&look(ask, FILE)?).await?).await?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    let wrong = |error: csv::Error| Fault::Unexpected(error.to_string());
    writer.write_record(["position", "at", "person", "who", "role", "sender", "kind", "detail"]).map_err(wrong)?;
    for Line { position, at, who, told } in lines {
        let person = told.person.map(|person| person.to_string()).unwrap_or_default();
        let cells = [position.to_string(), at, person, who, told.role, told.sender, told.kind, told.detail];
        writer.write_record(cells.map(|cell| harmless(&cell).into_owned())).map_err(wrong)?;
    }
    let bytes = writer.into_inner().map_err(|error| Fault::Unexpected(error.to_string()))?;
    Ok(Answer::Csv { name: "audit", text: String::from_utf8_lossy(&bytes).into_owned() })
}

/// Events in words, people named as far as the reader may know them.
///
/// # Errors
/// When the store fails.
pub(super) async fn lines(ask: &Ask<'_>, events: &[Placed]) -> Result<Vec<Line>, Fault> {
    let own = own_role(ask);
    let users = ask.desk.registry.store.users().await?;
    let known = users.into_iter().filter(|user| own.as_ref().is_none_or(|role| user.role == *role));
    let known: BTreeMap<u32, String> = known.map(|user| (user.number, user.email)).collect();
    let language = ask.visit.language;
    let unreadable = || Told {
        kind: language.pick("kan inte läsas", "cannot be read").to_owned(),
        detail: language.pick("kör `registry-server audit verify`", "run `registry-server audit verify`").to_owned(),
        ..Told::default()
    };
    let line = |placed: &Placed| {
        let told = event::told(&placed.event, language).unwrap_or_else(unreadable);
        let numbered = |person: u32| format!("{} {person}", language.pick("person", "person"));
        let who = told.person.map(|person| known.get(&person).cloned().unwrap_or_else(|| numbered(person)));
        let at = placed.event.get(7..).and_then(|rest| rest.split('"').next()?.parse::<Timestamp>().ok());
        Line { position: placed.position, at: at.map_or_else(String::new, minute), who: who.unwrap_or_default(), told }
    };
    Ok(events.iter().map(line).collect())
}

/// The role whose events alone the reader sees; nothing for who sees all.
fn own_role(ask: &Ask<'_>) -> Option<Role> {
    ask.visitor.filter(|_| ask.permit == Permit::Own).map(|visitor| visitor.user.role.clone())
}

/// What the address asks for.
fn look(ask: &Ask<'_>, most: u32) -> Result<Look, Fault> {
    let asked = |name| ask.visit.asked(name).filter(|value| !value.is_empty());
    let number = |name| asked(name).map(|value| value.parse::<u64>().map_err(|_| Fault::Unreadable)).transpose();
    let day = |name| asked(name).map(|value| value.parse::<Date>().map_err(|_| Fault::Unreadable)).transpose();
    let kind = asked("kind").map(|kind| KINDS.iter().find(|(known, _)| *known == kind).ok_or(Fault::Unreadable));
    let sender = match (ask.permit, own_role(ask)) {
        (Permit::All, _) => None,
        (_, Some(Role::Region(code))) => Some(code),
        _ => return Err(Fault::NotAllowed),
    };
    let until = day("to")?.and_then(|day| day.tomorrow().ok()).map_or(Timestamp::MAX, midnight);
    Ok(Look {
        from: day("from")?.map_or(Timestamp::UNIX_EPOCH, midnight),
        until,
        kinds: kind.transpose()?.map(|(kind, _)| (*kind).to_owned()).into_iter().collect(),
        person: number("person")?.map(|number| u32::try_from(number).unwrap_or(u32::MAX)),
        sender,
        before: number("before")?,
        most,
    })
}

fn query(ask: &Ask<'_>) -> String {
    let kept = ["kind", "person", "from", "to"];
    let chosen = kept.into_iter().filter_map(|name| Some((name, ask.visit.asked(name)?)));
    form_urlencoded::Serializer::new(String::new()).extend_pairs(chosen.filter(|(_, value)| !value.is_empty())).finish()
}

/// Every sensitive event of a month, page by page, given to whoever draws the sample.
///
/// # Errors
/// When the store fails.
pub(super) async fn of_month(
    ask: &Ask<'_>,
    (from, until): (Timestamp, Timestamp),
    mut take: impl FnMut(Placed),
) -> Result<(), Fault> {
    let kinds = review::SENSITIVE.map(ToOwned::to_owned).to_vec();
    let mut look = Look { from, until, kinds, person: None, sender: None, before: None, most: FILE };
    loop {
        let events = ask.desk.registry.store.events(&look).await?;
        let Some(last) = events.last() else { return Ok(()) };
        look.before = Some(last.position);
        events.into_iter().for_each(&mut take);
    }
}
