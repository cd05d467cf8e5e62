//! `/deliveries/{region}`: one sender, down to batch, receipt and the rules behind what was rejected or held.
//!
//! Promises: a region's reader reaches its own page only, and is told of no other whether it is enrolled; alarms are acknowledged by staff
//! only, and that is in the audit log.

/// What stands on the page, table by table.
mod sheet;

use askama::Template;
use jiff::Timestamp;
use schemas::id::SenderCode;
use schemas::language::{Language, Text};
use schemas::receipt::{Receipt, Verdict};
use schemas::schedule::Schedule;
use tokio::sync::OnceCell;

use super::accounting::{self, Told as Accounting};
use super::course::{self, Reject, Row};
use super::{count, known, sees};
use crate::authenticate::{Action, Permit, permit};
use crate::fact::SenderFact;
use crate::moment::minute_of;
use crate::present::answer::Answer;
use crate::present::fault::Fault;
use crate::present::shell::{Shell, minute};
use crate::present::tables::{self, Table};
use crate::present::{Ask, text};
use crate::store::alarm::{Acknowledged, Alarm, Contact, ContactRole, Mark};
use crate::store::watch::{History, StoredBatch};

/// Batches that are shown.
const BATCHES: u32 = 10;
/// Alarms that are shown besides the open ones.
const PAST: usize = 10;
static TITLE: Text = Text::fixed("Leveranser från", "Deliveries of");
static NOTE: Text = Text::fixed(
    "Skriv vad som görs åt det, en rad, högst 200 tecken, utan uppgifter om patienter.",
    "Write what is done about it, one line, 200 characters at the most, and nothing on patients.",
);
static SEEN: Text = Text::fixed("Larmet är kvitterat.", "The alarm is acknowledged.");

#[derive(Template)]
#[template(path = "deliveries/sender.html")]
struct Page {
    shell: Shell,
    said: Option<&'static str>,
    row: Row,
    strip: String,
    schedule: Option<String>,
    next: Vec<String>,
    batches: Vec<Batch>,
    rejects: Vec<Reject>,
    accounting: Accounting,
    alarms: Vec<Told>,
    contacts: Vec<(String, &'static str, String, String, String)>,
    may_acknowledge: bool,
}

/// A stored batch in words.
#[derive(Debug)]
struct Batch {
    at: String,
    /// What it is called in its address.
    name: String,
    digest: String,
    records: String,
    kept: String,
    rejected: String,
    rules: String,
}

/// An alarm in words.
#[derive(Debug)]
struct Told {
    number: u32,
    name: String,
    since: String,
    over: Option<String>,
    seen: Option<(String, String, String)>,
}

/// The page.
///
/// # Errors
/// [`Fault::NotAllowed`] for another than the reader's own; when the store fails.
pub(in crate::present) async fn page(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let sender = super::sender_of(&ask.visit.path).filter(|code| sees(ask, code)).ok_or(Fault::NotAllowed)?;
    shown(ask, sender, None).await
}

/// Its tables as a file, but for the contacts, which are no figures.
///
/// # Errors
/// As for the page.
pub(in crate::present) async fn file(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let sender = super::sender_of(&ask.visit.path).filter(|code| sees(ask, code)).ok_or(Fault::NotAllowed)?;
    let (page, weeks) = made(ask, sender, None).await?;
    tables::file("sender", &sheet::tables(page, weeks, ask.visit.language), ask.visit.language)
}

/// Notes that somebody has seen an alarm.
///
/// # Errors
/// [`Fault::NotFound`] when there is none of the number; when the store fails.
pub(in crate::present) async fn acknowledge(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (store, visitor) = (&ask.desk.registry.store, ask.somebody()?);
    let number: u32 = ask.sent("alarm").parse().map_err(|_| Fault::Unreadable)?;
    let found = store.alarms().await?.into_iter().find(|alarm| alarm.number == number).ok_or(Fault::NotFound)?;
    let sender = found.condition.sender;
    let Some(note) = text::line(ask.sent("note")) else { return shown(ask, sender, Some(&NOTE)).await };
    let mark = Mark { stamp: ask.desk.registry.environment.stamp(), person: Some(visitor.user.number) };
    let seen = Acknowledged { at: mark.stamp.at.to_string(), by: visitor.user.email.clone(), note };
    store.acknowledge_alarm(number, &seen, mark).await?;
    shown(ask, sender, Some(&SEEN)).await
}

async fn shown(ask: &Ask<'_>, code: SenderCode, said: Option<&'static Text>) -> Result<Answer, Fault> {
    Answer::page(&made(ask, code, said).await?.0)
}

/// The page, and the weeks that it draws.
async fn made(ask: &Ask<'_>, code: SenderCode, said: Option<&'static Text>) -> Result<(Page, Table), Fault> {
    let (registry, language) = (&ask.desk.registry, ask.visit.language);
    let (store, now) = (&registry.store, registry.environment.now());
    let one = known(&reading(ask)).await?;
    let one: Vec<(SenderFact, History)> = one.into_iter().filter(|(_, history)| history.sender == code).collect();
    let Some(known @ (sender, history)) = one.first() else { return Err(Fault::NotFound) };
    let accounts = super::accounts(ask).await?;
    let account = accounts.all.iter().find(|account| account.sender == code).ok_or(Fault::NotFound)?;
    let role = &ask.somebody()?.user.role;
    let title =
        Text::made(format!("{} {code}", TITLE.pick(Language::Sv)), format!("{} {code}", TITLE.pick(Language::En)));
    let (schedule, next) = schedule(sender, now);
    let page = Page {
        shell: Shell::new((ask.visit, ask.visitor), &title),
        said: said.map(|text| text.pick(language)),
        row: course::row(known, (now, language)),
        strip: course::strip(&one, (now, language), None),
        schedule,
        next,
        batches: store.batches(&code, BATCHES).await?.iter().map(|batch| told(batch, language)).collect(),
        rejects: course::rejects(std::iter::once(history), (now, language)),
        accounting: accounting::told(account, language),
        alarms: alarms(store.alarms().await?, &code, language),
        contacts: contacts(&store.contacts().await?, &code, language),
        may_acknowledge: permit(role, Action::Senders) == Permit::All,
    };
    Ok((page, course::weeks(&one, (now, language))))
}

/// The request as that of a page of senders, also where the route was another action's.
fn reading<'a>(ask: &Ask<'a>) -> Ask<'a> {
    let permit = ask.visitor.map_or(Permit::No, |visitor| permit(&visitor.user.role, Action::Deliveries));
    Ask { desk: ask.desk, visit: ask.visit, visitor: ask.visitor, permit, form: Vec::new(), state: OnceCell::new() }
}

