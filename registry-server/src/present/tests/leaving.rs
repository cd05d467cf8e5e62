//! Reports that many look at while data change.

use std::sync::Arc;

use super::world::World;
use crate::present::Desk;
use crate::report::tests::engines::deliveries;
use crate::report::{Parameters, Report};
use crate::store::Store;

/// A register with treatments of three senders, and somebody on its staff.
async fn delivered() -> (World, String) {
    let world = World::new().await;
    let store = &*world.registry.store;
    deliveries::enrol(store, &deliveries::SENDERS).await;
    for seed in 0..12 {
        // Some are refused as conflicts, as they should.
        let _ = store.accept_batch(deliveries::invented(seed)).await;
    }
    let cookie = world.signed_in("staff").await;
    (world, cookie)
}

async fn treatments(store: &dyn Store) -> usize {
    store.facts(&[]).await.unwrap().treatments.len()
}

/// Delivers until the register holds another number of treatments.
async fn deliver_more(store: &dyn Store) {
    let before = treatments(store).await;
    for seed in 12.. {
        let _ = store.accept_batch(deliveries::invented(seed)).await;
        if treatments(store).await != before {
            return;
        }
    }
}

/// How many treatments the pages' own figures tell of.
async fn shown(world: &World, cookie: &str) -> usize {
    let text = world.get("/api/v1/reports/groups?by=", cookie).await.text;
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    document["rows"][0]["n_started"].as_u64().unwrap_or_else(|| panic!("{text}")).try_into().unwrap()
}

async fn groups(desk: &Desk) -> Arc<Report> {
    desk.workshop.report("groups", Parameters::from_pairs([("by", "")]).unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_report_is_made_once_for_all_who_ask_and_again_when_data_have_changed() {
    let (world, cookie) = delivered().await;
    let desk = Desk::new(Arc::clone(&world.registry), None);
    let (one, other) = tokio::join!(groups(&desk), groups(&desk));
    assert!(Arc::ptr_eq(&one, &other) && Arc::ptr_eq(&one, &groups(&desk).await));
    let store = &*world.registry.store;
    assert_eq!(shown(&world, &cookie).await, treatments(store).await);
    deliver_more(store).await;
    assert!(!Arc::ptr_eq(&one, &groups(&desk).await));
    assert_eq!(shown(&world, &cookie).await, treatments(store).await);
}
