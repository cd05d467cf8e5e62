//! `/`: what needs attention first, then the country's key figures.
//!
//! Promises: whoever is late, silent, does not add up or has an open alarm stands there until it is mended: who does not come first, then
//! accounts, then alarms, each in the order of codes; a region's reader sees its own sender and its own figures.

use askama::Template;
use schemas::language::{Language, Text};

use super::answer::Answer;
use super::fault::Fault;
use super::key_figures::{self, Keys};
use super::shell::{Shell, minute};
use super::tables::{self, Table};
use super::{Ask, deliveries, review};
use crate::authenticate::{Action, Permit, permit};
use crate::figure::Figure;
use crate::report::{Parameters, Report};
use crate::store::alarm::{Alarm, AlarmKind};

static TITLE: Text = Text::fixed("Översikt", "Overview");
/// The heading above what needs attention.
const ATTENTION: (&str, &str) = ("Behöver åtgärdas", "Needs attention");

#[derive(Template)]
#[template(path = "overview.html")]
struct Page {
    shell: Shell,
    as_of: String,
    attention: Vec<Attention>,
    figures: Vec<(String, String, String)>,
    keys: Keys,
}

/// Something that needs attention.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Attention {
    /// Who is concerned, as they are called; empty for the register itself.
    who: String,
    /// Where more of it stands.
    path: String,
    /// What it is.
    sentence: String,
}

/// The page.
///
/// # Errors
/// When the store fails.
pub(super) async fn page(ask: &Ask<'_>) -> Result<Answer, Fault> {
    Answer::page(&made(ask).await?)
}

/// What it shows as a file.
///
/// # Errors
/// As for the page.
pub(super) async fn file(ask: &Ask<'_>) -> Result<Answer, Fault> {
    tables::file("overview", &made(ask).await?.tables(ask.visit.language), ask.visit.language)
}

async fn made(ask: &Ask<'_>) -> Result<Page, Fault> {
    let language = ask.visit.language;
    let senders = ask.report("participation", Parameters::default()).await?;
    let mut attention = late(&senders, language);
    let accounts = deliveries::accounts(ask).await?;
    for line in deliveries::lines(ask, &accounts).iter().filter(|line| !line.sentences.is_empty()) {
        let begin = language.pick("Bokföringen går inte ihop:", "The accounting does not add up:");
        let sentence = format!("{begin} {}.", line.sentences.join("; "));
        attention.push(Attention::of(&line.code, line.code.clone(), sentence));
    }
    attention.extend(alarms(ask).await?);
    if permit(&ask.somebody()?.user.role, Action::Audit) == Permit::All
        && let Some(month) = review::missing(ask).await?
    {
        let (review, unsigned) =
            language.pick(("Logggranskningen för", "är inte undertecknad."), ("The log review of", "is not signed."));
        let sentence = format!("{review} {month} {unsigned}");
        attention.push(Attention { who: String::new(), path: "/audit/review".to_owned(), sentence });
    }
    let by = if ask.permit == Permit::Own { "region" } else { "" };
    let parameters = Parameters::from_pairs([("by", by)]).map_err(|_| Fault::Unreadable)?;
    let groups = ask.report("groups", parameters).await?;
    Ok(Page {
        shell: Shell::new((ask.visit, ask.visitor), &TITLE),
        as_of: minute(groups.as_of.min(senders.as_of).min(accounts.as_of)),
        attention,
        figures: figures(&groups, language),
        keys: key_figures::of(ask).await?,
    })
}

impl Page {
    /// What stands on it, table by table.
    fn tables(self, language: Language) -> Vec<Table> {
        let attention = self.attention.into_iter().map(|one| (one.who, vec![one.sentence])).collect();
        let [from, to, before, until] = self.keys.days.map(|day| day.to_string());
        let compared = language.pick("jämfört med", "compared with");
        let keys =
            self.keys.figures.into_iter().map(|key| (key.head.to_owned(), vec![key.figure, key.below, key.change]));
        let figures = self.figures.into_iter().map(|(head, figure, below)| (head, vec![figure, below]));
        let (figure, below) = language.pick(("Siffra", "Intervall och n"), ("Figure", "Interval and n"));
        vec![
            Table::new(language.pick(ATTENTION.0, ATTENTION.1), &[language.pick("Vad", "What")], attention),
            Table::new(
                format!("{from}–{to}, {compared} {before}–{until}"),
                &[figure, below, language.pick("Ändring", "Change")],
                keys.collect(),
            ),
            Table::new(
                language.pick("Avslutade behandlingar, hela tiden", "Ended treatments, all time"),
                &[figure, below],
                figures.collect(),
            ),
        ]
    }
}

