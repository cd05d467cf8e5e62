//! `/extracts/new` and `/extracts/{number}/mend`: writing a request down, and anew.
//!
//! Promises: whatever is wrong is told at its field, and everything that was typed stays in the form; a draft is kept though it lacks
//! something; a check tells what it lacks and keeps nothing.

use askama::Template;
use schemas::language::{Language, Text};

use super::field::{self, Field, Kind};
use super::table::{self, Part};
use super::typed::{self, Pairs};
use super::{FOLDER, caseworker, find, hidden, one, sees};
use crate::casework::NotTaken;
use crate::present::Ask;
use crate::present::answer::Answer;
use crate::present::fault::Fault as NoPage;
use crate::present::shell::Shell;
use crate::present::visit::value;
use crate::request::form::{Fault, Format, RequesterKind};
use crate::request::{Form, Said, Step};

static NEW: Text = Text::fixed("En ny begäran om uttag", "A new request for an extract");
static AMEND: Text = Text::fixed("Begär en ändring av ett uttag", "Ask for a change of an extract");
static MEND: Text = Text::fixed("Ändra begäran om uttag", "Mend a request for an extract");
static WHOLE: Text = Text::fixed(
    "Inget saknas. Begäran är inte sparad av kontrollen; spara den och lämna sedan in den.",
    "Nothing is missing. The check has not saved the request; save it, then hand it in.",
);
static NOT_SAVED: Text = Text::fixed(
    "Det här behöver rättas. Inget av det du skrev är borta, men det är inte sparat.",
    "This needs to be mended. Nothing that you wrote is gone, but it is not saved.",
);
static LACKS: Text = Text::fixed(
    "Det här saknas innan begäran kan lämnas in. Det du skrev är inte sparat av kontrollen.",
    "This is missing before the request can be handed in. The check has not saved what you wrote.",
);
static NOT_HANDED_IN: Text = Text::fixed(
    "Begäran är inte inlämnad: rätta det här, spara och lämna in igen.",
    "The request is not handed in: mend this, save, and hand it in again.",
);
static ANOTHER: Text = Text::fixed("Tabellen finns sist bland tabellerna.", "The table is the last of the tables.");

