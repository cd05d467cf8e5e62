//! One batch from the wire into the register, step by step.
//!
//! Promises: a batch is stored whole with its signed receipt or not at all; the same batch again gets the same receipt; nothing is
//! unpacked before it is measured, and nothing is read for a sender that may not deliver; a body holds up its own sender only, while it
//! comes; work that was begun keeps its place and ends, also when nobody waits for the answer any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::body::Body;
use schemas::batch::Manifest;
use schemas::canonical;
use schemas::id::{BatchId, SenderCode};
use schemas::receipt::{self, LineFinding, ReceiptBody, Verdict};
use schemas::record::SubjectPair;
use schemas::rule::Rule;
use tokio::task::JoinError;
use tokio_util::task::TaskTracker;

use crate::body::{self, BodyError, Encoding};
use crate::environment::Stamp;
use crate::problem::Refusal;
use crate::registry::{Registry, last_day};
use crate::store::audit::{Entry, Sealed, What};
use crate::store::{AgentPlan, Arrival, Delivery, Payload, RefusedDelivery, TreatmentArrival};
use crate::validate::{self, Checked, CheckedRecord, Content, Facts};

/// A request to take a batch.
#[derive(Debug)]
pub(crate) struct Parcel {
    /// Who sends, as the gate before every endpoint found.
    pub(crate) sender: SenderCode,
    /// The batch's name in the address.
    pub(crate) batch: BatchId,
    /// How the body is packed.
    pub(crate) encoding: Encoding,
    /// The body's length, when the request tells it.
    pub(crate) length: Option<u64>,
    /// The body.
    pub(crate) body: Body,
}

/// A batch's body, whole and packed.
struct Packed {
    sender: SenderCode,
    batch: BatchId,
    encoding: Encoding,
    bytes: Vec<u8>,
}

/// Takes a batch; gives the receipt's bytes.
pub(crate) async fn receive(registry: &Arc<Registry>, parcel: Parcel) -> Result<Vec<u8>, Refusal> {
    let Parcel { sender, batch, encoding, length, body } = parcel;
    let turn = registry.admission.turn(&sender).await?;
    registry.admission.begin(&sender)?;
    registry.admission.room(&registry.data_dir)?;
    let limit = registry.limits.body;
    if length.is_some_and(|length| length > limit) {
        return Err(BodyError::above(limit).into());
    }
    let bytes = body::collect(body, limit, registry.admission.pace()).await?;
    let place = registry.admission.place().await?;
    let on = Arc::clone(registry);
    to_the_end(&registry.tasks, async move {
        let _held = (turn, place);
        // Again, because the sender's other turn may have wasted time meanwhile.
        let work = on.admission.begin(&sender)?;
        let taken = take(&on, Packed { sender, batch, encoding, bytes }).await;
        on.admission.end(&work, wasted(&taken));
        taken.map(|Taken { receipt, .. }| receipt)
    })
    .await
}

/// The share of the work on a batch that came to nothing by its sender's doing.
fn wasted(taken: &Result<Taken, Refusal>) -> f64 {
    match taken {
        Ok(Taken { rejected, records, .. }) => *rejected as f64 / (*records).max(1) as f64,
        Err(refusal) => f64::from(u8::from((400..429).contains(&refusal.kind().status()))),
    }
}

/// A batch that was taken.
struct Taken {
    receipt: Vec<u8>,
    /// Its records.
    records: usize,
    /// Those that break a rule.
    rejected: usize,
}

