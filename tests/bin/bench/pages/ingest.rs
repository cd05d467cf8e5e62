//! A sender that delivers batches through the region API, one after the other, until it is told to stop.
//!
//! Promises: every record is a new treatment that keeps the rules; a batch counts as sent when the register signed a receipt in which
//! every line is accepted, and everything else breaks the run off. The next batch is made while one is stored.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use end_to_end::site::Queries;
use jiff::civil::Date;
use schemas::batch::{Kind, line};
use schemas::canonical;
use schemas::id::Version;
use serde_json::{Value, json};

use super::{Environment, first_day};
use crate::figures::Invented;
use crate::meter;
use crate::register::Register;
use crate::sender::client;

/// Records of a batch.
const RECORDS: u32 = 1_000;
const STATE: &str = "fedcba9876543210fedcba9876543210";

/// What was delivered.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// Batches.
    batches: u64,
    /// Treatments in them.
    pub(super) treatments: u64,
    /// From the first to the last.
    during: Duration,
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.during.as_secs_f64();
        let rate = self.treatments as f64 / seconds;
        write!(
            f,
            "{} batches with {} treatments were stored in {seconds:.1} s, {rate:.0} treatments/s",
            self.batches, self.treatments
        )
    }
}

/// A sender at work.
pub(super) struct Ingest {
    stop: Arc<AtomicBool>,
    sending: JoinHandle<anyhow::Result<Sent>>,
}

impl Ingest {
    /// Begins to deliver treatments with numbers from `from` on.
    pub(super) fn begin(register: &Register<'_>, sender: &'static str, from: u32) -> anyhow::Result<Self> {
        let site = register.site(sender, &Queries::default())?;
        let port = register.server.regions.port();
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        let sending = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let client = client(&site.folder)?;
            runtime.block_on(deliver(&client, &format!("https://localhost:{port}/v1"), (sender, from), &told))
        });
        Ok(Self { stop, sending })
    }

    /// Waits for the batch that is under way.
    pub(super) fn end(self) -> anyhow::Result<Sent> {
        self.stop.store(true, Ordering::Relaxed);
        self.sending.join().map_err(|_| anyhow::anyhow!("the sender broke off"))?
    }
}

async fn deliver(
    client: &reqwest::Client,
    address: &str,
    (sender, from): (&'static str, u32),
    stop: &AtomicBool,
) -> anyhow::Result<Sent> {
    let state = json!({ "state_id": STATE }).to_string();
    let answer = client.post(format!("{address}/generation")).body(state).send().await?.error_for_status()?;
    let answer: Value = serde_json::from_slice(&answer.bytes().await?)?;
    let generation = u32::try_from(answer["generation"].as_u64().context("a generation")?)?;
    let (made, next) = sync_channel(1);
    std::thread::spawn(move || make(sender, (from, generation), &made));
    let (mut sent, begun) = (Sent::default(), meter::now());
    while !stop.load(Ordering::Relaxed) {
        let body = taken(&next)?;
        let packed = zstd::encode_all(&body[..], 1)?;
        let request = client.put(format!("{address}/batches/{}", canonical::sha256_hex(&body)));
        let answer = request.header("Content-Encoding", "zstd").body(packed).send().await?;
        let status = answer.status();
        let receipt: Value = serde_json::from_slice(&answer.bytes().await?)?;
        let accepted = json!([{ "from": 1, "to": RECORDS, "verdict": "accepted" }]);
        let verdicts = &receipt["body"]["verdicts"];
        ensure!(status == 200 && *verdicts == accepted, "a batch was not taken whole: {status}, {verdicts}");
        sent.batches += 1;
        sent.treatments += u64::from(RECORDS);
        sent.during = begun.elapsed();
    }
    Ok(sent)
}

fn taken(next: &Receiver<anyhow::Result<Vec<u8>>>) -> anyhow::Result<Vec<u8>> {
    next.recv().context("no more batches are made")?
}

/// Makes batches until nobody takes them.
fn make(sender: &str, (from, generation): (u32, u32), made: &SyncSender<anyhow::Result<Vec<u8>>>) {
    let first = first_day(Environment::system().now());
    let mut numbers = from..;
    for cycle in 1.. {
        if made.send(batch(sender, (cycle, generation), (&mut numbers, first))).is_err() {
            return;
        }
    }
}

fn batch(
    sender: &str,
    (cycle, generation): (u64, u32),
    (numbers, first): (&mut std::ops::RangeFrom<u32>, Date),
) -> anyhow::Result<Vec<u8>> {
    let manifest = json!({
        "schema": schemas::batch::SCHEMA, "sender": sender, "environment": "test", "kid": format!("r{sender}-g1"), "state_id": STATE,
        "cycle": cycle, "records": RECORDS, "payload_sha256": "0".repeat(64), "rules": schemas::rule::hash(), "codelists": "0",
        "agent": "0.1.0",
    });
    let mut body = manifest.to_string().into_bytes();
    let treatments = numbers.map(|number| Invented::since(first, number)).filter(|one| one.sender == sender);
    for one in treatments.take(RECORDS as usize) {
        let version = Version { generation, counter: u64::from(one.number) };
        body.push(b'\n');
        body.extend(line(Kind::Treatment, &one.key(), version, &canonical::bytes(&one.treatment_of_its_own()?)));
    }
    body.push(b'\n');
    Ok(body)
}
