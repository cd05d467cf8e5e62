//! Who leaves is remembered first, and gone everywhere in the end; who only might have been sent is not named.

mod corrected;
mod lists;
mod losses;
mod reset;
mod shared;

use std::collections::BTreeSet;
use std::sync::Mutex;

use schemas::canonical;
use schemas::codelist::CodeLists;
use schemas::contact::Me;
use schemas::signed::SigningKey;
use schemas::withdrawal::{ErasureBody, ErasureReceipt, RECEIPT_SCHEMA, Withdrawal, WithdrawnPerson};

use super::send::send_by;
use super::*;
use crate::identity::IdentityNumber;
use crate::objections::Objections;
use crate::outbox::{Dealt, Outbox};
use crate::push::{ClientError, Delivered};
use crate::setup::Setup;
use crate::tests::{NOW, Region, person};

/// A register that only withdraws.
#[derive(Default)]
struct Register {
    requests: Mutex<Vec<Withdrawal>>,
    withdrawn: Mutex<BTreeSet<String>>,
    away: Mutex<bool>,
}

impl Register {
    fn withdraw(&self, withdrawal: &Withdrawal) -> Result<(ErasureReceipt, Vec<u8>), ClientError> {
        if *self.away.lock().unwrap() {
            return Err(ClientError::Unreachable("the register is away".into()));
        }
        let persons = withdrawal.persons.iter().map(|person| person.pseudonym.to_string());
        let new = persons.filter(|person| self.withdrawn.lock().unwrap().insert(person.clone())).count();
        let body = ErasureBody {
            schema: RECEIPT_SCHEMA.into(),
            sender: "12".parse().unwrap(),
            environment: "test".into(),
            received_at: NOW.into(),
            case: withdrawal.case,
            persons: u32::try_from(withdrawal.persons.len()).unwrap(),
            found: u32::try_from(new).unwrap(),
            treatments: 0,
            commitments: withdrawal.persons.iter().map(WithdrawnPerson::commitment).collect(),
            text_sv: "Raderat.".into(),
            text_en: "Erased.".into(),
            leaf: None,
            checkpoint: None,
        };
        self.requests.lock().unwrap().push(withdrawal.clone());
        let receipt = body.sign(&SigningKey::from_bytes(&[7; 32]));
        let bytes = canonical::bytes(&receipt);
        Ok((receipt, bytes))
    }

    async fn told_by(&self, region: &Region, outbox: &mut Outbox) -> Sending {
        let tell = async |withdrawal: &Withdrawal| self.withdraw(withdrawal);
        send_by(&region.setup, outbox, (NOW.parse().unwrap(), [9; 16]), tell).await.unwrap()
    }

    /// Whom the newest request names.
    fn newest(&self) -> Vec<String> {
        let requests = self.requests.lock().unwrap();
        requests.last().unwrap().persons.iter().map(|person| person.pseudonym.to_string()).collect()
    }

    fn me(&self) -> Me {
        Me {
            sender: "12".parse().unwrap(),
            environment: "test".into(),
            status: "active".into(),
            limits: schemas::batch::Limits::default(),
            schema: schemas::batch::SCHEMA.into(),
            rules: String::new(),
            codelists: String::new(),
            time: NOW.into(),
            generation: 1,
            keys: vec![],
            withdrawn: self.withdrawn.lock().unwrap().len() as u64,
            cases: vec![],
            replaces: None,
        }
    }
}

fn named(who: usize) -> IdentityNumber {
    persons(&person(who), &CodeLists::builtin()).unwrap().remove(0)
}

fn pseudonym(setup: &Setup, who: usize) -> String {
    setup.keys.pseudonym(&named(who)).to_string()
}

async fn asked(region: &Region, outbox: &mut Outbox, who: &[usize], case: Option<u32>) -> Asked {
    let persons: Vec<IdentityNumber> = who.iter().map(|who| named(*who)).collect();
    ask(&region.setup, (&persons, case), outbox, (NOW.parse().unwrap(), [9; 16])).await.unwrap()
}

async fn list(region: &Region) -> Objections {
    Objections::open(&region.setup.config.state_dir(), &region.setup.keys).await.unwrap()
}

/// Three persons with a treatment each, delivered.
async fn delivered() -> (Region, Outbox) {
    let region = Region::new().await;
    for (id, who) in [("M-1", 1), ("M-2", 2), ("M-3", 3)] {
        region.treatment(id, who, &[]).await;
        region.answer(id, "pre", "14", &[]).await;
    }
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    assert_eq!(region.deliver(&mut outbox).await.len(), 3);
    (region, outbox)
}

/// Whether a file of the state directory holds a text. A log that is just being folded in is gone.
fn holds(region: &Region, needle: impl AsRef<[u8]>) -> bool {
    let needle = needle.as_ref();
    let files = std::fs::read_dir(region.path("state")).unwrap();
    let mut texts = files.filter_map(|file| std::fs::read(file.unwrap().path()).ok());
    texts.any(|bytes| bytes.windows(needle.len()).any(|part| part == needle))
}

