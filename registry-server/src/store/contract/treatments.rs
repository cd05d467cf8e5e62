//! Versions, replays, persons, figures.

use schemas::receipt::Verdict::{Accepted, Rejected, Replaced, Stale, Unchanged};

use super::delivery::{deliver, delivery, enrol, posts};
use super::{key, retraction, treatment, unit};
use crate::fact::Part;
use crate::outcome::Comparison;
use crate::store::{RefusedDelivery, Store};

pub(super) async fn the_same_batch_again_gives_the_same_receipt_and_one_effect(store: &dyn Store) {
    enrol(store, "12").await;
    let batch = || delivery("12", 1, vec![treatment(key("12", 1), (1, 1), 1, 5), None]);
    let (sender, name) = (batch().sender, batch().batch);
    assert_eq!(store.receipt(&sender, &name).await.unwrap(), None);
    let first = store.accept_batch(batch()).await.unwrap();
    // A receipt made now would say `unchanged`.
    assert_eq!(store.accept_batch(batch()).await.unwrap(), first);
    assert_eq!(store.receipt(&sender, &name).await.unwrap(), Some(first));
    assert_eq!(store.receipt(&"01".parse().unwrap(), &name).await.unwrap(), None);
    assert_eq!(posts(store).await, [5.0]);
    let records = vec![treatment(key("12", 1), (1, 1), 1, 5), None];
    assert_eq!(deliver(store, 2, records).await.unwrap(), [Unchanged, Rejected]);
}

pub(super) async fn the_later_version_counts_whatever_the_order(store: &dyn Store) {
    enrol(store, "12").await;
    for (name, version, post, verdict) in [
        (1, (1, 7), 5, Accepted),
        (2, (1, 6), 6, Stale),
        (3, (2, 1), 4, Replaced),
        (4, (1, 9), 9, Stale),
        (5, (2, 2), 4, Replaced),
        (6, (2, 2), 4, Unchanged),
    ] {
        let records = vec![treatment(key("12", 1), version, 1, post)];
        assert_eq!(deliver(store, name, records).await.unwrap(), [verdict], "{version:?}");
    }
    assert_eq!(posts(store).await, [4.0]);
}

pub(super) async fn a_version_conflict_stores_nothing_of_the_batch(store: &dyn Store) {
    enrol(store, "12").await;
    deliver(store, 1, vec![treatment(key("12", 1), (1, 1), 1, 5)]).await.unwrap();
    for (name, person, post) in [(2, 1, 6), (3, 2, 5)] {
        let records = vec![treatment(key("12", 2), (1, 1), 9, 9), treatment(key("12", 1), (1, 1), person, post)];
        assert_eq!(deliver(store, name, records).await, Err(RefusedDelivery::VersionConflict(2)));
    }
    assert_eq!(posts(store).await, [5.0]);
}

pub(super) async fn a_retraction_is_a_version_and_a_later_treatment_revives(store: &dyn Store) {
    enrol(store, "12").await;
    let mut name = 0;
    for (record, verdict, stored) in [
        (treatment(key("12", 1), (1, 1), 1, 5), Accepted, 1),
        (retraction(key("12", 1), (1, 2)), Replaced, 0),
        (treatment(key("12", 1), (1, 1), 1, 5), Stale, 0),
        (retraction(key("12", 1), (1, 2)), Unchanged, 0),
        (treatment(key("12", 1), (1, 3), 1, 6), Replaced, 1),
        (retraction(key("12", 1), (1, 2)), Stale, 1),
        (retraction(key("12", 2), (1, 1)), Accepted, 1),
    ] {
        name += 1;
        assert_eq!(deliver(store, name, vec![record]).await.unwrap(), [verdict], "step {name}");
        let facts = store.facts(Part::ALL).await.unwrap();
        assert_eq!(facts.treatments.len(), stored, "step {name}");
        assert_eq!(facts.outcomes.is_empty(), stored == 0, "step {name}");
    }
}

pub(super) async fn one_key_twice_in_a_batch_is_taken_in_order(store: &dyn Store) {
    enrol(store, "12").await;
    let records = vec![
        treatment(key("12", 1), (1, 1), 1, 5),
        treatment(key("12", 1), (1, 3), 2, 7),
        treatment(key("12", 1), (1, 2), 1, 6),
        retraction(key("12", 2), (1, 1)),
        treatment(key("12", 2), (1, 2), 1, 8),
    ];
    assert_eq!(deliver(store, 1, records).await.unwrap(), [Accepted, Replaced, Stale, Accepted, Replaced]);
    assert_eq!(posts(store).await, [7.0, 8.0]);
}

