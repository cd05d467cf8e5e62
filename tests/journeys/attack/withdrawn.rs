//! Two cuts of one register, of which the later lacks somebody: what whoever holds both tables finds.

use end_to_end::crowd::Crowd;
use end_to_end::crowd::shape::{Regions, Shape};
use registry_server::disclose::engine::contributors::Contributors;
use registry_server::disclose::engine::earlier::Earlier;
use registry_server::disclose::engine::ledger::Ledger;
use registry_server::disclose::engine::request::Request;
use registry_server::disclose::engine::secret::Secret;
use registry_server::disclose::engine::table::{Disclosed, Table};
use registry_server::disclose::engine::tally::Facts;
use registry_server::disclose::engine::{Before, Cut, disclose_after};

const REGISTER: Shape = Shape { name: "two cuts", persons: 4_000, regions: Regions::Country, mix: 0.3, seed: 11 };
const ASKED: &str = "region,sex";
/// Persons who withdraw, one at a time, from small regions and large.
const WITHDRAWN: [usize; 8] = [0, 17, 400, 1_203, 1_999, 2_500, 3_333, 3_999];

/// The table of a cut, and who stood behind it.
fn cut(crowd: &Crowd, facts: &Facts, (name, earlier): (&str, &Earlier)) -> (Disclosed<Table>, Contributors) {
    let secret = Secret::new(&[7; 32], name);
    let cut = Cut { vocabulary: &crowd.vocabulary, facts, secret: &secret };
    let request = Request::read(ASKED, &crowd.vocabulary).unwrap();
    let before = Before { ledger: &Ledger::default(), earlier };
    let table = disclose_after(&cut, &request, before, &mut |_| std::ops::ControlFlow::Continue(())).unwrap();
    let contributors = Contributors::of(&cut, &table);
    (table, contributors)
}

/// Cells that differ between two tables of the same cells.
fn changed(one: &Table, other: &Table) -> usize {
    assert_eq!(one.columns, other.columns);
    one.rows.iter().zip(&other.rows).filter(|(one, other)| one.shown != other.shown).count()
}

#[test]
fn the_withdrawal_of_any_one_of_eight_persons_between_two_cuts_changes_no_cell_and_without_what_is_kept_cells_change() {
    let crowd = Crowd::new(REGISTER);
    let (first, contributors) = cut(&crowd, &crowd.facts(0), ("2025Q4", &Earlier::default()));
    let mut bare = 0;
    for person in WITHDRAWN {
        let facts = crowd.facts_without(&[person]);
        let mut earlier = Earlier::default();
        earlier.add(first.clone(), contributors.clone());
        let (next, _) = cut(&crowd, &facts, ("2026Q1", &earlier));
        assert_eq!(changed(&first, &next), 0, "person {person}");
        // The control: the same attack on a second cut that keeps nothing, under the first one's dice.
        bare += changed(&first, &cut(&crowd, &facts, ("2025Q4", &Earlier::default())).0);
    }
    assert!(bare > 0, "where nothing is kept, a withdrawal is seen");
}

#[test]
fn withdrawals_of_more_persons_than_a_cell_is_hidden_for_are_seen_so_that_figures_do_not_stand_still() {
    let crowd = Crowd::new(REGISTER);
    let (first, contributors) = cut(&crowd, &crowd.facts(0), ("2025Q4", &Earlier::default()));
    let of_the_largest: Vec<usize> = (0..REGISTER.persons).filter(|person| crowd.persons[*person][0] == 0).collect();
    let mut earlier = Earlier::default();
    earlier.add(first.clone(), contributors);
    let (next, _) = cut(&crowd, &crowd.facts_without(&of_the_largest[..40]), ("2026Q1", &earlier));
    assert!(changed(&first, &next) > 0, "40 of one region");
}
