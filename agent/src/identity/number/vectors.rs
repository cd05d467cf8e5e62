//! The committed table of spellings and faults, run against the reader: `schemas/examples/identity.csv`.
//!
//! Promises: what the table expects was not made by the reader. Each line is an input, its column `person_id_system`, the day that it is
//! read against, whether test numbers are allowed, and either normal form and type or the rule; `\u{A0}` is the character of that number.

use super::tests::{LISTS, shown, written};
use super::*;

/// One line.
#[derive(serde::Deserialize)]
struct Vector {
    input: String,
    system: String,
    reference: String,
    test_identities: String,
    normal: String,
    r#type: String,
    rule: String,
    note: String,
}

fn vectors() -> Vec<Vector> {
    let file = format!("{}/../schemas/examples/identity.csv", env!("CARGO_MANIFEST_DIR"));
    csv::Reader::from_path(file).unwrap().deserialize().collect::<Result<_, _>>().unwrap()
}

/// The text with its characters by number put in.
fn unescaped(text: &str) -> String {
    let mut parts = text.split(r"\u{");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (number, rest) = part.split_once('}').unwrap();
        let character = char::from_u32(u32::from_str_radix(number, 16).unwrap()).unwrap();
        format!("{text}{character}{rest}")
    })
}

/// What the line expects: type and digits, or a rule's id.
fn expected(vector: &Vector) -> Result<String, String> {
    if vector.rule.is_empty() { Ok(format!("{} {}", vector.r#type, vector.normal)) } else { Err(vector.rule.clone()) }
}

fn read(vector: &Vector) -> Result<String, String> {
    let tests = match vector.test_identities.as_str() {
        "allow" => TestIdentities::Allow,
        "refuse" => TestIdentities::Refuse,
        other => panic!("{}: {other}", vector.note),
    };
    let (text, system) = (unescaped(&vector.input), Some(vector.system.as_str()).filter(|system| !system.is_empty()));
    let number = read_identity(&written(&text, system, &vector.reference), tests, &LISTS);
    number.map(|number| shown(&number)).map_err(|rule| rule.id().to_owned())
}

#[test]
fn every_line_of_the_table_reads_as_it_says() {
    let vectors = vectors();
    let differing: Vec<String> = vectors
        .iter()
        .filter(|vector| read(vector) != expected(vector))
        .map(|vector| format!("{}: {} gives {:?}, not {:?}", vector.note, vector.input, read(vector), expected(vector)))
        .collect();
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn the_table_has_two_hundred_lines_and_one_for_every_rule_and_type() {
    let vectors = vectors();
    assert!(vectors.len() >= 200, "{} lines", vectors.len());
    let has_rule = |rule: Rule| vectors.iter().any(|vector| vector.rule == rule.id());
    let identity_rules = schemas::rule::ALL.iter().filter(|rule| rule.id().starts_with("identity-"));
    // The birth year stands in a column of its own; mapping compares it with the number.
    let missing: Vec<&str> = identity_rules
        .filter(|rule| **rule != Rule::IdentityBirthYear && !has_rule(**rule))
        .map(|rule| rule.id())
        .collect();
    assert_eq!(missing, [""; 0]);
    for kind in ["SE-PNR", "SE-SAM", "LOCAL:national", "LOCAL:stockholm", "LOCAL:vgr", "LOCAL:varmland"] {
        assert!(vectors.iter().any(|vector| vector.r#type == kind), "{kind}");
    }
    for listed in LISTS.test_identities().filter(|listed| listed.kind.starts_with("LOCAL")) {
        assert!(vectors.iter().any(|vector| vector.normal == listed.number), "{}", listed.number);
    }
}

#[test]
fn a_normal_form_reads_as_itself() {
    for vector in vectors().into_iter().filter(|vector| vector.rule.is_empty()) {
        let again = Vector { input: vector.normal.clone(), ..vector };
        assert_eq!(read(&again), expected(&again), "{}", again.note);
    }
}

#[test]
fn one_person_s_spellings_have_one_pseudonym_and_two_persons_never_share_one() {
    let mut next = 0;
    let keys = crate::pseudonymise::Keys::generate(&"r12-g1".parse().unwrap(), |part: &mut [u8]| {
        next += 1;
        part.fill(next);
    })
    .unwrap();
    let mut persons = std::collections::BTreeMap::new();
    for vector in vectors().into_iter().filter(|vector| vector.rule.is_empty()) {
        let (text, system) = (unescaped(&vector.input), Some(vector.system.as_str()).filter(|name| !name.is_empty()));
        let text = written(&text, system, &vector.reference);
        let number = read_identity(&text, TestIdentities::Allow, &LISTS).unwrap();
        let pseudonym = keys.pseudonym(&number).to_string();
        let person = persons.entry(pseudonym).or_insert_with(|| expected(&vector));
        assert_eq!(*person, expected(&vector), "{}", vector.note);
    }
    let distinct: std::collections::BTreeSet<_> = persons.values().collect();
    assert_eq!(distinct.len(), persons.len());
}
