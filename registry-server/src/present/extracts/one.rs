//! `/extracts/{number}`: one request: what it states, what was done with it, and what the reader can do with it now.
//!
//! Promises: what can be done is what the rules let the reader do at this moment; a step that is not taken is told in a sentence, and
//! the comment stays as it was written.

use askama::Template;
use schemas::language::{Language, Text};

use super::building::{self, Building};
use super::field::{self, Field};
use super::{FOLDER, caseworker, clock, difference, find, form, since, table, title, typed, who};
use crate::casework::NotTaken;
use crate::extract::undelivered;
use crate::moment::minute;
use crate::present::Ask;
use crate::present::answer::Answer;
use crate::present::fault::Fault;
use crate::present::shell::Shell;
use crate::request::form::{APPEAL, Format, RequesterKind};
use crate::request::{Form, Refusal, Request, Said, Standing, Step};
use crate::store::User;

static TITLE: Text = Text::fixed("Begäran om uttag", "Request for an extract");
static OVERTAKEN: Text = Text::fixed(
    "Någon gjorde något annat med begäran i samma stund. Så här står den nu.",
    "Somebody did something else with the request at the same moment. This is how it stands now.",
);

static BUILDING: Text = Text::fixed(
    "Tabellerna byggs redan. Så långt har bygget kommit.",
    "The tables are being built already. This is how far they have come.",
);

/// Steps that have a button, and what it says.
static BUTTONS: [(Step, Text); 7] = [
    (Step::Submitted, Text::fixed("Lämna in", "Hand in")),
    (Step::Approved, Text::fixed("Godkänn", "Approve")),
    (Step::Built, Text::fixed("Bygg tabellerna", "Build the tables")),
    (Step::Released, Text::fixed("Lämna ut", "Release")),
    (Step::Returned, Text::fixed("Lämna åter", "Give back")),
    (Step::Rejected, Text::fixed("Avslå", "Refuse")),
    (Step::Withdrawn, Text::fixed("Ta tillbaka", "Take back")),
];

/// A heading, and the fields below it with their lines.
type Group = (&'static str, Vec<(&'static str, Vec<String>)>);

#[derive(Template)]
#[template(path = "extracts/one.html")]
#[expect(clippy::struct_excessive_bools, reason = "each says whether one part of the page is there")]
struct Page {
    shell: Shell,
    number: u32,
    title: String,
    said: Option<String>,
    /// Which other has taken its place, in a sentence.
    replaced: Option<String>,
    standing: String,
    since: String,
    clock: String,
    asks: String,
    /// What the law asks of whoever asks; nothing before they have said what they are.
    law: Option<String>,
    /// What it states.
    groups: Vec<Group>,
    tables: Vec<String>,
    /// When, what, who, diary number, comment.
    steps: Vec<(String, String, String, String, String)>,
    /// How a refusal is appealed, where it was refused.
    appeal: Option<&'static str>,
    /// What the reader may do without a word of it: word and button.
    plain: Vec<(&'static str, &'static str)>,
    /// What the reader may do and say something of.
    buttons: Vec<(&'static str, &'static str)>,
    may_mend: bool,
    may_amend: bool,
    /// In what it differs from the request that it amends.
    difference: Option<difference::Shown>,
    /// Whether the reader may fetch the files now.
    may_fetch: bool,
    /// How the building of its tables goes, while that is the next step.
    building: Option<Building>,
    /// Whether one of the buttons needs a comment.
    decides: bool,
    comment: String,
    diary: String,
}

/// There is nothing to build from.
const NO_CUT: Text = Text::fixed(
    "Det finns inget fryst underlag att bygga av än; registrets personal fryser ett.",
    "There is no frozen data set to build from yet; the register's staff makes one.",
);

/// The page.
///
/// # Errors
/// [`Fault::NotFound`] for no request that the reader may see; when the store fails.
pub(super) async fn page(ask: &Ask<'_>) -> Result<Answer, Fault> {
    told(ask, find(ask).await?, (None, &Said::default())).await
}

/// Takes a step.
///
/// # Errors
/// [`Fault::Unreadable`] for no step, else as for the page.
pub(super) async fn step(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let asked = Step::ALL.into_iter().find(|step| step.word() == ask.sent("step"));
    let step = asked.filter(|step| BUTTONS.iter().any(|(known, _)| known == step)).ok_or(Fault::Unreadable)?;
    let (request, comment) = (find(ask).await?, typed::one_break(ask.sent("comment")).trim().to_owned());
    let said = Said { comment, diary: ask.sent("diary").trim().to_owned() };
    let number = request.number;
    let taken = match step {
        // That takes a while: it is done while nobody waits for a page.
        Step::Built => caseworker(ask)?.ask_to_build(number, (None, None)).await.map(|_| ()),
        _ => caseworker(ask)?.take(number, (step, said.clone()), None).await.map(|_| ()),
    };
    match taken {
        Ok(()) => Ok(at(request.number)),
        Err(NotTaken::Faults(faults)) => {
            let stated = request.form().cloned().unwrap_or_default();
            form::not_handed_in(ask, (number, &stated), faults).await
        }
        Err(why) => not_taken(ask, why, &said).await,
    }
}

/// Where a request lies.
pub(super) fn at(number: u32) -> Answer {
    Answer::SeeOther { to: format!("{FOLDER}{number}"), cookie: None }
}

