//! Tables that left a frozen data set.

use super::at;
use super::cut::new;
use super::delivery::stamp;
use super::erasure::moment;
use crate::store::Store;
use crate::store::release::{Head, Moment, Package, Release};

pub(super) fn release(place: u32, asked: &str) -> Release {
    let kept = format!("seal\n{{\"asked\":\"{asked}\"}}");
    Release {
        cut: 1,
        place,
        asked: asked.to_owned(),
        kept,
        counts: "[]".to_owned(),
        at: at(),
        request: Some(7),
        published_at: None,
        left_before: u64::from(place),
    }
}

fn package(bytes: &[u8]) -> Package {
    Package { request: 7, cut: 1, sha256: "ab".repeat(32), bytes: bytes.to_vec(), at: at() }
}

pub(super) async fn a_table_is_kept_behind_those_it_was_held_against_or_not_at_all(store: &dyn Store) {
    store.freeze(&new("2025"), moment(1)).await.unwrap();
    assert_eq!(store.extract_codes(1).await.unwrap(), None);
    assert_eq!(store.keep_extract_codes(1, "first", at()).await.unwrap(), "first");
    assert_eq!(store.keep_extract_codes(1, "second", at()).await.unwrap(), "first", "what was kept first holds");
    assert_eq!(store.extract_codes(1).await.unwrap().as_deref(), Some("first"));
    assert_eq!(store.statement(1).await.unwrap(), None);
    assert_eq!(store.keep_statement(1, "first", at()).await.unwrap(), "first");
    assert_eq!(store.keep_statement(1, "second", at()).await.unwrap(), "first", "what was kept first holds");
    assert_eq!(store.statement(1).await.unwrap().as_deref(), Some("first"));
    assert_eq!(store.releases(1).await.unwrap(), []);
    let (one, two) = (release(1, "region:region"), Release { request: None, ..release(2, "sex:sex") });
    let none = store.moment_of_releases().await.unwrap();
    assert_eq!(none, Moment { releases: 0, left: 0 });
    assert!(!store.release(&two, none, stamp()).await.unwrap(), "the one before it is missing");
    assert!(store.release(&one, none, moment(6)).await.unwrap());
    let after = store.moment_of_releases().await.unwrap();
    assert_eq!(after, Moment { releases: 1, left: 0 });
    assert!(!store.release(&release(1, "age:band"), after, stamp()).await.unwrap(), "somebody was faster");
    assert!(!store.release(&release(2, "region:region"), after, stamp()).await.unwrap(), "the same question");
    assert!(!store.release(&two, none, stamp()).await.unwrap(), "not held against the first");
    assert!(!store.release(&Release { cut: 2, ..one.clone() }, none, stamp()).await.unwrap(), "nor in another cut");
    assert!(store.release(&two, after, moment(7)).await.unwrap());
    assert!(store.publish((1, 2), 7, moment(2)).await.unwrap());
    assert!(!store.publish((1, 2), 7, moment(3)).await.unwrap(), "it is public already");
    assert!(!store.publish((1, 3), 7, moment(3)).await.unwrap(), "there is none");
    let open = Release { published_at: Some(moment(2).at), ..two };
    assert_eq!(store.published(1, 2).await.unwrap(), Some(open.kept.clone()));
    assert_eq!(store.published(1, 1).await.unwrap(), None, "it is not for everybody");
    let heads = store.release_heads().await.unwrap();
    let told = |head: &Head| (head.cut, head.place, head.asked.clone(), head.left_before, head.published_at);
    assert_eq!(
        heads.iter().map(told).collect::<Vec<_>>(),
        [(1, 1, one.asked.clone(), 1, None), (1, 2, open.asked.clone(), 2, open.published_at)]
    );
    assert_eq!(store.releases(1).await.unwrap(), [one, open]);
    assert_eq!(store.releases(2).await.unwrap(), []);
    assert_eq!(store.package(7).await.unwrap(), None);
    assert!(!store.keep_package(&package(b"none"), 1, stamp()).await.unwrap(), "there is no such step");
    assert!(store.keep_package(&package(b"one"), 0, moment(4)).await.unwrap());
    assert!(store.keep_package(&package(b"two"), 0, moment(5)).await.unwrap());
    assert!(!store.keep_package(&package(b"late"), 3, stamp()).await.unwrap(), "somebody took a step meanwhile");
    assert_eq!(store.package(7).await.unwrap(), Some(package(b"two")));
}

/// Fills every table of this part; there is a cut.
pub(crate) async fn fill(store: &dyn Store) {
    store.keep_extract_codes(1, "codes", at()).await.unwrap();
    store.keep_statement(1, "statement", at()).await.unwrap();
    let held_at = store.moment_of_releases().await.unwrap();
    assert!(store.release(&release(1, "region:region"), held_at, moment(201)).await.unwrap());
    store.publish((1, 1), 7, moment(202)).await.unwrap();
    assert!(store.keep_package(&package(b"archive"), 0, moment(203)).await.unwrap());
}
