//! Two cuts of one register, and what somebody finds who holds both tables.

use std::ops::ControlFlow;

use super::super::contributors::Contributors;
use super::super::earlier::Earlier;
use super::super::ledger::Ledger;
use super::super::request::Request;
use super::super::secret::Secret;
use super::super::stored::{self, Unreadable};
use super::super::table::{Disclosed, Row, Shown, Table};
use super::super::tally::{Contributor, Units};
use super::super::vocabulary::{Dimension, Kind, Vocabulary};
use super::super::{Before, Cut, disclose, disclose_after};
use super::register::Invented;
use super::{figure, hidden};

const ASKED: &str = "region,sex,age";

/// The register without some persons.
fn without(register: &Invented, gone: &[usize]) -> Invented {
    let stays = |(place, one): (usize, &Contributor)| (!gone.contains(&place)).then(|| one.clone());
    let contributors = register.contributors.iter().enumerate().filter_map(stays).collect();
    let units = Units { public: (0..7).collect(), ..Units::default() };
    Invented::new(register.vocabulary.clone(), contributors, units)
}

/// The table of a cut, after what earlier ones released.
fn table(register: &Invented, cut: &str, earlier: &Earlier) -> Disclosed<Table> {
    let secret = Secret::new(&[7; 32], cut);
    let cut = Cut { secret: &secret, ..register.cut() };
    let request = Request::read(ASKED, &register.vocabulary).unwrap();
    let before = Before { ledger: &Ledger::default(), earlier };
    disclose_after(&cut, &request, before, &mut |_| ControlFlow::Continue(())).unwrap()
}

/// The first cut's table and who stood behind it, kept and read back, with some erased since.
fn first(register: &Invented, erased: &[usize]) -> (Disclosed<Table>, Contributors) {
    let secret = Secret::new(&[7; 32], "2025Q4");
    let released = table(register, "2025Q4", &Earlier::default());
    let contributors = Contributors::of(&register.cut(), &released);
    let text = contributors.write(&secret);
    assert_eq!(Contributors::read(&text, &secret), Ok(contributors));
    let mut contributors = Contributors::read(&text, &secret).unwrap();
    for person in erased {
        assert!(contributors.erase(&register.contributors[*person].subject, &secret));
        assert!(!contributors.erase(&register.contributors[*person].subject, &secret), "once");
    }
    (released, contributors)
}

fn after(released: &(Disclosed<Table>, Contributors)) -> Earlier {
    let mut earlier = Earlier::default();
    earlier.add(released.0.clone(), released.1.clone());
    earlier
}

fn changed(one: &Table, other: &Table) -> usize {
    assert_eq!(one.columns, other.columns);
    one.rows.iter().zip(&other.rows).filter(|(one, other)| one.shown != other.shown).count()
}

#[test]
fn who_withdraws_between_two_cuts_changes_no_cell_and_without_what_is_kept_they_are_found() {
    let register = Invented::of(8_000);
    let mut found = 0;
    for person in [1, 500, 4_321] {
        let released = first(&register, &[person]);
        let left = without(&register, &[person]);
        let next = table(&left, "2026Q1", &after(&released));
        assert_eq!(changed(&released.0, &next), 0, "person {person}");
        // The same cut's key without what was kept: rounded by another set of persons, so the cells that the person was in are seen.
        let secret = Secret::new(&[7; 32], "2025Q4");
        let request = Request::read(ASKED, &register.vocabulary).unwrap();
        let bare = disclose(&Cut { secret: &secret, ..left.cut() }, &request, &Ledger::default()).unwrap();
        found += changed(&released.0, &bare);
    }
    assert!(found > 0, "the attack where nothing is kept");
}

#[test]
fn twenty_who_leave_are_seen_also_when_four_leave_from_each_of_five_cuts() {
    let register = Invented::of(8_000);
    let of_one_cell = |one: &Contributor| one.codes[..3] == register.contributors[0].codes[..3];
    let cell: Vec<usize> = (0..8_000).filter(|place| of_one_cell(&register.contributors[*place])).take(20).collect();
    assert_eq!(cell.len(), 20);
    let released = first(&register, &cell);
    let all_at_once = table(&without(&register, &cell), "2026Q1", &after(&released));
    assert!(changed(&released.0, &all_at_once) > 0, "twenty of one cell");
    let mut earlier = after(&first(&register, &[]));
    let mut figures = Vec::new();
    for gone in 1..=5 {
        let left = without(&register, &cell[..gone * 4]);
        let cut = format!("2026Q{gone}");
        let next = table(&left, &cut, &earlier);
        let secret = Secret::new(&[7; 32], &cut);
        let contributors = Contributors::of(&Cut { secret: &secret, ..left.cut() }, &next);
        figures.push(changed(&released.0, &next));
        earlier.add(next, contributors);
    }
    assert_eq!(figures[0], 0, "four left");
    assert!(figures[4] > 0, "twenty left, four at a time, counted from when the figure was drawn: {figures:?}");
}

