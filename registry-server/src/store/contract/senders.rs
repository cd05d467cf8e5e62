//! Senders, keys, generations.

use schemas::id::{KeyId, SenderCode};

use super::delivery::{at, deliver, delivery, enrol, state};
use super::{key, treatment};
use crate::store::{RefusedDelivery, SenderStatus, Store};

fn code() -> SenderCode {
    "12".parse().unwrap()
}

pub(super) async fn a_sender_is_enrolled_revoked_and_listed(store: &dyn Store) {
    store.ready().await.unwrap();
    assert_eq!(store.sender_status(&code()).await.unwrap(), None);
    assert_eq!(store.set_sender(&code(), SenderStatus::Active, at()).await.unwrap(), None);
    let before = store.set_sender(&code(), SenderStatus::Revoked, at()).await.unwrap();
    assert_eq!(before, Some(SenderStatus::Active));
    assert_eq!(store.sender_status(&code()).await.unwrap(), Some(SenderStatus::Revoked));
    let senders = store.senders().await.unwrap();
    assert_eq!((senders.len(), &senders[0].code, senders[0].status), (1, &code(), SenderStatus::Revoked));
    store.close().await;
    assert!(store.ready().await.is_err());
}

pub(super) async fn a_state_directory_keeps_its_generation(store: &dyn Store) {
    let other: SenderCode = "01".parse().unwrap();
    for code in [&code(), &other] {
        store.set_sender(code, SenderStatus::Active, at()).await.unwrap();
    }
    assert_eq!(store.newest_generation(&code()).await.unwrap(), 0);
    for (letter, generation) in [('a', 1), ('b', 2), ('a', 1), ('b', 2)] {
        assert_eq!(store.issue_generation(&code(), &state(letter), at()).await.unwrap(), generation);
    }
    assert_eq!(store.newest_generation(&code()).await.unwrap(), 2);
    assert_eq!(store.issue_generation(&other, &state('b'), at()).await.unwrap(), 1);
}

pub(super) async fn a_version_that_was_never_given_out_stores_nothing(store: &dyn Store) {
    store.set_sender(&code(), SenderStatus::Active, at()).await.unwrap();
    let records = |generation| vec![None, treatment(key("12", 1), (generation, 1), 1, 5)];
    assert_eq!(deliver(store, 1, records(1)).await, Err(RefusedDelivery::StateUnknown));
    // Another sender's generations are no help.
    enrol(store, "01").await;
    assert_eq!(deliver(store, 1, records(1)).await, Err(RefusedDelivery::StateUnknown));
    store.issue_generation(&code(), &state('a'), at()).await.unwrap();
    assert_eq!(deliver(store, 1, records(2)).await, Err(RefusedDelivery::GenerationUnknown(2)));
    let kept = (store.facts().await.unwrap().treatments.len(), store.sender_keys(&code()).await.unwrap());
    assert_eq!(kept, (0, vec![]));
    store.issue_generation(&code(), &state('b'), at()).await.unwrap();
    deliver(store, 1, records(2)).await.unwrap();
}

pub(super) async fn a_sender_that_is_not_active_stores_nothing(store: &dyn Store) {
    let records = || vec![treatment(key("12", 1), (1, 1), 1, 5)];
    assert_eq!(deliver(store, 1, records()).await, Err(RefusedDelivery::SenderNotActive));
    store.set_sender(&code(), SenderStatus::Revoked, at()).await.unwrap();
    assert_eq!(deliver(store, 1, records()).await, Err(RefusedDelivery::SenderNotActive));
    assert!(store.facts().await.unwrap().treatments.is_empty());
}

pub(super) async fn the_first_key_is_registered_by_the_first_batch_and_no_other(store: &dyn Store) {
    enrol(store, "12").await;
    assert_eq!(store.sender_keys(&code()).await.unwrap(), []);
    let mut foreign = delivery("12", 1, vec![]);
    foreign.kid = "r12-g2".parse().unwrap();
    assert_eq!(store.accept_batch(foreign).await, Err(RefusedDelivery::KeyUnknown));
    deliver(store, 1, vec![treatment(key("12", 1), (1, 1), 1, 5)]).await.unwrap();
    assert_eq!(store.sender_keys(&code()).await.unwrap(), ["r12-g1".parse::<KeyId>().unwrap()]);
}