#[derive(Template)]
#[template(path = "extracts/form.html")]
struct Page {
    shell: Shell,
    /// Where the form goes.
    action: String,
    /// How many more the reader may hand in.
    left: String,
    said: Option<&'static str>,
    /// What is wrong: where in the page, what it is called, what to write.
    faults: Vec<(String, String, String)>,
    /// Each kind of requester, and what the law asks of it.
    laws: Vec<(String, String)>,
    groups: Vec<(&'static str, Vec<Shown>)>,
    parts: Vec<Part>,
    of_tables: Vec<String>,
}

/// A field as it stands in the form.
struct Shown {
    field: &'static Field,
    label: &'static str,
    hint: &'static str,
    value: String,
    /// Word, name, and whether it is chosen.
    choices: Vec<(&'static str, String, bool)>,
    faults: Vec<String>,
}

/// What stands in a form, and what is said of it.
pub(super) struct Filled<'a> {
    pub(super) pairs: &'a Pairs,
    pub(super) faults: Vec<Fault>,
    pub(super) said: Option<&'static Text>,
    /// What would be hidden of the tables, in their order; nothing where that was not looked at.
    pub(super) hidden: Vec<Option<Text>>,
}

/// The empty form; of a request that is to be amended what that states.
///
/// # Errors
/// [`NoPage::NotFound`] for no request of the reader's to be amended; when the store fails.
pub(super) async fn new(ask: &Ask<'_>) -> Result<Answer, NoPage> {
    let mut form = Form { requester: Some(RequesterKind::Researcher), ..Form::default() };
    if let Some(number) = amended(ask)? {
        let (amended, own) = (ask.desk.registry.store.request(number).await?, caseworker(ask)?);
        let amended = amended.filter(|request| sees(ask, request)).ok_or(NoPage::NotFound)?;
        if let Err(refusal) = amended.may_amend((own.person.number, &own.person.role), own.mark.stamp.at) {
            return one::told(ask, amended, (Some(refusal.sentence()), &Said::default())).await;
        }
        match own.in_use(&amended).await {
            Ok(()) => {}
            Err(NotTaken::Refused(refusal)) => {
                return one::told(ask, amended, (Some(refusal.sentence()), &Said::default())).await;
            }
            Err(NotTaken::Store(error)) => return Err(error.into()),
            Err(why) => return Err(NoPage::Unexpected(why.to_string())),
        }
        form = amended.form().cloned().unwrap_or_default();
    }
    let pairs = typed::pairs(&form);
    shown(ask, None, Filled { pairs: &pairs, faults: Vec::new(), said: None, hidden: Vec::new() }).await
}

/// Takes a new request.
///
/// # Errors
/// When the store fails.
pub(super) async fn draft(ask: &Ask<'_>) -> Result<Answer, NoPage> {
    let form = match read(ask, None).await? {
        Read::Form(form) => *form,
        Read::Again(answer) => return Ok(answer),
    };
    let drafted = match amended(ask)? {
        None => caseworker(ask)?.draft(form).await,
        Some(number) => caseworker(ask)?.amend(number, form).await,
    };
    match drafted {
        Ok(number) => Ok(one::at(number)),
        Err(NotTaken::Faults(faults)) => {
            shown(ask, None, Filled { pairs: &ask.form, faults, said: Some(&NOT_SAVED), hidden: Vec::new() }).await
        }
        Err(NotTaken::Store(error)) => Err(error.into()),
        Err(_) => Err(NoPage::NotAllowed),
    }
}

/// The number of the request that a new one is to amend, where the address names one.
fn amended(ask: &Ask<'_>) -> Result<Option<u32>, NoPage> {
    ask.visit.asked("amends").map(|number| number.parse().map_err(|_| NoPage::NotFound)).transpose()
}

/// The form of a request, to be mended.
///
/// # Errors
/// [`NoPage::NotFound`] for no request of the reader's; when the store fails.
pub(super) async fn page(ask: &Ask<'_>) -> Result<Answer, NoPage> {
    let (request, own) = (find(ask).await?, caseworker(ask)?);
    let may = request.may((Step::Mended, &Said::default()), (own.person.number, &own.person.role), own.mark.stamp.at);
    if let Err(refusal) = may {
        return one::told(ask, request, (Some(refusal.sentence()), &Said::default())).await;
    }
    let pairs = typed::pairs(&request.form().cloned().unwrap_or_default());
    let filled = Filled { pairs: &pairs, faults: Vec::new(), said: None, hidden: Vec::new() };
    shown(ask, Some(request.number), filled).await
}

/// Takes a request written anew.
///
/// # Errors
/// As for the page.
pub(super) async fn mend(ask: &Ask<'_>) -> Result<Answer, NoPage> {
    let number = find(ask).await?.number;
    let form = match read(ask, Some(number)).await? {
        Read::Form(form) => *form,
        Read::Again(answer) => return Ok(answer),
    };
    match caseworker(ask)?.take(number, (Step::Mended, Said::default()), Some(form)).await {
        Ok(_) => Ok(one::at(number)),
        Err(NotTaken::Faults(faults)) => {
            let filled = Filled { pairs: &ask.form, faults, said: Some(&NOT_SAVED), hidden: Vec::new() };
            shown(ask, Some(number), filled).await
        }
        Err(why) => one::not_taken(ask, why, &Said::default()).await,
    }
}

/// The form again, because it was not handed in.
pub(super) async fn not_handed_in(
    ask: &Ask<'_>,
    (number, form): (u32, &Form),
    faults: Vec<Fault>,
) -> Result<Answer, NoPage> {
    let pairs = typed::pairs(form);
    let filled = Filled { pairs: &pairs, faults, said: Some(&NOT_HANDED_IN), hidden: Vec::new() };
    shown(ask, Some(number), filled).await
}

/// What became of a form that was sent.
enum Read {
    /// It is to be kept.
    Form(Box<Form>),
    /// It stays in the browser.
    Again(Answer),
}

async fn read(ask: &Ask<'_>, number: Option<u32>) -> Result<Read, NoPage> {
    let (form, faults) = typed::form(&ask.form);
    let again =
        |faults: Vec<Fault>, said, hidden| shown(ask, number, Filled { pairs: &ask.form, faults, said, hidden });
    match ask.sent("do") {
        "check" => {
            let mut all = caseworker(ask)?.faults(&form);
            all.retain(|fault| !faults.iter().any(|unread| unread.field == fault.field));
            all.extend(faults);
            let said = if all.is_empty() { &WHOLE } else { &LACKS };
            again(all, Some(said), hidden::told(ask, &form.tables).await?).await.map(Read::Again)
        }
        "table" => again(faults, Some(&ANOTHER), Vec::new()).await.map(Read::Again),
        _ if !faults.is_empty() => again(faults, Some(&NOT_SAVED), Vec::new()).await.map(Read::Again),
        _ => Ok(Read::Form(Box::new(form))),
    }
}

async fn shown(ask: &Ask<'_>, number: Option<u32>, filled: Filled<'_>) -> Result<Answer, NoPage> {
    let language = ask.visit.language;
    let left = left(ask).await?;
    let (title, action) = match (number, amended(ask)?) {
        (None, None) => (&NEW, format!("{FOLDER}new")),
        (None, Some(amends)) => (&AMEND, format!("{FOLDER}new?amends={amends}")),
        (Some(number), _) => (&MEND, format!("{FOLDER}{number}/mend")),
    };
    let mut shell = Shell::new((ask.visit, ask.visitor), title);
    // The form of a request that was not handed in is no page that could be read in the other language.
    let next = if action.contains('?') { '&' } else { '?' };
    shell.other_language = format!("{action}{next}lang={}", language.pick(Language::En, Language::Sv).tag());
    let of = |name: &str| filled.faults.iter().filter(|fault| fault.field == name).collect::<Vec<_>>();
    let told = |faults: Vec<&Fault>| faults.iter().map(|fault| fault.sentence.pick(language).to_owned()).collect();
    let field = |field: &'static Field| Shown {
        label: field.label.pick(language),
        hint: field.hint.pick(language),
        value: value(filled.pairs, field.name).unwrap_or_default().to_owned(),
        choices: choices(field.name, (filled.pairs, language)),
        faults: told(of(field.name)),
        field,
    };
    let groups =
        field::GROUPS.iter().map(|(legend, fields)| (legend.pick(language), fields.iter().map(field).collect()));
    let mut parts = table::parts(&table::read(filled.pairs), (&ask.desk.registry.lists, language));
    for (part, hidden) in parts.iter_mut().zip(filled.hidden.iter().map(Some).chain(std::iter::repeat(None))) {
        part.hidden = hidden.and_then(Option::as_ref).map(|text| text.pick(language).to_owned());
        part.faults = told(of(&format!("tables {}", part.number)));
    }
    let groups = groups.collect();
    let (of_tables, faults) = (told(of("tables")), filled.faults.iter().map(|fault| line(fault, language)).collect());
    let said = filled.said.map(|text| text.pick(language));
    let law = |kind: RequesterKind| (kind.name().pick(language).to_owned(), kind.law().pick(language).to_owned());
    let laws = RequesterKind::ALL.into_iter().map(law).collect();
    Answer::page(&Page { shell, action, left, said, faults, laws, groups, parts, of_tables })
}

