//! `receipt verify`, `receipt witness` and `receipt accept`: what the register signed, checked without it.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use schemas::exit::Exit;
use schemas::receipt::{ReceiptKey, read_public_key};
use serde_json::json;

use super::failure::Failure;
use super::in_charge::in_charge;
use super::{now, print};
use crate::config::Config;
use crate::outbox::{Finding, Kept, Outbox};
use crate::receipt::{self, Document};
use schemas::language::Language;

#[derive(Debug, Subcommand)]
pub(super) enum ReceiptCommand {
    /// Check a receipt's signature and say what it says; connects to nothing.
    ///
    /// Ends with 0 when the register signed it, 1 when it proves nothing, 2 when the file is no receipt.
    Verify {
        /// The receipt: of a batch, or of an erasure.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The register's public key [default: that of the configuration].
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Show what this agent keeps as a witness of the register's audit log, and what it found wrong there.
    Witness {
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Note that somebody has taken up what was found wrong with the audit log, so that `status` no longer tells it.
    Accept {
        /// The finding's number.
        #[arg(value_name = "ID")]
        id: i64,
        /// Who has.
        #[arg(long, value_name = "NAME")]
        name: String,
    },
}

pub(super) async fn run(
    command: &ReceiptCommand,
    config: impl FnOnce() -> Result<Config, Failure>,
    language: Language,
) -> Result<Exit, Failure> {
    match command {
        ReceiptCommand::Verify { file, key, json } => {
            let of_config = || config().map(|config| config.path(&config.server.receipt_key));
            let key = key.clone().map_or_else(of_config, Ok)?;
            verify(file, &key, (language, *json))
        }
        ReceiptCommand::Witness { json } => witness(&config()?, *json).await,
        ReceiptCommand::Accept { id, name } => accept(&config()?, *id, name.trim()).await,
    }
}

fn verify(file: &Path, key_file: &Path, (language, json): (Language, bool)) -> Result<Exit, Failure> {
    let shown = file.display();
    let bytes = std::fs::read(file).map_err(|error| {
        Failure::new(Exit::Usage, format!("{shown} cannot be read ({error}); name a receipt's file"))
    })?;
    let (document, signed) = Document::read(&bytes).ok_or_else(|| {
        Failure::new(
            Exit::Usage,
            format!("{shown} is no receipt of a version that this agent reads; name a receipt's file"),
        )
    })?;
    let unproved = document.verify(&signed, (&read_key(key_file)?, &key_file.display().to_string())).err();
    let key_id = document.key_id();
    if json {
        print::document(&json!({
            "schema": "registry-receipt-verify/1", "verified": unproved.is_none(), "key_id": key_id,
            "fault": unproved.as_ref().map(ToString::to_string), "body": signed,
        }))?;
    } else if unproved.is_none() {
        let holds = language.pick(
            format!("signaturen är registrets (nyckel {key_id})"),
            format!("the signature is the register's (key {key_id})"),
        );
        let lines = receipt::lines(&document, language);
        let width = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
        let lines: Vec<String> = lines.iter().map(|(name, text)| format!("{name:width$}  {text}\n")).collect();
        print::text(&format!("{holds}\n{}", lines.concat()))?;
    }
    match unproved {
        None => Ok(Exit::Done),
        Some(unproved) => Err(Failure::new(Exit::Failed, format!("{shown} proves nothing: {unproved}"))),
    }
}

fn read_key(path: &Path) -> Result<ReceiptKey, Failure> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::new(
            Exit::Config,
            format!("the register's key {shown} cannot be read ({error}); fetch receipt.pub from the register"),
        )
    })?;
    read_public_key(&text).map_err(|error| Failure::new(Exit::Config, format!("{shown}: {error}")))
}

async fn witness(config: &Config, json: bool) -> Result<Exit, Failure> {
    let (kept, findings) = match Outbox::open_to_read(&config.state_dir()).await? {
        Some(mut outbox) => (outbox.witness().await?, outbox.findings().await?),
        None => (Kept::default(), Vec::new()),
    };
    let checkpoint = kept.checkpoint.map(|checkpoint| checkpoint.to_string());
    if json {
        return print::document(&json!({
            "schema": "registry-witness/1", "checkpoint": checkpoint, "unproved_leaf": kept.leaf.map(|(leaf, _)| leaf),
            "findings": findings,
        }));
    }
    let mut text = format!("{}\n", checkpoint.as_deref().unwrap_or("nothing was seen of the register's audit log yet"));
    for finding in findings {
        text.push_str(&said(&finding));
    }
    print::text(&text)
}

fn said(finding: &Finding) -> String {
    let accepted = match (&finding.accepted_by, &finding.accepted_at) {
        (Some(name), Some(at)) => format!("accepted by {name} at {at}"),
        _ => "not accepted by anybody yet".into(),
    };
    let Finding { id, found_at, kept, shown, leaf, .. } = finding;
    let mut text = format!("\n{id}, found at {found_at}, {accepted}\n{}\n", receipt::sentence(finding, Language::En));
    for signed in [kept, shown, leaf].into_iter().filter(|text| !text.is_empty()) {
        text.push_str(signed);
        text.push('\n');
    }
    text
}

async fn accept(config: &Config, id: i64, name: &str) -> Result<Exit, Failure> {
    let name = in_charge(name)?;
    let mut notes = Outbox::open_for_notes(&config.state_dir()).await?;
    if notes.accept_finding(id, name, now()).await? {
        return print::text(&format!(
            "noted: {name} has taken up finding {id}; it stays in `registry-agent receipt witness`\n"
        ));
    }
    Err(Failure::new(Exit::Usage, format!("no finding {id} waits; `registry-agent receipt witness` shows them")))
}
