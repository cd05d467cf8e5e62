//! Persons with two numbers, and what is remembered of a version that was replaced.

use schemas::receipt::Verdict::{Accepted, Replaced, Stale, Unchanged};
use tokio::sync::mpsc;

use super::delivery::{deliver, enrol, pair};
use super::{key, retraction, treatment};
use crate::fact::Part;
use crate::store::transfer::{Row, TABLES, Value};
use crate::store::{PairSays, Store};

/// How many persons have treatments.
async fn persons(store: &dyn Store) -> usize {
    let facts = store.facts(Part::ALL).await.unwrap();
    facts.treatments.iter().map(|treatment| treatment.subject).collect::<std::collections::BTreeSet<_>>().len()
}

pub(super) async fn merged_persons_are_one_until_they_are_split_again(store: &dyn Store) {
    use PairSays::{Merge, Split};
    enrol(store, "12").await;
    let of = |person| treatment(key("12", person), (1, 1), person, 5);
    deliver(store, 1, vec![of(1), of(2), of(3), of(4)]).await.unwrap();
    assert_eq!(persons(store).await, 4);
    for (name, records, verdicts, count) in [
        // One with another, and a third one over a number that has no treatments yet.
        (
            2,
            vec![pair([2, 1], (1, 5), Merge), pair([2, 9], (1, 6), Merge), pair([9, 3], (1, 7), Merge)],
            vec![Accepted; 3],
            2,
        ),
        (3, vec![pair([1, 2], (1, 5), Merge)], vec![Unchanged], 2),
        (4, vec![pair([1, 2], (1, 9), Split)], vec![Replaced], 3),
        (5, vec![pair([1, 2], (1, 8), Merge)], vec![Stale], 3),
        (6, vec![treatment(key("12", 9), (1, 10), 9, 5)], vec![Accepted], 3),
        (7, vec![pair([2, 9], (1, 11), Split), pair([9, 3], (1, 12), Split)], vec![Replaced; 2], 5),
    ] {
        assert_eq!(deliver(store, name, records).await.unwrap(), verdicts, "batch {name}");
        assert_eq!(persons(store).await, count, "batch {name}");
    }
}

pub(super) async fn a_merge_concerns_its_own_sender_only(store: &dyn Store) {
    enrol(store, "12").await;
    enrol(store, "01").await;
    for code in ["12", "01"] {
        let records = vec![treatment(key(code, 1), (1, 1), 1, 5), treatment(key(code, 2), (1, 1), 2, 5)];
        store.accept_batch(super::delivery(code, 1, records)).await.unwrap();
    }
    deliver(store, 2, vec![pair([1, 2], (1, 2), PairSays::Merge)]).await.unwrap();
    assert_eq!(persons(store).await, 3);
}

/// The rows of the history: internal id, generation, counter, line.
async fn history(store: &dyn Store) -> Vec<(i64, i64, i64, i64)> {
    let table = TABLES.iter().find(|table| table.name == "history").unwrap();
    let (pages, mut coming) = mpsc::channel(2);
    let collect = async {
        let mut rows: Vec<Row> = Vec::new();
        while let Some(page) = coming.recv().await {
            rows.extend(page);
        }
        rows
    };
    let (exported, rows) = tokio::join!(store.export(table, pages), collect);
    exported.unwrap();
    let number = |value: &Value| if let Value::Integer(Some(number)) = value { *number } else { panic!("{value:?}") };
    rows.iter().map(|row| (number(&row[1]), number(&row[2]), number(&row[3]), number(&row[6]))).collect()
}

pub(super) async fn a_replaced_version_is_remembered_and_its_treatment_s_number_is_never_given_again(
    store: &dyn Store,
) {
    enrol(store, "12").await;
    let first = vec![treatment(key("12", 1), (1, 1), 1, 5), treatment(key("12", 2), (1, 2), 2, 5)];
    deliver(store, 1, first).await.unwrap();
    let of = |number: u8, version, post| treatment(key("12", number), version, number, post);
    // Nothing is replaced by what is stored already, comes too late, is new or is refused.
    deliver(store, 2, vec![of(1, (1, 1), 5), None, retraction(key("12", 3), (1, 3))]).await.unwrap();
    assert_eq!(history(store).await, []);
    deliver(store, 3, vec![None, of(1, (1, 4), 6), of(1, (1, 6), 7), of(1, (1, 5), 8)]).await.unwrap();
    let [one, other] = ids(store).await[..] else { panic!("two treatments") };
    assert_eq!(
        history(store).await,
        [(one, 1, 1, 3)],
        "of three accounts in one batch the last is the one that replaces"
    );
    deliver(store, 4, vec![retraction(key("12", 2), (1, 7))]).await.unwrap();
    assert_eq!(history(store).await, [(one, 1, 1, 3), (other, 1, 2, 1)]);
    // Taken back and sent again it has the number that it had, under which a frozen data set may hold it; what was never stored gets one
    // that nothing has had.
    deliver(store, 5, vec![of(2, (1, 8), 5), retraction(key("12", 1), (1, 9)), of(3, (1, 10), 5)]).await.unwrap();
    let now = ids(store).await;
    assert!(now.len() == 2 && now[0] == other && now[1] > other, "{now:?}");
    assert_eq!(history(store).await, [(one, 1, 1, 3), (one, 1, 6, 2), (other, 1, 2, 1)]);
}

async fn ids(store: &dyn Store) -> Vec<i64> {
    store.facts(Part::ALL).await.unwrap().treatments.iter().map(|treatment| treatment.row).collect()
}
