//! A withdrawal while a cut is being made.

use std::sync::Arc;

use super::super::Postgres;
use super::super::tests::fresh;
use crate::environment::Stamp;
use crate::fact::Part;
use crate::store::contract::cut::new;
use crate::store::contract::erasure::erasure;
use crate::store::contract::{at, delivery, enrol, key, treatment};
use crate::store::{Figures as _, Store as _};

/// Statements that wait for a lock.
async fn waiting(store: &Postgres) -> i64 {
    const WAITING: &str = "SELECT COUNT(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
        WHERE NOT granted AND datname = current_database()";
    sqlx::query_scalar(WAITING).fetch_one(&store.pool).await.unwrap()
}

#[tokio::test]
async fn who_is_withdrawn_while_a_cut_is_made_does_not_stay_in_it() {
    let store = fresh().await;
    enrol(&*store, "12").await;
    store.accept_batch(delivery("12", 1, vec![treatment(key("12", 1), (1, 1), 1, 5)])).await.unwrap();
    // Whoever makes a cut has read the facts when it comes to this table.
    let mut held = store.pool.begin().await.unwrap();
    sqlx::raw_sql("LOCK TABLE cut_part IN EXCLUSIVE MODE").execute(&mut *held).await.unwrap();
    let of_maker = Arc::clone(&store);
    let stamp = Stamp { at: at(), salt: [2; 32] };
    let making = tokio::spawn(async move { of_maker.freeze(&new("2025"), stamp).await });
    while waiting(&store).await < 1 {
        assert!(!making.is_finished());
    }
    let of_sender = Arc::clone(&store);
    let leaving = tokio::spawn(async move { of_sender.erase(erasure(1, &[1])).await });
    while !leaving.is_finished() && waiting(&store).await < 2 {}
    assert!(!leaving.is_finished(), "who leaves waits for the cut, and so finds itself in it");
    held.rollback().await.unwrap();
    let cut = making.await.unwrap().unwrap().unwrap();
    leaving.await.unwrap().unwrap();
    assert_eq!(cut.treatments, 1);
    assert!(store.facts_of(1, Part::ALL).await.unwrap().treatments.is_empty());
    assert_eq!(store.cuts().await.unwrap()[0].withdrawn_persons(), 1);
}
