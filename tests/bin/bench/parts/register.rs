//! The register's part of the path, stage by stage, in this process.
//!
//! Promises: each stage is the register's own code, on the batches that an agent sent; its store is a real file or server, forced to the
//! disk.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use agent::outbox::{self, Encoding};
use jiff::Timestamp;
use registry_server::body;
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

use super::stages::Stages;
use crate::meter::now;

/// The stage that ends in the database.
pub(super) const STORE: &str = "store";

/// What the stages took.
#[derive(Default)]
pub(super) struct Stored {
    /// By stage, [`STORE`] last.
    pub(super) stages: Stages,
    /// Of [`STORE`] by the clock, with the waits for disk and server.
    pub(super) waiting: Duration,
    /// Treatments that are there afterwards.
    pub(super) treatments: u64,
}

/// Takes a sender's batches into an empty store.
pub(super) async fn run(batches: &[outbox::Sealed], location: &Location, at: Timestamp) -> anyhow::Result<Stored> {
    let sender: SenderCode = "12".parse()?;
    let state: StateId = "a".repeat(32).parse()?;
    let store = open(location, Opening::NewOrCurrent).await?;
    store.set_sender(&sender, SenderStatus::Active, Stamp { at, salt: [0; 32] }).await?;
    store.issue_generation(&sender, &state, Stamp { at, salt: [1; 32] }).await?;
    let (lists, pepper) = (CodeLists::builtin(), Pepper::new([7; 32]));
    let today = schemas::rule::today(at);
    let facts = Facts { sender: &sender, environment: "test", keys: &[], lists: &lists, today };
    // Far apart from batch to batch, as the register draws them.
    let mut drawn = 1_u64;
    let mut stored = Stored::default();
    for batch in batches {
        let stages = &mut stored.stages;
        let (encoding, limits) = (encoding(batch), Limits::default());
        let measured = stages.run("unpack, measure, hash", || body::measure(&batch.body, encoding, &limits))?;
        let bytes = stages.run("unpack", || body::unpack(&batch.body, encoding, &measured))?;
        let checked = stages.run("parse and check", || validate::check(&bytes, &facts))?;
        let records = stages.run("rekey, canonical form, outcomes", || arrive(checked.records, &pepper));
        drawn = drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let ids = AtomicI64::new(i64::try_from(drawn >> 2)?);
        let name = measured.digest.parse::<BatchId>()?;
        let (of, named) = (sender.clone(), name.clone());
        let stamp = Stamp { at, salt: schemas::canonical::sha256(name.as_str().as_bytes()) };
        let delivery = Delivery {
            sender: sender.clone(),
            batch: name,
            cycle: 1,
            kid: sender.first_key_id(),
            state: state.clone(),
            plan: AgentPlan {
                agent: "0.1.0".into(),
                schedule: None,
                timezone: None,
                rules: None,
                schema: None,
                payload: None,
            },
            received_at: at,
            records,
            seal: Box::new(move |verdicts, _, _| Sealed {
                receipt: schemas::canonical::bytes(&schemas::receipt::ranges(verdicts)),
                entry: Entry::new(stamp, Some(&of), What::batch(&named, String::new(), verdicts)),
            }),
            draw: Box::new(move || ids.fetch_add(1, Ordering::Relaxed)),
            tombs: pepper.tomb_key(),
        };
        let begun = now();
        stages.wait(STORE, store.accept_batch(delivery)).await?;
        stored.waiting += begun.elapsed();
    }
    stored.treatments = store.senders().await?[0].treatments;
    store.close().await;
    Ok(stored)
}

fn encoding(batch: &outbox::Sealed) -> body::Encoding {
    match batch.encoding {
        Encoding::Zstd => body::Encoding::Zstd,
        Encoding::Identity => body::Encoding::Plain,
    }
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
