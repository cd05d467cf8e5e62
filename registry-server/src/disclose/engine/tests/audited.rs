//! What the audit finds, on cells planted by hand, and what it lets pass.

use super::super::audit::{All, Audit, Released};
use super::super::cube::{Cube, Name};
use super::register::small;

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
        (name, Released { shown, is_few: persons < 5, k: 5 })
    };
    let all: All = (0..cube.size()).map(released).collect();
    let names: Vec<Name> = all.keys().cloned().collect();
    Audit::new(&register.vocabulary, &names, register.cut().facts).unwrap().weak(&all).unwrap()
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
    assert!(!weak(&[[3, 1]], 4).contains(&pair));
}
