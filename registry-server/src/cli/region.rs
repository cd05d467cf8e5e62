//! `region add`, `region list`, `region account`, `region suspend`, `region resume` and `region revoke`.

use std::collections::BTreeMap;

use clap::Subcommand;
use jiff::Timestamp;
use jiff::civil::Date;
use schemas::contact::Pause;
use schemas::exit::Exit;
use schemas::id::SenderCode;

use super::{Call, Form, account, line, print_json};
use crate::failure::Failure;
use crate::store::audit::{Event, What};
use crate::store::trail::Look;
use crate::store::{Opening, Sender, SenderStatus, Store};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Let a sender deliver
    Add {
        /// A county code, or P01 to P99
        code: SenderCode,
    },
    /// Show every sender
    List,
    /// Show what a sender says became of everything that it found, beside what the register holds and counts; ends with 5 when they disagree
    Account {
        /// A county code, or P01 to P99
        code: SenderCode,
    },
    /// Let a sender not deliver for the time being, from its next request on; what it has delivered stays and counts
    Suspend {
        /// A county code, or P01 to P99
        code: SenderCode,
        /// Why, one line for the audit log
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Let a suspended sender deliver again
    Resume {
        /// A county code, or P01 to P99
        code: SenderCode,
    },
    /// Let a sender deliver no more, from its next request on
    Revoke {
        /// A county code, or P01 to P99
        code: SenderCode,
    },
}

/// Runs it.
pub(super) async fn run(command: Command, call: &Call) -> Result<Exit, Failure> {
    let opening = if matches!(command, Command::Add { .. }) { Opening::NewOrCurrent } else { Opening::Existing };
    if let Command::Add { code } = &command
        && !code.is_private()
        && call.config()?.code_lists()?.region(code.as_str()).is_none()
    {
        return Err(Failure::usage(format!("{code} is no county code; see schemas/codelists/regions.csv")));
    }
    let store = call.store(opening).await?;
    let exit = run_on(&*store, command, call).await;
    store.close().await;
    exit
}

async fn run_on(store: &dyn Store, command: Command, call: &Call) -> Result<Exit, Failure> {
    let stamp = call.environment.stamp();
    match command {
        Command::Add { code } => {
            let before = store.set_sender(&code, SenderStatus::Active, stamp).await?;
            println!(
                "{}",
                match before {
                    None => format!("sender {code} is enrolled"),
                    Some(SenderStatus::Active) => format!("sender {code} was enrolled already"),
                    Some(_) => format!("sender {code} may deliver again"),
                }
            );
        }
        Command::Suspend { code, reason } => {
            match store.suspend_sender(&code, &line("--reason", &reason)?, stamp).await? {
                Some(SenderStatus::Active) => {
                    println!("sender {code} is suspended; `region resume {code}` lets it deliver again");
                }
                Some(SenderStatus::Suspended) => println!("sender {code} was suspended already"),
                _ => {
                    return Err(Failure::usage(format!(
                        "sender {code} may not deliver; `region list` shows those that may"
                    )));
                }
            }
        }
        Command::Resume { code } => {
            if store.sender_status(&code).await? != Some(SenderStatus::Suspended) {
                return Err(Failure::usage(format!(
                    "sender {code} is not suspended; `region list` shows those that are"
                )));
            }
            store.set_sender(&code, SenderStatus::Active, stamp).await?;
            println!("sender {code} may deliver again");
        }
        Command::Revoke { code } => {
            if store.sender_status(&code).await?.is_none() {
                return Err(Failure::usage(format!(
                    "sender {code} was never enrolled; `region list` shows those that were"
                )));
            }
            store.set_sender(&code, SenderStatus::Revoked, stamp).await?;
            println!("sender {code} is revoked");
        }
        Command::Account { code } => return account::run(store, code, call.form).await,
        Command::List => {
            let reasons = reasons(store).await?;
            list((&store.senders().await?, &reasons), stamp.at, call.form);
        }
    }
    Ok(Exit::Done)
}

