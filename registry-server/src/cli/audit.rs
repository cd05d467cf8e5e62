//! `audit verify` and `audit restored`: the proof of the log, and the word that it was put back.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use schemas::audit::SignedCheckpoint;
use schemas::exit::Exit;

use super::{Call, Form, print_json, say};
use crate::audit::{self, NotProved, Proof, Sound, Witness};
use crate::config::keys;
use crate::failure::Failure;
use crate::store::audit::{Entry, What};
use crate::store::{Opening, Store};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Prove that no entry of the audit log was altered, left out, added or moved; ends with 1 and the place if one was
    Verify {
        /// A checkpoint from outside that the log must hold: lines of checkpoints, or a receipt
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
    },
    /// Say that the database was put back from a backup, best before it serves again, so that the senders' agents know why
    Restored {
        /// Why, in a line that the audit log keeps for good; nothing about a person
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

/// Runs it.
pub(super) async fn run(command: Command, call: &Call) -> Result<Exit, Failure> {
    match command {
        Command::Verify { checkpoint } => {
            let witnesses = checkpoint.as_deref().map(witnesses).transpose()?.unwrap_or_default();
            let store = call.store(Opening::Existing).await?;
            let exit = verify(&*store, &witnesses, call).await;
            store.close().await;
            exit
        }
        Command::Restored { reason } => {
            let reason = reason.trim().to_owned();
            if reason.is_empty() || reason.chars().count() > 200 || reason.chars().any(char::is_control) {
                return Err(Failure::usage("write --reason as one line of 1 to 200 characters"));
            }
            let store = call.store(Opening::Existing).await?;
            let entry = Entry::new(call.environment.stamp(), None, What::Restored { reason });
            let noted = store.note_event(&entry).await;
            store.close().await;
            noted?;
            println!("noted; the next checkpoint tells every sender, whose agents then send again what is missing");
            Ok(Exit::Done)
        }
    }
}

async fn verify(store: &dyn Store, witnesses: &[Witness], call: &Call) -> Result<Exit, Failure> {
    let config = call.config()?;
    let key = keys::receipt_key(&config.receipt_key)?.verifying_key();
    let proof = Proof { key: &key, origin: &config.environment, witnesses };
    match audit::verify(store, &proof).await {
        Ok(sound) => {
            show(&sound, witnesses, call.form);
            Ok(Exit::Done)
        }
        Err(NotProved::Store(error)) => Err(error.into()),
        Err(NotProved::Flaw(flaw)) => {
            if call.form == Form::Json {
                print_json(&serde_json::json!({
                    "schema": "registry-server-audit/1", "whole": false, "place": flaw.place, "fault": flaw.fault.to_string(),
                }));
            }
            say(&Failure::other(format!(
                "the audit log was altered: {flaw}; keep the database as it is and compare it with a backup"
            )));
            Ok(Exit::Failed)
        }
    }
}

fn show(sound: &Sound, witnesses: &[Witness], form: Form) {
    if form == Form::Json {
        return print_json(&serde_json::json!({
            "schema": "registry-server-audit/1", "whole": true, "entries": sound.entries, "waiting": sound.waiting,
            "checkpoints": sound.checkpoints, "receipts": sound.receipts, "witnesses": witnesses.len(),
            "checkpoint": sound.newest,
            "restored": sound.restored.map(|restored| serde_json::json!({ "size": restored.size, "at": restored.at })),
        }));
    }
    println!(
        "the audit log is whole: {} entries in order, {} that wait for their place, {} checkpoints signed, {} receipts found",
        sound.entries, sound.waiting, sound.checkpoints, sound.receipts
    );
    for witness in witnesses {
        println!("it holds the checkpoint of {} entries ({})", witness.checkpoint.body.size, witness.place);
    }
    if let Some(restored) = sound.restored {
        println!(
            "it was put back from a backup, which the register said behind {} entries at {}",
            restored.size, restored.at
        );
    }
    if let Some(newest) = &sound.newest {
        println!("{newest}");
    }
}

/// The checkpoints in a file.
fn witnesses(path: &Path) -> Result<Vec<Witness>, Failure> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("--checkpoint: {shown} cannot be read ({error})")))?;
    let of_receipt = serde_json::from_str::<serde_json::Value>(&text).ok();
    let lines: Vec<String> = match &of_receipt {
        Some(receipt) => receipt["body"]["checkpoint"].as_str().map(ToOwned::to_owned).into_iter().collect(),
        None => text.lines().filter(|line| !line.trim().is_empty()).map(ToOwned::to_owned).collect(),
    };
    let unusable = || {
        Failure::usage(format!("--checkpoint: {shown} holds neither checkpoints, one a line, nor a receipt with one"))
    };
    if lines.is_empty() {
        return Err(unusable());
    }
    let read = |line: &String| {
        let checkpoint: SignedCheckpoint = line.trim().parse().map_err(|_| unusable())?;
        Ok(Witness { place: shown.to_string(), checkpoint })
    };
    lines.iter().map(read).collect()
}