/// Measures, unpacks, checks and stores a batch that has come whole.
async fn take(registry: &Arc<Registry>, packed: Packed) -> Result<Taken, Refusal> {
    let limits = registry.limits;
    let (packed, measured) = off_the_loop(move || {
        let measured = body::measure(&packed.bytes, packed.encoding, &limits)?;
        Ok((packed, measured))
    })
    .await?;
    let Packed { sender, batch, encoding, bytes } = packed;

    let stored = registry.store.receipt(&sender, &batch).await?;
    match (measured.digest == batch.as_str(), stored) {
        (true, Some(receipt)) => return Ok(Taken { receipt, records: 0, rejected: 0 }),
        (false, Some(_)) => return Err(contradicted(registry, (&sender, &batch), Refusal::BatchConflict).await),
        (false, None) => return Err(Refusal::DigestMismatch),
        (true, None) => {}
    }

    let keys = registry.store.sender_keys(&sender).await?;
    let on = Arc::clone(registry);
    let delivery = off_the_loop(move || {
        let bytes = body::unpack(&bytes, encoding, &measured)?;
        let facts = Facts {
            sender: &sender,
            environment: &on.stage,
            keys: &keys,
            lists: &on.lists,
            today: last_day(on.environment.now()),
        };
        let checked = validate::check(&bytes, &facts)?;
        Ok(deliver(&on, sender, batch, checked))
    })
    .await?;
    let (of, named) = (delivery.sender.clone(), delivery.batch.clone());
    let records = delivery.records.len();
    let rejected = delivery.records.iter().filter(|record| record.is_none()).count();
    match registry.store.accept_batch(delivery).await {
        Ok(receipt) => {
            registry.metrics.stored(&receipt);
            Ok(Taken { receipt, records, rejected })
        }
        Err(conflict @ RefusedDelivery::VersionConflict(_)) => {
            Err(contradicted(registry, (&of, &named), conflict.into()).await)
        }
        Err(refused) => Err(refused.into()),
    }
}

/// Notes in the audit log that a batch was refused because it contradicts a stored one. One that cannot be noted is not answered so.
async fn contradicted(registry: &Registry, (sender, batch): (&SenderCode, &BatchId), refusal: Refusal) -> Refusal {
    let what = What::Conflict { batch: batch.clone(), problem: refusal.kind() };
    let entry = Entry::new(registry.environment.stamp(), Some(sender), what);
    match registry.store.note_event(&entry).await {
        Ok(()) => refusal,
        Err(error) => error.into(),
    }
}

/// Runs work to its end, also when nobody waits for it any more: a place would otherwise be free while its work goes on, and what follows
/// a commit would be left out.
pub(crate) async fn to_the_end<T: Send + 'static>(
    tasks: &TaskTracker,
    work: impl Future<Output = Result<T, Refusal>> + Send + 'static,
) -> Result<T, Refusal> {
    tasks.spawn(work).await.unwrap_or_else(broke_off)
}

/// Runs what keeps a core busy beside the event loop.
async fn off_the_loop<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(broke_off)
}

/// A panic's own text may hold anything, so it is left out.
#[expect(clippy::needless_pass_by_value, reason = "it stands in unwrap_or_else")]
fn broke_off<T>(error: JoinError) -> Result<T, Refusal> {
    let what = if error.is_panic() { "a panic" } else { "the register stopped" };
    Err(Refusal::Unexpected(what.to_owned()))
}

/// Makes a checked batch ready for the store: the regions' pseudonyms end here.
fn deliver(registry: &Arc<Registry>, sender: SenderCode, batch: BatchId, checked: Checked) -> Delivery {
    let Checked { manifest, records: checked, mut findings } = checked;
    let received_at = registry.environment.now();
    let mut records = Vec::with_capacity(checked.len());
    for (line, record) in (1..).zip(checked) {
        let arrival = record.map(|record| arrive(registry, record));
        if let Some(None) = arrival {
            findings.push(LineFinding { line, rule: Rule::RecordShape.id().into(), field: "pseudonym".into() });
        }
        records.push(arrival.flatten());
    }
    let body = ReceiptBody {
        schema: receipt::SCHEMA.to_owned(),
        sender: sender.clone(),
        environment: registry.stage.clone(),
        batch: batch.clone(),
        received_at: received_at.to_string(),
        verdicts: Vec::new(),
        findings,
        leaf: None,
        checkpoint: None,
    };
    let on = Arc::clone(registry);
    let stamp = Stamp { at: received_at, salt: registry.environment.random() };
    let seal = move |verdicts: &[Verdict], found: &[LineFinding], checkpoint| {
        let mut body = ReceiptBody { verdicts: receipt::ranges(verdicts), ..body.clone() };
        body.findings.extend_from_slice(found);
        body.findings.sort_by_key(|finding| finding.line);
        let entry = Entry::new(stamp, Some(&body.sender), What::batch(&body.batch, body.digest(), verdicts));
        let body = ReceiptBody { leaf: Some(canonical::hex(&entry.leaf)), checkpoint, ..body };
        Sealed { receipt: canonical::bytes(&body.sign(&on.receipt_key)), entry }
    };
    let draw = draw(i64::from_be_bytes(registry.environment.random()));
    let Manifest { schema, kid, state_id: state, cycle, agent, schedule, timezone, rules, payload_sha256, .. } =
        manifest;
    let (rules, schema, payload) = (Some(rules), Some(schema), Some(payload_sha256));
    let plan = AgentPlan { agent, schedule, timezone, rules, schema, payload };
    let (seal, draw, tombs) = (Box::new(seal), Box::new(draw), registry.tombs.clone());
    Delivery { sender, batch, kid, state, cycle, plan, received_at, records, seal, draw, tombs }
}

