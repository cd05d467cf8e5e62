//! `release`: sends what somebody has looked at, and shows who released what.

use schemas::exit::Exit;
use serde_json::json;

use super::failure::Failure;
use super::who::who;
use super::{now, once, print, surroundings};
use crate::config::Config;
use crate::cycle::{self, Freed};
use crate::outbox::{Outbox, Release};
use crate::push::{Delivered, Refusal};
use crate::release::{self, By, Contents};
use crate::setup::Setup;
use schemas::language::Language;

#[derive(Debug, clap::Args)]
pub(super) struct ReleaseArguments {
    /// The payload hash that `preview --pending` shows.
    #[arg(value_name = "HASH", required_unless_present_any = ["log", "fields"], conflicts_with_all = ["log", "fields"])]
    hash: Option<String>,
    /// Show every release: when, who, which hash, how many records.
    #[arg(long, conflicts_with = "fields")]
    log: bool,
    /// Approve the fields that this version of the agent sends and the one before did not.
    #[arg(long)]
    fields: bool,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: &ReleaseArguments, config: Config, language: Language) -> Result<Exit, Failure> {
    match &arguments.hash {
        Some(hash) => release(hash, config, (language, arguments.json)).await,
        None if arguments.fields => fields(&config, (language, arguments.json)).await,
        None => log(&config, (language, arguments.json)).await,
    }
}

async fn release(hash: &str, config: Config, (language, json): (Language, bool)) -> Result<Exit, Failure> {
    crate::check::before_sending(&config).await?;
    let setup = Setup::read(config)?;
    let by = by();
    let freed = cycle::release(&setup, (hash, &by), &surroundings(&|_| ())).await?;
    let (candidate, contents, delivered, next) = match freed {
        Freed::Nothing => return Err(Failure::new(Exit::Failed, "nothing waits for a release, and nothing was sent")),
        Freed::Other(first) => {
            return Err(Failure::new(
                Exit::Failed,
                format!(
                    "nothing was sent: what waits has the hash {first}, not this one; look at it with `registry-agent preview --pending` first"
                ),
            ));
        }
        Freed::Done { candidate, contents, delivered, next } => (candidate, contents, delivered, next),
    };
    if json {
        print::document(&json!({
            "schema": "registry-release/1",
            "payload_sha256": candidate.payload_sha256,
            "contents": contents,
            "account": by.account,
            "behind": by.behind,
            "delivery": once::words(&delivered),
            "next": next,
        }))?;
    } else {
        let next = next.map(|next| release::waits(&next, language));
        let told = [Some(released(&candidate.payload_sha256, contents, language)), Some(once::words(&delivered)), next];
        print::text(&told.into_iter().flatten().map(|line| line + "\n").collect::<String>())?;
    }
    ended(&delivered)
}

fn ended(delivered: &Delivered) -> Result<Exit, Failure> {
    let exit = match delivered {
        Delivered::Everything => return Ok(Exit::Done),
        Delivered::BegunAnew | Delivered::Frozen(_) => return Ok(Exit::Partly),
        Delivered::Later(_) => Exit::Unreachable,
        Delivered::Refused(Refusal::NotAllowed, _) => Exit::NotAllowed,
        Delivered::Refused(Refusal::Config, _) => Exit::Config,
        Delivered::Refused(Refusal::Failed, _) => Exit::Failed,
    };
    Err(Failure::new(exit, once::words(delivered)))
}

fn released(hash: &str, Contents { treatments, retractions, units }: Contents, language: Language) -> String {
    language.pick(
        format!("godkänt: {treatments} behandlingar, {retractions} återtaganden, {units} enheter, innehåll {hash}"),
        format!("released: {treatments} treatments, {retractions} retractions, {units} units, payload {hash}"),
    )
}

fn by() -> By {
    let who = who();
    By { account: who.account, behind: who.behind }
}

async fn fields(config: &Config, (language, json): (Language, bool)) -> Result<Exit, Failure> {
    let approved = Outbox::open(&config.state_dir()).await?.approve_fields((&by(), now())).await?;
    if json {
        print::document(&json!({ "schema": "registry-fields/1", "approved": approved }))?;
        return Ok(Exit::Done);
    }
    let names = approved.join(", ");
    print::text(&match approved.len() {
        0 => language.pick("alla fält är redan godkända\n", "every field is approved already\n").to_owned(),
        _ => language.pick(
            format!("godkända, skickas från nästa körning: {names}\n"),
            format!("approved, sent from the next run on: {names}\n"),
        ),
    })
}

async fn log(config: &Config, (language, json): (Language, bool)) -> Result<Exit, Failure> {
    let releases = match Outbox::open_to_read(&config.state_dir()).await? {
        Some(mut outbox) => outbox.releases().await?,
        None => Vec::new(),
    };
    if json {
        print::document(&json!({ "schema": "registry-releases/1", "releases": releases }))?;
        return Ok(Exit::Done);
    }
    let zone = &config.schedule.timezone;
    print::text(&releases.iter().map(|release| line(release, zone, language)).collect::<String>())
}

fn line(release: &Release, zone: &str, language: Language) -> String {
    let at = print::local(&release.at, zone);
    let behind = release.behind.as_ref().map_or_else(String::new, |name| format!(" (sudo: {name})"));
    let count = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    let contents = Contents {
        treatments: count(release.treatments),
        retractions: count(release.retractions),
        units: count(release.units),
    };
    let what = match &release.payload_sha256 {
        Some(hash) => released(hash, contents, language),
        None => format!("{}: {}", language.pick("godkända fält", "fields approved"), release.words),
    };
    format!("{at} {}{behind}: {what}\n", release.account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_told_with_time_account_and_hash() {
        let release = Release {
            at: "2024-06-01T10:00:00Z".into(),
            account: "registry-agent".into(),
            behind: Some("anna".into()),
            what: "candidate".into(),
            cycle: Some(3),
            payload_sha256: Some("ab".into()),
            treatments: 2,
            retractions: 1,
            units: 0,
            words: String::new(),
        };
        assert_eq!(
            line(&release, "Europe/Stockholm", Language::En),
            "2024-06-01 12:00 +02:00 registry-agent (sudo: anna): released: 2 treatments, 1 retractions, 0 units, payload ab\n"
        );
    }
}
