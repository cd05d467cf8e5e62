//! One batch from the wire into the register, step by step.
//!
//! Promises: a batch is stored whole with its signed receipt or not at all; the same batch again gets the same receipt; nothing is
//! unpacked before it is measured, and nothing is read for a sender that may not deliver.

use std::sync::Arc;

use axum::body::Body;
use schemas::canonical;
use schemas::id::{BatchId, SenderCode};
use schemas::receipt::{self, LineFinding, ReceiptBody, Verdict};
use schemas::rule::Rule;

use crate::authenticate::region::RegionIdentity;
use crate::body::{self, BodyError, Encoding};
use crate::problem::Refusal;
use crate::registry::{Registry, last_day};
use crate::store::{Arrival, Delivery, Payload, SenderStatus, TreatmentArrival};
use crate::validate::{self, Checked, CheckedRecord, Content, Facts};

/// A request to take a batch.
#[derive(Debug)]
pub(crate) struct Parcel {
    /// Who sends, as [`admit`] found.
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

/// The sender behind a connection, when it may make a request now.
///
/// Standing and certificate are looked at on every request, so that a revocation holds at once, on open connections too.
pub(crate) async fn admit(registry: &Registry, peer: Option<&RegionIdentity>) -> Result<SenderCode, Refusal> {
    let peer = peer.ok_or(Refusal::SenderNotActive)?;
    if peer.environment != registry.stage || peer.not_after < registry.environment.now() {
        return Err(Refusal::SenderNotActive);
    }
    if registry.store.sender_status(&peer.sender).await? != Some(SenderStatus::Active) {
        return Err(Refusal::SenderNotActive);
    }
    registry.admission.rate(&peer.sender)?;
    Ok(peer.sender.clone())
}

/// Takes a batch; gives the receipt's bytes.
pub(crate) async fn receive(registry: &Arc<Registry>, parcel: Parcel) -> Result<Vec<u8>, Refusal> {
    let sender = parcel.sender;
    let _turn = registry.admission.turn(&sender).await?;
    registry.admission.room(&registry.data_dir)?;

    let limits = registry.limits;
    if parcel.length.is_some_and(|length| length > limits.body.saturating_mul(2)) {
        return Err(BodyError::TooLarge(format!("the body has more than {} bytes", limits.body)).into());
    }
    let packed = body::collect(parcel.body, limits.body, registry.admission.idle()).await?;
    let (packed, measured) = off_the_loop(move || {
        let measured = body::measure(&packed, parcel.encoding, &limits)?;
        Ok((packed, measured))
    })
    .await?;

    let stored = registry.store.receipt(&sender, &parcel.batch).await?;
    match (measured.digest == parcel.batch.as_str(), stored) {
        (true, Some(receipt)) => return Ok(receipt),
        (false, Some(_)) => return Err(Refusal::BatchConflict),
        (false, None) => return Err(Refusal::DigestMismatch),
        (true, None) => {}
    }

    let keys = registry.store.sender_keys(&sender).await?;
    let on = Arc::clone(registry);
    let delivery = off_the_loop(move || {
        let bytes = body::unpack(&packed, parcel.encoding, &measured)?;
        let facts = Facts {
            sender: &sender,
            environment: &on.stage,
            keys: &keys,
            lists: &on.lists,
            today: last_day(on.environment.now()),
        };
        let checked = validate::check(&bytes, &facts)?;
        Ok(deliver(&on, sender, parcel.batch, checked))
    })
    .await?;
    let receipt = registry.store.accept_batch(delivery).await?;
    registry.metrics.stored(&receipt);
    Ok(receipt)
}

/// Runs what keeps a core busy beside the event loop.
async fn off_the_loop<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(Refusal::Unexpected(error.to_string())))
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
    findings.sort_by_key(|finding| finding.line);
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
    let (on, draws) = (Arc::clone(registry), Arc::clone(registry));
    let seal = move |verdicts: &[Verdict]| {
        let body = ReceiptBody { verdicts: receipt::ranges(verdicts), ..body.clone() };
        canonical::bytes(&body.sign(&on.receipt_key))
    };
    // Positive, so that no sign shows in a list.
    let draw = move || i64::from_be_bytes(draws.environment.random()) & i64::MAX;
    Delivery { sender, batch, kid: manifest.kid, received_at, records, seal: Box::new(seal), draw: Box::new(draw) }
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
    };
    Some(Arrival::new(record.key, record.version, payload))
}