/// Ids for the new persons of a batch: a random one, and those that follow it. Ids that lie together cost the store a few pages of its
/// indexes instead of one each, and tell no more than the place of their treatments does.
fn draw(first: i64) -> impl Fn() -> i64 + Send + Sync {
    let next = AtomicI64::new(first);
    // Positive, so that no sign shows in a list.
    move || next.fetch_add(1, Ordering::Relaxed) & i64::MAX
}

/// A checked record as it is stored; nothing when its pseudonym is not the one spelling of 32 bytes.
fn arrive(registry: &Registry, record: CheckedRecord) -> Option<Arrival> {
    let payload = match record.content {
        Content::Treatment(treatment) => {
            let alias = registry.pepper.rekey(&treatment.pseudonym)?;
            Payload::Treatment(Box::new(TreatmentArrival::new(*treatment, alias)))
        }
        Content::Retraction(content) => Payload::Retraction(content),
        Content::Unit(content) => Payload::Unit(content),
        Content::Activity(content) => Payload::Activity(content),
        Content::Run(content) => Payload::Run(content),
        Content::Pair(SubjectPair { old, new }, says) => {
            let (old, new) = (registry.pepper.rekey(&old)?, registry.pepper.rekey(&new)?);
            return Some(Arrival::of_pair(record.version, &old, &new, says));
        }
    };
    Some(Arrival::new(record.key, record.version, payload))
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use tokio::sync::oneshot;

    use super::*;
    use crate::admission::{Admission, NotNow};
    use crate::config::LimitSettings;
    use crate::environment::Environment;

    #[tokio::test]
    async fn a_place_is_taken_until_its_work_ends_whoever_stopped_waiting() {
        let settings = LimitSettings { concurrent_batches: 1, queue_seconds: 0, ..LimitSettings::default() };
        let admission = Admission::new(&settings, &Environment::system());
        let place = admission.place().await.unwrap();
        let (tasks, (end, ended)) = (TaskTracker::new(), oneshot::channel::<()>());
        let work = async move {
            let _held = place;
            off_the_loop(move || ended.blocking_recv().map_err(|_| Refusal::NotFound)).await
        };
        // Polled once and dropped, as when the stream is reset.
        assert!(to_the_end(&tasks, work).now_or_never().is_none());
        tokio::task::yield_now().await;
        assert_eq!(admission.place().await.unwrap_err(), NotNow::Busy);
        end.send(()).unwrap();
        tasks.close();
        tasks.wait().await;
        assert!(admission.place().await.is_ok());
    }

    #[tokio::test]
    async fn a_panic_s_own_text_goes_nowhere() {
        let told = |refusal: Result<(), Refusal>| refusal.unwrap_err().to_string();
        let tasks = TaskTracker::new();
        assert_eq!(told(off_the_loop(|| panic!("a secret")).await), "unexpected: a panic");
        assert_eq!(told(to_the_end(&tasks, async { panic!("a secret") }).await), "unexpected: a panic");
    }
}
