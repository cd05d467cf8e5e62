//! `withdraw`: persons leave the register.

use std::fmt::Write as _;

use schemas::exit::Exit;
use serde_json::{Value, json};

use super::failure::Failure;
use super::{fill_random, now, print, secret};
use crate::config::Config;
use crate::identity::IdentityNumber;
use crate::objections::{KeptReceipt, Objections};
use crate::outbox::{Leaving, Outbox, Tell};
use crate::push::{Client, Delivered, Refusal};
use crate::receipt::{self, Document};
use crate::setup::Setup;
use crate::withdraw::{self, Asked, Confirmed};
use schemas::language::Language;

#[derive(Debug, clap::Args)]
pub(super) struct WithdrawArguments {
    /// Count what would go; nothing is remembered, taken out or sent.
    #[arg(long, conflicts_with = "case")]
    dry_run: bool,
    /// The register's case that this answers; where nobody on standard input is known here, the answer is that none was found.
    #[arg(long, value_name = "NUMBER")]
    case: Option<u32>,
    /// List the erasure receipts that are kept here.
    #[arg(long, conflicts_with_all = ["dry_run", "case", "receipt"])]
    receipts: bool,
    /// Print a receipt that is kept here; with --json as the register signed it, for `receipt verify`.
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["dry_run", "case"])]
    receipt: Option<i64>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: &WithdrawArguments, config: Config) -> Result<Exit, Failure> {
    let setup = Setup::read(config)?;
    if arguments.receipts || arguments.receipt.is_some() {
        return receipts(&setup, arguments.receipt, arguments.json).await;
    }
    let persons = secret::persons(&setup.lists)?;
    if persons.is_empty() && arguments.case.is_none() {
        return Err(Failure::new(Exit::Usage, "standard input names nobody; write one number a line"));
    }
    if arguments.dry_run {
        return dry_run(&setup, &persons, arguments.json).await;
    }
    let mut random = [0; 16];
    fill_random(&mut random);
    let moment = (now(), random);
    let mut outbox = match Outbox::open(&setup.config.state_dir()).await {
        Ok(outbox) => outbox,
        Err(error) => {
            // They are out of whatever run comes next.
            withdraw::remember(&setup, (&persons, arguments.case), moment).await?;
            let what = match arguments.case {
                None => "everybody is remembered, and the next run withdraws them",
                Some(_) => {
                    "everybody is remembered, but the case is not answered; do the same again once the other run has ended"
                }
            };
            return Err(after(what, &error.into()));
        }
    };
    let asked = withdraw::ask(&setup, (&persons, arguments.case), &mut outbox, moment).await?;
    let waits = |failure: Failure| {
        after("everybody is remembered and out of what waits here, and the next run tells the register", &failure)
    };
    let client = crate::check::before_sending(&setup.config).await.map_err(|error| waits(error.into()));
    let client = client.and_then(|()| Client::new(&setup.config).map_err(|error| waits(error.into())))?;
    if let (Some(case), 0) = (arguments.case, asked.queued) {
        client.none_found(case).await.map_err(|error| after("the case is not answered", &error.into()))?;
        return none_found(case, asked, arguments.json);
    }
    let sending = withdraw::send(&setup, &client, &mut outbox, moment).await?;
    // Told first: what the register has confirmed is true, whatever becomes of the bytes here.
    print(&sending.confirmed, asked, arguments.json)?;
    outbox.clean().await.map_err(|error| after("the bytes are removed from here by the next run", &error.into()))?;
    match sending.ended {
        Delivered::Everything | Delivered::BegunAnew | Delivered::Frozen(_) => Ok(Exit::Done),
        Delivered::Later(sentence) => Err(waits(Failure::new(Exit::Unreachable, sentence))),
        Delivered::Refused(refusal, sentence) => {
            let exit = match refusal {
                Refusal::NotAllowed => Exit::NotAllowed,
                Refusal::Config => Exit::Config,
                Refusal::Failed => Exit::Failed,
            };
            Err(waits(Failure::new(exit, sentence)))
        }
    }
}

/// A failure behind something that was done.
fn after(done: &str, failure: &Failure) -> Failure {
    Failure::new(failure.exit(), format!("{done}: {}", failure.sentence()))
}

