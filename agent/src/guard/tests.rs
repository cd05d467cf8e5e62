//! What is stopped, in every field and form, and that nothing honest is.

mod honest;

use std::collections::BTreeSet;
use std::fs;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::field::FIELDS;
use super::*;
use crate::tests::person;

fn committed(name: &str) -> Value {
    let file = format!("{}/../schemas/json/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

fn names(schema: &Value) -> BTreeSet<String> {
    schema["properties"].as_object().unwrap().keys().cloned().collect()
}

/// The approved fields of one kind of line, without those around every record.
fn approved(place: Place) -> BTreeSet<String> {
    let own = FIELDS.iter().filter(|field| field.places != Place::RECORD && field.places.narrowed(place).is_some());
    own.map(|field| field.name.to_owned()).collect()
}

#[test]
fn the_approved_fields_are_those_of_the_wire_and_no_other() {
    let record = committed("record");
    let part = |name: &str| names(&record["$defs"][name]);
    for (kind, parts) in [
        (Kind::Treatment, vec!["Treatment", "Measurement"]),
        (Kind::Retraction, vec!["Retraction"]),
        (Kind::Unit, vec!["Unit"]),
        (Kind::Activity, vec!["Activity"]),
        (Kind::Run, vec!["Run", "Reason"]),
        (Kind::SubjectMerge, vec!["SubjectPair"]),
        (Kind::SubjectSplit, vec!["SubjectPair"]),
    ] {
        let wire: BTreeSet<String> = parts.into_iter().flat_map(part).collect();
        assert_eq!(approved(Place::of(kind)), wire, "{kind:?}: approve or remove the difference in guard/field.rs");
    }
    assert_eq!(approved(Place::MANIFEST), names(&committed("manifest")));
    let around: BTreeSet<String> =
        record["oneOf"].as_array().unwrap().iter().flat_map(names).chain(part("Version")).collect();
    let listed = FIELDS.iter().filter(|field| field.places == Place::RECORD).map(|field| field.name.to_owned());
    assert_eq!(listed.collect::<BTreeSet<_>>(), around);
}

#[test]
fn every_approved_field_is_found_by_its_name_and_no_other_name_is() {
    for field in &FIELDS {
        assert!(Field::named(field.name.as_bytes()).is_some_and(|found| found.name == field.name), "{}", field.name);
        for name in [format!("{}x", field.name), field.name[1..].to_owned(), field.name.to_uppercase()] {
            assert!(Field::named(name.as_bytes()).is_none_or(|found| found.name == name), "{name}");
        }
    }
    assert!(Field::named(b"").is_none() && Field::named(b"person_id").is_none());
}

/// The lines of an honest batch, one of each kind.
fn batch_lines() -> Vec<Value> {
    let file = format!("{}/../schemas/examples/batch.ndjson", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn bytes(lines: &[Value]) -> Vec<u8> {
    lines.iter().flat_map(|line| [canonical::bytes(line), b"\n".to_vec()].concat()).collect()
}

/// Every place of a JSON value that holds text or a number, as a pointer.
fn leaves(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| leaves(value, &format!("{pointer}/{name}"), found));
        }
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(at, value)| leaves(value, &format!("{pointer}/{at}"), found));
        }
        Value::String(_) | Value::Number(_) => found.push(pointer.to_owned()),
        Value::Null | Value::Bool(_) => (),
    }
}

#[test]
fn a_number_an_address_or_a_phone_in_any_field_of_any_line_stops_the_batch() {
    let lines = batch_lines();
    assert_eq!(batch(&bytes(&lines)), Ok(()));
    let bearer = person(3);
    let mut tried = 0;
    for place in 0..lines.len() {
        let mut pointers = Vec::new();
        leaves(&lines[place], "", &mut pointers);
        for pointer in pointers {
            for (planted, looks) in [
                (json!(bearer), Looks::Identity),
                (json!(bearer.parse::<u64>().unwrap()), Looks::Identity),
                (json!(bearer[2..].parse::<u64>().unwrap()), Looks::Identity),
                (json!(format!("x {}-{} y", &bearer[2..8], &bearer[8..])), Looks::Identity),
                (json!("någon.annan@exempel.se"), Looks::Email),
                (json!("ring 070-123 45 67"), Looks::Phone),
            ] {
                let mut altered = lines.clone();
                *altered[place].pointer_mut(&pointer).unwrap() = planted.clone();
                let leak = batch(&bytes(&altered)).expect_err(&pointer);
                let expected = if pointer == "/kind" && planted.is_string() { Looks::Unapproved } else { looks };
                assert_eq!(leak.looks, expected, "{pointer}");
                tried += 1;
            }
        }
    }
    assert!(tried > 300, "{tried}");
}