#[tokio::test]
async fn who_says_no_after_being_sent_is_withdrawn_by_the_next_cycle_and_left_out_from_then_on() {
    let (region, mut outbox) = delivered().await;
    let key = region.setup.keys.record_key("main", "M-1").to_string();
    let last = key.rsplit('.').next().unwrap();
    assert!(holds(&region, &key) && holds(&region, "M-1"));
    region.treatment("M-9", 1, &[("status", "opted_out"), ("updated_at", "2024-05-21T00:00:00Z")]).await;
    region.cycle(&mut outbox).await;
    assert!(outbox.next(&"12".parse().unwrap()).await.unwrap().is_none(), "a record is queued before the erasure");
    let register = Register::default();
    let sending = register.told_by(&region, &mut outbox).await;
    assert_eq!((sending.ended, sending.confirmed.len()), (Delivered::Everything, 1));
    assert_eq!(register.newest(), [pseudonym(&region.setup, 1)]);
    assert_eq!(sending.confirmed[0].receipt.body.persons, 1);
    let kept = list(&region).await.receipts(Some(sending.confirmed[0].id)).await.unwrap();
    assert_eq!(kept[0].bytes, canonical::bytes(&sending.confirmed[0].receipt));

    let accounts = outbox.accounts().await.unwrap();
    assert!(accounts.iter().all(crate::account::Account::balances), "who objects is not accounted for");
    drop(outbox);
    for needle in [last, "M-1", "M-9"] {
        assert!(!holds(&region, needle), "{needle} is still there");
    }
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    assert!(region.deliver(&mut outbox).await.is_empty());
    assert!(register.told_by(&region, &mut outbox).await.confirmed.is_empty(), "the register was told twice");
}

#[tokio::test]
async fn who_said_no_before_anything_was_sent_is_never_named() {
    let region = Region::new().await;
    region.treatment("M-1", 1, &[("status", "opted_out")]).await;
    region.treatment("M-2", 2, &[]).await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    let register = Register::default();
    assert!(register.told_by(&region, &mut outbox).await.confirmed.is_empty());
    assert!(register.requests.lock().unwrap().is_empty());
    assert!(
        list(&region).await.open_ones(&region.setup.keys).await.unwrap().is_empty(),
        "a pseudonym is kept for nothing"
    );
    assert_eq!(list(&region).await.count().await.unwrap().all, 1);
}

#[tokio::test]
async fn a_withdrawal_without_the_register_takes_the_person_out_here_and_is_told_as_soon_as_it_answers() {
    let (region, mut outbox) = delivered().await;
    region.sql("UPDATE measurements SET score = '3', updated_at = '2024-05-20T00:00:00Z'").await;
    region.cycle(&mut outbox).await;
    assert_eq!(outbox.depth().await.unwrap().1, 3);
    let came = asked(&region, &mut outbox, &[1, 1, 7], None).await;
    assert_eq!(came, Asked { persons: 2, queued: 2, records: 1 });
    assert_eq!(outbox.depth().await.unwrap().1, 2);
    let register = Register { away: true.into(), ..Register::default() };
    assert!(matches!(register.told_by(&region, &mut outbox).await.ended, Delivered::Later(_)));
    drop(outbox);

    *register.away.lock().unwrap() = false;
    let mut outbox = region.outbox().await;
    register.told_by(&region, &mut outbox).await;
    let everybody = [pseudonym(&region.setup, 1), pseudonym(&region.setup, 7)];
    assert_eq!(register.newest().into_iter().collect::<BTreeSet<_>>(), everybody.into_iter().collect());
    assert_eq!(region.deliver(&mut outbox).await.len(), 2);
    // Asked once more, the register confirms once more.
    asked(&region, &mut outbox, &[1], None).await;
    let again = register.told_by(&region, &mut outbox).await;
    assert_eq!((again.confirmed.len(), again.confirmed[0].receipt.body.found), (1, 0));
}

#[tokio::test]
async fn for_a_case_only_a_person_who_may_be_known_is_named() {
    let (region, mut outbox) = delivered().await;
    assert_eq!(asked(&region, &mut outbox, &[7], Some(3)).await.queued, 0);
    assert_eq!(list(&region).await.count().await.unwrap().all, 1, "the objection was not remembered");
    let register = Register::default();
    assert!(register.told_by(&region, &mut outbox).await.confirmed.is_empty());
    assert_eq!(asked(&region, &mut outbox, &[1, 7], Some(3)).await.queued, 1);
    let sending = register.told_by(&region, &mut outbox).await;
    assert_eq!((sending.confirmed[0].case, register.newest().len()), (Some(3), 1));
    // Somebody who was withdrawn before is known.
    assert_eq!(asked(&region, &mut outbox, &[1], Some(4)).await.queued, 1);
    assert_eq!(register.told_by(&region, &mut outbox).await.confirmed[0].case, Some(4));
}

#[tokio::test]
async fn a_lifted_objection_lets_the_next_cycle_send_the_person_again() {
    let (region, mut outbox) = delivered().await;
    asked(&region, &mut outbox, &[1], None).await;
    let register = Register::default();
    register.told_by(&region, &mut outbox).await;
    region.cycle(&mut outbox).await;
    assert!(region.deliver(&mut outbox).await.is_empty());

    let told = Mutex::new(Vec::new());
    let take = async |lift: &schemas::withdrawal::Lift| {
        told.lock().unwrap().extend(lift.persons.iter().map(ToString::to_string));
        Ok(schemas::withdrawal::Lifted { lifted: 1 })
    };
    let refused = async |_: &_| Err(ClientError::Unreachable("away".into()));
    let persons = [named(1), named(5)];
    assert!(lift(&region.setup, &persons, (&mut outbox, NOW.parse().unwrap(), [9; 16]), refused).await.is_err());
    assert_eq!(list(&region).await.count().await.unwrap().all, 1, "it was lifted here and not at the register");
    assert_eq!(lift(&region.setup, &persons, (&mut outbox, NOW.parse().unwrap(), [9; 16]), take).await.unwrap(), 1);
    assert_eq!(*told.lock().unwrap(), [pseudonym(&region.setup, 1)]);
    region.cycle(&mut outbox).await;
    let lines = region.deliver(&mut outbox).await;
    assert!(lines.len() == 1 && lines[0].contains(&pseudonym(&region.setup, 1)), "{lines:?}");
}
