//! `cut create --year`, `cut comment` and `cut publish`: the calendar of a year's figures.

use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use schemas::exit::Exit;
use schemas::id::SenderCode;

use super::{LONGEST_NOTE, find, one_line};
use crate::cli::Call;
use crate::failure::Failure;
use crate::store::{Calendar, Cut, CutStep, Opening, Store};

/// Longest time for comments, days.
const LONGEST_COMMENTS: i64 = 366;

/// The days of a year's figures.
#[derive(Debug, Args)]
pub(in crate::cli) struct Days {
    /// The year that the figures are of
    #[arg(long, value_name = "Y", requires_all = ["stop", "open_for"])]
    year: Option<i16>,
    /// The last day whose deliveries count
    #[arg(long, value_name = "DATE", requires = "year")]
    stop: Option<String>,
    /// How many days senders and units may comment
    #[arg(long = "comments-days", value_name = "N", requires = "year")]
    open_for: Option<i64>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Remark {
    /// The cut, by its number (c1) or its name
    cut: String,
    /// The sender that remarks it
    #[arg(long, value_name = "C", required_unless_present = "unit", conflicts_with = "unit")]
    sender: Option<SenderCode>,
    /// The unit that remarks it, by its HSA-id
    #[arg(long, value_name = "H")]
    unit: Option<String>,
    /// What, one line; nothing about a person
    #[arg(long, value_name = "TEXT")]
    text: String,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Publish {
    /// The cut, by its number (c1) or its name
    cut: String,
    /// Before the time for comments is over
    #[arg(long, requires = "reason")]
    anyway: bool,
    /// Why, one line; it stands below every report
    #[arg(long, value_name = "TEXT", requires = "anyway")]
    reason: Option<String>,
}

impl Days {
    /// The calendar of a cut that is made now; nothing when no year is named.
    pub(super) fn calendar(self, now: Timestamp) -> Result<Option<Calendar>, Failure> {
        let Self { year, stop, open_for } = self;
        let (Some(year), Some(stop), Some(days)) = (year, stop, open_for) else { return Ok(None) };
        let stop: Date = stop.parse().map_err(|_| Failure::usage("--stop is a date such as 2026-03-01"))?;
        if stop >= day(now) {
            return Err(Failure::usage(format!("the data stop is {stop}; make the cut on a day after it")));
        }
        if !(1..=LONGEST_COMMENTS).contains(&days) {
            return Err(Failure::usage(format!("--comments-days is a number from 1 to {LONGEST_COMMENTS}")));
        }
        let until = Span::new().try_days(days).and_then(|span| day(now).checked_add(span));
        let comments_until = until.map_err(|_| Failure::usage("--comments-days leads beyond the calendar"))?;
        Ok(Some(Calendar { year, stop, comments_until, published: None }))
    }
}

fn day(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

/// Where a cut stands in its calendar.
pub(super) fn state(cut: &Cut, now: Timestamp) -> String {
    let Some(calendar) = &cut.calendar else { return "-".to_owned() };
    let missing = cut.unsigned().len();
    let until = calendar.comments_until;
    match &calendar.published {
        Some(published) => format!("published {}", day(published.at)),
        None if calendar.takes_comments(now) => format!("comments until {until}, {missing} unsigned"),
        None => format!("to be published, {missing} unsigned"),
    }
}

/// Writes a remark down.
pub(super) async fn comment(remark: Remark, call: &Call) -> Result<Exit, Failure> {
    let wrong = || Failure::usage(format!("--text is one line of 1 to {LONGEST_NOTE} characters"));
    let comment = one_line(&remark.text, LONGEST_NOTE).ok_or_else(wrong)?;
    let of = match (remark.sender, remark.unit) {
        (Some(sender), _) => sender.to_string(),
        (None, unit) => {
            let unit = unit.unwrap_or_default();
            crate::denominator::check_place(None, Some(&unit), None, &call.config()?.code_lists()?)
                .map_err(|(column, message)| Failure::usage(format!("--{column} {message}")))?;
            unit
        }
    };
    let store = call.store(Opening::Existing).await?;
    let done = commented(&*store, (&remark.cut, CutStep::Comment { of, comment }), call).await;
    store.close().await;
    done
}

async fn commented(store: &dyn Store, (word, step): (&str, CutStep), call: &Call) -> Result<Exit, Failure> {
    let cut = find(store, word).await?;
    let now = call.environment.stamp();
    match &cut.calendar {
        None => return Err(no_calendar(&cut)),
        Some(calendar) if calendar.published.is_some() => {
            return Err(Failure::usage(format!("{} is published; it takes no comment any more", cut.id())));
        }
        Some(_) => store.step_cut(cut.number, &step, now).await?,
    }
    println!("the comment on {} is written down", cut.id());
    Ok(Exit::Done)
}

/// Publishes.
pub(super) async fn publish(publish: Publish, call: &Call) -> Result<Exit, Failure> {
    let wrong = || Failure::usage(format!("--reason is one line of 1 to {LONGEST_NOTE} characters"));
    let reason = publish.reason.map(|reason| one_line(&reason, LONGEST_NOTE).ok_or_else(wrong)).transpose()?;
    let store = call.store(Opening::Existing).await?;
    let done = published(&*store, (&publish.cut, reason), call).await;
    store.close().await;
    done
}

async fn published(store: &dyn Store, (word, reason): (&str, Option<String>), call: &Call) -> Result<Exit, Failure> {
    let cut = find(store, word).await?;
    let stamp = call.environment.stamp();
    let calendar = cut.calendar.as_ref().ok_or_else(|| no_calendar(&cut))?;
    if calendar.published.is_some() {
        return Err(Failure::usage(format!("{} is published already", cut.id())));
    }
    let until = calendar.comments_until;
    if calendar.takes_comments(stamp.at) && reason.is_none() {
        return Err(Failure::usage(format!(
            "comments on {} are taken until {until}; wait, or say --anyway --reason TEXT",
            cut.id()
        )));
    }
    store.step_cut(cut.number, &CutStep::Publish { reason }, stamp).await?;
    println!("{} ({}) is published", cut.id(), cut.name);
    Ok(Exit::Done)
}

fn no_calendar(cut: &Cut) -> Failure {
    Failure::usage(format!("{} is no year's cut; `cut create NAME --year` makes one", cut.id()))
}
