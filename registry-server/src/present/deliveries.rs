//! `/deliveries`: who delivers, whether it comes when it said it would, and whether everything that a sender found is accounted for.
//!
//! Promises: a region's reader sees its own sender only; counts only.

/// A sender's accounting, term by term.
mod accounting;
/// `/deliveries/{region}/batches/{batch}`.
pub(super) mod batch;
/// A sender's weeks as charts, and what was rejected.
mod course;
/// `/deliveries/{region}`.
pub(super) mod sender;
/// What stands on `/deliveries`, table by table.
mod sheet;
/// `/deliveries` for a unit's reader.
pub(super) mod unit;

use std::sync::Arc;

use askama::Template;
use schemas::id::SenderCode;
use schemas::language::{Language, Text};

use super::Ask;
use super::answer::Answer;
use super::fault::Fault;
use super::shell::{Shell, minute};
use super::tables::{self, Table};
use super::workshop::Accounts;
use crate::account::Account;
use crate::authenticate::{Permit, Role};
use crate::fact::SenderFact;
use crate::monitor::course::{SHOWN, first_monday};
use crate::report::{Parameters, render};
use crate::store::watch::History;
use course::{Reject, Row};

static TITLE: Text =
    Text::fixed("Vem som levererar, och om allt kom fram", "Who delivers, and whether everything arrived");

#[derive(Template)]
#[template(path = "deliveries.html")]
struct Page {
    shell: Shell,
    as_of: String,
    /// How each sender's weeks went; the drawing escapes what it is given.
    strip: String,
    rows: Vec<Row>,
    rejects: Vec<Reject>,
    senders: Vec<Line>,
    /// Made by the report's own renderer, which escapes what it is given.
    table: String,
}

/// What is told of a sender's accounting.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// Who.
    pub(super) code: String,
    /// What it found, the terms that this should be the sum of, and what is left over; nothing before it sent any accounting.
    pub(super) terms: Option<Vec<String>>,
    /// What is active here.
    pub(super) active: String,
    /// What does not agree, a sentence each.
    pub(super) sentences: Vec<String>,
}

/// The page.
///
/// # Errors
/// When the store fails.
pub(super) async fn page(ask: &Ask<'_>) -> Result<Answer, Fault> {
    Answer::page(&made(ask).await?.0)
}

/// What it shows as a file.
///
/// # Errors
/// As for the page.
pub(super) async fn file(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (page, more) = made(ask).await?;
    tables::file("deliveries", &sheet::tables(page, more, ask.visit.language), ask.visit.language)
}

/// The page, and the tables that it does not hold as rows: the weeks that it draws, and the report.
async fn made(ask: &Ask<'_>) -> Result<(Page, [Table; 2]), Fault> {
    let report = ask.report("participation", Parameters::default()).await?;
    let (language, now) = (ask.visit.language, ask.desk.registry.environment.now());
    let (known, accounts) = (known(ask).await?, accounts(ask).await?);
    let mut rejects = course::rejects(known.iter().map(|(_, history)| history), (now, language));
    rejects.truncate(12);
    let more = [
        course::weeks(&known, (now, language)),
        Table::of_report(language.pick("Deltagande", "Participation"), &report, language),
    ];
    let page = Page {
        shell: Shell::new((ask.visit, ask.visitor), &TITLE),
        as_of: minute(report.as_of.min(accounts.as_of)),
        strip: course::strip(&known, (now, language), None),
        rows: known.iter().map(|known| course::row(known, (now, language))).collect(),
        rejects,
        senders: lines(ask, &accounts),
        table: render::html::sheet(&report, language).into_string(),
    };
    Ok((page, more))
}

/// The sender whose page, or a page of whose batches, lies under a path.
pub(super) fn sender_of(path: &str) -> Option<SenderCode> {
    path.strip_prefix("/deliveries/")?.split('/').next()?.parse().ok()
}

/// Whether the reader may see a sender.
pub(super) fn sees(ask: &Ask<'_>, sender: &SenderCode) -> bool {
    match (ask.permit, ask.visitor.map(|visitor| &visitor.user.role)) {
        (Permit::All | Permit::Read, _) => true,
        (Permit::Own, Some(Role::Region(code))) => sender == code,
        _ => false,
    }
}

/// The senders that the reader may see, with what came from them.
///
/// # Errors
/// When the store fails.
pub(super) async fn known(ask: &Ask<'_>) -> Result<Vec<(SenderFact, History)>, Fault> {
    let registry = &ask.desk.registry;
    let from = first_monday(registry.environment.now(), SHOWN + 2);
    let mut senders = registry.store.sender_facts().await?;
    let histories = registry.store.histories(from).await?.into_iter();
    let pair = |history: History| {
        let place = senders.iter().position(|sender| &*sender.sender == history.sender.as_str())?;
        Some((senders.swap_remove(place), history))
    };
    Ok(histories.filter(|history| sees(ask, &history.sender)).filter_map(pair).collect())
}

/// Every sender's account, as it is shown now.
///
/// # Errors
/// When the store fails.
pub(super) async fn accounts(ask: &Ask<'_>) -> Result<Arc<Accounts>, Fault> {
    ask.desk.workshop.accounts(ask.state().await?).await
}

/// The accounting of every sender that the reader may see.
pub(super) fn lines(ask: &Ask<'_>, accounts: &Accounts) -> Vec<Line> {
    let language = ask.visit.language;
    let line = |account: &Account| Line {
        code: account.sender.to_string(),
        terms: account.full.as_ref().map(|full| accounting::terms(&full.treatments.terms, language)),
        active: count(language, account.here.active),
        sentences: accounting::sentences(account, language),
    };
    accounts.all.iter().filter(|account| sees(ask, &account.sender)).map(line).collect()
}

/// A count as people write it.
pub(super) fn count(language: Language, count: u64) -> String {
    language.number(count as f64, 0)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;

    use super::*;
    use crate::present::visit::Visit;

    #[test]
    fn what_an_agent_says_of_itself_is_text_and_never_markup() {
        let payload = "<script>alert(1)</script>\"'\u{202e}";
        let text = || payload.to_owned();
        let (visit, _) = Visit::read(Request::get("/deliveries").body(Body::empty()).unwrap());
        let shell = Shell::new((&visit, None), &TITLE);
        let page = Page {
            shell,
            as_of: text(),
            strip: String::new(),
            rows: vec![Row { code: text(), agent: text(), schema: text(), newest: text(), ..Row::default() }],
            rejects: vec![Reject { rule: text(), text: text(), ..Reject::default() }],
            senders: vec![Line { code: text(), sentences: vec![text()], ..Line::default() }],
            table: String::new(),
        };
        let page = page.render().unwrap();
        assert!(!page.contains("<script") && !page.contains("\"'"), "{page}");
        assert!(page.matches("alert(1)").count() >= 10, "{page}");
    }
}
