//! What was done to rows behind the register's back shows, on both engines, at the treatment that it was done to and at no other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use schemas::digest::{Line, bucket};
use schemas::id::SenderCode;

use super::*;
use crate::store::contract::{delivery, enrol, key, treatment};
use crate::store::{postgres, sqlite};

/// What is done to the third treatment, and whether a line of its own comes of it besides the altered one.
const DEEDS: [&str; 12] = [
    "UPDATE treatment SET document = replace(document, '\"score\":5', '\"score\":6') WHERE counter = 3",
    "UPDATE treatment SET document = document || ' ' WHERE counter = 3",
    "UPDATE treatment SET document = 'x' WHERE counter = 3",
    "UPDATE treatment SET programme = 'sovhjalpen' WHERE counter = 3",
    "UPDATE treatment SET birth_year = NULL WHERE counter = 3",
    "UPDATE treatment SET ended_on = '2024-03-02' WHERE counter = 3",
    "UPDATE treatment SET generation = 7 WHERE counter = 3",
    "UPDATE outcome SET post = 0 WHERE treatment = (SELECT id FROM treatment WHERE counter = 3)",
    "DELETE FROM followup WHERE treatment = (SELECT id FROM treatment WHERE counter = 3)",
    "DELETE FROM alias WHERE subject = (SELECT subject FROM treatment WHERE counter = 3)",
    "UPDATE treatment SET content_hash = (SELECT s FROM alias LIMIT 1) WHERE counter = 3",
    "DELETE FROM treatment WHERE counter = 3",
];

const DOUBLE: &str = "INSERT INTO treatment (id, sender, record_key, generation, counter, content_hash, subject, programme, unit, status,
    started_on, ended_on, document)
    SELECT 1000000 + id, sender, replace(record_key, '003', '103'), generation, counter, content_hash, subject, programme, unit, status,
    started_on, ended_on, document FROM treatment WHERE counter = 3";
const SPOILT: &str = "UPDATE treatment SET record_key = 'x', counter = -1 WHERE counter = 3 AND id < 1000000";

fn code() -> SenderCode {
    "12".parse().unwrap()
}

type Alter<'a> = &'a (dyn Fn(&'static str) -> BoxFuture<'a, ()> + Sync);

/// Lines of everything, by key.
async fn told(store: &dyn Store) -> BTreeMap<String, String> {
    let all: Vec<u8> = (0..=255).collect();
    let text = lines(store, &code(), &all).await.unwrap();
    text.lines().map(|line| (Line::read(line).unwrap().key.to_string(), line.to_owned())).collect()
}

/// The buckets that are no longer what they were, and the keys whose lines are not.
async fn different(
    store: &dyn Store,
    (digests, told_before): &(Vec<Bucket>, BTreeMap<String, String>),
) -> (Vec<u8>, Vec<String>) {
    let now = buckets(store, &code()).await.unwrap();
    let buckets = (0..=255).filter(|at| now[usize::from(*at)] != digests[usize::from(*at)]).collect();
    let now = told(store).await;
    let keys: BTreeSet<&String> = told_before.keys().chain(now.keys()).collect();
    (buckets, keys.into_iter().filter(|key| now.get(*key) != told_before.get(*key)).cloned().collect())
}

async fn every_deed_shows(store: &dyn Store, alter: Alter<'_>) {
    enrol(store, "12").await;
    enrol(store, "01").await;
    let records = |sender: &str| (1..=20).map(|n| treatment(key(sender, n), (1, n.into()), n, 5)).collect();
    let altered = || treatment(key("12", 3), (1, 3), 3, 5);
    store.accept_batch(delivery("12", 1, records("12"))).await.unwrap();
    let foreign = delivery("01", 1, (31..=33).map(|n| treatment(key("01", n), (1, n.into()), n, 5)).collect());
    store.accept_batch(foreign).await.unwrap();
    let own = key("12", 3);
    let mut whole = (buckets(store, &code()).await.unwrap(), told(store).await);
    assert_eq!((whole.1.len(), different(store, &whole).await), (20, (vec![], vec![])));
    let sent = altered().unwrap();
    assert!(whole.1[&own].ends_with(&schemas::canonical::hex(&sent.content_hash)), "both ends make the same hash");
    for (deed, name) in DEEDS.iter().zip(2..) {
        alter(deed).await;
        assert_eq!(different(store, &whole).await, (vec![bucket(&own)], vec![own.clone()]), "{deed}");
        // The sender sends the treatment again: a later version with the same content mends everything.
        let again = treatment(own.clone(), (1, 100 + u64::from(name)), 3, 5);
        store.accept_batch(delivery("12", name, vec![again])).await.unwrap();
        alter("UPDATE treatment SET counter = 3 WHERE counter > 100").await;
        assert_eq!(different(store, &whole).await, (vec![], vec![]), "mended after {deed}");
    }
    alter(DOUBLE).await;
    let double = key("12", 103);
    assert_eq!(different(store, &whole).await, (vec![bucket(&double)], vec![double]));
    whole = (buckets(store, &code()).await.unwrap(), told(store).await);
    alter(SPOILT).await;
    let (_, keys) = different(store, &whole).await;
    assert!(
        keys.len() == 2 && keys.contains(&own),
        "a row whose key is none is told under one that no record has: {keys:?}"
    );
}

#[tokio::test]
async fn whatever_is_done_to_a_row_behind_the_register_s_back_shows_and_is_mended_by_the_same_treatment_sent_again() {
    let server = postgres::tests::fresh().await;
    every_deed_shows(&*server, &|deed| Box::pin(server.alter(deed))).await;

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("register.db");
    let store: Arc<dyn Store> = sqlite::tests::fresh(&file).await;
    let file: &Path = &file;
    every_deed_shows(&*store, &|deed| Box::pin(sqlite::tests::alter(file, deed))).await;
}
