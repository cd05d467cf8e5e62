//! Each fate, and every reason to wait for a person.

use super::*;

fn missing(name: &str, unit: &str) -> Missing {
    let cell = Cell { unit: unit.into(), programme: "sovhjalpen".into(), month: "2024-03".into() };
    Missing { key: name.into(), local_id: name.into(), cell, at_register: true, state: None }
}

/// A source that had this many treatments of each unit at the register.
fn around(units: &[(&str, u64)]) -> Around {
    let standing = units.iter().map(|(unit, n)| ((*unit).to_owned(), "sovhjalpen".to_owned(), *n)).collect();
    Around { standing, ..Around::default() }
}

fn some(number: usize, unit: &str) -> Vec<Missing> {
    (0..number).map(|number| missing(&number.to_string(), unit)).collect()
}

#[test]
fn what_the_register_never_had_is_forgotten_however_much_it_is() {
    let never: Vec<Missing> = some(400, "E1").into_iter().map(|one| Missing { at_register: false, ..one }).collect();
    assert_eq!(decide(&never, &around(&[])), [Fate::Forgotten; 400]);
}

#[test]
fn one_in_a_hundred_is_taken_back_and_one_more_waits() {
    for (gone, set, fate) in [
        (1, 100, Fate::TakenBack),
        (1, 99, Fate::Waits),
        (3, 300, Fate::TakenBack),
        (4, 300, Fate::Waits),
        (50, 100_000, Fate::TakenBack),
        (51, 100_000, Fate::Waits),
    ] {
        assert_eq!(decide(&some(gone, "E1"), &around(&[("E1", set)])), vec![fate; gone], "{gone} of {set}");
    }
}

#[test]
fn a_unit_or_a_programme_that_is_wholly_gone_waits_with_all_that_vanished_beside_it() {
    let gone = [missing("a", "E1"), missing("b", "E2")];
    assert_eq!(decide(&gone, &around(&[("E1", 1_000), ("E2", 2)])), [Fate::TakenBack; 2]);
    assert_eq!(decide(&gone, &around(&[("E1", 1_000), ("E2", 1)])), [Fate::Waits; 2]);
    let mut other = missing("b", "E1");
    other.cell.programme = "stresshjalpen".into();
    let mut source = around(&[("E1", 1_000)]);
    source.standing.push(("E1".into(), "stresshjalpen".into(), 1));
    assert_eq!(decide(&[missing("a", "E1"), other], &source), [Fate::Waits; 2]);
}

#[test]
fn a_unit_whose_last_treatments_go_one_after_another_waits_too() {
    let kept = Missing { state: Some(State::Keep), ..missing("a", "E2") };
    let source = around(&[("E1", 1_000), ("E2", 2)]);
    assert_eq!(decide(&[kept, missing("b", "E2")], &source), [Fate::AsDecided, Fate::Waits]);
}

#[test]
fn a_file_that_is_missing_or_empty_makes_all_wait() {
    let source = Around { lacks_file: true, ..around(&[("E1", 1_000)]) };
    assert_eq!(decide(&some(1, "E1"), &source), [Fate::Waits]);
}

#[test]
fn what_is_older_than_the_window_has_left_it_unless_it_is_to_be_taken_back_already() {
    let source = Around { left_until: Some("2022-06".into()), ..around(&[("E1", 3)]) };
    let old = |state| {
        let mut one = missing("a", "E1");
        one.cell.month = "2022-06".into();
        Missing { state, ..one }
    };
    for state in [None, Some(State::Waiting), Some(State::Keep)] {
        assert_eq!(decide(&[old(state)], &source), [Fate::Left], "{state:?}");
    }
    assert_eq!(decide(&[old(Some(State::Retract))], &source), [Fate::AsDecided]);
    let unknown = Missing { cell: Cell::unknown(), ..old(None) };
    let young = missing("b", "E1");
    assert_eq!(decide(&[unknown, young], &source), [Fate::Waits; 2], "a month that is not known is not old");
}

#[test]
fn what_waits_goes_on_waiting_and_counts_against_what_goes_by_itself() {
    let waiting = |one: Missing| Missing { state: Some(State::Waiting), ..one };
    let source = around(&[("E1", 300)]);
    let three = vec![waiting(missing("a", "E1")), waiting(missing("b", "E1")), missing("c", "E1")];
    assert_eq!(decide(&three, &source), [Fate::AsDecided, Fate::AsDecided, Fate::TakenBack]);
    let four = [three, vec![missing("d", "E1")]].concat();
    assert_eq!(decide(&four, &source)[2..], [Fate::Waits; 2]);
}