impl Attention {
    fn of(code: &str, who: String, sentence: String) -> Self {
        Self { who, path: format!("/deliveries/{code}"), sentence }
    }
}

/// The open alarms of senders that the reader may see, but for what the page finds out by itself.
async fn alarms(ask: &Ask<'_>) -> Result<Vec<Attention>, Fault> {
    let language = ask.visit.language;
    let is_found = |kind| matches!(kind, AlarmKind::Late | AlarmKind::Silent | AlarmKind::Accounting);
    let mut open: Vec<Alarm> = ask.desk.registry.store.alarms().await?;
    open.retain(|alarm| {
        let condition = &alarm.condition;
        alarm.cleared_at.is_none() && !is_found(condition.kind) && deliveries::sees(ask, &condition.sender)
    });
    open.sort_by(|one, other| one.condition.cmp(&other.condition));
    let told = |alarm: Alarm| {
        let name = alarm.condition.kind.name();
        let since = language.pick("sedan", "since");
        let seen = alarm
            .acknowledged
            .map(|seen| format!("; {} {} ({})", language.pick("kvitterat av", "acknowledged by"), seen.by, seen.note));
        let sentence =
            format!("{} {since} {}{}.", name.pick(language), minute(alarm.condition.since), seen.unwrap_or_default());
        Attention::of(alarm.condition.sender.as_str(), alarm.condition.sender.to_string(), sentence)
    };
    Ok(open.into_iter().map(told).collect())
}

/// Senders that did not come, and what is said of it.
fn late(report: &Report, language: Language) -> Vec<Attention> {
    let place = |name: &str| report.columns.iter().position(|column| column == name);
    let (Some(region), Some(status)) = (place("region"), place("status")) else { return Vec::new() };
    let sentence = |row: &Vec<Figure>| {
        let sentence = match &row[status] {
            Figure::Text(word) if &**word == "late" => {
                language.pick("En planerad leverans har uteblivit.", "A planned delivery did not come.")
            }
            Figure::Text(word) if &**word == "silent" => {
                language.pick("Har varit tyst i minst en vecka.", "Has been silent for a week or longer.")
            }
            _ => return None,
        };
        let Figure::Text(code) = &row[region] else { return None };
        Some(Attention::of(code, report.text(row, region, language), sentence.to_owned()))
    };
    report.rows.iter().filter_map(sentence).collect()
}

/// Heading, figure and what stands under it.
fn figures(report: &Report, language: Language) -> Vec<(String, String, String)> {
    let Some(row) = report.rows.last() else { return Vec::new() };
    let text = |name: &str| {
        let place = report.columns.iter().position(|column| column == name);
        place.map_or_else(String::new, |place| report.text(row, place, language))
    };
    let count = |sv: &str, en: &str, name: &str| (language.pick(sv, en).to_owned(), text(name), String::new());
    let shares = [text("completed_p"), text("completed_lo"), text("completed_hi"), text("completed_d")];
    let mut figures = vec![
        count("Avslutade behandlingar", "Ended treatments", "n_started"),
        count("Personer", "Persons", "n_persons"),
    ];
    if let [share, low, high, all] = &shares
        && !share.is_empty()
    {
        let head = language.pick("Fullföljda", "Completed").to_owned();
        let below =
            format!("{} {low}–{high}\u{a0}%, n = {all}", language.pick("95\u{a0}% intervall", "95\u{a0}% interval"));
        figures.push((head, format!("{share}\u{a0}%"), below));
    }
    figures
}
