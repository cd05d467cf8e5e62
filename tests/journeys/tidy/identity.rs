//! Identity numbers that are not published test numbers: none may stand in the tree, not even in a fixture.
//!
//! Promises: written apart from the agent's own reader, so that a fault there does not hide a number here.

use std::collections::BTreeSet;

use super::tree::Tree;

#[test]
fn every_identity_number_in_the_tree_is_a_published_test_number() {
    let tree = Tree::here();
    let known = known_numbers(tree.text("schemas/codelists/test-identities.csv"));
    assert!(known.len() > 100, "the list of published test numbers is read");
    let found: Vec<String> = tree.files.iter().flat_map(|(path, text)| real_numbers(path, text, &known)).collect();
    assert_eq!(found, [""; 0]);

    let real = with_check_digit("850101", "123");
    let test = with_check_digit("850101", "981");
    for spelled in [real.clone(), format!("19{real}"), format!("{}-{}", &real[..6], &real[6..])] {
        let planted = format!("first line\n a \"{spelled}\" and {test} and 19{test}\n");
        assert_eq!(real_numbers("a", &planted, &known), [format!("a:2: ******-{}**", &real[6..8])], "{spelled}");
    }
    let coordination = with_check_digit("850161", "123");
    assert_eq!(real_numbers("a", &coordination, &known).len(), 1, "coordination numbers count as well");
    let wrong_digit = format!("{}{}", &real[..9], (real.as_bytes()[9] - b'0' + 1) % 10);
    assert_eq!(real_numbers("a", &wrong_digit, &known), [""; 0]);
}

/// The last ten digits of each published test number.
fn known_numbers(list: &str) -> BTreeSet<String> {
    let numbers = list.lines().skip(1).filter_map(|line| line.split(',').next());
    numbers.filter(|number| number.len() == 12).map(|number| number[2..].to_owned()).collect()
}

/// Where a number stands that could be a person's; shortened, because a list of faults must not spread it.
fn real_numbers(path: &str, text: &str, known: &BTreeSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        let numbers = candidates(content).into_iter().filter(|number| is_identity(number));
        let real = numbers.filter(|number| !is_test_serial(number) && !known.contains(number));
        found.extend(real.map(|number| format!("{path}:{line}: ******-{}**", &number[6..8])));
    }
    found
}

/// Ten digits each: the groups of 10 or 12 digits in a line, written together or with a sign before the last four.
fn candidates(line: &str) -> Vec<String> {
    let bytes = line.as_bytes();
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| byte.is_ascii_digit()) {
        match groups.last_mut() {
            Some((_, end)) if *end == at => *end += 1,
            _ => groups.push((at, at + 1)),
        }
    }
    let mut found = Vec::new();
    for (index, &(start, end)) in groups.iter().enumerate() {
        if is_fraction(bytes, start) || in_a_hash(bytes, start, end) {
            continue;
        }
        let digits = &line[start..end];
        match digits.len() {
            10 => found.push(digits.to_owned()),
            12 if is_century(digits) => found.push(digits[2..].to_owned()),
            6 | 8 => {
                let next = groups.get(index + 1).filter(|(from, to)| *from == end + 1 && to - from == 4);
                let signed = next.filter(|_| matches!(bytes[end], b'-' | b'+' | b' '));
                found.extend(signed.map(|(from, to)| format!("{}{}", &digits[digits.len() - 6..], &line[*from..*to])));
            }
            _ => {}
        }
    }
    found
}

fn is_century(digits: &str) -> bool {
    matches!(&digits[..2], "18" | "19" | "20")
}

/// Digits after a decimal point are no number of their own.
fn is_fraction(bytes: &[u8], start: usize) -> bool {
    start >= 2 && bytes[start - 1] == b'.' && bytes[start - 2].is_ascii_digit()
}

/// Digits inside a long word are part of a checksum or a key.
fn in_a_hash(bytes: &[u8], start: usize, end: usize) -> bool {
    let letters = |byte: &&u8| byte.is_ascii_alphanumeric();
    let before = bytes[..start].iter().rev().take_while(letters).count();
    let after = bytes[end..].iter().take_while(letters).count();
    before + after > 0 && before + (end - start) + after >= 32
}

fn is_identity(number: &str) -> bool {
    let part = |from: usize| number[from..from + 2].parse::<u32>().unwrap_or_default();
    let (month, day) = (part(2), part(4));
    (1..=12).contains(&month) && matches!(day, 1..=31 | 61..=91) && luhn(&number[..9]) == number.as_bytes()[9] - b'0'
}

/// Serials 980 to 999 are never given to persons.
fn is_test_serial(number: &str) -> bool {
    &number[6..8] >= "98"
}

fn with_check_digit(date: &str, serial: &str) -> String {
    let digits = format!("{date}{serial}");
    let check = luhn(&digits);
    format!("{digits}{check}")
}

fn luhn(digits: &str) -> u8 {
    let weighted = digits.bytes().zip([2, 1].into_iter().cycle()).map(|(byte, weight)| (byte - b'0') * weight);
    let sum: u8 = weighted.map(|product| product / 10 + product % 10).sum();
    (10 - sum % 10) % 10
}
