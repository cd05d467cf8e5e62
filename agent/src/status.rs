//! The state of an installation as its administrator sees it. Reads files and the outbox, connects to nothing.
//!
//! Promises: the verdict follows from the list of notes: a fault wins over a warning; a run that failed is never passed over by an
//! earlier one that came to its end.

mod accounting;
mod notes;
mod plan;
mod way;

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use schemas::exit::Exit;
use serde::Serialize;

use crate::account::Shown;
use crate::codelists::{self, Told};
use crate::config::Config;
use crate::outbox::{ComparedNote, HeldRow, Outbox, OutboxError, Sort, Tally};
use crate::receipt;
use crate::reset;
use crate::source;
use crate::withdraw::Standing;
pub use accounting::Vanished;
use plan::Left;
use schemas::language::Language;
pub use way::Way;

/// Everything `status` shows.
#[derive(Debug, Serialize)]
pub struct Status {
    /// `registry-status/1`
    pub schema: &'static str,
    /// `ok`, `warning` or `fault`.
    pub verdict: &'static str,
    /// Version of the agent.
    pub version: &'static str,
    /// The sender.
    pub sender: String,
    /// `test` or `production`.
    pub environment: &'static str,
    /// The person key, when the key file can be read.
    pub key_id: Option<String>,
    /// Days until the certificate ends.
    pub certificate_days: Option<i64>,
    /// When the newest cycle began and ended.
    pub last_run: Option<Run>,
    /// What ended the newest run before its end; nothing when it came to it.
    pub last_failure: Option<LastFailure>,
    /// Zone of the schedule.
    pub timezone: String,
    /// How the way to the register was lately.
    pub register: Way,
    /// When the next one is planned, this sender's own delay and a pause included.
    pub next_run: Option<String>,
    /// A planned silence in force.
    pub paused: Option<Paused>,
    /// The code lists in use.
    pub codelists: Told,
    /// Treatments that the register holds from here.
    pub at_register: i64,
    /// What came of the newest comparison with what the register holds.
    pub compared: Option<ComparedNote>,
    /// Batches and records queued, and since when.
    pub outbox: Depth,
    /// Payload hashes of what waits for a release, oldest first.
    pub pending: Vec<String>,
    /// Fields of this version that nobody has approved, each behind its kind of record.
    pub left_out: Vec<String>,
    /// Held rows by rule.
    pub held: Vec<HeldRow>,
    /// Records that the register rejects, by rule.
    pub rejected: Vec<(String, i64)>,
    /// Where everything went that was found: of the newest sweep, and of the newest cycle where it read less.
    pub accounting: Vec<Shown>,
    /// Treatments at the register that their source has no more.
    pub vanished: Vanished,
    /// What is left to do for persons who leave.
    pub leaving: Standing,
    /// What to look at, faults first.
    pub notes: Vec<String>,
}

/// A planned silence.
#[derive(Debug, Serialize)]
pub struct Paused {
    /// The first day on which runs happen again.
    pub until: String,
    /// Why.
    pub reason: String,
    /// Whether the register knows.
    pub told: bool,
}

/// The newest cycle.
#[derive(Debug, Serialize)]
pub struct Run {
    /// Begin, RFC 3339 UTC.
    pub started_at: String,
    /// End, when everything was delivered.
    pub finished_at: Option<String>,
    /// Its payload hash.
    pub payload_sha256: String,
    /// What it counted.
    #[serde(flatten)]
    pub tally: Tally,
}

/// A run that did not come to its end.
#[derive(Debug, Serialize)]
pub struct LastFailure {
    /// When it ended, RFC 3339 UTC.
    pub at: String,
    /// Its exit code.
    pub exit: u8,
    /// What was said.
    pub sentence: String,
    /// When the daemon tries again, RFC 3339 UTC, where it does so before the next planned run.
    pub retry_at: Option<String>,
}

/// What waits.
#[derive(Debug, Default, Serialize)]
pub struct Depth {
    /// Batches.
    pub batches: i64,
    /// Records in them.
    pub records: i64,
    /// Records that need no release.
    pub free: i64,
    /// Since when the oldest waits.
    pub oldest: Option<String>,
}

impl Status {
    /// The exit code that goes with the verdict.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self.verdict {
            "fault" => Exit::Faults,
            "warning" => Exit::Warnings,
            _ => Exit::Done,
        }
    }
}

