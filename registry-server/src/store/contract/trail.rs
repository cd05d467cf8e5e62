//! Looking into the audit log, and its reviews.

use jiff::{SignedDuration, Timestamp};
use schemas::audit::SignedCheckpoint;

use super::{sign, stamp};
use crate::environment::Stamp;
use crate::store::Store;
use crate::store::audit::{Entry, What};
use crate::store::trail::{Look, Review};

fn later(seconds: i64) -> Timestamp {
    stamp().at + SignedDuration::from_secs(seconds)
}

fn read(seconds: i64, person: u32, role: &str) -> Entry {
    let what =
        What::Read { page: "/outcomes".into(), filter: "by=region".into(), cut: None, person, role: role.to_owned() };
    Entry::new(Stamp { at: later(seconds), salt: [person.to_le_bytes()[0]; 32] }, None, what)
}

fn look() -> Look {
    Look { from: later(-9), until: later(100), kinds: vec![], person: None, sender: None, before: None, most: 10 }
}

async fn places(store: &dyn Store, look: &Look) -> Vec<u64> {
    store.events(look).await.unwrap().into_iter().map(|placed| placed.position).collect()
}

pub(super) async fn events_are_found_by_time_kind_person_and_sender_and_noted_once(store: &dyn Store) {
    let refused = What::User { number: Some(7), step: "refused".into(), role: None };
    let refused = Entry::new(Stamp { at: later(3), salt: [9; 32] }, None, refused);
    let about =
        Entry::new(Stamp { at: later(4), salt: [8; 32] }, Some(&"12".parse().unwrap()), What::Lift { persons: 7 });
    let entries = [read(0, 7, "staff"), read(1, 70, "region:12"), read(2, 8, "staff"), refused, about];
    store.note_events(&entries).await.unwrap();
    store.note_events(&entries[..2]).await.unwrap();
    assert_eq!(store.checkpoint_over(later(0), later(9)).await.unwrap(), None);
    let first: SignedCheckpoint = store.sequence(&sign()).await.unwrap().unwrap().parse().unwrap();
    // Written again after it got its place, as after a reply that was lost.
    store.note_events(&entries).await.unwrap();
    assert_eq!((first.body.size, store.sequence(&sign()).await.unwrap()), (5, None));
    store.note_events(&[read(50, 9, "staff")]).await.unwrap();
    store.sequence(&sign()).await.unwrap();

    assert_eq!(places(store, &look()).await, [5, 4, 3, 2, 1, 0]);
    let kinds = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    for (wanted, expected) in [
        (Look { person: Some(7), ..look() }, vec![3, 0]),
        (Look { sender: Some("12".parse().unwrap()), ..look() }, vec![4, 1]),
        (Look { kinds: kinds(&["user", "lift"]), ..look() }, vec![4, 3]),
        (Look { kinds: kinds(&["read"]), before: Some(2), ..look() }, vec![1, 0]),
        (Look { from: later(2), until: later(4), ..look() }, vec![3, 2]),
        (Look { most: 1, ..look() }, vec![5]),
    ] {
        assert_eq!(places(store, &wanted).await, expected, "{wanted:?}");
    }
    let found = store.events(&Look { most: 1, before: Some(1), ..look() }).await.unwrap();
    assert_eq!((found[0].leaf, &found[0].event), (entries[0].leaf, &entries[0].event));
    assert_eq!(store.checkpoint_over(later(0), later(9)).await.unwrap(), Some(first.to_string()));
}

fn review(month: &str, name: &str) -> Review {
    Review {
        month: month.to_owned(),
        signed_at: later(0).to_string(),
        person: 7,
        name: name.to_owned(),
        remark: "nothing to remark".to_owned(),
        sample: 10,
        events: 400,
        seed: "0".repeat(64),
    }
}

pub(super) async fn a_month_s_review_is_signed_once_and_noted(store: &dyn Store) {
    assert!(store.sign_review(&review("2026-10", "A"), stamp()).await.unwrap());
    assert!(!store.sign_review(&review("2026-10", "B"), stamp()).await.unwrap());
    let second = Stamp { salt: [2; 32], ..stamp() };
    assert!(store.sign_review(&review("2026-11", "C"), second).await.unwrap());
    assert_eq!(store.reviews().await.unwrap(), [review("2026-11", "C"), review("2026-10", "A")]);
    store.sequence(&sign()).await.unwrap();
    assert_eq!(places(store, &Look { kinds: vec!["review".into()], ..look() }).await.len(), 2);
}

/// Fills every table of this part.
pub(crate) async fn fill(store: &dyn Store) {
    store.sign_review(&review("2026-09", "A"), Stamp { salt: [3; 32], ..stamp() }).await.unwrap();
}
