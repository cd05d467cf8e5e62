//! The audit log: what is noted, in which order it stands, what is signed over it.

use jiff::SignedDuration;
use schemas::audit::{Checkpoint, SignedCheckpoint, Tail, extends};
use schemas::id::SenderCode;
use schemas::signed::SigningKey;
use tokio::sync::mpsc;

use super::delivery::{deliver, delivery, enrol, stamp};
use super::{key, treatment};
use crate::environment::Stamp;
use crate::store::audit::{Entry, Event, Sign, What};
use crate::store::transfer::{TABLES, Value};
use crate::store::{SenderStatus, Store};

/// Signs as a register would, at a fixed time.
pub(crate) fn sign() -> Sign {
    Box::new(|head| {
        let body = Checkpoint {
            origin: "test".into(),
            size: head.size,
            previous: head.previous,
            root: head.root,
            at: stamp().at,
            restored: head.restored,
        };
        body.sign(&SigningKey::from_bytes(&[7; 32]))
    })
}

/// The kinds of event in the log, in their order.
async fn kinds(store: &dyn Store) -> Vec<String> {
    events(store).await.iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
}

/// The events in the log, in their order.
pub(super) async fn events(store: &dyn Store) -> Vec<serde_json::Value> {
    let table = TABLES.iter().find(|table| table.name == "audit_leaf").unwrap();
    let (pages, mut coming) = mpsc::channel(100);
    store.export(table, pages).await.unwrap();
    let mut events = Vec::new();
    while let Some(page) = coming.recv().await {
        for row in page {
            let Value::Text(Some(text)) = &row[2] else { panic!("{row:?}") };
            let event: Event = serde_json::from_str(text).unwrap();
            events.push(serde_json::to_value(event).unwrap());
        }
    }
    events
}

fn event(seconds: i64, salt: u8) -> Entry {
    let at = stamp().at + SignedDuration::from_secs(seconds);
    Entry::new(Stamp { at, salt: [salt; 32] }, None, What::Lift { persons: 1 })
}

async fn signed(store: &dyn Store) -> Option<SignedCheckpoint> {
    store.sequence(&sign()).await.unwrap().map(|text| text.parse().unwrap())
}

pub(super) async fn every_change_is_noted_once_and_what_changed_nothing_is_not(store: &dyn Store) {
    enrol(store, "12").await;
    enrol(store, "12").await;
    deliver(store, 1, vec![treatment(key("12", 1), (1, 1), 1, 5)]).await.unwrap();
    // The stored batch again, one that is refused, and a standing that stays the same leave nothing.
    deliver(store, 1, vec![treatment(key("12", 1), (1, 1), 1, 5)]).await.unwrap();
    deliver(store, 2, vec![treatment(key("12", 1), (1, 1), 1, 6)]).await.unwrap_err();
    let code: SenderCode = "12".parse().unwrap();
    for status in [SenderStatus::Suspended, SenderStatus::Suspended, SenderStatus::Revoked] {
        store.set_sender(&code, status, stamp()).await.unwrap();
    }
    assert_eq!(signed(store).await.unwrap().body.size, 6);
    let mut kinds = kinds(store).await;
    kinds.sort_unstable();
    assert_eq!(kinds, ["batch", "generation", "generation", "standing", "standing", "standing"]);
}

pub(super) async fn events_get_their_places_once_and_each_checkpoint_extends_the_one_before(store: &dyn Store) {
    assert_eq!(signed(store).await, None);
    assert_eq!(store.log_tail(0).await.unwrap(), None);
    let mut checkpoints = Vec::new();
    for round in 1..=5 {
        for salt in 0..round {
            store.note_event(&event(i64::from(salt), round * 8 + salt)).await.unwrap();
        }
        checkpoints.push(signed(store).await.unwrap());
        assert_eq!(signed(store).await, None, "nothing waits any more");
    }
    let sizes: Vec<u64> = checkpoints.iter().map(|checkpoint| checkpoint.body.size).collect();
    assert_eq!(sizes, [1, 3, 6, 10, 15]);
    let last = checkpoints.last().unwrap();
    for from in 0..=15 {
        let log = store.log_tail(from).await.unwrap().unwrap();
        assert_eq!(log.newest, last.to_string());
        let tail: Tail = log.tail.unwrap();
        assert_eq!((tail.base.size(), tail.size()), (from, 15), "also where no checkpoint was signed");
        if let Some(earlier) = checkpoints.iter().find(|earlier| earlier.body.size == from) {
            let (old, new) = ((from, &earlier.body.root), (15, &last.body.root));
            assert!(extends(old, new, &tail.consistency()), "from {from}");
        }
    }
    assert_eq!(store.log_tail(16).await.unwrap().unwrap().tail, None);
    assert_eq!(store.log_tail(u64::MAX).await.unwrap().unwrap().tail, None);
    // One event twice is a fault of the program, and stops what would note it.
    assert!(store.note_event(&event(0, 8)).await.is_ok(), "it has its place already, under the same leaf");
    assert!(store.note_event(&event(0, 8)).await.is_err());
}

pub(super) async fn a_receipt_holds_the_newest_checkpoint_and_its_batch_stands_behind_it(store: &dyn Store) {
    enrol(store, "12").await;
    let seen = |name| {
        let mut batch = delivery("12", name, vec![]);
        let seal = batch.seal;
        batch.seal = Box::new(move |verdicts, found, checkpoint| {
            let mut sealed = seal(verdicts, found, None);
            sealed.receipt = checkpoint.unwrap_or_default().into_bytes();
            sealed
        });
        batch
    };
    let newest = async |name| String::from_utf8(store.accept_batch(seen(name)).await.unwrap()).unwrap();
    assert_eq!(newest(1).await, "");
    let checkpoint = signed(store).await.unwrap();
    assert_eq!(newest(2).await, checkpoint.to_string());
    assert_eq!(newest(3).await, checkpoint.to_string());
    let (before, after) = (checkpoint.body.size, signed(store).await.unwrap().body.size);
    assert_eq!((before, after), (4, 6));
}
