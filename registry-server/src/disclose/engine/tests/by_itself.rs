//! What is hidden for what it says itself, and the marks beside it.

use super::super::primary::Tells;
use super::super::table::Shown;
use super::super::tally::{Facts, Units, Unusable};
use super::super::vocabulary::{Dimension, Kind, Vocabulary};
use super::register::{Invented, contributors, small};
use super::{figure, hidden};

fn vocabulary(kind: Kind) -> Vocabulary {
    let codes = [("a", ""), ("b", ""), ("c", "")];
    Vocabulary::new(vec![
        Dimension::new("sex", Kind::Known, &["sex"], &[("F", ""), ("M", ""), ("X", "")]).unwrap(),
        Dimension::new("trait", kind, &["code"], &codes).unwrap(),
    ])
}

fn register(vocabulary: Vocabulary, cells: &[(&str, &str, usize)], units: Units) -> Invented {
    let cells: Vec<(Vec<&str>, usize)> =
        cells.iter().map(|(one, other, persons)| (vec![*one, *other], *persons)).collect();
    let contributors = contributors(&vocabulary, &cells);
    Invented::new(vocabulary, contributors, units)
}

fn public() -> Units {
    Units { public: (0..3).collect(), ..Units::default() }
}

/// Nine cells of so many persons, but for the first two.
fn nine(first: usize, second: usize) -> Vec<(&'static str, &'static str, usize)> {
    let others = [("F", "c"), ("M", "a"), ("M", "b"), ("M", "c"), ("X", "a"), ("X", "b"), ("X", "c")];
    [("F", "a", first), ("F", "b", second)].into_iter().chain(others.map(|(one, other)| (one, other, 40))).collect()
}

#[test]
fn nobody_and_four_are_hidden_and_five_are_not() {
    for (persons, is_hidden) in [(0, true), (4, true), (5, false)] {
        let standings = register(vocabulary(Kind::Known), &nine(persons, 40), public());
        let cube = super::super::cube::Cube::new(&standings.vocabulary, &[(0, 1), (1, 1)]);
        let tallies = super::super::tally::tallies(standings.cut().facts, &cube, standings.cut().secret);
        let primary = super::super::primary::tells(&standings.cut(), &cube, &tallies);
        assert_eq!(
            primary.iter().filter(|tells| **tells != Tells::Nothing).count(),
            usize::from(is_hidden),
            "{persons}"
        );
    }
}

#[test]
fn a_trait_that_is_nobody_else_s_business_is_hidden_where_nearly_everybody_has_it() {
    for (kind, expected) in [(Kind::Known, 2), (Kind::Telling, 3)] {
        let register = register(vocabulary(kind), &[nine(0, 2), vec![("F", "c", 0)]].concat(), public());
        let cube = super::super::cube::Cube::new(&register.vocabulary, &[(0, 1), (1, 1)]);
        let tallies = super::super::tally::tallies(register.cut().facts, &cube, register.cut().secret);
        let primary = super::super::primary::tells(&register.cut(), &cube, &tallies);
        assert_eq!(
            primary.iter().filter(|tells| **tells != Tells::Nothing).count(),
            expected,
            "40 of 42 of a sex have the trait c"
        );
    }
}

#[test]
fn a_share_is_shown_from_ten_on_each_side_and_as_what_divides_the_printed_counts() {
    let answers =
        [("measured", ""), ("not measured", ""), ("yes", "measured"), ("no", "measured"), ("-", "not measured")];
    let counties = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let vocabulary = Vocabulary::new(vec![
        Dimension::new("county", Kind::Known, &["county"], &counties.map(|county| (county, ""))).unwrap(),
        Dimension::new("response", Kind::Outcome, &["measured", "answer"], &answers).unwrap(),
    ]);
    let table = |yes: usize| {
        let of = |county| if county == "a" { [yes, 300, 60] } else { [130, 170, 50] };
        let cells = |county| ["yes", "no", "-"].into_iter().zip(of(county)).map(move |(code, n)| (county, code, n));
        let cells: Vec<_> = counties.into_iter().flat_map(cells).collect();
        register(vocabulary.clone(), &cells, public()).table("county,response")
    };
    let enough = table(120);
    assert_eq!(enough.columns, ["county", "response"], "nothing was taken off");
    let mut shares = 0;
    for row in enough.rows.iter().filter(|row| row.codes[1] == "yes") {
        let Some(percent) = row.percent else { continue };
        assert_eq!(Shown::Count(percent.numerator), row.shown);
        assert_eq!(Shown::Count(percent.denominator), figure(&enough, &[&row.codes[0], "measured"]));
        let exact = percent.numerator as f64 / percent.denominator as f64 * 100.0;
        assert!((percent.value - exact).abs() <= 0.05, "a decimal from 200 on");
        shares += 1;
    }
    assert!(shares > 4, "{shares} shares");
    for yes in [0, 9] {
        let table = table(yes);
        assert_eq!(figure(&table, &["a", "yes"]), Shown::Hidden);
        assert_eq!(figure(&table, &["a", "no"]), Shown::Hidden, "all but {yes}");
    }
}

