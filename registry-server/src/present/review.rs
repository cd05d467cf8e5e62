//! `/audit/review`: a sample of a month's log, and the signature of whoever looked at it.
//!
//! Promises: the sample is drawn when the month is over, and is the same for everybody; it is signed once.

use askama::Template;
use schemas::audit::SignedCheckpoint;
use schemas::canonical;
use schemas::language::{Language, Text};
use schemas::rule::today;

use super::answer::Answer;
use super::audit::{self, Line};
use super::fault::Fault;
use super::shell::Shell;
use super::{Ask, text};
use crate::audit::review::{self, Drawing, Sample};
use crate::moment::{midnight, minute_of};
use crate::store::trail::Review;

static TITLE: Text = Text::fixed("Månadens logggranskning", "The month's log review");
static SIGNED: Text = Text::fixed("Granskningen är undertecknad.", "The review is signed.");
static BEFORE: Text = Text::fixed("Månaden var redan undertecknad.", "The month was signed before.");
static WORDS: Text = Text::fixed(
    "Skriv namn och anmärkning, en rad var, högst 200 tecken, utan uppgifter om patienter.",
    "Write a name and a remark, one line each, 200 characters at the most, and nothing on patients.",
);

#[derive(Template)]
#[template(path = "review.html")]
struct Page {
    shell: Shell,
    month: String,
    said: Option<&'static str>,
    seed: String,
    events: String,
    lines: Vec<Line>,
    signed: Option<Review>,
    past: Vec<Review>,
}

/// The page of a month; of the last one when none is named.
///
/// # Errors
/// [`Fault::Unreadable`] for a month that is none or not over; when the store fails.
pub(super) async fn page(ask: &Ask<'_>) -> Result<Answer, Fault> {
    shown(ask, &month(ask, ask.visit.asked("month"))?, None).await
}

/// Signs a month's review.
///
/// # Errors
/// As for the page.
pub(super) async fn sign(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (registry, visitor) = (&ask.desk.registry, ask.somebody()?);
    let month = month(ask, Some(ask.sent("month")))?;
    let (Some(name), Some(remark)) = (text::line(ask.sent("name")), text::line(ask.sent("remark"))) else {
        return shown(ask, &month, Some(&WORDS)).await;
    };
    let Some(sample) = sample(ask, &month).await? else { return Err(Fault::Unreadable) };
    let stamp = registry.environment.stamp();
    let review = Review {
        month: month.clone(),
        signed_at: stamp.at.to_string(),
        person: visitor.user.number,
        name,
        remark,
        sample: sample.drawn.len() as u64,
        events: sample.events,
        seed: canonical::hex(&sample.seed),
    };
    let is_new = registry.store.sign_review(&review, stamp).await?;
    shown(ask, &month, Some(if is_new { &SIGNED } else { &BEFORE })).await
}

/// The month that waits for its review; nothing when it is signed or nothing happened in it.
///
/// # Errors
/// When the store fails.
pub(super) async fn missing(ask: &Ask<'_>) -> Result<Option<String>, Fault> {
    let month = month(ask, None)?;
    let is_signed = ask.desk.registry.store.reviews().await?.iter().any(|review| review.month == month);
    let (first, next) = review::days(&month).ok_or(Fault::Unreadable)?;
    let happened = ask.desk.registry.store.checkpoint_over(midnight(first), midnight(next)).await?.is_some();
    Ok((happened && !is_signed).then_some(month))
}

async fn shown(ask: &Ask<'_>, month: &str, said: Option<&'static Text>) -> Result<Answer, Fault> {
    let language = ask.visit.language;
    let sample = sample(ask, month).await?;
    let past = ask.desk.registry.store.reviews().await?;
    let lines = match &sample {
        Some(sample) => audit::lines(ask, &sample.drawn).await?,
        None => Vec::new(),
    };
    Answer::page(&Page {
        shell: Shell::new((ask.visit, ask.visitor), &TITLE),
        month: month.to_owned(),
        said: said.map(|text| text.pick(language)),
        seed: sample.as_ref().map(|sample| canonical::hex(&sample.seed)).unwrap_or_default(),
        events: sample.map_or_else(|| "0".to_owned(), |sample| number(sample.events, language)),
        lines,
        signed: past.iter().find(|review| review.month == *month).map(local),
        past: past.iter().map(local).collect(),
    })
}

/// A review with its time as people read it.
fn local(review: &Review) -> Review {
    Review { signed_at: minute_of(Some(&review.signed_at)), ..review.clone() }
}

fn number(count: u64, language: Language) -> String {
    language.number(count as f64, 0)
}

/// The month that is asked for: the last one, or an earlier.
fn month(ask: &Ask<'_>, asked: Option<&str>) -> Result<String, Fault> {
    let last = review::month_before(today(ask.desk.registry.environment.now()));
    match asked.filter(|month| !month.is_empty()) {
        None => Ok(last),
        Some(month) if review::days(month).is_some() && month <= last.as_str() => Ok(month.to_owned()),
        Some(_) => Err(Fault::Unreadable),
    }
}

/// The sample of a month; nothing when nothing happened in it.
async fn sample(ask: &Ask<'_>, month: &str) -> Result<Option<Sample>, Fault> {
    let (first, next) = review::days(month).ok_or(Fault::Unreadable)?;
    let span = (midnight(first), midnight(next));
    let Some(signed) = ask.desk.registry.store.checkpoint_over(span.0, span.1).await? else { return Ok(None) };
    let checkpoint: SignedCheckpoint =
        signed.parse().map_err(|_| Fault::Unexpected("a checkpoint cannot be read".to_owned()))?;
    let mut drawing = Drawing::new(month, &checkpoint.body.root);
    audit::of_month(ask, span, |event| drawing.offer(event)).await?;
    Ok(Some(drawing.drawn()))
}
