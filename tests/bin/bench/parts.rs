//! The register's own part of the path, stage by stage, in this process: what each costs of one core.
//!
//! Promises: the batches are those of the source, a thousand records each, as an agent packs them; each stage is the register's own code,
//! and its store is a real file, forced to the disk.

#[path = "parts/batches.rs"]
mod batches;

use std::time::Duration;

use jiff::Timestamp;
use registry_server::body::{self, Encoding};
use registry_server::store::Opening;
use registry_server::store::sqlite::Sqlite;
use registry_server::store::{AgentPlan, Arrival, Delivery, Payload, SenderStatus, Store, TreatmentArrival};
use registry_server::subject::Pepper;
use registry_server::validate::{self, Content, Facts};
use schemas::batch::Limits;
use schemas::codelist::CodeLists;
use schemas::id::{BatchId, SenderCode, StateId};

use super::meter::{now, timed};
use super::source::Source;

/// A stage's name and how long it took over all batches.
type Stages = Vec<(&'static str, Duration)>;

/// Measures the stages over a source of this size, and prints them.
pub(crate) fn run(treatments: u32) -> anyhow::Result<bool> {
    let folder = tempfile::tempdir()?;
    let source = Source::invent(folder.path(), 1, treatments)?;
    let (batches, packing) = batches::of(&source, "12")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (stages, stored) = runtime.block_on(register(&batches, folder.path()))?;
    let of = f64::from(treatments);
    println!("{:<40} {:>9} {:>16}", "part", "time", "µs a treatment");
    for (name, time) in packing.into_iter().chain(stages) {
        println!("{name:<40} {:>7.2} s {:>16.1}", time.as_secs_f64(), time.as_secs_f64() * 1e6 / of);
    }
    Ok(stored == u64::from(treatments))
}

async fn register(batches: &[batches::Batch], folder: &std::path::Path) -> anyhow::Result<(Stages, u64)> {
    let sender: SenderCode = "12".parse()?;
    let state: StateId = "a".repeat(32).parse()?;
    let at: Timestamp = "2026-01-01T00:00:00Z".parse()?;
    let store = Sqlite::open(&folder.join("register.db"), Opening::NewOrCurrent).await?;
    store.set_sender(&sender, SenderStatus::Active, at).await?;
    store.issue_generation(&sender, &state, at).await?;
    let (lists, pepper) = (CodeLists::builtin(), Pepper::new([7; 32]));
    let facts = Facts { sender: &sender, environment: "test", keys: &[], lists: &lists, today: "2026-01-01".parse()? };
    let mut drawn = 0;
    let [mut measuring, mut unpacking, mut checking, mut arriving, mut storing] = [Duration::ZERO; 5];
    for batch in batches {
        let (measured, took) = timed(|| Ok(body::measure(&batch.body, Encoding::Zstd, &Limits::default())?))?;
        measuring += took;
        let (bytes, took) = timed(|| Ok(body::unpack(&batch.body, Encoding::Zstd, &measured)?))?;
        unpacking += took;
        let (checked, took) = timed(|| Ok(validate::check(&bytes, &facts)?))?;
        checking += took;
        let (records, took) = timed(|| Ok(arrive(checked.records, &pepper)))?;
        arriving += took;
        drawn += 1_000_000;
        let ids = std::sync::atomic::AtomicI64::new(drawn);
        let delivery = Delivery {
            sender: sender.clone(),
            batch: measured.digest.parse::<BatchId>()?,
            kid: sender.first_key_id(),
            state: state.clone(),
            plan: AgentPlan { agent: "0.1.0".into(), schedule: None, timezone: None },
            received_at: at,
            records,
            seal: Box::new(|verdicts| schemas::canonical::bytes(&schemas::receipt::ranges(verdicts))),
            draw: Box::new(move || ids.fetch_add(1, std::sync::atomic::Ordering::Relaxed)),
        };
        let begun = now();
        store.accept_batch(delivery).await?;
        storing += begun.elapsed();
    }
    let stored = store.senders().await?[0].treatments;
    store.close().await;
    let stages = vec![
        ("register: unpack, measure, hash", measuring),
        ("register: unpack", unpacking),
        ("register: parse and check", checking),
        ("register: rekey, canonical form, outcomes", arriving),
        ("register: store in SQLite", storing),
    ];
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
