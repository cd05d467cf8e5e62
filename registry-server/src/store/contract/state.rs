//! What figures stand on.

use schemas::record::{Retraction, RetractionReason};

use super::delivery::{deliver, enrol, retraction, treatment};
use super::erasure::erasure;
use super::key;
use crate::store::{Arrival, Payload, Store};

pub(super) async fn what_figures_stand_on_is_another_after_every_change_and_counts_who_leaves(store: &dyn Store) {
    enrol(store, "12").await;
    let first = store.data_state().await.unwrap();
    assert_eq!(first, store.data_state().await.unwrap());
    let mut before = first.clone();
    let protected = Payload::Retraction(Retraction { reason: RetractionReason::ProtectedIdentity });
    for step in 1..7_u8 {
        let record = match step {
            1 => Some(treatment(key("12", 1), (1, 1), 1, 5)),
            2 => Some(treatment(key("12", 1), (1, 2), 1, 7)),
            3 => Some(retraction(key("12", 1), (1, 3))),
            5 => Some(treatment(key("12", 2), (1, 4), 2, 5)),
            6 => Some(Some(Arrival { payload: protected.clone(), ..retraction(key("12", 2), (1, 5)).unwrap() })),
            _ => None,
        };
        match record {
            Some(record) => drop(deliver(store, step, vec![record]).await.unwrap()),
            None => drop(store.erase(erasure(1, &[1])).await.unwrap()),
        }
        let state = store.data_state().await.unwrap();
        assert_ne!(state.changes, before.changes, "step {step}");
        assert_eq!(state.left != before.left, matches!(step, 4 | 6), "step {step}");
        before = state;
    }
}