/// Why each suspended sender was suspended, by the audit log.
async fn reasons(store: &dyn Store) -> Result<Reasons, Failure> {
    let mut reasons = Reasons::new();
    for sender in store.senders().await?.into_iter().filter(|sender| sender.status == SenderStatus::Suspended) {
        let look = Look {
            from: Timestamp::UNIX_EPOCH,
            until: Timestamp::MAX,
            kinds: vec!["standing".to_owned()],
            person: None,
            sender: Some(sender.code.clone()),
            before: None,
            most: 1,
        };
        let event = store.events(&look).await?.first().and_then(|placed| serde_json::from_str(&placed.event).ok());
        if let Some(Event { what: What::Standing { reason: Some(reason), .. }, .. }) = event {
            reasons.insert(sender.code, reason);
        }
    }
    Ok(reasons)
}

type Reasons = BTreeMap<SenderCode, String>;

fn list((senders, reasons): (&[Sender], &Reasons), now: Timestamp, form: Form) {
    let today = schemas::rule::today(now);
    if form == Form::Json {
        let rows: Vec<_> = senders
            .iter()
            .map(|sender| {
                serde_json::json!({
                    "code": sender.code, "status": sender.status.word(), "enrolled_at": sender.enrolled_at,
                    "generation": sender.generation, "keys": sender.keys, "treatments": sender.treatments,
                    "last_seen_at": sender.plan.last_seen_at, "agent": sender.plan.agent,
                    "schedule": sender.plan.schedule, "timezone": sender.plan.timezone, "paused": paused(sender, today),
                    "suspended": reasons.get(&sender.code),
                })
            })
            .collect();
        return print_json(&serde_json::json!({ "schema": "registry-server-regions/1", "senders": rows }));
    }
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["sender", "status", "enrolled", "generation", "keys", "treatments", "last batch", "note"]);
    for sender in senders {
        let keys: Vec<&str> = sender.keys.iter().map(schemas::id::KeyId::as_str).collect();
        table.add_row([
            sender.code.to_string(),
            sender.status.word().to_owned(),
            sender.enrolled_at.clone(),
            sender.generation.to_string(),
            keys.join(" "),
            sender.treatments.to_string(),
            sender.plan.last_seen_at.clone().unwrap_or_default(),
            note(sender, reasons, today),
        ]);
    }
    println!("{table}");
}

/// Why a sender is silent: it was suspended, or has planned it.
fn note(sender: &Sender, reasons: &Reasons, today: Date) -> String {
    if let Some(reason) = reasons.get(&sender.code) {
        return format!("suspended ({reason})");
    }
    let pause = paused(sender, today).map(|pause| format!("paused until {} ({})", pause.until, pause.reason));
    pause.unwrap_or_default()
}

/// The silence that a sender has planned, while it lasts.
fn paused(sender: &Sender, today: Date) -> Option<&Pause> {
    sender.plan.paused.as_ref().filter(|pause| today < pause.until)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::{enrol, sign, stamp};
    use crate::store::sqlite;

    #[tokio::test]
    async fn the_list_says_why_a_sender_is_suspended_as_long_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let store = sqlite::tests::fresh(&folder.path().join("register.db")).await;
        let code: SenderCode = "12".parse().unwrap();
        enrol(&*store, "12").await;
        store.suspend_sender(&code, "the keys are lost", stamp()).await.unwrap();
        store.sequence(&sign()).await.unwrap();
        let found = reasons(&*store).await.unwrap();
        assert_eq!(found[&code], "the keys are lost");
        let senders = store.senders().await.unwrap();
        let today = schemas::rule::today(stamp().at);
        assert_eq!(note(&senders[0], &found, today), "suspended (the keys are lost)");
        store.set_sender(&code, SenderStatus::Active, stamp()).await.unwrap();
        assert_eq!(reasons(&*store).await.unwrap(), Reasons::new());
        assert_eq!(note(&store.senders().await.unwrap()[0], &Reasons::new(), today), "");
        store.close().await;
    }
}
