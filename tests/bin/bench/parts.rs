//! The register's own part of the path, stage by stage, in this process: CPU time, because a clock tells little on a busy machine.
//!
//! Promises: the batches are those of the source, a thousand records each, as an agent packs them; each stage is the register's own code,
//! and its store is a real file, forced to the disk.

#[path = "parts/batches.rs"]
mod batches;
#[path = "parts/https.rs"]
mod https;

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use registry_server::body::{self, Encoding};
use registry_server::environment::Stamp;
use registry_server::store::audit::{Entry, Sealed, What};
use registry_server::store::{
    AgentPlan, Arrival, Delivery, Location, Opening, Payload, SenderStatus, TreatmentArrival, open,
};
use registry_server::subject::Pepper;
use registry_server::validate::{self, Content, Facts};
use schemas::batch::Limits;
use schemas::codelist::CodeLists;
use schemas::id::{BatchId, SenderCode, StateId};

use super::meter::{family_cpu, now, on_cpu, own_cpu};
use super::postgres::Postgres;
use super::register::{Engine, Register};
use super::source::Source;
use super::table::judged;

/// Measures the stages over a source of this size, and prints them. Tells whether all treatments were stored.
pub(crate) fn run(treatments: u32, engines: &[Engine]) -> anyhow::Result<bool> {
    let folder = tempfile::tempdir()?;
    let source = Source::invent(folder.path(), 1, treatments)?;
    let (batches, mut parts) = batches::of(&source, "12")?;
    let postgres = Postgres::start()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let received = runtime.block_on(received(&batches, &postgres, &source))?;
    parts.push(("register: TLS and HTTP".to_owned(), received));
    let mut complete = true;
    for (at, engine) in engines.iter().enumerate() {
        let (url, server) = match engine {
            Engine::Sqlite => (format!("sqlite://{}", folder.path().join("register.db").display()), None),
            Engine::Postgres => {
                postgres.fresh("parts")?;
                (postgres.url("parts"), Some(postgres.pid()))
            }
        };
        let location = Location::read(&url, folder.path()).map_err(anyhow::Error::msg)?;
        let before = cpu(server);
        let (stages, stored) = runtime.block_on(stages(&batches, &location))?;
        complete &= stored == u64::from(treatments);
        let checking: Duration = stages.checking.iter().map(|(_, took)| *took).sum();
        let all = received + checking + stages.storing;
        let share = received.as_secs_f64() / all.as_secs_f64();
        println!(
            "TLS and HTTP of the register on {}: {:.1} %, {}",
            engine.name(),
            share * 100.0,
            judged(share, 0.05, 0.05)
        );
        if at == 0 {
            parts.extend(stages.checking.into_iter().map(|(name, took)| (name.to_owned(), took)));
        }
        parts.push((format!("register: store in {}", engine.name()), stages.storing));
        parts.push(("  the same by the clock".to_owned(), stages.waiting));
        if let (Some(before), Some(after)) = (before, cpu(server)) {
            parts.push(("  CPU of PostgreSQL meanwhile".to_owned(), after.saturating_sub(before)));
        }
    }
    println!("{:<44} {:>9} {:>16}", "part", "CPU", "µs a treatment");
    for (name, time) in parts {
        let each = time.as_secs_f64() * 1e6 / f64::from(treatments);
        println!("{name:<44} {:>7.2} s {each:>16.1}", time.as_secs_f64());
    }
    Ok(complete)
}

/// CPU time of a register that receives the batches over HTTPS and does nothing else with them.
async fn received(batches: &[batches::Batch], postgres: &Postgres, source: &Source) -> anyhow::Result<Duration> {
    let register = Register::start(Engine::Sqlite, postgres)?;
    let site = register.enrol("12", &source.queries())?;
    https::receive(batches, (register.server.running.id(), register.server.regions.port()), &site).await
}

fn cpu(server: Option<u32>) -> Option<Duration> {
    server.map(family_cpu)
}

