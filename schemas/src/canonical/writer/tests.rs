//! Every value is written as by the reference writer, or left to it.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::write;
use crate::record::{Measurement, Timepoint, Treatment};

/// What the reference writer writes.
fn reference<T: serde::Serialize>(value: &T) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value).unwrap()
}

fn same<T: serde::Serialize>(value: &T) {
    let written = write(value).expect("this writer knows it");
    assert_eq!(String::from_utf8(written).unwrap(), String::from_utf8(reference(value)).unwrap());
}

#[test]
fn numbers_texts_and_empty_things_are_written_as_by_the_reference_writer() {
    for number in
        [0.0, -0.0, 1.0, -7.0, 0.1, 2.833_333_333_333_333_5, 1e21, 1e-7, 9_007_199_254_740_991.0, 1e300, f64::MIN]
    {
        same(&number);
    }
    same(&(u32::MAX, i64::from(i32::MIN), 1_u8 << 7, None::<bool>, true, ()));
    same(&json!({"b": [], "a": {}, "": "", "c": [{"z": 1, "a": [[], [1]]}, {}]}));
    same(&"\u{0}\u{8}\t\n\u{b}\u{c}\r\u{1f} \"\\/ å 😀 \u{7f}");
}

#[test]
fn what_this_writer_does_not_know_is_left_to_the_reference_writer() {
    assert_eq!(write(&json!({"å": 1})), None);
    assert_eq!(write(&json!({"a\"": 1})), None);
    assert_eq!(write(&(u64::MAX)), None);
    assert_eq!(write(&f64::NAN), None);
    let raw: Box<serde_json::value::RawValue> = serde_json::from_str("{\"b\": 1, \"a\": 2}").unwrap();
    assert_eq!(write(&raw), None);
    assert_eq!(write(&std::collections::BTreeMap::from([(1, 2)])), None);
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::from),
        (-1_000_000_i64..1_000_000).prop_map(Value::from),
        (-400_i32..400).prop_map(|quarters| Value::from(f64::from(quarters) / 4.0)),
        ".{0,12}".prop_map(Value::from),
        "[\\x00-\\x7f]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            proptest::collection::btree_map("[ !#-\\[\\]-~]{0,6}", inner, 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn any_treatment() -> impl Strategy<Value = Treatment> {
    let measurement =
        ("[A-Z]{1,4}-[0-9]", 1_u8..=99, 0_i32..=400, 1_i16..=28).prop_map(|(instrument, number, quarters, day)| {
            Measurement {
                instrument,
                timepoint: [Timepoint::Pre, Timepoint::Weekly(number), Timepoint::FollowupMonths(number)]
                    [usize::from(number % 3)],
                answered_on: jiff::civil::date(2024, 2, i8::try_from(day).unwrap()),
                score: f64::from(quarters) / 4.0,
            }
        });
    (proptest::collection::vec(measurement, 0..20), ".{0,10}", proptest::option::of(0_u32..4_000)).prop_map(
        |(measurements, programme, minutes)| {
            let content = json!({
                "pseudonym": format!("psn1.r12-g1.{}", "a".repeat(43)), "programme": programme, "unit": "SE9990120000-E002",
                "status": "completed", "started_on": "2024-01-01", "ended_on": "2024-02-01", "sex": "F", "birth_year": 1980,
                "diagnoses": ["F32.1"], "therapist_minutes": minutes, "measurements": [],
            });
            Treatment { measurements, ..serde_json::from_value(content).unwrap() }
        },
    )
}

proptest! {
    #[test]
    fn any_value_with_plain_keys_is_written_as_by_the_reference_writer(value in any_value()) {
        same(&value);
    }

    #[test]
    fn any_treatment_is_written_as_by_the_reference_writer(treatment in any_treatment()) {
        same(&treatment);
    }
}
