//! Two measures of one instrument: cells of the same persons, and of persons of whom one holds the other.

use std::collections::BTreeMap;

use super::super::contributors::Contributors;
use super::super::earlier::Earlier;
use super::super::ledger::Ledger;
use super::super::means::{Averaged, Scored};
use super::super::request::Request;
use super::super::secret::Secret;
use super::super::table::{Shown, Table};
use super::super::tally::{Contributor, Facts, Units};
use super::super::vocabulary::{Dimension, Kind, Vocabulary};
use super::super::{Before, Cut, disclose, disclose_after};
use super::register::Invented;

const JUDGED: [(&str, &str); 5] =
    [("judged", ""), ("better", "judged"), ("same", "judged"), ("not judged", ""), ("neither", "not judged")];

/// A register whose persons have answered or not, and are judged if they have; what the two measures exclude is told or kept from the engine.
fn register(is_told: bool) -> Invented {
    let base = Invented::of(6_000);
    let answered = Dimension::new("answered", Kind::Outcome, &["code"], &[("yes", ""), ("no", "")]).unwrap();
    let judged = Dimension::new("judged", Kind::Outcome, &["whether", "code"], &JUDGED).unwrap();
    // In the order in which they were given, as the persons' codes are.
    let place = |given: usize| base.vocabulary.given.iter().position(|known| *known == given).unwrap();
    let given: Vec<Dimension> = (0..4).map(|given| base.vocabulary.dimensions[place(given)].clone()).collect();
    let mut vocabulary = Vocabulary::new(given.into_iter().chain([answered, judged]).collect());
    for (here, there) in [("yes", "neither"), ("no", "better"), ("no", "same")] {
        if is_told {
            vocabulary = vocabulary.excluding(("answered", here), ("judged", there)).unwrap();
        }
    }
    let with = |(number, one): (usize, &Contributor)| {
        let outcome = match number % 10 {
            0..4 => [2, 5],
            4..7 => [1, 2],
            _ => [1, 3],
        };
        Contributor { codes: one.codes.iter().copied().chain(outcome).collect(), ..one.clone() }
    };
    let contributors = base.contributors.iter().enumerate().map(with).collect();
    Invented::new(vocabulary, contributors, Units { public: (0..7).collect(), ..Units::default() })
}

/// Cells that one table hides and the other shows of the same persons.
fn given_away(register: &Invented) -> (usize, usize) {
    let mut ledger = Ledger::default();
    let mut shown: Vec<BTreeMap<Vec<String>, Shown>> = Vec::new();
    for (asked, code) in [("region,sex,answered", "yes"), ("region,sex,judged", "judged")] {
        let request = Request::read(asked, &register.vocabulary).unwrap();
        let table = disclose(&register.cut(), &request, &ledger).unwrap();
        assert_eq!(table.columns.len(), 3, "{}", table.split_by);
        let rows = table.rows.iter().filter(|row| row.codes[2] == code);
        shown.push(rows.map(|row| (row.codes[..2].to_vec(), row.shown)).collect());
        ledger.add(table);
    }
    let hidden = shown[0].values().filter(|shown| **shown == Shown::Hidden).count();
    let differ = shown[0].iter().filter(|(codes, one)| shown[1][*codes] != **one).count();
    (hidden, differ)
}

#[test]
fn what_one_measure_hides_no_other_shows_under_its_own_name() {
    let (hidden, differ) = given_away(&register(true));
    assert!(hidden > 0 && differ == 0, "{differ} of {hidden}");
    let (hidden, differ) = given_away(&register(false));
    assert!(hidden > 0 && differ > 0, "where nothing is known of the two, some are given away");
}

/// Four counties of persons who have answered before and after, some of the first only with an answer carried forward.
struct Counties {
    vocabulary: Vocabulary,
    facts: Facts,
}

const COUNTIES: [&str; 4] = ["a", "b", "c", "d"];