/// The page of a request with which a step was not taken.
pub(super) async fn not_taken(ask: &Ask<'_>, why: NotTaken, written: &Said) -> Result<Answer, Fault> {
    let sentence = match why {
        NotTaken::Refused(refusal) => refusal.sentence(),
        NotTaken::Overtaken => OVERTAKEN.clone(),
        NotTaken::Building => BUILDING.clone(),
        NotTaken::Unknown => return Err(Fault::NotFound),
        NotTaken::Faults(_) => return Err(Fault::Unreadable),
        NotTaken::Store(error) => return Err(error.into()),
        NotTaken::NoCut => NO_CUT.clone(),
        NotTaken::Undelivered(why) => undelivered::told(&why),
    };
    told(ask, find(ask).await?, (Some(sentence), written)).await
}

/// The page, with what became of a step.
pub(super) async fn told(
    ask: &Ask<'_>,
    request: Request,
    (said, written): (Option<Text>, &Said),
) -> Result<Answer, Fault> {
    let (registry, language) = (&ask.desk.registry, ask.visit.language);
    let (now, people) = (registry.environment.now(), registry.store.users().await?);
    let reader = &ask.somebody()?.user;
    // Whether a comment is there is told once it was sent.
    let any = Said { comment: ".".to_owned(), diary: ".".to_owned() };
    let may = |step: Step| request.may((step, &any), (reader.number, &reader.role), now).is_ok();
    let stated = request.form().cloned().unwrap_or_default();
    let number = request.number;
    let mut shell = Shell::new((ask.visit, ask.visitor), &TITLE);
    shell.title = format!("{} {number}", shell.title);
    shell.other_language = format!("{FOLDER}{number}?lang={}", language.pick(Language::En, Language::Sv).tag());
    let building = building::of(ask, &request, now).await?;
    let is_built_now = building.as_ref().is_some_and(|building| building.goes_on);
    let replaced = replaced(ask, &request).await?;
    let in_use = replaced.is_none();
    let is_idle = |step: Step| step != Step::Built || !is_built_now;
    let holds = |step: Step| in_use || !matches!(step, Step::Built | Step::Released);
    let offered = BUTTONS.iter().filter(|(step, _)| may(*step) && is_idle(*step) && holds(*step));
    let (plain, buttons): (Vec<_>, Vec<_>) =
        offered.partition(|(step, _)| matches!(step, Step::Built | Step::Released));
    let shown = |buttons: Vec<&'static (Step, Text)>| {
        buttons.into_iter().map(|(step, text)| (step.word(), text.pick(language))).collect()
    };
    let difference = difference::of(ask, &request).await?;
    Answer::page(&Page {
        shell,
        number,
        difference,
        may_amend: in_use && request.may_amend((reader.number, &reader.role), now).is_ok(),
        title: title(&request, language),
        said: said.map(|text| text.pick(language).to_owned()),
        replaced: replaced.map(|refusal| refusal.sentence().pick(language).to_owned()),
        standing: request.standing(now).name().pick(language).to_owned(),
        since: since(&request).map(minute).unwrap_or_default(),
        clock: clock(&request, now, language),
        asks: request.requester().map(|person| who(ask, person, &people)).unwrap_or_default(),
        law: stated.requester.map(|kind| kind.law().pick(language).to_owned()),
        groups: groups(&stated, language),
        tables: stated.tables.iter().map(|one| table::told(one, language)).collect(),
        steps: steps(ask, &request, &people),
        appeal: (request.standing(now) == Standing::Rejected).then(|| APPEAL.pick(language)),
        plain: shown(plain),
        buttons: shown(buttons),
        may_mend: may(Step::Mended),
        may_fetch: request.may_fetch((reader.number, &reader.role), now).is_ok(),
        building,
        decides: may(Step::Rejected),
        comment: written.comment.clone(),
        diary: written.diary.clone(),
    })
}

/// Why it can go no further, where another request has taken its place.
async fn replaced(ask: &Ask<'_>, request: &Request) -> Result<Option<Refusal>, Fault> {
    match caseworker(ask)?.in_use(request).await {
        Ok(()) => Ok(None),
        Err(NotTaken::Refused(refusal)) => Ok(Some(refusal)),
        Err(NotTaken::Store(error)) => Err(error.into()),
        Err(why) => Err(Fault::Unexpected(why.to_string())),
    }
}

/// What was done with it, step by step.
fn steps(ask: &Ask<'_>, request: &Request, people: &[User]) -> Vec<(String, String, String, String, String)> {
    let told = request.steps.iter().map(|taken| {
        (
            minute(taken.at),
            taken.step.name().pick(ask.visit.language).to_owned(),
            who(ask, taken.person, people),
            taken.said.diary.clone(),
            taken.said.comment.clone(),
        )
    });
    told.collect()
}

/// What a request states, in the groups of its form.
fn groups(form: &Form, language: Language) -> Vec<Group> {
    let line = |field: &'static Field| (field.label.pick(language), lines(form, field, language));
    let group = |(legend, fields): &'static (Text, &'static [Field])| {
        (legend.pick(language), fields.iter().map(line).collect())
    };
    field::GROUPS.iter().map(group).collect()
}

/// The lines of a field; a dash where nothing was written.
pub(super) fn lines(form: &Form, field: &Field, language: Language) -> Vec<String> {
    let name = |text: Text| text.pick(language).to_owned();
    let written: Vec<String> = match field.name {
        "requester" => form.requester.map(|kind| name(RequesterKind::name(kind))).into_iter().collect(),
        "formats" => form.formats.iter().map(|format| name(Format::name(*format))).collect(),
        "terms_accepted" => form.terms_accepted.then(|| language.pick("ja", "yes").to_owned()).into_iter().collect(),
        other => {
            let sent = typed::pairs(form);
            let text = sent.iter().find(|(known, _)| known == other).map_or("", |(_, text)| text);
            text.lines().map(str::to_owned).collect()
        }
    };
    if written.iter().all(|line| line.trim().is_empty()) { vec!["–".to_owned()] } else { written }
}