#[test]
fn a_field_that_nobody_approved_stops_the_line_also_one_of_another_kind() {
    let lines = batch_lines();
    for (place, line) in lines.iter().enumerate() {
        for name in ["person_id", "local_id", "note", "pseudonyms", if place == 0 { "name" } else { "state_id" }] {
            for target in ["", "/content", "/version", "/content/measurements/0"] {
                let mut altered = line.clone();
                let Some(fields) = altered.pointer_mut(target).and_then(Value::as_object_mut) else { continue };
                fields.insert(name.into(), json!(1));
                let mut all = lines.clone();
                all[place] = altered;
                assert_eq!(batch(&bytes(&all)).map_err(|leak| leak.looks), Err(Looks::Unapproved), "{name}: {target}");
            }
        }
    }
    assert!(content(Kind::Retraction, br#"{"birth_year":1980,"reason":"reopened"}"#).is_err());
    assert!(content(Kind::Unit, br#"{"name":"N"#).is_err(), "text without an end");
}

#[test]
fn only_a_hash_of_exact_form_in_its_own_field_is_not_searched() {
    let digits = "1".repeat(31) + &person(3);
    let hidden = |field: &str, value: &str| content(Kind::Treatment, json!({ field: value }).to_string().as_bytes());
    assert_eq!(hidden("pseudonym", &format!("psn1.r12-g1.{digits}")), Ok(()), "an HMAC may hold any digits");
    for (field, value) in [
        ("programme", format!("psn1.r12-g1.{digits}")),
        ("pseudonym", format!("psn1.r12-g1.{digits}1")),
        ("pseudonym", format!("psn1.{}.{}", person(3), "a".repeat(43)) + " "),
        ("pseudonym", person(3)),
    ] {
        assert_eq!(hidden(field, &value).map_err(|leak| leak.looks), Err(Looks::Identity), "{field}");
    }
}

#[test]
fn a_unit_named_after_its_owner_s_own_number_is_found_by_the_contract_s_column() {
    let owner = person(3);
    let unit_id = format!("SE{}-E001", &owner[2..]);
    let treatment = json!({ "unit": unit_id, "status": "completed" }).to_string();
    let leak = Leak { field: "unit_id", looks: Looks::Identity };
    assert_eq!(content(Kind::Treatment, treatment.as_bytes()), Err(leak));
    let described: Unit = serde_json::from_value(json!({ "name": "N", "county": "12" })).unwrap();
    assert_eq!(unit(&unit_id.parse().unwrap(), &described), Err(leak));
    let named: Unit = serde_json::from_value(json!({ "name": "Fråga\t\"vc@exempel.se\"", "county": "12" })).unwrap();
    let leak = Leak { field: "name", looks: Looks::Email };
    assert_eq!(unit(&"SE9990120000-E001".parse().unwrap(), &named), Err(leak), "also behind escapes");
}

proptest! {
    #[test]
    fn a_text_ends_where_json_ends_it(text in prop_oneof![".{0,40}", r#"["\\a]{0,20}"#], after in ".{0,9}") {
        let quoted = format!("{}{after}", json!(text));
        let found = string(&quoted.as_bytes()[1..]).unwrap();
        prop_assert_eq!(serde_json::from_slice::<String>(&[b"\"", found, b"\""].concat()).unwrap(), text);
    }

    #[test]
    fn a_person_s_number_is_found_among_any_words_of_a_unit_s_name(before in r#"[ a-zåäö,"\\]{0,30}"#, who in 0usize..20, after in "( .{0,20})?") {
        let bearer = person(who);
        let named = json!({ "name": format!("{before} {}-{}{after}", &bearer[2..8], &bearer[8..]) });
        prop_assert_eq!(content(Kind::Unit, &canonical::bytes(&named)).map_err(|leak| leak.looks), Err(Looks::Identity));
    }
}