fn print(confirmed: &[Confirmed], asked: Asked, json: bool) -> Result<Exit, Failure> {
    if json {
        let receipts: Vec<Value> =
            confirmed.iter().map(|one| json!({ "id": one.id, "receipt": one.receipt })).collect();
        return print::document(&json!({
            "schema": "registry-withdraw/1", "persons": asked.persons, "queued": asked.queued, "records": asked.records,
            "receipts": receipts,
        }));
    }
    for one in confirmed {
        print::text(&said(one.id, &Document::Erasure(one.receipt.clone())))?;
        if let (Some(case), None) = (one.case, one.receipt.body.case) {
            print::text(&format!("the register has no open case {case}; ask it for the number\n"))?;
        }
    }
    Ok(Exit::Done)
}

fn none_found(case: u32, asked: Asked, json: bool) -> Result<Exit, Failure> {
    if json {
        return print::document(&json!({
            "schema": "registry-withdraw/1", "persons": asked.persons, "queued": 0, "records": 0, "receipts": [],
            "case": case, "answer": "none_found",
        }));
    }
    print::text(&format!(
        "case {case} is answered: none found here{}\n",
        if asked.persons > 0 { "; the objection is remembered all the same" } else { "" }
    ))
}

/// A receipt in both languages, as it is handed to somebody.
fn said(id: i64, document: &Document) -> String {
    let mut text = String::new();
    for (language, title) in [(Language::Sv, "Kvitto"), (Language::En, "Receipt")] {
        writeln!(text, "{title} {id}").ok();
        let lines = receipt::lines(document, language);
        let width = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
        text.extend(lines.iter().map(|(name, words)| format!("  {name:width$}  {words}\n")));
    }
    text
}

async fn receipts(setup: &Setup, id: Option<i64>, json: bool) -> Result<Exit, Failure> {
    let kept = match Objections::open_to_read(&setup.config.state_dir(), &setup.keys).await? {
        Some(mut objections) => objections.receipts(id).await?,
        None => Vec::new(),
    };
    let read = |one: &KeptReceipt| Document::read(&one.bytes).map(|(document, _)| document);
    match (id, kept.first()) {
        (Some(id), None) => {
            Err(Failure::new(Exit::Usage, format!("no receipt {id} is kept here; `withdraw --receipts` lists them")))
        }
        (Some(_), Some(one)) if json => print::text(&format!("{}\n", String::from_utf8_lossy(&one.bytes))),
        (Some(id), Some(one)) => print::text(&read(one).map(|document| said(id, &document)).unwrap_or_default()),
        (None, _) if json => {
            let receipt = |one: &KeptReceipt| serde_json::from_slice(&one.bytes).unwrap_or(Value::Null);
            let receipts: Vec<Value> = kept
                .iter()
                .map(|one| json!({ "id": one.id, "received_at": one.received_at, "receipt": receipt(one) }))
                .collect();
            print::document(&json!({ "schema": "registry-withdraw-receipts/1", "receipts": receipts }))
        }
        (None, _) => print::text(&kept.iter().map(|one| listed(one, read(one))).collect::<String>()),
    }
}

fn listed(one: &KeptReceipt, document: Option<Document>) -> String {
    let Some(Document::Erasure(receipt)) = document else { return format!("{} {}\n", one.id, one.received_at) };
    let body = receipt.body;
    let case = body.case.map(|case| format!(", case {case}")).unwrap_or_default();
    format!(
        "{} {}: {} persons, {} of them found, {} treatments erased{case}\n",
        one.id, one.received_at, body.persons, body.found, body.treatments
    )
}

async fn dry_run(setup: &Setup, persons: &[IdentityNumber], json: bool) -> Result<Exit, Failure> {
    let state = setup.config.state_dir();
    let leaving: Vec<Leaving> = withdraw::once_each(setup, persons)
        .into_iter()
        .map(|objector| Leaving { hash: objector.hash, person: objector.person, tell: Tell::Always })
        .collect();
    let (records, known) = match Outbox::open_to_read(&state).await? {
        Some(mut outbox) => outbox.known_of(&setup.config.agent.region, &leaving).await?,
        None => (0, 0),
    };
    let remembered = match Objections::open_to_read(&state, &setup.keys).await? {
        Some(mut objections) => objections.hashes().await?,
        None => Vec::new(),
    };
    let remembered = leaving.iter().filter(|one| remembered.contains(&one.hash)).count();
    let n = leaving.len();
    if json {
        return print::document(&json!({
            "schema": "registry-withdraw/1", "dry_run": true, "persons": n, "known": known, "records": records,
            "remembered": remembered,
        }));
    }
    print::text(&format!(
        "{n} persons: {known} of them with {records} treatments at the register or on the way to it, {remembered} remembered already; \
         nothing was remembered, taken out or sent\n"
    ))
}
