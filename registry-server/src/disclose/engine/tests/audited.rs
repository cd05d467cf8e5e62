//! What the audit finds, on cells planted by hand, and what it lets pass.

use super::super::audit::{All, Audit, Released};
use super::super::cube::{Cube, Name};
use super::super::primary::Tells;
use super::super::vocabulary::{Dimension, Kind, Vocabulary};
use super::register::{Invented, contributors, small};

/// Two regions by sex, of which one is small.
const CELLS: [(&str, &str, usize); 6] =
    [("01", "F", 40), ("01", "M", 23), ("03", "F", 31), ("03", "M", 52), ("05", "F", 3), ("05", "M", 44)];

/// The names that are weak when these cells, as numbers of region and sex, are hidden and all others known to within `off`.
fn weak(hidden: &[[usize; 2]], off: u64) -> Vec<Vec<Name>> {
    let register = small(&CELLS);
    let cube = Cube::new(&register.vocabulary, &[(0, 1), (1, 1)]);
    let counts = super::super::tally::tallies(register.cut().facts, &cube, register.cut().secret);
    let released = |cell: usize| {
        let name = cube.name(cell);
        let persons = counts[cell].persons;
        let is_hidden = hidden.iter().any(|nodes| name == [(0, nodes[0]), (1, nodes[1])]);
        let shown = (!is_hidden).then_some((persons.saturating_sub(off), persons + off));
        (name, Released { shown, tells: if persons < 5 { Tells::Few } else { Tells::Nothing }, k: 5 })
    };
    let all: All = (0..cube.size()).map(released).collect();
    let names: Vec<Name> = all.keys().cloned().collect();
    Audit::new(&register.vocabulary, &names, register.cut().facts).unwrap().weak(&all, &mut || false).unwrap().names
}

#[test]
fn a_hidden_cell_that_follows_from_exact_sums_is_found_and_one_among_rounded_sums_is_not() {
    let few: Name = vec![(0, 3), (1, 1)];
    let block = [[3, 1], [3, 2], [1, 1], [1, 2]];
    assert!(weak(&[[3, 1]], 0).contains(&vec![few.clone()]), "alone");
    assert!(!weak(&block, 4).contains(&vec![few.clone()]), "four among rounded sums");
    assert!(
        weak(&block[..2], 4).iter().flatten().all(|name| *name != few) || weak(&block[..2], 0).contains(&vec![few])
    );
}

#[test]
fn figures_that_are_known_too_well_are_found() {
    let exact = weak(&[], 0);
    assert!(exact.contains(&vec![vec![(0, 1)]]), "an exact figure");
    assert_eq!(weak(&[], 9), Vec::<Vec<Name>>::new());
}

#[test]
fn a_difference_of_two_shown_cells_that_tells_of_few_is_found() {
    // Region 05 less its men is three women, who are hidden.
    let pair = vec![vec![(0, 3), (1, 2)], vec![(0, 3)]];
    assert!(weak(&[[3, 1]], 0).contains(&pair));
    assert!(weak(&[[3, 1]], 1).contains(&pair), "one to four, whoever rounds so little");
    assert!(weak(&[[3, 1]], 4).contains(&pair), "for who knows that the women are few, whatever is rounded");
    let many = vec![vec![(0, 1), (1, 2)], vec![(0, 1)]];
    assert!(!weak(&[[3, 1]], 0).contains(&many), "forty women of another region");
}

/// What is weak of all cells of a year of two quarters, known to within `off`, where the second quarter is hidden for what it `tells`.
fn weak_year(second: usize, tells: Tells, off: u64) -> Vec<Vec<Name>> {
    let codes = [("2025", ""), ("2025Q1", "2025"), ("2025Q2", "2025")];
    let vocabulary =
        Vocabulary::new(vec![Dimension::new("period", Kind::Known, &["year", "quarter"], &codes).unwrap()]);
    let persons = contributors(&vocabulary, &[(vec!["2025Q1"], 30), (vec!["2025Q2"], second)]);
    let register = Invented::new(vocabulary, persons, super::super::tally::Units::default());
    let (first, all) = (30, 30 + second as u64);
    let shown = |persons: u64| Released { shown: Some((persons - off, persons + off)), tells: Tells::Nothing, k: 5 };
    let hidden = Released { shown: None, tells, k: 5 };
    let all: All =
        [(vec![(0, 1)], shown(all)), (vec![(0, 2)], shown(first)), (vec![(0, 3)], hidden)].into_iter().collect();
    let names: Vec<Name> = all.keys().cloned().collect();
    Audit::new(&register.vocabulary, &names, register.cut().facts).unwrap().weak(&all, &mut || false).unwrap().names
}

#[test]
fn a_year_less_one_of_its_quarters_is_a_difference_too() {
    let pair = vec![vec![(0, 2)], vec![(0, 1)]];
    assert!(weak_year(3, Tells::Few, 1).contains(&pair), "three persons of the other quarter");
    assert!(
        weak_year(3, Tells::Few, 9).contains(&pair),
        "for who knows that the other quarter is few, whatever is rounded"
    );
    assert!(!weak_year(30, Tells::Nothing, 1).contains(&pair));
}

#[test]
fn what_is_hidden_as_one_units_or_as_nearly_a_whole_group_is_known_no_closer_than_ten() {
    let quarter: Vec<Name> = vec![vec![(0, 3)]];
    assert!(weak_year(30, Tells::Much, 2).contains(&quarter), "28 to 32 and less");
    assert!(!weak_year(30, Tells::Much, 4).contains(&quarter));
    assert!(!weak_year(30, Tells::Nothing, 2).contains(&quarter), "beside others it need not be so wide");
}
