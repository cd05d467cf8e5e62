//! Senders, keys, generations.

use schemas::contact::Pause;
use schemas::id::{KeyId, SenderCode};

use super::cut::rows;
use super::delivery::{at, deliver, delivery, enrol, stamp, state};
use super::{key, treatment};
use crate::environment::Stamp;
use crate::fact::Part;
use crate::store::{AgentPlan, RefusedDelivery, SenderPlan, SenderStatus, Store, StoreError};

fn code() -> SenderCode {
    "12".parse().unwrap()
}

pub(super) async fn a_sender_is_enrolled_revoked_and_listed(store: &dyn Store) {
    store.ready().await.unwrap();
    assert_eq!(store.sender_status(&code()).await.unwrap(), None);
    assert_eq!(store.set_sender(&code(), SenderStatus::Active, stamp()).await.unwrap(), None);
    let before = store.set_sender(&code(), SenderStatus::Revoked, stamp()).await.unwrap();
    assert_eq!(before, Some(SenderStatus::Active));
    assert_eq!(store.sender_status(&code()).await.unwrap(), Some(SenderStatus::Revoked));
    let senders = store.senders().await.unwrap();
    assert_eq!((senders.len(), &senders[0].code, senders[0].status), (1, &code(), SenderStatus::Revoked));
    store.close().await;
    assert!(store.ready().await.is_err());
}

pub(super) async fn a_sender_that_may_deliver_is_suspended_and_no_other(store: &dyn Store) {
    let suspend = async |salt| {
        let stamp = Stamp { salt: [salt; 32], ..stamp() };
        store.suspend_sender(&code(), "a fault in its source", stamp).await.unwrap()
    };
    assert_eq!(suspend(1).await, None);
    store.set_sender(&code(), SenderStatus::Active, stamp()).await.unwrap();
    assert_eq!(suspend(2).await, Some(SenderStatus::Active));
    assert_eq!(store.sender_status(&code()).await.unwrap(), Some(SenderStatus::Suspended));
    assert_eq!(suspend(3).await, Some(SenderStatus::Suspended));
    let revoked = Stamp { salt: [4; 32], ..stamp() };
    store.set_sender(&code(), SenderStatus::Revoked, revoked).await.unwrap();
    assert_eq!(suspend(5).await, Some(SenderStatus::Revoked));
    assert_eq!(store.sender_status(&code()).await.unwrap(), Some(SenderStatus::Revoked));
    assert_eq!(rows(store, "audit_pending").await, 3, "enrolled, suspended, revoked");
}

pub(super) async fn a_sender_s_newest_batch_and_planned_silence_are_told(store: &dyn Store) {
    enrol(store, "12").await;
    enrol(store, "01").await;
    let plans = async || store.senders().await.unwrap().into_iter().map(|sender| sender.plan).collect::<Vec<_>>();
    assert_eq!(plans().await, [SenderPlan::default(), SenderPlan::default()]);
    let pause = Pause { until: "2026-12-24".parse().unwrap(), reason: "byte av journalsystem".into() };
    store.set_pause(&code(), Some(&pause), at()).await.unwrap();
    let mut silent = delivery("12", 1, vec![]);
    let timezone = Some("Europe/Stockholm".into());
    silent.plan =
        AgentPlan { agent: "0.2.0".into(), schedule: None, timezone, rules: None, schema: None, payload: None };
    silent.received_at = at() + jiff::Span::new().hours(1);
    deliver(store, 2, vec![]).await.unwrap();
    let told = |schedule: Option<&str>, timezone: Option<&str>, agent: &str, last_seen_at: &str| SenderPlan {
        schedule: schedule.map(Into::into),
        timezone: timezone.map(Into::into),
        agent: Some(agent.into()),
        last_seen_at: Some(last_seen_at.into()),
        paused: Some(pause.clone()),
    };
    let first = told(Some("0 2 * * *"), None, "0.1.0", "2026-11-01T12:00:00Z");
    assert_eq!(plans().await, [SenderPlan::default(), first]);
    store.accept_batch(silent).await.unwrap();
    let second = told(None, Some("Europe/Stockholm"), "0.2.0", "2026-11-01T13:00:00Z");
    assert_eq!(plans().await[1], second);
    // The stored batch again is nothing new.
    deliver(store, 2, vec![]).await.unwrap();
    assert_eq!(plans().await[1], second);
    store.set_pause(&code(), None, at()).await.unwrap();
    assert_eq!(plans().await[1].paused, None);
    store.set_pause(&"20".parse().unwrap(), Some(&pause), at()).await.unwrap();
    assert_eq!(store.senders().await.unwrap().len(), 2);
}

pub(super) async fn a_state_directory_keeps_its_generation(store: &dyn Store) {
    let other: SenderCode = "01".parse().unwrap();
    for code in [&code(), &other] {
        store.set_sender(code, SenderStatus::Active, stamp()).await.unwrap();
    }
    assert_eq!(store.newest_generation(&code()).await.unwrap(), 0);
    for (letter, generation) in [('a', 1), ('b', 2), ('a', 1), ('b', 2)] {
        assert_eq!(store.issue_generation(&code(), &state(letter), stamp()).await.unwrap(), generation);
    }
    assert_eq!(store.newest_generation(&code()).await.unwrap(), 2);
    assert_eq!(store.issue_generation(&other, &state('b'), stamp()).await.unwrap(), 1);
}

pub(super) async fn a_sender_that_was_never_enrolled_gets_no_generation(store: &dyn Store) {
    let refused = store.issue_generation(&code(), &state('a'), stamp()).await;
    assert!(matches!(refused, Err(StoreError::Statement(_))), "{refused:?}");
    assert_eq!(store.newest_generation(&code()).await.unwrap(), 0);
}

pub(super) async fn a_version_that_was_never_given_out_stores_nothing(store: &dyn Store) {
    store.set_sender(&code(), SenderStatus::Active, stamp()).await.unwrap();
    let records = |generation| vec![None, treatment(key("12", 1), (generation, 1), 1, 5)];
    assert_eq!(deliver(store, 1, records(1)).await, Err(RefusedDelivery::StateUnknown));
    // Another sender's generations are no help.
    enrol(store, "01").await;
    assert_eq!(deliver(store, 1, records(1)).await, Err(RefusedDelivery::StateUnknown));
    store.issue_generation(&code(), &state('a'), stamp()).await.unwrap();
    assert_eq!(deliver(store, 1, records(2)).await, Err(RefusedDelivery::GenerationUnknown(2)));
    let kept = (store.facts(Part::ALL).await.unwrap().treatments.len(), store.sender_keys(&code()).await.unwrap());
    assert_eq!(kept, (0, vec![]));
    store.issue_generation(&code(), &state('b'), stamp()).await.unwrap();
    deliver(store, 1, records(2)).await.unwrap();
}

pub(super) async fn a_sender_that_is_not_active_stores_nothing(store: &dyn Store) {
    let records = || vec![treatment(key("12", 1), (1, 1), 1, 5)];
    assert_eq!(deliver(store, 1, records()).await, Err(RefusedDelivery::SenderNotActive));
    store.set_sender(&code(), SenderStatus::Revoked, stamp()).await.unwrap();
    assert_eq!(deliver(store, 1, records()).await, Err(RefusedDelivery::SenderNotActive));
    assert!(store.facts(Part::ALL).await.unwrap().treatments.is_empty());
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
