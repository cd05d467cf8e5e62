//! `/years`: the frozen figures of each year; senders and units see their own and remark on them before they are published.
//!
//! Promises: nobody but staff sees another's figures or remarks here; a remark is kept only while the time for it lasts, one for each
//! person and year; what is wrong with it is told in one sentence.

use std::sync::Arc;

use askama::Template;
use schemas::id::HsaId;
use schemas::language::{Language, Text};

use super::Ask;
use super::answer::Answer;
use super::fault::Fault;
use super::shell::{Shell, minute};
use super::tables::{self, Table};
use crate::aggregate::whose::Whose;
use crate::authenticate::{Permit, Role};
use crate::report::{Parameters, Report, render};
use crate::store::{Calendar, Cut, CutComment, CutStep, Remarker};

/// Where a year's page lies.
const FOLDER: &str = "/years/";
/// What its file is called.
const FILE: &str = "/tables.csv";
/// What its form is sent to.
const COMMENT: &str = "/comment";
/// What is told of a year.
const REPORTS: [(&str, Text); 2] =
    [("groups", Text::fixed("Behandlingar", "Treatments")), ("outcomes", Text::fixed("Resultat", "Outcomes"))];
/// Longest remark, in characters.
const LONGEST: usize = 500;
/// Fewest digits in a row that may be somebody's identity number.
const NUMBER: usize = 10;

static TITLE: Text = Text::fixed("Årsfrysning", "Frozen years");
static TAKEN: Text = Text::fixed(
    "Synpunkten är sparad. Den kan ändras så länge tiden för synpunkter varar.",
    "The comment is saved. It can be changed while comments are taken.",
);
static NO_REMARK: Text = Text::fixed(
    "Skriv 1 till 500 tecken utan personnummer, och spara igen.",
    "Write 1 to 500 characters without identity numbers, and save again.",
);

#[derive(Template)]
#[template(path = "years.html")]
struct List {
    shell: Shell,
    /// Number of the cut, its year and name, what is going on, how many have not signed, how many comments are told.
    years: Vec<(String, String, String, usize, usize)>,
}

#[derive(Template)]
#[template(path = "year.html")]
struct Year {
    shell: Shell,
    state: String,
    said: Option<String>,
    /// Where it lies.
    path: String,
    /// Heading and table; the tables are made by the reports' own renderer, which escapes what it is given.
    tables: Vec<(String, String)>,
    comments: Vec<Told>,
    /// Senders that have not signed, and those that remarked nothing; for staff.
    missing: Option<(String, String)>,
    /// Where exact and published figures stand beside each other; for staff.
    protected: Option<String>,
    /// Where the form goes, and what the person wrote before; nothing when no comment is taken.
    form: Option<(String, String)>,
    longest: usize,
}

/// A comment as it is told.
#[derive(Debug)]
struct Told {
    of: String,
    comment: String,
    at: String,
    /// Who wrote it; for staff.
    by: String,
}

/// The list.
///
/// # Errors
/// When the store fails.
pub(super) async fn list(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (language, now) = (ask.visit.language, ask.desk.registry.environment.now());
    let line = |cut: Cut| {
        let calendar = cut.calendar.as_ref()?;
        let comments = cut.comments.iter().filter(|comment| may_see(ask, comment)).count();
        let name = format!("{}: {}", calendar.year, cut.name);
        let state = state(calendar, calendar.takes_comments(now)).pick(language).to_owned();
        Some((cut.id(), name, state, cut.unsigned().len(), comments))
    };
    let years = ask.desk.registry.store.cuts().await?.into_iter().rev().filter_map(line).collect();
    Answer::page(&List { shell: Shell::new((ask.visit, ask.visitor), &TITLE), years })
}

/// One year.
///
/// # Errors
/// [`Fault::NotFound`] when there is no such year, or the store fails.
pub(super) async fn page(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let id = ask.visit.path.strip_prefix(FOLDER).ok_or(Fault::NotFound)?;
    told(ask, &find(ask, id).await?, None).await
}

/// Its tables as a file.
///
/// # Errors
/// As for the page.
pub(super) async fn file(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let id = ask.visit.path.strip_prefix(FOLDER).and_then(|rest| rest.strip_suffix(FILE)).ok_or(Fault::NotFound)?;
    let (cut, language) = (find(ask, id).await?, ask.visit.language);
    let shown: Vec<Table> = reports(ask, &cut)
        .await?
        .iter()
        .map(|(heading, report)| Table::of_report(heading.pick(language), report, language))
        .collect();
    tables::file("year", &shown, language)
}

