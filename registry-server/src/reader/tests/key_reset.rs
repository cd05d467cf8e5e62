//! Cells after a sender's keys were lost: of the set that counts, never of the one before.

use std::sync::Arc;

use schemas::codelist::CodeLists;
use schemas::id::Version;
use schemas::key_reset::Step;

use super::{QUESTIONS, agreeing, facts, renew_all, written};
use crate::reader::Reader;
use crate::report::tests::engines::deliveries::{self, Chance, delivery, episode, key, treatment};
use crate::store::contract::stamp;
use crate::store::{Arrival, Delivery, KeyReset, Store, postgres, sqlite};
use crate::subject::Alias;

/// Whose keys are lost.
const SENDER: &str = "12";

async fn step(store: &dyn Store, step: Step) {
    let reset = KeyReset {
        sender: SENDER.parse().unwrap(),
        kid: "r12-g2".parse().unwrap(),
        state: "c".repeat(32).parse().unwrap(),
        step,
    };
    store.reset_keys(&reset, stamp()).await.unwrap();
}

/// Treatments under the new key, from the new state directory.
fn new_set() -> Delivery {
    let record = |number: usize| {
        let (content, person) = episode(&mut Chance(7, number as u64), SENDER);
        let s = deliveries::alias(SENDER, &format!("new {person}")).s;
        let payload = treatment(content, Alias { kid: "r12-g2".into(), s });
        let version = Version { generation: 2, counter: 1 + number as u64 };
        Some(Arrival::new(key(SENDER, &format!("new {number}")), version, payload))
    };
    let batch = delivery(SENDER, 700, (0..25).map(record).collect());
    Delivery { kid: "r12-g2".parse().unwrap(), state: "c".repeat(32).parse().unwrap(), ..batch }
}

async fn a_set_under_new_keys(store: Arc<dyn Store>) {
    let reader = Reader::new(Arc::clone(&store), &CodeLists::builtin());
    let told = async || written(facts(&reader, &[]).await, &[]);
    deliveries::enrol(&*store, &deliveries::SENDERS).await;
    for seed in 0..40 {
        // Some are refused as conflicts, as they should.
        let _ = store.accept_batch(deliveries::invented(seed)).await;
    }
    renew_all(&*store).await;
    assert_eq!(agreeing(&*store, &reader).await, QUESTIONS.len());
    let before = told().await;

    step(&*store, Step::Begin).await;
    store.accept_batch(new_set()).await.unwrap();
    agreeing(&*store, &reader).await;
    assert!(told().await == before, "what comes does not count yet");
    renew_all(&*store).await;
    assert_eq!(agreeing(&*store, &reader).await, QUESTIONS.len());
    assert!(told().await == before, "nor do cells that are made of it");

    step(&*store, Step::Replace).await;
    assert!(told().await != before, "cells of the set before are not told");
    assert_eq!(agreeing(&*store, &reader).await, 0, "all of the sender's are out of date");
    renew_all(&*store).await;
    assert_eq!(agreeing(&*store, &reader).await, QUESTIONS.len());
}

#[tokio::test]
async fn cells_are_of_the_set_that_counts_after_keys_were_lost_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    a_set_under_new_keys(sqlite::tests::fresh(&folder.path().join("register.db")).await).await;
}

#[tokio::test]
async fn cells_are_of_the_set_that_counts_after_keys_were_lost_on_postgresql() {
    a_set_under_new_keys(postgres::tests::fresh().await).await;
}
