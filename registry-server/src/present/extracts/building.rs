//! How the building of a request's tables goes, in a sentence.
//!
//! Promises: whoever asked is told how many tables are done and no more; nothing is told where the tables are not to be built next. The
//! page that comes again by itself is one of its own, which tells this sentence and nothing else of the request: for whoever has chosen it,
//! until the building is over. It keeps no session alive, and the audit log has the page that leads there.

use askama::Template;
use jiff::Timestamp;
use schemas::language::{Language, Text};

use super::find;
use crate::authenticate::Permit;
use crate::moment::minute;
use crate::present::Ask;
use crate::present::answer::Answer;
use crate::present::fault::Fault;
use crate::present::shell::Shell;
use crate::request::{Request, Standing};
use crate::store::job::{Job, JobState, Progress};

/// How long until the page comes again, seconds.
const PACE_S: u32 = 10;

static TITLE: Text = Text::fixed("Bygget av tabeller", "Building of tables");

/// How it goes.
pub(super) struct Building {
    pub(super) sentence: String,
    /// Whether somebody is at it, or will be.
    pub(super) goes_on: bool,
}

#[derive(Template)]
#[template(path = "extracts/building.html")]
struct Page {
    shell: Shell,
    number: u32,
    sentence: String,
    goes_on: bool,
    pace_s: u32,
}

/// The page that comes again by itself.
///
/// # Errors
/// [`Fault::NotFound`] for no request that the reader may see; when the store fails.
pub(super) async fn page(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let request = find(ask).await?;
    let building = of(ask, &request, ask.desk.registry.environment.now()).await?;
    let over = || ask.visit.language.pick("Inget byggs nu.", "Nothing is being built now.").to_owned();
    let (sentence, goes_on) = building.map_or_else(|| (over(), false), |now| (now.sentence, now.goes_on));
    let shell = Shell::new((ask.visit, ask.visitor), &TITLE);
    Answer::page(&Page { shell, number: request.number, sentence, goes_on, pace_s: PACE_S })
}

/// How it goes with a request.
///
/// # Errors
/// When the store fails.
pub(super) async fn of(ask: &Ask<'_>, request: &Request, now: Timestamp) -> Result<Option<Building>, Fault> {
    if request.standing(now) != Standing::Approved {
        return Ok(None);
    }
    let job = ask.desk.registry.store.job(request.number).await?;
    let goes_on = job.as_ref().is_some_and(|job| matches!(job.state, JobState::Queued | JobState::Running(_)));
    Ok(Some(Building { sentence: sentence(job.as_ref(), (ask.permit, ask.visit.language)), goes_on }))
}

fn sentence(job: Option<&Job>, (permit, language): (Permit, Language)) -> String {
    let say = |sv: &'static str, en: &'static str| language.pick(sv, en);
    let Some(job) = job else {
        return say(
            "Nästa steg är att en godkännare bygger tabellerna; den som begärt får ett mejl när filerna kan hämtas.",
            "Next, an approver builds the tables; whoever asked gets a mail when the files can be fetched.",
        )
        .to_owned();
    };
    let since = minute(job.at);
    match &job.state {
        JobState::Queued => {
            format!("{} {since}.", say("Tabellerna väntar på att byggas sedan", "The tables wait to be built since"))
        }
        JobState::Running(progress) => running(*progress, (permit, language)),
        // Between the last word of the builder and its step.
        JobState::Done => say("Tabellerna är byggda.", "The tables are built.").to_owned(),
        JobState::Failed(_) if permit == Permit::Own => format!(
            "{} {since}. {}",
            say("Bygget av tabellerna avbröts", "The building of the tables broke off"),
            say(
                "Registrets personal ser varför och kan bygga om.",
                "The register's staff sees why and can build again."
            ),
        ),
        JobState::Failed(why) => format!(
            "{} {since}: {}",
            say("Bygget av tabellerna misslyckades", "The building of the tables failed"),
            why.pick(language)
        ),
    }
}

fn running(progress: Progress, (permit, language): (Permit, Language)) -> String {
    let Progress { table, tables, round, cells } = progress;
    let say = |sv: &'static str, en: &'static str| language.pick(sv, en);
    if tables == 0 {
        return say(
            "Tabellerna byggs: det frysta underlaget läses.",
            "The tables are being built: the frozen data set is read.",
        )
        .to_owned();
    }
    let table = format!(
        "{} {table} {} {tables}",
        say("Tabellerna byggs: tabell", "The tables are being built: table"),
        say("av", "of")
    );
    if round == 0 || permit == Permit::Own {
        return format!("{table}.");
    }
    let held = say(
        "celler prövas mot allt som har lämnats ut ur underlaget",
        "cells are held against all that was released from the data set",
    );
    format!("{table}, {} {round}: {cells} {held}.", say("omgång", "round"))
}

#[cfg(test)]
mod tests {
    use schemas::language::Text;

    use super::*;

    fn told(state: JobState, permit: Permit, language: Language) -> String {
        let at = "2026-11-22T10:00:00Z".parse().unwrap();
        let job = Job { request: 1, person: 2, cut: None, state, at, attempts: 1 };
        sentence(Some(&job), (permit, language))
    }

    #[test]
    fn how_the_building_goes_is_told_in_a_sentence_and_to_whoever_asked_no_more_than_the_tables() {
        let far = JobState::Running(Progress { table: 2, tables: 3, round: 4, cells: 120 });
        let (decides, asks) = (Permit::DecideNotOwn, Permit::Own);
        assert_eq!(
            told(far.clone(), decides, Language::Sv),
            "Tabellerna byggs: tabell 2 av 3, omgång 4: 120 celler prövas mot allt som har lämnats ut ur underlaget."
        );
        assert_eq!(told(far, asks, Language::En), "The tables are being built: table 2 of 3.");
        let failed = JobState::Failed(Text::fixed("för få personer", "too few persons"));
        assert!(told(failed.clone(), decides, Language::Sv).ends_with("2026-11-22 11:00 CET: för få personer"));
        assert!(told(failed.clone(), decides, Language::En).ends_with("2026-11-22 11:00 CET: too few persons"));
        assert!(!told(failed, asks, Language::Sv).contains("för få"));
        assert!(told(JobState::Queued, asks, Language::En).ends_with("wait to be built since 2026-11-22 11:00 CET."));
    }
}
