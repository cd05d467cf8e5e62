//! What a region notices of another that sends garbage as fast as it is answered and obeys nothing.
//!
//! Promises: rounds with and without garbage take turns, and a delivery beside garbage is held against the one of its own round, so that
//! what slows the machine for minutes slows both; the middle of the rounds counts, and how far they lie apart is told. The delivery
//! begins when the sender of garbage has used up what every sender may waste at first, as it has some seconds after it began; the
//! garbage is of four kinds, and every body is a new one, so that no answer is a stored one; the run is complete only if the good
//! region's treatments all arrived each time.

use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use end_to_end::site::Site;
use schemas::canonical;
use serde_json::{Value, json};

use super::meter;
use super::path::once;
use super::postgres::Postgres;
use super::register::{Engine, Register};
use super::sender::client;
use super::source::Source;
use super::table::{judged, median};

const ROUNDS: usize = 15;
/// Rows of a batch that break a rule each.
const ROWS: usize = 5_000;
/// Reliability, R13: what the others may notice, and how soon garbage is refused.
const NOTICED: f64 = 1.10;
const REFUSED_SECONDS: f64 = 1.0;
const STATE: &str = "0123456789abcdef0123456789abcdef";

/// What became of the garbage.
#[derive(Debug, Default)]
struct Refused {
    requests: usize,
    later: usize,
    slowest: Duration,
}

/// Measures a delivery beside garbage and without; tells whether all of it arrived.
pub(crate) fn run(treatments: u32, engines: &[Engine]) -> anyhow::Result<bool> {
    let folder = tempfile::tempdir()?;
    let source = Source::invent(folder.path(), 1, treatments)?;
    let postgres = Postgres::start()?;
    let mut complete = true;
    for engine in engines {
        let (mut alone, mut beside, mut refused) = (Vec::new(), Vec::new(), Refused::default());
        for round in 0..ROUNDS {
            // The first place in a round is not always the same one's.
            for with_garbage in [round % 2 == 0, round % 2 == 1] {
                let register = Register::start(*engine, &postgres)?;
                let good = register.enrol("01", &source.queries())?;
                let bad = register.enrol("12", &source.queries())?;
                let garbage = with_garbage.then(|| Garbage::send(&register, &bad)).transpose()?;
                let spent = once(&good, &register.processes())?;
                if let Some(garbage) = garbage {
                    let told = garbage.stop()?;
                    refused.requests += told.requests;
                    refused.later += told.later;
                    refused.slowest = refused.slowest.max(told.slowest);
                }
                complete &= register.holds()? == source.holds;
                if with_garbage { &mut beside } else { &mut alone }.push(spent[0].wall.as_secs_f64());
            }
        }
        tell(*engine, (&alone, &beside), &refused);
    }
    Ok(complete)
}

fn tell(engine: Engine, (alone, beside): (&[f64], &[f64]), refused: &Refused) {
    let (one, other) = (median(alone.iter().copied()), median(beside.iter().copied()));
    let mut ratios: Vec<f64> = beside.iter().zip(alone).map(|(beside, alone)| beside / alone).collect();
    ratios.sort_by(f64::total_cmp);
    let (ratio, slowest) = (median(ratios.iter().copied()), refused.slowest.as_secs_f64());
    println!("register on {}: a delivery takes {one:.2} s alone, {other:.2} s beside garbage", engine.name());
    println!(
        "  of the time alone, the middle of {ROUNDS} rounds: {ratio:.3}, {}; half of the rounds lie in {:.3} to {:.3}",
        judged(ratio, NOTICED, NOTICED),
        ratios[ROUNDS / 4],
        ratios[ROUNDS - 1 - ROUNDS / 4]
    );
    println!(
        "  {} requests of garbage, {} of them put off (429); the slowest was answered after {slowest:.2} s, {}",
        refused.requests,
        refused.later,
        judged(slowest, REFUSED_SECONDS, REFUSED_SECONDS)
    );
}