#[test]
fn one_private_unit_is_hidden_until_it_agrees_and_a_public_one_hides_no_region() {
    let cells: Vec<(&str, &str, usize)> =
        vec![("01", "F", 40), ("01", "M", 40), ("03", "F", 40), ("03", "M", 40), ("05", "F", 40), ("05", "M", 40)];
    let hidden = |units: Units, tells_units: bool| {
        let plain = small(&cells);
        let mut contributors = plain.contributors.clone();
        contributors.iter_mut().filter(|one| one.codes[0] == 1).for_each(|one| one.unit = 9);
        let mut vocabulary = plain.vocabulary.clone();
        if tells_units {
            vocabulary.dimensions[0].kind = Kind::Units;
        }
        let register = Invented::new(vocabulary, contributors, units);
        let cube = super::super::cube::Cube::new(&register.vocabulary, &[(0, 1)]);
        let tallies = super::super::tally::tallies(register.cut().facts, &cube, register.cut().secret);
        super::super::primary::tells(&register.cut(), &cube, &tallies)
            .into_iter()
            .map(|tells| tells == Tells::Much)
            .collect::<Vec<_>>()
    };
    let public = Units { public: [9].into(), ..Units::default() };
    let open = Units { open: [9].into(), ..Units::default() };
    assert_eq!(hidden(Units::default(), false), [false, true, false, false], "one private unit");
    assert_eq!(hidden(public.clone(), false), [false; 4], "a public unit");
    assert_eq!(hidden(open.clone(), false), [false; 4], "a decision to report openly");
    assert_eq!(hidden(public, true), [false, true, false, false], "a public unit told from others");
    assert_eq!(hidden(open, true), [false; 4]);
}

#[test]
fn what_cannot_be_and_what_is_not_reported_have_marks_of_their_own_and_hide_nothing() {
    let vocabulary =
        vocabulary(Kind::Known).excluding(("sex", "F"), ("trait", "a")).unwrap().silent(("trait", "b")).unwrap();
    let cells = [("F", "c", 40), ("M", "a", 40), ("M", "c", 41), ("X", "a", 42), ("X", "c", 43)];
    let table = register(vocabulary.clone(), &cells, public()).table("sex,trait");
    assert_eq!(figure(&table, &["F", "a"]), Shown::Zero);
    assert_eq!(figure(&table, &["M", "b"]), Shown::NotReported);
    assert_eq!(figure(&table, &["ALL", "b"]), Shown::NotReported);
    assert_eq!(hidden(&table), 0, "everybody knows those");
    let planted = contributors(&vocabulary, &[(vec!["F", "a"], 1)]);
    assert_eq!(Facts::new(planted, public(), &vocabulary).unwrap_err(), Unusable::Impossible);
    let twice =
        [contributors(&vocabulary, &[(vec!["M", "a"], 1)]), contributors(&vocabulary, &[(vec!["M", "a"], 1)])].concat();
    assert_eq!(Facts::new(twice, public(), &vocabulary).unwrap_err(), Unusable::Twice);
}

