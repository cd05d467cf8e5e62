//! `schedule preview`: when the next runs are.

use clap::Subcommand;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use schemas::exit::Exit;
use serde_json::{Value, json};

use super::failure::Failure;
use super::print;
use crate::config::Config;
use crate::outbox::Outbox;
use crate::pause;
use crate::schedule::{Plan, PlannedRun, Reads};

/// Runs that are shown.
const RUNS: usize = 10;

#[derive(Debug, Subcommand)]
pub(super) enum ScheduleCommand {
    /// Show the next ten runs of this sender in local time and in UTC, its own delay included.
    Preview {
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(command: &ScheduleCommand, config: &Config, now: Timestamp) -> Result<Exit, Failure> {
    let ScheduleCommand::Preview { json } = command;
    let plan = Plan::of(&config.agent.region, &config.schedule)
        .map_err(|error| Failure::new(Exit::Config, format!("[schedule] {error}")))?;
    let (mut swept_at, mut note) = (None, None);
    if let Some(mut outbox) = Outbox::open_to_read(&config.state_dir()).await? {
        swept_at = outbox.swept_at().await?;
        note = outbox.pause_note().await?;
    }
    let paused = pause::in_force(note.as_ref(), now, plan.zone());
    let from = paused.and_then(|pause| pause::end(pause, plan.zone())).unwrap_or(now);
    let runs = plan.runs(from, swept_at, RUNS);
    if *json {
        let runs: Vec<Value> = runs.iter().map(|run| document(run, plan.zone())).collect();
        return print::document(&json!({
            "schema": "registry-schedule/1", "cron": config.schedule.cron, "timezone": config.schedule.timezone,
            "delay_s": plan.jitter().as_secs(), "paused_until": paused.map(|pause| pause.until), "runs": runs,
        }));
    }
    let mut lines = String::new();
    if let Some(pause) = paused {
        lines = format!("paused until {} ({})\n", pause.until, pause.reason);
    }
    lines.extend(runs.iter().map(|run| line(run, plan.zone())));
    print::text(&lines)
}

fn document(run: &PlannedRun, zone: &TimeZone) -> Value {
    let PlannedRun { at, reads } = run;
    json!({ "local": local(*at, zone), "utc": at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), "reads": word(*reads) })
}

fn line(run: &PlannedRun, zone: &TimeZone) -> String {
    let PlannedRun { at, reads } = run;
    let full = if *reads == Reads::Everything { "  reads everything" } else { "" };
    format!(
        "{}  {}{full}\n",
        at.to_zoned(zone.clone()).strftime("%a %Y-%m-%d %H:%M:%S %:z"),
        at.strftime("%Y-%m-%dT%H:%M:%SZ")
    )
}

fn local(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn word(reads: Reads) -> &'static str {
    match reads {
        Reads::Changes => "changes",
        Reads::Everything => "everything",
    }
}