/// CPU time of the stages over all batches.
#[derive(Default)]
struct Stages {
    /// Before the store.
    checking: [(&'static str, Duration); 4],
    /// In the store.
    storing: Duration,
    /// The same by the clock, with the waits for disk and server.
    waiting: Duration,
}

impl Stages {
    fn add(&mut self, stage: usize, name: &'static str, took: Duration) {
        self.checking[stage].0 = name;
        self.checking[stage].1 += took;
    }
}

async fn stages(batches: &[batches::Batch], location: &Location) -> anyhow::Result<(Stages, u64)> {
    let sender: SenderCode = "12".parse()?;
    let state: StateId = "a".repeat(32).parse()?;
    let at: Timestamp = "2026-01-01T00:00:00Z".parse()?;
    let store = open(location, Opening::NewOrCurrent).await?;
    store.set_sender(&sender, SenderStatus::Active, Stamp { at, salt: [0; 32] }).await?;
    store.issue_generation(&sender, &state, Stamp { at, salt: [1; 32] }).await?;
    let (lists, pepper) = (CodeLists::builtin(), Pepper::new([7; 32]));
    let facts = Facts { sender: &sender, environment: "test", keys: &[], lists: &lists, today: "2026-01-01".parse()? };
    // Far apart from batch to batch, as the register draws them.
    let mut drawn = 1_u64;
    let mut stages = Stages::default();
    for batch in batches {
        let (measured, took) = on_cpu(|| Ok(body::measure(&batch.body, Encoding::Zstd, &Limits::default())?))?;
        stages.add(0, "register: unpack, measure, hash", took);
        let (bytes, took) = on_cpu(|| Ok(body::unpack(&batch.body, Encoding::Zstd, &measured)?))?;
        stages.add(1, "register: unpack", took);
        let (checked, took) = on_cpu(|| Ok(validate::check(&bytes, &facts)?))?;
        stages.add(2, "register: parse and check", took);
        let (records, took) = on_cpu(|| Ok(arrive(checked.records, &pepper)))?;
        stages.add(3, "register: rekey, canonical form, outcomes", took);
        drawn = drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let ids = AtomicI64::new(i64::try_from(drawn >> 2)?);
        let name = measured.digest.parse::<BatchId>()?;
        let (of, named) = (sender.clone(), name.clone());
        let stamp = Stamp { at, salt: schemas::canonical::sha256(name.as_str().as_bytes()) };
        let delivery = Delivery {
            sender: sender.clone(),
            batch: name,
            kid: sender.first_key_id(),
            state: state.clone(),
            plan: AgentPlan { agent: "0.1.0".into(), schedule: None, timezone: None },
            received_at: at,
            records,
            seal: Box::new(move |verdicts, _, _| Sealed {
                receipt: schemas::canonical::bytes(&schemas::receipt::ranges(verdicts)),
                entry: Entry::new(stamp, Some(&of), What::batch(&named, String::new(), verdicts)),
            }),
            draw: Box::new(move || ids.fetch_add(1, Ordering::Relaxed)),
            tombs: pepper.tomb_key(),
        };
        let (begun, before) = (now(), own_cpu());
        store.accept_batch(delivery).await?;
        stages.storing += own_cpu().saturating_sub(before);
        stages.waiting += begun.elapsed();
    }
    let stored = store.senders().await?[0].treatments;
    store.close().await;
    Ok((stages, stored))
}

fn arrive(checked: Vec<Option<validate::CheckedRecord>>, pepper: &Pepper) -> Vec<Option<Arrival>> {
    let arrive = |record: validate::CheckedRecord| {
        let Content::Treatment(treatment) = record.content else { return None };
        let alias = pepper.rekey(&treatment.pseudonym)?;
        let payload = Payload::Treatment(Box::new(TreatmentArrival::new(*treatment, alias)));
        Some(Arrival::new(record.key, record.version, payload))
    };
    checked.into_iter().map(|record| record.and_then(arrive)).collect()
}