impl Counties {
    fn of(paired: usize, besides: usize, is_one_instrument: bool) -> Self {
        let codes = COUNTIES.map(|code| (code, ""));
        let outcome = |name| Dimension::new(name, Kind::Outcome, &["code"], &[("yes", ""), ("no", "")]).unwrap();
        let county = Dimension::new("county", Kind::Known, &["county"], &codes).unwrap();
        let vocabulary = Vocabulary::new(vec![county, outcome("paired"), outcome("carried")]);
        let scored =
            |name, of| Scored { name, of, pairs: (name, "yes"), lowest: 0.0, highest: 27.0, higher_is_better: false };
        let other = if is_one_instrument { "PHQ-9" } else { "another" };
        let vocabulary =
            vocabulary.scored(scored("paired", "PHQ-9")).unwrap().scored(scored("carried", other)).unwrap();
        let vocabulary = vocabulary.excluding(("paired", "yes"), ("carried", "no")).unwrap();
        let (mut contributors, mut answers) = (Vec::new(), [BTreeMap::new(), BTreeMap::new()]);
        for place in 0..COUNTIES.len() {
            for number in 0..paired + 40 {
                let subject = format!("{place} {number}").into_bytes();
                let score = ((7 + number * 5 % 17) as f64, (number * 7 % 16) as f64);
                let (is_paired, is_besides) =
                    (number < paired, place == 0 && (paired..paired + besides).contains(&number));
                if is_paired {
                    answers[0].insert(subject.clone(), score);
                }
                if is_paired || is_besides {
                    answers[1].insert(subject.clone(), if is_besides { (27.0, 27.0) } else { score });
                }
                let code = |is: bool| if is { 1 } else { 2 };
                let codes = vec![place + 1, code(is_paired), code(is_paired || is_besides)];
                contributors.push(Contributor { subject, unit: 1, codes });
            }
        }
        let units = Units { public: [1].into(), ..Units::default() };
        let facts = Facts::new(contributors, units, &vocabulary).unwrap();
        let facts = facts.scored("paired", &answers[0], &vocabulary).unwrap();
        Self { facts: facts.scored("carried", &answers[1], &vocabulary).unwrap(), vocabulary }
    }

    fn cut<'a>(&'a self, secret: &'a Secret) -> Cut<'a> {
        Cut { vocabulary: &self.vocabulary, facts: &self.facts, secret }
    }

    fn ask(&self, asked: &str) -> Request {
        Request::read(asked, &self.vocabulary).unwrap()
    }
}

/// Of which counties a table shows means.
fn shown(table: &Table) -> Vec<bool> {
    let is_shown = |county: &str| {
        let row = table.rows.iter().find(|row| row.codes == [county, "yes"]).unwrap();
        matches!(row.means, Some(Averaged::Shown(_)))
    };
    COUNTIES.map(is_shown).to_vec()
}

/// Means before and after, then with the last answer carried forward.
fn later(paired: usize, besides: usize, is_one_instrument: bool) -> Vec<bool> {
    let counties = Counties::of(paired, besides, is_one_instrument);
    let secret = Secret::new(&[7; 32], "2025Q4");
    let (cut, mut ledger) = (counties.cut(&secret), Ledger::default());
    let before = disclose(&cut, &counties.ask("county,mean:paired"), &ledger).unwrap();
    assert_eq!(shown(&before), [true; 4]);
    ledger.add(before);
    shown(&disclose(&cut, &counties.ask("county,mean:carried"), &ledger).unwrap())
}

#[test]
fn means_of_another_comparison_do_not_tell_of_the_few_who_are_in_one_of_them_only() {
    assert_eq!(later(60, 3, true), [false; 4], "three at the highest score, and others who could be so few");
    assert_eq!(later(60, 3, true), later(60, 0, true), "what is kept back does not say that there are three");
    assert_eq!(later(60, 3, false), [true; 4], "nothing is known of the two: the three would be told of");
    assert_eq!(later(60, 30, true), [true, false, false, false], "thirty are enough");
    assert_eq!(later(12_000, 0, true), [true; 4], "among so many the rounding leaves every score open");
}

/// Means before and after in one cut, and with the last answer carried forward in the next, of the same persons.
fn in_the_next_cut(paired: usize, besides: usize) -> Vec<bool> {
    let counties = Counties::of(paired, besides, true);
    let secrets = ["2025Q4", "2026Q1"].map(|name| Secret::new(&[7; 32], name));
    let (first, second) = (counties.cut(&secrets[0]), counties.cut(&secrets[1]));
    let before = disclose(&first, &counties.ask("county,mean:paired"), &Ledger::default()).unwrap();
    assert_eq!(shown(&before), [true; 4]);
    let mut earlier = Earlier::default();
    let behind = Contributors::of(&first, &before);
    earlier.add(before, behind);
    let before = Before { ledger: &Ledger::default(), earlier: &earlier };
    let mut go_on = |_| std::ops::ControlFlow::Continue(());
    shown(&disclose_after(&second, &counties.ask("county,mean:carried"), before, &mut go_on).unwrap())
}

#[test]
fn means_that_stand_from_an_earlier_cut_are_held_against_new_ones_as_what_they_are() {
    assert_eq!(in_the_next_cut(60, 3), [false; 4]);
    assert_eq!(in_the_next_cut(60, 30), [true, false, false, false]);
    assert_eq!(in_the_next_cut(12_000, 0), [true; 4], "nobody came or left, so nothing of what stands is out of date");
}