/// How many more requests the reader may hand in, or from when on another.
async fn left(ask: &Ask<'_>) -> Result<String, NoPage> {
    let language = ask.visit.language;
    let told = match caseworker(ask)?.left().await {
        Ok(1) => Text::fixed("Du kan lämna in en begäran till.", "You can hand in one more request."),
        Ok(left) => Text::made(
            format!("Du kan lämna in {left} begäranden till inom tolv månader."),
            format!("You can hand in {left} more requests within twelve months."),
        ),
        Err(NotTaken::Refused(refusal)) => refusal.sentence(),
        Err(NotTaken::Store(error)) => return Err(error.into()),
        Err(why) => return Err(NoPage::Unexpected(why.to_string())),
    };
    Ok(told.pick(language).to_owned())
}

/// A fault in the list at the head of the page: where it leads, the field, what to write.
fn line(fault: &Fault, language: Language) -> (String, String, String) {
    let sentence = fault.sentence.pick(language).to_owned();
    match (field::by_name(&fault.field), fault.field.strip_prefix("tables ")) {
        (Some(field), _) => (field.name.to_owned(), field.label.pick(language).to_owned(), sentence),
        (None, Some(number)) => {
            (format!("table-{number}"), format!("{} {number}", language.pick("Tabell", "Table")), sentence)
        }
        (None, None) => ("tables".to_owned(), language.pick("Tabeller", "Tables").to_owned(), sentence),
    }
}

fn choices(name: &str, (pairs, language): (&Pairs, Language)) -> Vec<(&'static str, String, bool)> {
    let is_chosen = |word: &str| pairs.iter().any(|(known, value)| known == name && value == word);
    let one = |word: &'static str, text: &Text| (word, text.pick(language).to_owned(), is_chosen(word));
    match name {
        "requester" => RequesterKind::ALL.into_iter().map(|kind| one(kind.word(), &kind.name())).collect(),
        "formats" => Format::ALL.into_iter().map(|format| one(format.word(), &format.name())).collect(),
        "terms_accepted" => vec![one("yes", &Text::fixed("Ja", "Yes"))],
        _ => Vec::new(),
    }
}
