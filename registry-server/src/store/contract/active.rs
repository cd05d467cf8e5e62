//! What a sender has here, as lines.

use schemas::digest::Line;
use schemas::id::Version;
use tokio::sync::mpsc;

use super::delivery::{deliver, enrol};
use super::{key, retraction, treatment};
use crate::store::Store;

/// The lines of a sender.
async fn lines(store: &dyn Store, sender: &str) -> Vec<Line> {
    let (pages, mut coming) = mpsc::channel(2);
    let collect = async {
        let mut lines = Vec::new();
        while let Some(page) = coming.recv().await {
            lines.extend(page);
        }
        lines
    };
    let sender = sender.parse().unwrap();
    let (sent, lines) = tokio::join!(store.active(&sender, pages), collect);
    sent.unwrap();
    lines
}

pub(super) async fn a_sender_s_active_treatments_are_told_in_the_order_of_their_keys(store: &dyn Store) {
    enrol(store, "12").await;
    enrol(store, "01").await;
    assert_eq!(lines(store, "12").await, []);
    let sent = [treatment(key("12", 7), (1, 2), 1, 5), treatment(key("12", 3), (1, 3), 1, 6)].map(Option::unwrap);
    let mut records: Vec<_> = sent.iter().cloned().map(Some).collect();
    records.extend([treatment(key("12", 9), (1, 4), 1, 5), retraction(key("12", 9), (1, 5)), None]);
    deliver(store, 1, records).await.unwrap();
    let line = |number: usize| Line {
        key: sent[number].key.parse().unwrap(),
        version: Version { generation: 1, counter: [2, 3][number] },
        content: sent[number].content_hash,
    };
    assert_eq!(lines(store, "12").await, [line(1), line(0)]);
    assert_eq!(lines(store, "01").await, []);
    // More than two pages.
    for number in 0..6 {
        let key = |at: usize| format!("rec1.12.{number:03}{at:03}{}", "a".repeat(37));
        let many = (0..200).map(|at| treatment(key(at), (2, 1 + at as u64), 1, 5)).collect();
        deliver(store, 10 + number, many).await.unwrap();
    }
    let told = lines(store, "12").await;
    assert!(told.len() == 1_202 && told.is_sorted_by(|one, other| one.key < other.key), "{}", told.len());
}