/// What the agent says of its schedule, and its next three runs.
fn schedule(sender: &SenderFact, now: Timestamp) -> (Option<String>, Vec<String>) {
    let Some((expression, zone)) = sender.schedule.as_deref().zip(sender.timezone.as_deref()) else {
        return (None, Vec::new());
    };
    let runs = Schedule::parse(expression, zone).map(|schedule| schedule.next_runs(now, 3)).unwrap_or_default();
    (Some(format!("{expression} ({zone})")), runs.into_iter().map(minute).collect())
}

fn told(batch: &StoredBatch, language: Language) -> Batch {
    let mut told = Batch {
        at: minute_of(Some(&batch.received_at)),
        name: batch.digest.clone(),
        digest: batch.digest.chars().take(12).collect(),
        records: count(language, batch.records),
        kept: String::new(),
        rejected: String::new(),
        rules: String::new(),
    };
    if let Ok(Receipt { body, .. }) = serde_json::from_slice(&batch.receipt) {
        let sum = |wanted: fn(Verdict) -> bool| {
            let ranges = body.verdicts.iter().filter(|range| wanted(range.verdict));
            count(language, ranges.map(|range| u64::from(range.to - range.from) + 1).sum())
        };
        told.kept = sum(|verdict| verdict != Verdict::Rejected);
        told.rejected = sum(|verdict| verdict == Verdict::Rejected);
        let mut rules: Vec<String> = body.findings.into_iter().map(|finding| finding.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        told.rules = rules.join(", ");
    }
    told
}

/// Those that last, then the latest that are over.
fn alarms(all: Vec<Alarm>, code: &SenderCode, language: Language) -> Vec<Told> {
    let own = all.into_iter().rev().filter(|alarm| alarm.condition.sender == *code);
    let (open, over): (Vec<Alarm>, Vec<Alarm>) = own.partition(|alarm| alarm.cleared_at.is_none());
    let told = |alarm: Alarm| Told {
        number: alarm.number,
        name: alarm.condition.kind.name().pick(language).to_owned(),
        since: minute(alarm.condition.since),
        over: alarm.cleared_at.as_deref().map(|at| minute_of(Some(at))),
        seen: alarm.acknowledged.map(|seen| (minute_of(Some(&seen.at)), seen.by, seen.note)),
    };
    open.into_iter().chain(over.into_iter().take(PAST)).map(told).collect()
}

fn contacts(
    all: &[Contact],
    code: &SenderCode,
    language: Language,
) -> Vec<(String, &'static str, String, String, String)> {
    let role = |role| match role {
        ContactRole::Technical => language.pick("teknik", "technical"),
        ContactRole::Clinical => language.pick("vård", "clinical"),
        ContactRole::DataProtection => language.pick("dataskydd", "data protection"),
    };
    let deputy = |number: u32| {
        let name = all.iter().find(|other| other.number == number).map_or("", |other| other.name.as_str());
        format!("{} {name}", language.pick("ersätter", "stands in for"))
    };
    let own = all.iter().filter(|contact| contact.sender == *code);
    own.map(|contact| {
        let stands_in = contact.deputy_of.map(deputy).unwrap_or_default();
        (contact.name.clone(), role(contact.role), contact.email.clone(), stands_in, minute(contact.confirmed_at))
    })
    .collect()
}
