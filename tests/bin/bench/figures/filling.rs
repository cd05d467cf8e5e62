//! A store filled with invented treatments, as deliveries would fill it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use jiff::civil::Date;
use registry_server::environment::Stamp;
use registry_server::store::audit::{Entry, Sealed, What};
use registry_server::store::{AgentPlan, Arrival, Delivery, Payload, SenderStatus, Store, TreatmentArrival};
use registry_server::subject::{Alias, Pepper};
use schemas::canonical;
use schemas::id::{BatchId, SenderCode, Version};

use super::invent::{Invented, SENDERS};

/// Records in a batch.
const BATCH: usize = 1_000;

/// What a store is filled with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filling {
    /// Treatments.
    pub(crate) size: u32,
    /// The first day of the six years over which they begin.
    pub(crate) first: Date,
    /// When they arrive.
    pub(crate) at: Timestamp,
}

/// Delivers treatments to an empty store, each region its own; some regions at a time.
pub(crate) async fn fill(store: Arc<dyn Store>, filling: Filling) -> anyhow::Result<()> {
    const AT_ONCE: usize = 3;
    for code in SENDERS {
        let (sender, at): (SenderCode, Timestamp) = (code.parse()?, filling.at);
        let salt = canonical::sha256(code.as_bytes());
        store.set_sender(&sender, SenderStatus::Active, Stamp { at, salt }).await?;
        store.issue_generation(&sender, &"a".repeat(32).parse()?, Stamp { at, salt: canonical::sha256(&salt) }).await?;
    }
    let parts = SENDERS.chunks(SENDERS.len() / AT_ONCE);
    let parts: Vec<_> = parts.map(|senders| tokio::spawn(fill_some(Arc::clone(&store), senders, filling))).collect();
    for part in parts {
        part.await??;
    }
    Ok(())
}

async fn fill_some(store: Arc<dyn Store>, senders: &'static [&'static str], filling: Filling) -> anyhow::Result<()> {
    let Filling { size, first, at } = filling;
    let mut waiting: BTreeMap<&str, Vec<Option<Arrival>>> = BTreeMap::new();
    let theirs = (0..size).map(|number| Invented::since(first, number)).filter(|one| senders.contains(&one.sender));
    for invented in theirs {
        let records = waiting.entry(invented.sender).or_default();
        records.push(Some(arrival(&invented)?));
        if records.len() == BATCH {
            let records = std::mem::take(records);
            let delivery = delivery((invented.sender, invented.number), at, records)?;
            store.accept_batch(delivery).await.map_err(anyhow::Error::from)?;
        }
    }
    for (sender, records) in waiting.into_iter().filter(|(_, records)| !records.is_empty()) {
        store.accept_batch(delivery((sender, size), at, records)?).await.map_err(anyhow::Error::from)?;
    }
    Ok(())
}

fn arrival(invented: &Invented) -> anyhow::Result<Arrival> {
    let sender: SenderCode = invented.sender.parse()?;
    // One person in ten has two treatments.
    let person = format!("{} {}", invented.sender, invented.number / 11 * 10 + (invented.number % 11).min(9));
    let alias = Alias { kid: sender.first_key_id().to_string(), s: canonical::sha256(person.as_bytes()) };
    let payload = Payload::Treatment(Box::new(TreatmentArrival::new(invented.treatment()?, alias)));
    Ok(Arrival::new(invented.key(), Version { generation: 1, counter: 1 }, payload))
}

fn delivery((code, number): (&str, u32), at: Timestamp, records: Vec<Option<Arrival>>) -> anyhow::Result<Delivery> {
    let sender: SenderCode = code.parse()?;
    let batch: BatchId = canonical::sha256_hex(format!("{code} {number}").as_bytes()).parse()?;
    let stamp = Stamp { at, salt: canonical::sha256(batch.as_str().as_bytes()) };
    let (of, named) = (sender.clone(), batch.clone());
    let drawn = AtomicI64::new(
        i64::from_be_bytes(canonical::sha256(batch.as_str().as_bytes())[..8].try_into()?) >> 2 & i64::MAX >> 2,
    );
    Ok(Delivery {
        kid: sender.first_key_id(),
        batch,
        sender,
        state: "a".repeat(32).parse()?,
        cycle: 1,
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
            receipt: canonical::bytes(&schemas::receipt::ranges(verdicts)),
            entry: Entry::new(stamp, Some(&of), What::batch(&named, String::new(), verdicts)),
        }),
        draw: Box::new(move || drawn.fetch_add(1, Ordering::Relaxed)),
        tombs: Pepper::new([7; 32]).tomb_key(),
    })
}
