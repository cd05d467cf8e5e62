//! `pause` and `resume`: a silence that the register knows of.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemas::contact::Pause;
use schemas::exit::Exit;

use super::failure::Failure;
use super::print;
use crate::config::Config;
use crate::outbox::{Outbox, PauseNote, Told};
use crate::pause::{self, PauseError};
use crate::push::Client;

impl From<PauseError> for Failure {
    fn from(error: PauseError) -> Self {
        Self::new(Exit::Usage, error.to_string())
    }
}

/// Begins a silence, or replaces the one there is.
pub(super) async fn pause(config: &Config, (until, reason): (Date, &str), now: Timestamp) -> Result<Exit, Failure> {
    let wanted = Pause { until, reason: reason.trim().to_owned() };
    pause::check(&wanted, now, &zone(config)?)?;
    let told = keep(config, Some(wanted)).await?;
    print::text(&format!(
        "paused: `run` and the timer wait until {until}, `once` by hand still runs; {}\n",
        knows(told)
    ))
}

/// Ends a silence.
pub(super) async fn resume(config: &Config) -> Result<Exit, Failure> {
    let before = match Outbox::open_to_read(&config.state_dir()).await? {
        Some(mut outbox) => outbox.pause_note().await?,
        None => None,
    };
    if before.is_none_or(|note| note.pause.is_none()) {
        return print::text("there is no pause\n");
    }
    let told = keep(config, None).await?;
    print::text(&format!(
        "the pause is over: `run` follows its plan again, and makes up for a run that it missed; {}\n",
        knows(told)
    ))
}

fn knows(told: bool) -> &'static str {
    if told { "the register knows" } else { "the register could not be told and is told at the next contact" }
}

/// The silence that is in force.
pub(super) async fn in_force(config: &Config) -> Result<Option<Pause>, Failure> {
    let Some(mut outbox) = Outbox::open_to_read(&config.state_dir()).await? else { return Ok(None) };
    let note = outbox.pause_note().await?;
    Ok(pause::in_force(note.as_ref(), super::now(), &zone(config)?).cloned())
}

/// Whether a run by a timer is to wait for the end of a silence; says so.
pub(super) async fn holds_back(config: &Config) -> Result<bool, Failure> {
    let Some(pause) = in_force(config).await? else { return Ok(false) };
    let sentence =
        format!("paused until {} ({}): nothing was run; `once` by hand runs all the same\n", pause.until, pause.reason);
    print::text(&sentence).map(|_| true)
}

/// The zone in which a silence ends.
fn zone(config: &Config) -> Result<TimeZone, Failure> {
    let name = &config.schedule.timezone;
    TimeZone::get(name).map_err(|_| {
        Failure::new(
            Exit::Config,
            format!("[schedule] timezone: there is no zone {name}; write one such as Europe/Stockholm"),
        )
    })
}

/// Notes a silence or its end here, then tries to tell the register. Answers whether it knows.
async fn keep(config: &Config, pause: Option<Pause>) -> Result<bool, Failure> {
    let mut notes = Outbox::open_for_notes(&config.state_dir()).await?;
    notes.set_pause_note(&PauseNote { pause, told: Told::NotYet }).await?;
    let client = Client::new(config)?;
    Ok(pause::tell(&client, &mut notes).await?.is_none())
}