#[test]
fn what_is_kept_of_a_release_is_sealed_and_says_of_a_person_nothing_but_a_tag() {
    let register = Invented::of(2_000);
    let released = first(&register, &[]);
    let secret = Secret::new(&[7; 32], "2025Q4");
    let text = released.1.write(&secret);
    assert!(!text.contains("person "), "no subject");
    assert!(text.len() < 2_000 * 25, "{} bytes for 2000 persons", text.len());
    let other = Secret::new(&[7; 32], "2026Q1");
    assert_eq!(Contributors::read(&text, &other), Err(Unreadable::Seal));
    assert_eq!(Contributors::read(&text[4..], &secret), Err(Unreadable::Seal));
    assert!(!first(&register, &[]).1.erase(b"nobody", &secret));
}

#[test]
fn a_cut_from_which_persons_left_since_its_tables_were_released_still_answers() {
    let register = Invented::of(8_000);
    let mut ledger = Ledger::default();
    ledger.add(register.table(ASKED));
    // Everybody of a shown cell but three, so that the figures no longer fit.
    let shown = ledger.released()[0]
        .rows
        .iter()
        .find(|row| !row.codes.contains(&"ALL".to_owned()) && matches!(row.shown, Shown::Count(_)));
    let cell = shown.unwrap().codes.clone();
    let is_in = |one: &Contributor| {
        ledger.released()[0].columns.iter().zip(&cell).all(|(column, code)| {
            let place = register.vocabulary.dimensions.iter().position(|known| known.name() == column).unwrap();
            one.codes[register.vocabulary.given[place]] == register.vocabulary.dimensions[place].code(code).unwrap()
        })
    };
    let gone: Vec<usize> = (0..8_000).filter(|place| is_in(&register.contributors[*place])).skip(3).collect();
    assert!(!gone.is_empty());
    let left = without(&register, &gone);
    let request = Request::read("region,severity", &register.vocabulary).unwrap();
    let next = disclose(&left.cut(), &request, &ledger).unwrap();
    assert!(hidden(&next) < next.rows.len() && next.columns == ["region", "severity"], "{}", next.split_by);
    for region in ["01", "02", "ALL"] {
        let before = figure(&ledger.released()[0], &[region, "ALL", "ALL"]);
        assert_eq!(figure(&next, &[region, "ALL"]), before, "as it was released");
    }
}

#[test]
fn what_an_earlier_cut_released_is_kept_also_where_a_later_one_no_longer_has_a_code() {
    let register = Invented::of(8_000);
    let (released, contributors) = first(&register, &[]);
    let text = released.write(&Secret::new(&[7; 32], "2025Q4"));
    let [region, age, sex] = [0, 1, 3].map(|place| register.vocabulary.dimensions[place].clone());
    let severity = register.vocabulary.dimensions[2].clone();
    let codes: Vec<(&str, &str)> = age.nodes.iter().skip(1).take(5).map(|node| (node.name.as_str(), "")).collect();
    let age = Dimension::new("age", Kind::Known, &["band"], &codes).unwrap();
    let vocabulary = Vocabulary::new(vec![region, sex, age, severity]);
    let stays = register.contributors.iter().filter(|one| one.codes[2] < 6).cloned().collect();
    let later = Invented::new(vocabulary, stays, Units { public: (0..7).collect(), ..Units::default() });
    let secret = Secret::new(&[7; 32], "2025Q4");
    assert!(stored::read(&text, &later.vocabulary, &secret).is_err(), "the oldest are no code any more");
    let read = stored::read_earlier(&text, &later.vocabulary, &secret).unwrap();
    assert_eq!(released.rows.len() - read.rows.len(), 22 * 3);
    let mut earlier = Earlier::default();
    earlier.add(read, contributors);
    let next = table(&later, "2026Q1", &earlier);
    let same = |row: &&Row| {
        row.codes[1] != "ALL" && row.shown == figure(&released, &[&row.codes[0], &row.codes[1], &row.codes[2]])
    };
    let of_bands = next.rows.iter().filter(|row| row.codes[1] != "ALL").count();
    assert_eq!(next.rows.iter().filter(same).count(), of_bands, "whoever is left keeps their figures");
    let whole = |table: &Table| figure(table, &["ALL", "ALL", "ALL"]);
    assert_ne!(whole(&next), whole(&released), "the whole is without the oldest");
}