/// Looks at an installation; its notes are in a language, apart from sentences of faults that it repeats.
///
/// # Errors
/// When the outbox cannot be read.
pub async fn status(config: &Config, now: Timestamp, language: Language) -> Result<Status, OutboxError> {
    let mut faults = Vec::new();
    let mut warnings = Vec::new();
    let key_id = notes::key_id(config, &mut faults);
    let certificate_days = notes::certificate_days((config, now), (&mut faults, &mut warnings), language);
    let mut status = unread(config, (key_id, certificate_days));
    let mut left = Left::default();
    let mut findings = Vec::new();
    if let Some(mut outbox) = Outbox::open_to_read(&config.state_dir()).await? {
        read_outbox(&mut status, &mut outbox).await?;
        findings = outbox.findings().await?;
        warnings.extend(reset::waits(&mut outbox, language).await?);
        left = Left::read(&mut outbox).await?;
    }
    if status.last_run.is_none() {
        let (sv, en) = (
            "ingenting har lästs eller skickats från den här tillståndskatalogen än",
            "nothing has been read or sent from this state directory yet",
        );
        warnings.push(language.pick(sv, en).into());
    }
    match plan::fill(&mut status, (config, language), &left, now) {
        Ok(overdue) => warnings.extend(overdue),
        Err(error) => faults.push(error.to_string()),
    }
    for finding in findings.iter().filter(|finding| finding.accepted_at.is_none()) {
        let list = if finding.sort == Sort::Restored { &mut warnings } else { &mut faults };
        list.push(receipt::sentence(finding, language));
    }
    faults.extend(accounting::faults(&status.accounting, language));
    warnings.extend(accounting::warning(&status.vanished, language));
    warnings.extend(status.leaving.sentences(language));
    warnings.extend(status.codelists.warnings(language));
    warnings.extend(status.register.warning(language));
    warnings.extend(config.source.0.iter().filter_map(|source| source::stale(source, (&config.folder, now), language)));
    warnings.extend(notes::warnings(&status, language));
    status.verdict = if !faults.is_empty() {
        "fault"
    } else if !warnings.is_empty() {
        "warning"
    } else {
        "ok"
    };
    status.notes = faults.into_iter().chain(warnings).collect();
    Ok(status)
}

/// What is known without the outbox.
fn unread(config: &Config, (key_id, certificate_days): (Option<String>, Option<i64>)) -> Status {
    Status {
        schema: "registry-status/1",
        verdict: "ok",
        version: env!("CARGO_PKG_VERSION"),
        sender: config.agent.region.to_string(),
        environment: config.agent.environment.word(),
        key_id,
        certificate_days,
        last_run: None,
        last_failure: None,
        register: Way::default(),
        timezone: config.schedule.timezone.clone(),
        next_run: None,
        paused: None,
        codelists: codelists::told(config),
        at_register: 0,
        compared: None,
        outbox: Depth::default(),
        pending: Vec::new(),
        left_out: Vec::new(),
        held: Vec::new(),
        rejected: Vec::new(),
        accounting: Vec::new(),
        vanished: Vanished::default(),
        leaving: Standing::default(),
        notes: Vec::new(),
    }
}

async fn read_outbox(status: &mut Status, outbox: &mut Outbox) -> Result<(), OutboxError> {
    if let Some((cycle, started_at, finished_at, payload_sha256)) = outbox.last_cycle().await? {
        let mut tally = Tally::default();
        for (term, rule, n) in outbox.counts(cycle).await? {
            tally.add(&term, &rule, u64::try_from(n).unwrap_or_default());
        }
        status.last_run = Some(Run { started_at, finished_at, payload_sha256, tally });
    }
    status.last_failure = outbox.failure_note().await?.map(|note| LastFailure {
        at: note.at.strftime(plan::UTC).to_string(),
        exit: note.exit,
        sentence: note.sentence,
        retry_at: None,
    });
    let (batches, records, oldest) = outbox.depth().await?;
    status.outbox = Depth { batches, records, free: 0, oldest };
    let waiting = outbox.candidates().await?;
    status.pending = waiting.into_iter().map(|candidate| candidate.payload_sha256).collect();
    status.left_out = outbox.left_out().await?.names().map(str::to_owned).collect();
    status.outbox.free = outbox.free_to_go().await?;
    status.held = outbox.held(&status.sender).await?;
    status.rejected = outbox.rejected().await?;
    status.at_register = outbox.at_register().await?;
    status.compared = outbox.compared().await?;
    status.accounting = accounting::accounts(outbox).await?;
    status.vanished = accounting::vanished(outbox).await?;
    status.leaving = Standing::read(outbox).await?;
    Ok(())
}