#[test]
fn a_sum_of_what_is_silent_alone_is_not_reported_and_what_is_not_defined_is_not_applicable() {
    let codes = [("a", ""), ("b", ""), ("a1", "a"), ("a2", "a"), ("b1", "b"), ("b2", "b")];
    let vocabulary = Vocabulary::new(vec![
        Dimension::new("sex", Kind::Known, &["sex"], &[("F", ""), ("M", "")]).unwrap(),
        Dimension::new("trait", Kind::Known, &["group", "code"], &codes).unwrap(),
    ]);
    let vocabulary = vocabulary.silent(("trait", "a1")).unwrap().silent(("trait", "a2")).unwrap();
    let vocabulary = vocabulary.inapplicable(("sex", "M"), ("trait", "b1")).unwrap();
    let vocabulary = vocabulary.excluding(("sex", "M"), ("trait", "b2")).unwrap();
    let cells = [("F", "b1", 40), ("F", "b2", 41)];
    let table = register(vocabulary.clone(), &cells, public()).table("sex,trait");
    assert_eq!(table.columns, ["sex", "trait"], "{table:?}");
    let mark = |sex, code| figure(&table, &[sex, code]);
    assert_eq!((mark("F", "a"), mark("ALL", "a")), (Shown::NotReported, Shown::NotReported), "sums of silent parts");
    assert_eq!((mark("M", "b1"), mark("M", "b2")), (Shown::NotApplicable, Shown::Zero));
    assert_eq!((mark("M", "b"), mark("M", "ALL")), (Shown::NotApplicable, Shown::NotReported));
    assert_eq!((hidden(&table), matches!(mark("ALL", "b"), Shown::Count(_))), (0, true));
    let seen = serde_json::to_string(&*table).unwrap();
    assert!(["not_applicable", "not_reported", "zero"].iter().all(|mark| seen.contains(mark)), "four marks: {seen}");
    let planted = contributors(&vocabulary, &[(vec!["M", "b1"], 1)]);
    assert_eq!(Facts::new(planted, public(), &vocabulary).unwrap_err(), Unusable::Impossible);
}

#[test]
fn units_are_told_of_the_whole_table_alone_since_by_cell_they_would_tell_of_hidden_ones() {
    let table = Invented::of(8_000).table("region,sex,age");
    let told: Vec<_> = table.rows.iter().filter_map(|row| Some((row.codes.concat(), row.units?))).collect();
    assert_eq!(told, [("ALLALLALL".to_owned(), 7)]);
}

#[test]
fn a_table_of_many_persons_is_whole_under_every_key_also_where_a_sum_and_its_parts_are_rounded_far_apart() {
    let cells =
        [("F", "a", 604), ("F", "b", 1_209), ("F", "c", 704), ("M", "a", 309), ("M", "b", 614), ("M", "c", 254)];
    let register = register(vocabulary(Kind::Known).excluding(("sex", "X"), ("trait", "a")).unwrap(), &cells, public());
    let cells = [("X", "b"), ("X", "c")];
    let mut vocabulary = register.vocabulary.clone();
    for cell in cells {
        vocabulary = vocabulary.excluding(("sex", cell.0), ("trait", cell.1)).unwrap();
    }
    let request = super::super::request::Request::read("sex,trait", &vocabulary).unwrap();
    let cube = super::super::cube::Cube::new(&vocabulary, &request.crossed);
    let mut apart = 0;
    for key in 0..60 {
        let secret = super::super::secret::Secret::new(&[key; 32], "2025Q4");
        let cut = super::super::Cut { vocabulary: &vocabulary, secret: &secret, ..register.cut() };
        let table = super::super::disclose(&cut, &request, &super::super::ledger::Ledger::default()).unwrap();
        assert_eq!((table.columns.len(), hidden(&table)), (2, 0), "key {key}: {table:?}");
        let tallies = super::super::tally::tallies(cut.facts, &cube, &secret);
        let drawn =
            |cell: usize| super::super::rounding::rounded(tallies[cell].persons, secret.dice(&tallies[cell].tags));
        let sums = cube.groups().into_iter().map(|group| {
            let parts: u64 = group.parts.iter().map(|part| drawn(*part)).sum();
            drawn(group.sum).abs_diff(parts)
        });
        apart += usize::from(sums.max() >= Some(10));
        for row in table.rows.iter().filter(|row| !row.shown.is_void()) {
            let Shown::Count(count) = row.shown else { panic!("{row:?}") };
            assert!(count.abs_diff(register.persons(&table, row)) < 5, "key {key}: {row:?}");
        }
    }
    assert!(apart > 3, "{apart} of 60 keys would have told too much");
}
