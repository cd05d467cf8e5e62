//! People who leave while pages are looked at.

use std::sync::Arc;

use jiff::SignedDuration;
use schemas::canonical;
use tokio_util::sync::CancellationToken;

use super::world::World;
use crate::aggregate::whose::Whose;
use crate::environment::Stamp;
use crate::present::Desk;
use crate::present::workshop::{Accounts, Of};
use crate::reader::Reader;
use crate::report::tests::engines::deliveries;
use crate::report::{Parameters, Report};
use crate::store::contract::erasure::erasure;
use crate::store::{Erasure, NewCut, Store};
use crate::subject::Alias;

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

/// Erases somebody of whom the register holds a treatment.
async fn leave(store: &dyn Store) -> usize {
    let before = store.facts(&[]).await.unwrap().treatments.len();
    for person in 0..40_u8 {
        let name = format!("12 {person}");
        let alias = Alias { kid: "r12-g1".to_owned(), s: canonical::sha256(name.as_bytes()) };
        let digest = canonical::sha256_hex(&[person]);
        let state = "a".repeat(32).parse().unwrap();
        let erasure = Erasure { persons: vec![alias], digest, state, ..erasure(person, &[]) };
        store.erase(erasure).await.unwrap();
        let left = store.facts(&[]).await.unwrap().treatments.len();
        if left < before {
            return left;
        }
    }
    panic!("nobody has a treatment");
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
    desk.whole("groups", Parameters::from_pairs([("by", "")]).unwrap()).await.unwrap()
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

#[tokio::test]
async fn a_report_that_took_long_is_shown_while_deliveries_come_and_never_after_somebody_left() {
    let (world, cookie) = delivered().await;
    let store = &*world.registry.store;
    let elsewhere = Desk::new(Arc::clone(&world.registry), None);
    world.look_takes(SignedDuration::from_secs(1));
    let first = shown(&world, &cookie).await;
    assert_eq!(first, treatments(store).await);
    let also = groups(&elsewhere).await;
    deliver_more(store).await;
    assert_ne!(first, treatments(store).await);
    assert_eq!(shown(&world, &cookie).await, first, "it took seconds to make");
    assert!(Arc::ptr_eq(&also, &groups(&elsewhere).await));
    let left = leave(store).await;
    assert_eq!(shown(&world, &cookie).await, left);
    assert!(!Arc::ptr_eq(&also, &groups(&elsewhere).await), "of another server on the same database");
}

#[tokio::test]
async fn what_was_made_before_somebody_left_does_not_stay_in_memory() {
    let (world, _) = delivered().await;
    let desk = Desk::new(Arc::clone(&world.registry), None);
    let stopped = CancellationToken::new();
    stopped.cancel();
    let made = groups(&desk).await;
    desk.forget_who_left(stopped.clone()).await;
    assert_eq!(held(&made, 2).await, 2, "nobody has left");
    leave(&*world.registry.store).await;
    desk.forget_who_left(stopped).await;
    assert_eq!(held(&made, 1).await, 1);
    assert!(!desk.workshop.has_facts().await);
}

/// Every kind of report that somebody's page is made of.
async fn every_kind(store: &dyn Store, code_lists: String, stamp: Stamp) -> Vec<Of> {
    let new = NewCut {
        name: "frozen".into(),
        note: None,
        code_lists,
        thresholds: "register-1".into(),
        definitions: [].into(),
        calendar: None,
    };
    let cut = Box::new(store.freeze(&new, stamp).await.unwrap().unwrap());
    let sender = || "12".parse().unwrap();
    vec![
        Of::Beside(sender()),
        Of::Only(Whose::Sender(sender())),
        Of::Frozen(cut.clone(), Whose::All),
        Of::Frozen(cut, Whose::Sender(sender())),
    ]
}

#[tokio::test]
async fn a_part_and_frozen_data_are_made_once_shown_while_deliveries_come_and_forgotten_when_somebody_left() {
    let (world, _) = delivered().await;
    let (store, environment) = (&*world.registry.store, &world.registry.environment);
    let kinds = every_kind(store, world.registry.lists.hash(), environment.stamp()).await;
    let desk = Desk::new(Arc::clone(&world.registry), None);
    let report = async |of: &Of| {
        let asked = ("groups", Parameters::from_pairs([("by", "")]).unwrap());
        desk.workshop.report(asked, of.clone(), &store.data_state().await.unwrap()).await.unwrap()
    };
    world.look_takes(SignedDuration::from_secs(1));
    let mut before = Vec::new();
    for of in &kinds {
        let (one, other) = tokio::join!(report(of), report(of));
        assert!(Arc::ptr_eq(&one, &other), "{of:?} is made once");
        before.push(one);
    }
    deliver_more(store).await;
    for (of, made) in kinds.iter().zip(&before) {
        assert!(Arc::ptr_eq(made, &report(of).await), "{of:?} took seconds, or is of frozen data");
    }
    world.look_takes(SignedDuration::ZERO);
    leave(store).await;
    for (of, made) in kinds.iter().zip(&before) {
        let after = report(of).await;
        assert!(!Arc::ptr_eq(made, &after) && made.rows != after.rows, "{of:?}: somebody stands in it who left");
    }
    let stopped = CancellationToken::new();
    stopped.cancel();
    desk.forget_who_left(stopped).await;
    for (of, made) in kinds.iter().zip(&before) {
        assert_eq!(held(made, 1).await, 1, "{of:?}");
    }
}

#[tokio::test]
async fn further_fields_are_read_once_for_every_report_and_never_handed_out_after_somebody_left() {
    let (world, _) = delivered().await;
    let store = &*world.registry.store;
    let reader = Reader::new(Arc::clone(&world.registry.store), &world.registry.lists);
    let facts = async |name: &str| {
        let parameters = Parameters::from_pairs([("by", "")]).unwrap();
        let clock = &*world.registry.environment.clock;
        reader.shared_rows(name.parse().unwrap(), &parameters, clock).await.unwrap().facts
    };
    let narrow = facts("groups").await;
    let detailed = facts("data-quality").await;
    assert!(narrow.details.is_empty() && detailed.details.len() == treatments(store).await);
    for name in ["groups", "waiting", "data-quality", "flow"] {
        assert!(Arc::ptr_eq(&detailed, &facts(name).await), "{name} is made of what was read for another");
    }
    leave(store).await;
    assert_eq!(facts("waiting").await.details.len(), treatments(store).await);
    assert!(facts("groups").await.details.len() < detailed.details.len());
}

#[tokio::test]
async fn accounts_are_read_once_and_again_after_a_delivery_and_whenever_somebody_left() {
    let (world, _) = delivered().await;
    let store = &*world.registry.store;
    let desk = Desk::new(Arc::clone(&world.registry), None);
    let accounts = async || desk.workshop.accounts(&store.data_state().await.unwrap()).await.unwrap();
    let active = |accounts: &Accounts| {
        usize::try_from(accounts.all.iter().map(|account| account.here.active).sum::<u64>()).unwrap()
    };
    let first = accounts().await;
    assert!(Arc::ptr_eq(&first, &accounts().await));
    assert_eq!(active(&first), treatments(store).await);
    deliver_more(store).await;
    assert_eq!(active(&*accounts().await), treatments(store).await);
    world.look_takes(SignedDuration::from_secs(1));
    world.pass(SignedDuration::from_mins(2));
    let slow = accounts().await;
    deliver_more(store).await;
    assert!(Arc::ptr_eq(&slow, &accounts().await), "they took seconds to read");
    leave(store).await;
    assert_eq!(active(&*accounts().await), treatments(store).await);
}

/// By how many a report is held, once whoever carried its making on has let go of it.
async fn held(made: &Arc<Report>, expected: usize) -> usize {
    for _ in 0..1_000 {
        if Arc::strong_count(made) == expected {
            break;
        }
        tokio::task::yield_now().await;
    }
    Arc::strong_count(made)
}
