//! A thousand random alterations of a stored log, each found with the checkpoint that one agent keeps (reliability S3).
//!
//! Promises: the seed is printed, and `AUDIT_SEED` chooses another; an alteration that only the agent's checkpoint can show passes
//! without it, so that it is the agent that is proved to matter.

use std::collections::BTreeMap;

use super::altered::{Chance, Log, Shown};
use super::{NotProved, filled, fresh, judged, real};
use crate::store::{Store, postgres};

/// Empties the tables of the log and of the receipts.
const EMPTY: &str = "DELETE FROM batch; DELETE FROM audit_leaf; DELETE FROM audit_checkpoint";

fn seed() -> u64 {
    std::env::var("AUDIT_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(6_962)
}

/// Alters a store's log so many times, each time from the whole one; gives what went unseen.
async fn unseen(store: &dyn Store, rounds: usize, empty: impl AsyncFn()) -> Vec<String> {
    let witness = [filled(store).await];
    let whole = Log::read(store).await;
    let (mut chance, mut unseen, mut counts) = (Chance(seed()), Vec::new(), BTreeMap::new());
    for round in 0..rounds {
        let mut log = whole.clone();
        let (what, shown) = log.alter(&mut chance);
        assert_ne!(log, whole, "round {round}: {what} must change something");
        empty().await;
        log.write(store).await;
        let found = matches!(judged(store, &witness).await, Err(NotProved::Flaw(_)));
        let alone = judged(store, &[]).await;
        if !found || alone.is_ok() != (shown == Shown::ByWitness) {
            unseen.push(format!("round {round}: {what}: found {found}, by itself {alone:?}"));
        }
        *counts.entry(what).or_insert(0) += 1;
    }
    empty().await;
    whole.write(store).await;
    judged(store, &witness).await.unwrap();
    println!("seed {}: {rounds} alterations, {} unseen: {counts:?}", seed(), unseen.len());
    unseen
}

#[tokio::test]
async fn a_thousand_random_alterations_of_the_log_are_found_with_one_agent_s_checkpoint() {
    let (folder, store) = fresh().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("register.db"));
    let behind = sqlx::SqlitePool::connect_with(options.foreign_keys(false)).await.unwrap();
    let empty = async || {
        sqlx::raw_sql(EMPTY).execute(&behind).await.unwrap();
    };
    assert_eq!(unseen(&*store, 1_000, empty).await, [""; 0]);
}

#[tokio::test]
async fn random_alterations_of_the_log_are_found_on_postgresql_too() {
    let store = postgres::tests::fresh().await;
    assert_eq!(unseen(&*store, 60, async || store.alter(EMPTY).await).await, [""; 0]);
}

#[tokio::test]
async fn what_waits_for_its_place_and_receipts_are_held_against_each_other() {
    let (folder, store) = fresh().await;
    filled(&*store).await;
    store.accept_batch(real("12", 90)).await.unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("register.db"));
    let behind = sqlx::SqlitePool::connect_with(options.foreign_keys(false)).await.unwrap();
    judged(&*store, &[]).await.unwrap();
    for (statement, back, expected) in [
        (
            "UPDATE audit_pending SET event = replace(event, 'accepted', 'rejected')",
            "UPDATE audit_pending SET event = replace(replace(event, 'rejected', 'accepted'), '\"accepted\":1,\"accepted\"', '\"accepted\":1,\"rejected\"')",
            "waiting entry 1: event and salt do not give the leaf",
        ),
        (
            "UPDATE batch SET receipt = CAST(replace(receipt, '\"environment\":\"test\"', '\"environment\":\"tess\"') AS BLOB) WHERE sender = '01'",
            "UPDATE batch SET receipt = CAST(replace(receipt, '\"environment\":\"tess\"', '\"environment\":\"test\"') AS BLOB) WHERE sender = '01'",
            "the stored receipt is not the one that the log speaks of",
        ),
        (
            "UPDATE batch SET receipt = CAST(replace(receipt, '\"leaf\":', '\"loaf\":') AS BLOB) WHERE sender = '01'",
            "UPDATE batch SET receipt = CAST(replace(receipt, '\"loaf\":', '\"leaf\":') AS BLOB) WHERE sender = '01'",
            "the stored receipt is not the one that the log speaks of",
        ),
        ("DELETE FROM audit_pending", "", "its event is not in the log"),
        ("DELETE FROM batch WHERE sender = '01'", "", "the stored batch is gone"),
    ] {
        sqlx::raw_sql(statement).execute(&behind).await.unwrap();
        let told = judged(&*store, &[]).await.unwrap_err().to_string();
        // A later fault of the table is behind the first.
        assert!(told.contains(expected), "{statement}: {told}");
        sqlx::raw_sql(back).execute(&behind).await.unwrap();
        if !back.is_empty() {
            judged(&*store, &[]).await.unwrap();
        }
        if statement.starts_with("DELETE FROM audit_pending") {
            sqlx::raw_sql("DELETE FROM batch WHERE sender = '12' AND records = 2 AND digest = (SELECT digest FROM batch WHERE sender = '12' ORDER BY rowid DESC LIMIT 1)")
                .execute(&behind)
                .await
                .unwrap();
            judged(&*store, &[]).await.unwrap();
        }
    }
}
