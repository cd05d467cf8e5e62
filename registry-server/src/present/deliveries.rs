//! `/deliveries`: who delivers, whether it comes when it said it would, and whether everything that a sender found is accounted for.
//!
//! Promises: a region's reader sees its own sender only.

use askama::Template;
use schemas::id::SenderCode;
use schemas::language::Text;

use super::Ask;
use super::answer::Answer;
use super::fault::Fault;
use super::shell::{Shell, minute};
use crate::account;
use crate::authenticate::{Permit, Role};
use crate::report::{Parameters, render};
use crate::store::Sender;

static TITLE: Text =
    Text::fixed("Vem som levererar, och om allt kom fram", "Who delivers, and whether everything arrived");

#[derive(Template)]
#[template(path = "deliveries.html")]
struct Page {
    shell: Shell,
    as_of: String,
    senders: Vec<Line>,
    /// Made by the report's own renderer, which escapes what it is given.
    table: String,
}

/// What is told of a sender's accounting.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// Who.
    pub(super) code: String,
    /// What it found, as it says; nothing before it sent any accounting.
    pub(super) found: Option<String>,
    /// What of it was accepted, also earlier.
    pub(super) accepted: String,
    /// What of it was rejected or held.
    pub(super) kept_back: String,
    /// What is not accounted for.
    pub(super) difference: String,
    /// What is active here.
    pub(super) active: String,
    /// How many things disagree.
    pub(super) disagreements: usize,
    /// Version of its agent.
    pub(super) agent: String,
    /// When its newest batch came.
    pub(super) seen: String,
}

/// The page.
///
/// # Errors
/// When the store fails.
pub(super) async fn page(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let report = ask.report("participation", Parameters::default()).await?;
    Answer::page(&Page {
        shell: Shell::new((ask.visit, ask.visitor), &TITLE),
        as_of: minute(report.as_of),
        senders: lines(ask).await?,
        table: render::html::sheet(&report, ask.visit.language).into_string(),
    })
}

/// The sender whose page lies under a path.
pub(super) fn sender_of(path: &str) -> Option<SenderCode> {
    path.strip_prefix("/deliveries/")?.parse().ok()
}

/// The accounting of every sender that the reader may see.
///
/// # Errors
/// When the store fails.
pub(super) async fn lines(ask: &Ask<'_>) -> Result<Vec<Line>, Fault> {
    let (store, language) = (&ask.desk.registry.store, ask.visit.language);
    let count = |count: u64| language.number(count as f64, 0);
    let own = |sender: &Sender| match (ask.permit, ask.visitor.map(|visitor| &visitor.user.role)) {
        (Permit::All | Permit::Read, _) => true,
        (Permit::Own, Some(Role::Region(code))) => sender.code == *code,
        _ => false,
    };
    let mut lines = Vec::new();
    for sender in store.senders().await?.into_iter().filter(own) {
        let account = account::account(sender.code.clone(), &store.account(&sender.code).await?);
        let terms = account.full.as_ref().map(|full| full.treatments.terms);
        let told = terms.unwrap_or_default();
        let seen = sender.plan.last_seen_at;
        lines.push(Line {
            code: sender.code.to_string(),
            found: terms.map(|terms| count(terms.found)),
            accepted: count(told.accepted + told.unchanged),
            kept_back: count(told.rejected + told.held),
            difference: language.number(told.difference as f64, 0),
            active: count(account.here.active),
            disagreements: account.sentences.len(),
            agent: sender.plan.agent.unwrap_or_default(),
            seen: seen.and_then(|seen| seen.parse().ok()).map_or_else(String::new, minute),
        });
    }
    Ok(lines)
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
        let (visit, _) = Visit::read(Request::get("/deliveries").body(Body::empty()).unwrap());
        let line = Line { code: payload.to_owned(), agent: payload.to_owned(), ..Line::default() };
        let shell = Shell::new((&visit, None), &TITLE);
        let page = Page { shell, as_of: payload.to_owned(), senders: vec![line], table: String::new() };
        let page = page.render().unwrap();
        assert!(!page.contains("<script") && !page.contains("\"'"), "{page}");
        assert_eq!(page.matches("alert(1)").count(), 3, "{page}");
    }
}