/// Takes a remark.
///
/// # Errors
/// As for the year.
pub(super) async fn comment(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let id = ask.visit.path.strip_prefix(FOLDER).and_then(|rest| rest.strip_suffix(COMMENT)).ok_or(Fault::NotFound)?;
    let cut = find(ask, id).await?;
    let (environment, user) = (&ask.desk.registry.environment, &ask.somebody()?.user);
    let calendar = cut.calendar.as_ref().ok_or(Fault::NotFound)?;
    if !calendar.takes_comments(environment.now()) {
        let closed = state(calendar, false);
        return told(ask, &cut, Some(&closed)).await;
    }
    let (Some(of), Some(comment)) = (place(&user.role), remark(ask.sent("comment"))) else {
        return told(ask, &cut, Some(&NO_REMARK)).await;
    };
    let by = Remarker { user: user.number, role: user.role.clone() };
    let step = CutStep::Remark { by, of, comment };
    ask.desk.registry.store.step_cut(cut.number, &step, environment.stamp()).await?;
    told(ask, &find(ask, id).await?, Some(&TAKEN)).await
}

async fn find(ask: &Ask<'_>, id: &str) -> Result<Cut, Fault> {
    let cuts = ask.desk.registry.store.cuts().await?;
    cuts.into_iter().find(|cut| cut.id() == id && cut.calendar.is_some()).ok_or(Fault::NotFound)
}

async fn told(ask: &Ask<'_>, cut: &Cut, said: Option<&Text>) -> Result<Answer, Fault> {
    let (language, visitor) = (ask.visit.language, ask.somebody()?);
    let calendar = cut.calendar.as_ref().ok_or(Fault::NotFound)?;
    let is_open = calendar.takes_comments(ask.desk.registry.environment.now());
    let own = |comment: &&CutComment| comment.by.as_ref().is_some_and(|by| by.user == visitor.user.number);
    let before = cut.comments.iter().find(own).map_or_else(String::new, |comment| comment.comment.clone());
    let title = Text::made(
        format!("Årets siffror {}: {}", calendar.year, cut.name),
        format!("Figures of the year {}: {}", calendar.year, cut.name),
    );
    Answer::page(&Year {
        shell: Shell::new((ask.visit, ask.visitor), &title),
        state: state(calendar, is_open).pick(language).to_owned(),
        said: said.map(|text| text.pick(language).to_owned()),
        path: format!("{FOLDER}{}", cut.id()),
        tables: sheets(&reports(ask, cut).await?, language),
        comments: cut.comments.iter().filter(|comment| may_see(ask, comment)).map(|one| shown(ask, one)).collect(),
        protected: (ask.permit == Permit::All).then(|| format!("{FOLDER}{}/protected", cut.id())),
        missing: (ask.permit == Permit::All).then(|| (cut.unsigned().join(", "), without_comment(cut).join(", "))),
        form: (is_open && ask.permit == Permit::Own).then(|| (format!("{FOLDER}{}{COMMENT}", cut.id()), before)),
        longest: LONGEST,
    })
}

/// The reader's figures: treatments and outcomes; staff by region, others by their own units.
async fn reports(ask: &Ask<'_>, cut: &Cut) -> Result<Vec<(Text, Arc<Report>)>, Fault> {
    let (whose, by) = match (ask.permit, &ask.somebody()?.user.role) {
        (Permit::All, _) => (Whose::All, "region"),
        (Permit::Own, Role::Region(code)) => (Whose::Sender(code.clone()), "unit"),
        (Permit::Own, Role::Unit(units)) => (Whose::Units(units.clone()), "unit"),
        _ => return Err(Fault::NotAllowed),
    };
    // What was remarked stands on the page already, as far as the reader may see it.
    let cut = &Cut { comments: Vec::new(), ..cut.clone() };
    let mut reports = Vec::new();
    for (name, heading) in REPORTS {
        let parameters = Parameters::from_pairs([("by", by)]).map_err(|_| Fault::Unreadable)?;
        reports.push((heading, ask.of_cut(cut, (name, parameters), whose.clone()).await?));
    }
    Ok(reports)
}

/// Each report under its heading, as the page holds it.
fn sheets(reports: &[(Text, Arc<Report>)], language: Language) -> Vec<(String, String)> {
    let sheet = |report: &Report| render::html::sheet(report, language).into_string();
    reports.iter().map(|(heading, report)| (heading.pick(language).to_owned(), sheet(report))).collect()
}