pub(super) async fn new_changed_and_revived_treatments_come_in_one_batch(store: &dyn Store) {
    enrol(store, "12").await;
    let before = vec![treatment(key("12", 2), (1, 1), 2, 5), retraction(key("12", 3), (1, 2))];
    deliver(store, 1, before).await.unwrap();
    let records = vec![
        treatment(key("12", 1), (1, 3), 1, 6),
        treatment(key("12", 2), (1, 4), 2, 7),
        treatment(key("12", 3), (1, 5), 3, 8),
    ];
    assert_eq!(deliver(store, 2, records).await.unwrap(), [Accepted, Replaced, Replaced]);
    assert_eq!(posts(store).await, [7.0, 6.0, 8.0]);
    let facts = store.facts(Part::ALL).await.unwrap();
    assert_eq!(facts.outcomes.iter().filter(|outcome| outcome.comparison == Comparison::Paired).count(), 3);
}

pub(super) async fn a_person_without_treatments_is_gone(store: &dyn Store) {
    enrol(store, "12").await;
    let subjects = async || {
        let facts = store.facts(Part::ALL).await.unwrap();
        facts.treatments.iter().map(|treatment| treatment.subject).collect::<Vec<_>>()
    };
    let records = vec![treatment(key("12", 1), (1, 1), 1, 5), treatment(key("12", 2), (1, 1), 1, 5)];
    deliver(store, 1, records).await.unwrap();
    let first = subjects().await;
    assert_eq!(first[0], first[1]);
    // The person's number changes; both treatments move, one after the other.
    deliver(store, 2, vec![treatment(key("12", 1), (1, 2), 2, 5)]).await.unwrap();
    assert_eq!(subjects().await[1], first[0]);
    deliver(store, 3, vec![treatment(key("12", 2), (1, 2), 2, 5)]).await.unwrap();
    // The old person is forgotten: under the old number somebody new is made.
    deliver(store, 4, vec![treatment(key("12", 3), (1, 1), 1, 5)]).await.unwrap();
    let after = subjects().await;
    assert_eq!(after[0], after[1]);
    assert!(!after.contains(&first[0]), "{after:?}");
}

pub(super) async fn senders_do_not_see_each_other_s_keys(store: &dyn Store) {
    enrol(store, "12").await;
    enrol(store, "01").await;
    deliver(store, 1, vec![treatment(key("12", 1), (1, 5), 1, 5), unit("SE9990120000-E002", (1, 5), "12")])
        .await
        .unwrap();
    // The second sender's records bear the same keys in lower versions: nothing of the first is in their way.
    let records = vec![treatment(key("12", 1), (1, 1), 1, 9), unit("SE9990120000-E002", (1, 1), "01")];
    let receipt = store.accept_batch(delivery("01", 1, records)).await.unwrap();
    assert_eq!(serde_json::from_slice::<Vec<schemas::receipt::Verdict>>(&receipt).unwrap(), [Accepted, Accepted]);
    let facts = store.facts(Part::ALL).await.unwrap();
    assert_eq!((facts.treatments.len(), facts.units.len()), (2, 2));
    assert_ne!(facts.treatments[0].subject, facts.treatments[1].subject);
}

pub(super) async fn facts_hold_what_was_delivered(store: &dyn Store) {
    enrol(store, "12").await;
    let records = vec![treatment(key("12", 1), (1, 1), 1, 5), unit("SE9990120000-E002", (1, 1), "12")];
    deliver(store, 1, records).await.unwrap();
    let facts = store.facts(Part::ALL).await.unwrap();
    let t = &facts.treatments[0];
    assert_eq!((&*t.sender, &*t.unit_start, &*t.programme), ("12", "SE9990120000-E002", "depressionshjalpen"));
    assert_eq!((t.programme_version.as_deref(), t.end_reason.as_deref()), (Some("2.0"), Some("completed")));
    assert_eq!((t.started_on.to_string(), t.ended_on.to_string()), ("2024-01-01".into(), "2024-03-01".into()));
    assert_eq!((t.sex, t.birth_year), (Some(schemas::record::Sex::F), Some(1980)));
    assert_eq!((t.diagnosis.as_deref(), t.unit_end.as_deref()), (Some("F32.1"), None));
    let comparisons: Vec<String> = facts.outcomes.iter().map(|outcome| outcome.comparison.to_string()).collect();
    assert_eq!(comparisons.len(), 4, "{comparisons:?}");
    assert!(facts.outcomes.iter().all(|o| (o.row, o.first, o.second) == (t.row, Some(15.0), Some(5.0))));
    let unit = &facts.units[0];
    assert_eq!((&*unit.county, unit.care_level.as_deref()), ("12", Some("primary")));
    assert_eq!(unit.successor.as_deref(), Some("SE9990120000-E003"));
}