/// A sender of garbage at work.
struct Garbage {
    stop: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<anyhow::Result<Refused>>,
}

impl Garbage {
    /// Sends until it is put off for the first time, and goes on.
    fn send(register: &Register<'_>, site: &Site) -> anyhow::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let (put_off, begun) = std::sync::mpsc::channel();
        let (told, site, port) = (Arc::clone(&stop), site.clone(), register.server.regions.port());
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(pour(&site, port, (&told, put_off)))
        });
        begun.recv().context("the sender of garbage was never put off")?;
        Ok(Self { stop, thread })
    }

    fn stop(self) -> anyhow::Result<Refused> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| anyhow::anyhow!("the sender of garbage broke off"))?
    }
}

async fn pour(site: &Site, port: u16, (stop, put_off): (&AtomicBool, Sender<()>)) -> anyhow::Result<Refused> {
    let client = client(&site.folder)?;
    let address = format!("https://localhost:{port}/v1");
    let state = json!({ "state_id": STATE }).to_string();
    client.post(format!("{address}/generation")).body(state).send().await?.error_for_status()?;
    let rows: Vec<u8> = (0..ROWS).flat_map(|row| format!("{}\n", bad_row(row)).into_bytes()).collect();
    let bomb = zstd::encode_all(std::io::repeat(b' ').take(1 << 30), 3)?;
    let mut refused = Refused::default();
    for number in 0.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let (body, packed) = match number % 4 {
            0 => (plain(number, &rows), false),
            1 => (bomb.clone(), true),
            2 => (plain(number, b"{\"kind\":\"treatment\"}\n"), false),
            _ => (format!("{number}{}", "[".repeat(100_000)).into_bytes(), false),
        };
        let request = client.put(format!("{address}/batches/{}", canonical::sha256_hex(&body)));
        let request = if packed { request.header("Content-Encoding", "zstd") } else { request };
        let (answer, took) = measured(request.body(body)).await?;
        refused.requests += 1;
        if answer == reqwest::StatusCode::TOO_MANY_REQUESTS {
            refused.later += 1;
            // Nobody waits for the second time.
            let _ = put_off.send(());
        }
        refused.slowest = refused.slowest.max(took);
    }
    Ok(refused)
}

async fn measured(request: reqwest::RequestBuilder) -> anyhow::Result<(reqwest::StatusCode, Duration)> {
    let begun: Instant = meter::now();
    let answer = request.send().await?;
    let status = answer.status();
    answer.bytes().await?;
    Ok((status, begun.elapsed()))
}

fn plain(number: usize, rows: &[u8]) -> Vec<u8> {
    let records = rows.split_inclusive(|byte| *byte == b'\n').count();
    let manifest = json!({
        "schema": schemas::batch::SCHEMA, "sender": "12", "environment": "test", "kid": "r12-g1", "state_id": STATE,
        "cycle": number + 1, "records": records, "payload_sha256": "0".repeat(64), "rules": "0", "codelists": "0", "agent": "0.1.0",
    });
    [format!("{manifest}\n").as_bytes(), rows].concat()
}

/// A treatment that ends before it starts, in a programme that there is not.
fn bad_row(number: usize) -> Value {
    json!({
        "kind": "treatment", "key": format!("rec1.12.{number:05}{}", "a".repeat(38)),
        "version": {"generation": 1, "counter": 1},
        "content": {
            "pseudonym": "psn1.r12-g1.CVd4_FUzPrEfEBKm0_8I65ropJV8TNLHLskggemvtb0", "programme": "okänt",
            "unit": "SE9990120000-E002", "status": "completed", "started_on": "2024-03-01", "ended_on": "2024-01-01",
            "measurements": [{"instrument": "PHQ-9", "timepoint": "pre", "answered_on": "2024-01-01", "score": 99}],
        },
    })
}
