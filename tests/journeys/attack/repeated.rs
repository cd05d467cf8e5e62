//! The same question has the same answer: averaging over repeats tells nothing.

use end_to_end::crowd::Crowd;
use end_to_end::crowd::shape::{Regions, Shape};
use registry_server::disclose::engine::ledger::Ledger;
use registry_server::disclose::engine::table::Shown;

/// Repeats.
const REPEATS: u64 = 1_000;
/// Tables of it, of which one at least hides something.
const ASKED: [&str; 6] = [
    "sex,severity",
    "sex,programme",
    "sex,diagnosis",
    "age,sex",
    "severity,programme:condition",
    "age:broad,severity,sex",
];
/// A register with something to hide at its national level.
const SMALL: Shape = Shape { name: "small", persons: 600, regions: Regions::Country, mix: 0.9, seed: 5 };

#[test]
fn the_same_request_on_the_same_cut_a_thousand_times_with_persons_in_any_order_has_the_same_table_and_another_key_has_not()
 {
    let crowd = Crowd::new(SMALL);
    let of =
        |asked: &str, order: u64, key: u8| crowd.table(&crowd.facts(order), asked, (&Ledger::default(), key)).unwrap();
    let hides = |asked: &&str| of(asked, 0, 7).rows.iter().any(|row| row.shown == Shown::Hidden);
    let asked = ASKED.into_iter().find(hides).expect("something is hidden in one of the tables");
    let table = |order: u64, key: u8| of(asked, order, key);
    let first = table(0, 7);
    for order in 1..REPEATS {
        assert_eq!(table(order, 7), first, "in the order {order}");
    }
    assert!((8..16).any(|key| table(0, key) != first), "another key");
}
