//! Tables by name: under another vocabulary, and as they are kept.

use super::super::disclose;
use super::super::ledger::Ledger;
use super::super::request::Request;
use super::super::secret::Secret;
use super::super::stored::{self, Unreadable};
use super::super::tally::{Contributor, Facts, Units};
use super::super::vocabulary::{Dimension, Kind, Vocabulary};
use super::hidden;
use super::register::Invented;

/// The register's dimensions in this order, each contributor with the codes of `register`.
fn reordered(register: &Invented, order: &[&str], more: bool) -> Invented {
    let places: Vec<usize> = order
        .iter()
        .map(|name| register.vocabulary.dimensions.iter().position(|known| known.name() == *name).unwrap())
        .collect();
    let mut dimensions: Vec<Dimension> =
        places.iter().map(|place| register.vocabulary.dimensions[*place].clone()).collect();
    if more {
        dimensions.insert(1, Dimension::new("care", Kind::Known, &["level"], &[("x", ""), ("y", "")]).unwrap());
    }
    let codes = |one: &Contributor, number: usize| {
        let mut codes: Vec<usize> = places.iter().map(|place| one.codes[register.vocabulary.given[*place]]).collect();
        if more {
            codes.insert(1, 1 + number % 2);
        }
        codes
    };
    let person = |(number, one): (usize, &Contributor)| Contributor { codes: codes(one, number), ..one.clone() };
    let contributors = register.contributors.iter().enumerate().map(person).collect();
    Invented::new(Vocabulary::new(dimensions), contributors, Units { public: (0..7).collect(), ..Units::default() })
}

#[test]
fn the_same_facts_give_the_same_table_whatever_the_order_of_the_dimensions_and_with_one_more_or_fewer() {
    let register = Invented::of(8_000);
    let table = register.table("region,sex,age");
    assert!(hidden(&table) > 50, "the order of what is hidden beside matters");
    for (order, more) in [
        (&["severity", "age", "sex", "region"][..], false),
        (&["sex", "region", "severity", "age"][..], true),
        (&["age", "region", "sex"][..], false),
    ] {
        let other = reordered(&register, order, more);
        let same = other.table("age,sex,region");
        assert_eq!((&same.asked, &same.columns), (&table.asked, &table.columns));
        for (one, other) in table.rows.iter().zip(&same.rows) {
            assert_eq!((&one.codes, one.shown, one.units), (&other.codes, other.shown, other.units));
        }
    }
}

#[test]
fn a_kept_table_is_read_back_as_it_was_and_answers_and_binds_as_before() {
    let register = Invented::of(8_000);
    let (cut, first) = (register.cut(), register.table("region,sex,age"));
    let text = first.write(cut.secret);
    let read = Ledger::read([text.as_str()], &register.vocabulary, cut.secret).unwrap();
    assert_eq!(read.released(), std::slice::from_ref(&first));
    assert_eq!(read.released()[0].write(cut.secret), text, "byte for byte");
    let mut ledger = Ledger::default();
    ledger.add(first.clone());
    for asked in ["region,sex,age", "region,severity"] {
        let request = Request::read(asked, &register.vocabulary).unwrap();
        assert_eq!(disclose(&cut, &request, &read), disclose(&cut, &request, &ledger), "{asked}");
    }
    let other = reordered(&register, &["severity", "sex", "age", "region"], true);
    let under_another = Ledger::read([text.as_str()], &other.vocabulary, cut.secret).unwrap();
    assert_eq!(under_another.released()[0].write(cut.secret), text);
    let narrow = reordered(&register, &["sex", "age"], false);
    let unknown = Ledger::read([text.as_str()], &narrow.vocabulary, cut.secret).unwrap_err();
    assert_eq!(unknown, Unreadable::Name("region".to_owned()));
}

#[test]
fn a_text_that_was_altered_or_sealed_for_another_cut_or_with_another_key_is_no_table() {
    let register = Invented::of(2_000);
    let text = register.table("sex,age").write(register.cut().secret);
    let read =
        |text: &str, secret: &Secret| Ledger::read([text], &register.vocabulary, secret).map(|_| ()).unwrap_err();
    let same = Secret::new(&[7; 32], "2025Q4");
    assert!(Ledger::read([text.as_str()], &register.vocabulary, &same).is_ok());
    for secret in [Secret::new(&[7; 32], "2026Q1"), Secret::new(&[8; 32], "2025Q4")] {
        assert_eq!(read(&text, &secret), Unreadable::Seal);
    }
    let bytes = data_encoding::BASE64.decode(text.as_bytes()).unwrap();
    let flipped = |place: usize| {
        let mut other = bytes.clone();
        other[place] ^= 1;
        data_encoding::BASE64.encode(&other)
    };
    let altered = [0, bytes.len() / 2, bytes.len() - 1].map(flipped);
    for altered in altered.into_iter().chain([text[..text.len() - 4].to_owned(), "{}".to_owned(), String::new()]) {
        assert_eq!(read(&altered, &same), Unreadable::Seal);
    }
}

#[test]
fn what_is_seen_of_a_table_in_json_and_in_a_message_does_not_say_which_hidden_cells_are_few() {
    let register = Invented::of(8_000);
    let table = register.table("region,sex,age");
    let seen = serde_json::to_string(&*table).unwrap();
    assert!(
        seen.contains("\"shown\":\"hidden\"") && seen.contains("\"shown\":{\"count\":"),
        "what is hidden has a mark"
    );
    let kept = table.write(register.cut().secret);
    let behind: serde_json::Value = stored::unsealed(&kept, register.cut().secret).unwrap();
    assert!(behind.to_string().contains("\"tells\":\"few\""), "what is kept says it");
    assert!(!kept.contains("tells") && !kept.contains("count"), "to whoever has the key");
    let (printed, facts) = (format!("{table:?}"), format!("{:?} {:?}", register.cut().facts, register.contributors[0]));
    for text in [seen, printed, facts] {
        assert!(!text.contains("few") && !text.contains("person "), "{}", &text[..200.min(text.len())]);
    }
}

#[test]
fn facts_are_read_in_the_order_in_which_the_dimensions_were_given() {
    let dimension = |name, kind| Dimension::new(name, kind, &["code"], &[("a", ""), ("b", "")]).unwrap();
    let vocabulary = Vocabulary::new(vec![dimension("sex", Kind::Known), dimension("region", Kind::Place)]);
    let one = |codes| Contributor { subject: b"one".to_vec(), unit: 1, codes };
    assert!(Facts::new(vec![one(vec![1, 2])], Units::default(), &vocabulary).is_ok());
    for codes in [vec![1], vec![1, 2, 1], vec![1, 3], vec![0, 1]] {
        assert!(Facts::new(vec![one(codes)], Units::default(), &vocabulary).is_err());
    }
}
