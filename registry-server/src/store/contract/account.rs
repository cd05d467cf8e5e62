//! A sender's accounting lines, and what the register counts itself.

use super::delivery::{deliver, enrol, run};
use super::{at, key, retraction, treatment};
use crate::store::{CycleRow, Ends, Store};

pub(super) async fn a_sender_s_lines_are_told_beside_what_the_register_itself_did_and_holds(store: &dyn Store) {
    enrol(store, "12").await;
    enrol(store, "01").await;
    let code = "12".parse().unwrap();
    assert_eq!(store.account(&code).await.unwrap(), crate::store::AccountRows::default());
    let of = |number: u8, version, post| treatment(key("12", number), version, number, post);
    let first =
        vec![of(1, (1, 1), 5), of(2, (1, 2), 5), None, retraction(key("12", 9), (1, 3)), run("2024-03", (1, 4), 2)];
    deliver(store, 7, first).await.unwrap();
    // One again, one corrected, one too late, one taken back; and one that comes and goes.
    let second = vec![
        of(1, (1, 1), 5),
        of(1, (1, 5), 6),
        of(2, (1, 1), 7),
        retraction(key("12", 2), (1, 6)),
        of(3, (1, 7), 5),
        retraction(key("12", 3), (1, 8)),
        run("2024-03", (1, 9), 1),
        run("2024-04", (1, 10), 5),
    ];
    deliver(store, 8, second).await.unwrap();
    let account = store.account(&code).await.unwrap();
    let lines: Vec<_> = account.lines.iter().map(|(version, run)| (version.counter, &*run.month, run.found)).collect();
    assert_eq!(lines, [(9, "2024-03", 2), (10, "2024-04", 6)]);
    assert_eq!(account.lines[0].1.reasons.len(), 1);
    assert_eq!(account.active, [("2024-03".to_owned(), 1)]);
    let cycle = |cycle, [accepted, added, removed]: [u64; 3]| CycleRow {
        generation: 1,
        cycle,
        received_at: at().to_string(),
        accepted,
        added,
        removed,
    };
    assert_eq!(account.cycles, [cycle(7, [2, 2, 0]), cycle(8, [3, 0, 1])]);
    assert_eq!((account.untold, account.erased), (0, vec![]));
    assert_eq!((account.drift, account.compared), (None, None));
    for (ends, drift) in [(Ends::Different, None), (Ends::Equal, Some(0)), (Ends::Different, Some(0))] {
        store.note_comparison(&code, ends, at()).await.unwrap();
        let account = store.account(&code).await.unwrap();
        assert_eq!((account.drift, account.compared), (drift, Some((at().to_string(), ends))));
    }
    assert_eq!(store.account(&"01".parse().unwrap()).await.unwrap().lines, []);
}
