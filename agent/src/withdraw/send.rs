//! The erasures that are queued, told to the register.
//!
//! Promises: a person counts as erased on a verified receipt and on nothing else; the receipt is kept before the erasure leaves the queue;
//! a request whose answer was lost is made again as it was, because its receipt is the only one that counts what was erased.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemas::id::Salt;
use schemas::problem::ProblemType;
use schemas::withdrawal::{ErasureReceipt, MOST_PERSONS, SCHEMA, Withdrawal, WithdrawnPerson};

use super::WithdrawError;
use crate::objections::{Objections, Open};
use crate::outbox::{Dealt, Outbox};
use crate::pseudonymise::pseudonym_of;
use crate::push::{Client, ClientError, Delivered, Refusal};
use crate::setup::Setup;

/// What came of telling the register.
#[derive(Debug)]
pub struct Sending {
    /// The receipts that came.
    pub confirmed: Vec<Confirmed>,
    /// Whether everything was told.
    pub ended: Delivered,
}

/// An erasure that the register has confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// The number under which the receipt is kept.
    pub id: i64,
    /// The case that was to be answered.
    pub case: Option<u32>,
    /// The receipt.
    pub receipt: ErasureReceipt,
}

/// Tells the register of everybody whose erasure is queued.
///
/// # Errors
/// When the list or the state fails; what the register does not take waits.
pub async fn send(
    setup: &Setup,
    client: &Client,
    outbox: &mut Outbox,
    moment: (Timestamp, [u8; 16]),
) -> Result<Sending, WithdrawError> {
    let config = &setup.config.agent;
    send_by(setup, outbox, moment, async |withdrawal| {
        client.withdraw(withdrawal, (&config.region, config.environment.word())).await
    })
    .await
}

pub(super) async fn send_by(
    setup: &Setup,
    outbox: &mut Outbox,
    (now, random): (Timestamp, [u8; 16]),
    tell: impl AsyncFn(&Withdrawal) -> Result<(ErasureReceipt, Vec<u8>), ClientError>,
) -> Result<Sending, WithdrawError> {
    let mut sending = Sending { confirmed: Vec::new(), ended: Delivered::Everything };
    let mut queued = outbox.objectors().await?;
    queued.retain(|_, dealt| *dealt == Dealt::Queued);
    if queued.is_empty() {
        return Ok(sending);
    }
    let mut objections = Objections::open(&setup.config.state_dir(), &setup.keys).await?;
    let mut requests: BTreeMap<(Option<u32>, i64), Vec<Open>> = BTreeMap::new();
    for one in objections.open_ones(&setup.keys).await? {
        if queued.remove(&one.hash).is_some() {
            requests.entry((one.case, one.request)).or_default().push(one);
        }
    }
    // Whose pseudonym is not kept any more was erased longer ago than any backup of the register.
    let gone: Vec<[u8; 32]> = queued.into_keys().collect();
    outbox.set_objectors(&gone, Dealt::Confirmed).await?;
    let state_id = outbox.state_id(random).await?;
    for ((case, _), persons) in requests {
        for persons in persons.chunks(MOST_PERSONS) {
            let withdrawal = Withdrawal {
                schema: SCHEMA.into(),
                state_id: state_id.clone(),
                case,
                persons: persons.iter().map(named).collect(),
            };
            let hashes: Vec<[u8; 32]> = persons.iter().map(|one| one.hash).collect();
            objections.tried(&hashes).await?;
            let (receipt, bytes) = match tell(&withdrawal).await {
                Ok(answer) => answer,
                Err(error) => return Ok(Sending { ended: ended(&error), ..sending }),
            };
            let id = objections.erased(&hashes, (&bytes, receipt.body.case), now).await?;
            outbox.set_objectors(&hashes, Dealt::Confirmed).await?;
            let body = &receipt.body;
            outbox.hear((body.checkpoint.as_deref(), body.leaf.as_deref()), &body.received_at).await?;
            sending.confirmed.push(Confirmed { id, case, receipt });
        }
    }
    Ok(sending)
}

fn named(one: &Open) -> WithdrawnPerson {
    WithdrawnPerson { pseudonym: pseudonym_of(&one.kid, one.person), salt: Salt::of(one.salt) }
}

/// How a delivery ends that the register did not take.
pub(super) fn ended(error: &ClientError) -> Delivered {
    let sentence = format!("erasures wait, and no record goes before them: {error}");
    let refusal = match error {
        _ if error.is_temporary() => return Delivered::Later(sentence),
        ClientError::Refused(_) | ClientError::TooOpen(_) => Refusal::NotAllowed,
        ClientError::Files(_) => Refusal::Config,
        ClientError::Problem(problem) => match problem.kind {
            ProblemType::SenderNotActive | ProblemType::SenderMismatch => Refusal::NotAllowed,
            ProblemType::SchemaVersion | ProblemType::KeyUnknown => Refusal::Config,
            _ => Refusal::Failed,
        },
        ClientError::Unreachable(_) => Refusal::Failed,
    };
    Delivered::Refused(refusal, sentence)
}
