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
use crate::pseudonymise::{EarlierName, pseudonym_of};
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
    /// Whether it is of today's names.
    pub names: Names,
}

/// Under which names persons were erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// Those of earlier person keys, in the set that a reset of the keys is about to replace; the same persons' newer names follow.
    Earlier,
    /// Those that the list remembers.
    Newest,
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
    // The old set counts at the register until the new one replaces it.
    let earlier = match outbox.reset_note().await? {
        Some(_) => objections.earlier_names(&setup.keys).await?,
        None => BTreeMap::new(),
    };
    let mut requests: BTreeMap<(Option<u32>, i64, bool), Vec<Open>> = BTreeMap::new();
    for one in objections.open_ones(&setup.keys).await? {
        if queued.remove(&one.hash).is_some() {
            requests.entry((one.case, one.request, earlier.contains_key(&one.hash))).or_default().push(one);
        }
    }
    // Whose pseudonym is not kept any more was erased longer ago than any backup of the register.
    let gone: Vec<[u8; 32]> = queued.into_keys().collect();
    outbox.set_objectors(&gone, Dealt::Confirmed).await?;
    let state_id = outbox.state_id(random).await?;
    for ((case, ..), persons) in requests {
        for request in persons.chunks(MOST_PERSONS).flat_map(|persons| in_turn(persons, &earlier)) {
            let Request { hashes, persons, names } = request;
            objections.tried(&hashes).await?;
            if names == Names::Earlier {
                objections.tell_earlier_names(&hashes).await?;
            }
            let case = case.filter(|_| names == Names::Newest);
            let withdrawal = Withdrawal { schema: SCHEMA.into(), state_id: state_id.clone(), case, persons };
            let (receipt, bytes) = match tell(&withdrawal).await {
                Ok(answer) => answer,
                Err(error) => return Ok(Sending { ended: ended(&error), ..sending }),
            };
            let body = &receipt.body;
            let id = match names {
                Names::Earlier => objections.keep_receipt(&bytes, now).await?,
                Names::Newest => {
                    let id = objections.erased(&hashes, (&bytes, body.case), now).await?;
                    outbox.set_objectors(&hashes, Dealt::Confirmed).await?;
                    Some(id)
                }
            };
            outbox.hear((body.checkpoint.as_deref(), body.leaf.as_deref()), &body.received_at).await?;
            sending.confirmed.extend(id.map(|id| Confirmed { id, case, receipt, names }));
        }
    }
    Ok(sending)
}

/// One request: whom the list means, and what they are called in it.
struct Request {
    hashes: Vec<[u8; 32]>,
    persons: Vec<WithdrawnPerson>,
    names: Names,
}

/// The requests for some persons: under the names of before first, so that nobody counts as erased as long as the old set holds them.
fn in_turn(persons: &[Open], earlier: &BTreeMap<[u8; 32], Vec<EarlierName>>) -> Vec<Request> {
    let hashes: Vec<[u8; 32]> = persons.iter().map(|one| one.hash).collect();
    let before: Vec<WithdrawnPerson> = persons.iter().flat_map(|one| named_before(one, earlier)).collect();
    let before = before.chunks(MOST_PERSONS).map(|persons| (persons.to_vec(), Names::Earlier));
    let newest = (persons.iter().map(named).collect(), Names::Newest);
    before.chain([newest]).map(|(persons, names)| Request { hashes: hashes.clone(), persons, names }).collect()
}

/// The person under each name of before.
fn named_before<'n>(
    one: &Open,
    earlier: &'n BTreeMap<[u8; 32], Vec<EarlierName>>,
) -> impl Iterator<Item = WithdrawnPerson> + use<'n> {
    let (salt, kid) = (one.salt, one.kid.clone());
    let names = earlier.get(&one.hash).into_iter().flatten().filter(move |name| name.kid != kid);
    names.map(move |name| WithdrawnPerson { pseudonym: pseudonym_of(&name.kid, name.person), salt: Salt::of(salt) })
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