/// What is going on with a year's figures.
fn state(calendar: &Calendar, is_open: bool) -> Text {
    let until = calendar.comments_until;
    match &calendar.published {
        Some(published) => {
            let on = minute(published.at);
            Text::made(
                format!("Publicerades {on}; synpunkter tas inte emot längre."),
                format!("Published {on}; no more comments are taken."),
            )
        }
        None if is_open => Text::made(
            format!("Synpunkter tas emot till och med {until}."),
            format!("Comments are taken through {until}."),
        ),
        None => Text::made(
            format!("Tiden för synpunkter tog slut {until}; kontakta registrets kansli."),
            format!("The time for comments ended on {until}; contact the register's staff."),
        ),
    }
}

fn shown(ask: &Ask<'_>, comment: &CutComment) -> Told {
    let by = comment.by.as_ref().filter(|_| ask.permit == Permit::All);
    let language = ask.visit.language;
    Told {
        of: comment.of.clone(),
        comment: comment.comment.clone(),
        at: minute(comment.at),
        by: by.map_or_else(String::new, |by| {
            let role = by.role.name();
            format!("{} {}, {}", language.pick("konto", "account"), by.user, role.pick(language))
        }),
    }
}

/// Staff see every remark, others those for the place that they speak for.
fn may_see(ask: &Ask<'_>, comment: &CutComment) -> bool {
    ask.permit == Permit::All || ask.visitor.and_then(|visitor| place(&visitor.user.role)).as_ref() == Some(&comment.of)
}

/// What somebody speaks for.
fn place(role: &Role) -> Option<String> {
    match role {
        Role::Region(code) => Some(code.to_string()),
        Role::Unit(units) => Some(units.iter().map(HsaId::as_str).collect::<Vec<_>>().join(", ")),
        _ => None,
    }
}

fn without_comment(cut: &Cut) -> Vec<&str> {
    let senders = cut.shares.iter().map(|share| share.sender.as_str());
    senders.filter(|sender| !cut.comments.iter().any(|comment| comment.of == *sender)).collect()
}

/// A remark on one line; nothing when it is none, too long, or may hold an identity number.
fn remark(text: &str) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = !line.is_empty() && line.chars().count() <= LONGEST && !line.chars().any(char::is_control);
    (fits && !line.split([' ', ',', '.', ';', '(', ')']).any(may_be_a_number)).then_some(line)
}

fn may_be_a_number(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    digits >= NUMBER && word.chars().all(|letter| letter.is_ascii_digit() || "-+:".contains(letter))
}

#[cfg(test)]
mod tests {
    use schemas::language::Language;

    use super::*;

    #[test]
    fn a_remark_is_one_line_of_at_most_500_characters_without_an_identity_number() {
        assert_eq!(remark(" två enheter\r\n slogs ihop ").as_deref(), Some("två enheter slogs ihop"));
        assert_eq!(remark(&"å".repeat(500)).map(|line| line.chars().count()), Some(500));
        let unit = "SE9990120000-E001 bytte namn 2025-03-01";
        assert_eq!(remark(unit).as_deref(), Some(unit));
        for wrong in ["", " \r\n", &"å".repeat(501), "a\u{7}b", "gäller 19811218-9876.", "(811218+9876)", "8112189876"]
        {
            assert_eq!(remark(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_year_is_open_then_closed_then_published() {
        let [stop, comments_until] = ["2026-03-01", "2026-04-01"].map(|day| day.parse().unwrap());
        let calendar = Calendar { year: 2025, stop, comments_until, published: None };
        let at = |text: &str| text.parse().unwrap();
        assert!(calendar.takes_comments(at("2026-04-01T23:59:59Z")));
        assert!(!calendar.takes_comments(at("2026-04-02T00:00:00Z")));
        assert!(state(&calendar, true).pick(Language::En).starts_with("Comments are taken through 2026-04-01"));
        assert!(state(&calendar, false).pick(Language::Sv).starts_with("Tiden för synpunkter tog slut 2026-04-01"));
        let published = crate::store::Publication { at: at("2026-03-20T10:00:00Z"), reason: None };
        let calendar = Calendar { published: Some(published), ..calendar };
        assert!(!calendar.takes_comments(at("2026-03-21T00:00:00Z")), "whatever the day");
        assert!(state(&calendar, false).pick(Language::Sv).starts_with("Publicerades 2026-03-20"));
    }
}
