//! Whether a configuration makes sense by itself, and, when asked, whether source, key, certificate, clock and register answer.
//!
//! Promises: without `--connect` nothing is opened but files, a SQLite source among them when it is there; every fault is one
//! sentence with what to do.

mod certificate;
mod maps;

#[cfg(test)]
mod tests;

pub use certificate::{Certificate, CertificateError, read as certificate};

use jiff::Timestamp;
use schemas::language::Language;
use schemas::settings::BadSettings;

use crate::config::Config;
use crate::objections::{Objections, ObjectionsError};
use crate::outbox::{Outbox, OutboxError};
use crate::push::{Client, ClientError};
use crate::schedule::{self, Schedule, ScheduleError};
use crate::setup::{Setup, SetupError};
use crate::source::{self, LEAVE_OUT, Source, SourceError};

/// What is wrong.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant is the part that is wrong")]
pub enum CheckError {
    #[error(transparent)]
    Settings(#[from] BadSettings),
    #[error(transparent)]
    Setup(#[from] SetupError),
    #[error("[schedule] {0}")]
    Schedule(#[from] ScheduleError),
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    #[error(transparent)]
    Objections(#[from] ObjectionsError),
}

/// Checks the file by itself. Answers with lines for the administrator, the next run last.
///
/// # Errors
/// The first thing that makes no sense.
pub async fn check(config: &Config, now: Timestamp) -> Result<Vec<String>, CheckError> {
    let mut lines = vec![format!("sender {}, environment {}", config.agent.region, config.agent.environment.word())];
    let setup = Setup::read(config.clone())?;
    lines.push(format!("pseudonym key {} (fingerprint {})", setup.keys.id(), setup.keys.fingerprint()));
    // A key file under which nobody on the list of objections is recognised.
    drop(Objections::open_to_read(&config.state_dir(), &setup.keys).await?);
    maps::check(&setup)?;
    usable_queries(&setup, now).await?;
    same_systems(config).await?;
    if !config.server.url.starts_with("https://") {
        return Err(BadSettings("[server] url must begin with https://".into()).into());
    }
    let spread = schedule::jitter(&config.agent.region, schedule::duration(&config.schedule.jitter)?);
    Schedule::parse(&config.schedule.full_sweep, &config.schedule.timezone)?;
    let schedule = Schedule::parse(&config.schedule.cron, &config.schedule.timezone)?;
    let next = schedule.next_after(now).map(|next| local(next, &config.schedule.timezone));
    let next = next.unwrap_or_else(|| "never".into());
    lines.push(format!("next run {next}, this sender {} s later", spread.as_secs()));
    Ok(lines)
}

/// Checks what must hold before a cycle begins, because what it would send could not be taken back.
///
/// # Errors
/// A certificate of another sender or environment, or another source system than before.
pub async fn before_sending(config: &Config) -> Result<(), CheckError> {
    certificate::read(config)?.must_belong_to(config)?;
    same_systems(config).await
}

/// A query that lacks a column, or that would put rows with identities on a disk, is told before it runs at night. Whether the
/// source can be reached is asked only with `--connect`.
async fn usable_queries(setup: &Setup, now: Timestamp) -> Result<(), SourceError> {
    for place in setup.places.iter().filter(|place| !place.is_remote()) {
        match Source::open(place, now).await {
            Err(SourceError::Unreachable(_)) | Ok(_) => (),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// A source's system is part of every record key: under another name each treatment would stand in the register twice. A system
/// that comes while another goes looks like a new name for the old one.
async fn same_systems(config: &Config) -> Result<(), CheckError> {
    let Some(mut outbox) = Outbox::open_to_read(&config.state_dir()).await? else { return Ok(()) };
    let known = outbox.source_systems().await?;
    let named: Vec<&String> = config.source.0.iter().map(|source| &source.system).collect();
    let gone = known.iter().find(|system| !named.contains(system));
    let new = named.iter().find(|system| !known.contains(system));
    match (gone, new) {
        (Some(gone), Some(new)) => Err(BadSettings(format!(
            "[source] system is {new}, but what was sent so far came from {gone}; write {gone} again, it never changes (a source \
             that is really another one comes first as a further [[source]], and the old one goes after a run)"
        ))
        .into()),
        _ => Ok(()),
    }
}

/// Checks what the file speaks of: source, certificate and register.
///
/// # Errors
/// The first thing that does not answer as it should.
pub async fn connect(config: &Config, now: Timestamp) -> Result<Vec<String>, CheckError> {
    let mut lines = Vec::new();
    let setup = Setup::read(config.clone())?;
    for place in &setup.places {
        let opened = Source::open(place, now).await?;
        let lacks = opened.lacks(&LEAVE_OUT);
        opened.close().await;
        let name = place.config.name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
        lines.push(format!("source{name}: opened, every needed column is there"));
        if !lacks.is_empty() {
            lines.push(format!(
                "note: source{name} has no column {}: nobody is left out for it, test patients and protected persons are delivered like \
                 all others",
                lacks.join(" and no column ")
            ));
        }
        let stale = source::stale(&place.config, (&place.folder, now), Language::En);
        lines.extend(stale.map(|sentence| format!("note: {sentence}")));
    }
    let certificate = certificate::read(config)?;
    certificate.must_belong_to(config)?;
    lines.push(format!("certificate: {}, {} days left", certificate.identity, certificate.days_left(now)));
    let me = Client::new(config)?.me().await?;
    lines.push(format!("register: answers, environment {}, this sender is {}", me.environment, me.status));
    if me.schema != schemas::batch::SCHEMA {
        return Err(BadSettings(format!(
            "the register reads {}, this agent writes {}; upgrade the older side",
            me.schema,
            schemas::batch::SCHEMA
        ))
        .into());
    }
    if me.codelists != setup.base.hash {
        lines.push("note: the register has other code lists than those in use; the next run takes them".into());
    }
    if me.rules != schemas::rule::hash() {
        lines.push(
            "note: the register's rules differ from the agent's; records that only one side accepts may be rejected"
                .into(),
        );
    }
    lines.push(match me.time.parse::<Timestamp>() {
        Ok(register) => format!("clock: {} s from the register's", now.as_second() - register.as_second()),
        Err(_) => {
            "note: the clock is not compared, because the register's time cannot be read; tell the register".into()
        }
    });
    Ok(lines)
}

fn local(moment: Timestamp, zone: &str) -> String {
    moment.in_tz(zone).map_or_else(|_| moment.to_string(), |local| local.strftime("%Y-%m-%d %H:%M:%S %:z").to_string())
}
