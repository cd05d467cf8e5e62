//! Whole batches that are refused, and records that are refused alone. What the register answers to each is told in the server's tests.

use schemas::batch::SCHEMA;
use schemas::codelist::CodeLists;
use serde_json::{Value, json};

use super::{Content, Facts, RefusedBatch, check};

fn manifest(records: usize) -> Value {
    json!({
        "schema": SCHEMA, "sender": "12", "environment": "test", "kid": "r12-g1", "state_id": "a".repeat(32), "cycle": 1,
        "records": records, "payload_sha256": "0", "rules": "0", "codelists": "0", "agent": "0.1.0",
    })
}

fn line(kind: &str, key: &str, content: &Value) -> Value {
    json!({"kind": kind, "key": key, "version": {"generation": 1, "counter": 1}, "content": content})
}

fn run(found: u64) -> Value {
    json!({"cycle": 1, "reading": "full", "counted": "treatments", "month": "2026-10", "unit": "SE9990120000-E002",
        "programme": "sovhjalpen", "found": found, "accepted": 1, "unchanged": 0, "rejected": 0, "held": 0, "excluded": 0,
        "pending": 0})
}

const RUN: &str = "full|treatments|2026-10|SE9990120000-E002|sovhjalpen";

fn pair(old: char, new: char) -> Value {
    let pseudonym = |letter: char| format!("psn1.r12-g1.{}", letter.to_string().repeat(43));
    json!({"old": pseudonym(old), "new": pseudonym(new)})
}

/// Checks records of sender 12 and gives the broken rules as line, rule and field.
fn findings(records: &[Value], keys: &[&str]) -> Result<Vec<(u32, String, String)>, RefusedBatch> {
    let all = std::iter::once(manifest(records.len())).chain(records.iter().cloned());
    let text: Vec<String> = all.map(|value| value.to_string()).collect();
    let (lists, sender) = (CodeLists::builtin(), "12".parse().unwrap());
    let keys: Vec<_> = keys.iter().map(|key| key.parse().unwrap()).collect();
    let today = "2026-11-22".parse().unwrap();
    let facts = Facts { sender: &sender, environment: "test", keys: &keys, lists: &lists, today };
    let checked = check(text.join("\n").as_bytes(), &facts)?;
    assert_eq!(checked.records.len(), records.len());
    Ok(checked.findings.into_iter().map(|finding| (finding.line, finding.rule, finding.field)).collect())
}

#[test]
fn every_kind_of_record_is_read_and_keeps_its_own_rules() {
    let unit = json!({"name": "Enheten", "county": "12"});
    let activity = json!({"month": "2026-10", "unit": "SE9990120000-E002", "programme": "depressionshjalpen",
        "started": 1, "ended": 1, "ongoing": 0});
    let good = [
        line("unit", "SE9990120000-E002", &unit),
        line("activity", "2026-10|SE9990120000-E002|depressionshjalpen", &activity),
        line("run", RUN, &run(1)),
        // A line that does not add up is kept: its difference is what the register shows.
        line("run", RUN, &run(2)),
        line("subject_merge", &"a".repeat(43), &pair('a', 'b')),
        line("subject_split", &"b".repeat(43), &pair('a', 'b')),
        line("retraction", &format!("rec1.12.{}", "a".repeat(43)), &json!({"reason": "reopened"})),
    ];
    assert_eq!(findings(&good, &[]), Ok(vec![]));
    let escaped = json!({"name": "Enhet \\u0000", "county": "12"});
    assert_eq!(findings(&[line("unit", "SE9990120000-E002", &escaped)], &[]), Ok(vec![]));
    let bad = [
        line("unit", "Enheten", &unit),
        line("unit", "SE9990120000-E002", &json!({"name": "Enheten", "county": "99"})),
        line("activity", &"x".repeat(201), &activity),
        line("unit", "SE9990120000-E002", &json!({"name": "En\0het", "county": "12"})),
        line("run", "1\0", &run(1)),
        line("run", "1|2026-10", &run(1)),
        line("run", RUN, &json!({"month": "2026-10"})),
        line("retraction", &format!("rec1.01.{}", "a".repeat(43)), &json!({"reason": "reopened"})),
        line("subject_merge", &"a".repeat(43), &pair('a', 'a')),
        line("subject_merge", "1", &pair('a', 'b')),
        line("subject_split", &"a".repeat(43), &json!({"old": "1", "new": "2"})),
    ];
    let expected = [
        (1, "record-shape", "key"),
        (2, "county-unknown", "county"),
        (3, "record-shape", "key"),
        (4, "record-shape", "content"),
        (5, "record-shape", "content"),
        (6, "record-shape", "key"),
        (7, "record-shape", "content"),
        (8, "record-sender", "key"),
        (9, "record-shape", "new"),
        (10, "record-shape", "key"),
        (11, "record-shape", "content"),
    ];
    assert_eq!(findings(&bad, &[]).unwrap(), expected.map(|(line, rule, field)| (line, rule.into(), field.into())));
}

#[test]
fn once_a_sender_has_keys_its_first_one_is_no_longer_taken_for_granted() {
    assert_eq!(findings(&[], &[]), Ok(vec![]));
    assert_eq!(findings(&[], &["r12-g1"]), Ok(vec![]));
    assert_eq!(findings(&[], &["r12-g2"]), Err(RefusedBatch::Key(1)));
    let foreign = json!({"old": pair('a', 'b')["old"], "new": format!("psn1.r12-g2.{}", "b".repeat(43))});
    assert_eq!(findings(&[line("subject_merge", &"a".repeat(43), &foreign)], &[]), Err(RefusedBatch::Key(2)));
}

#[test]
fn a_blank_line_is_no_record() {
    assert_eq!(findings(&[], &[]), Ok(vec![]));
    let (lists, sender) = (CodeLists::builtin(), "12".parse().unwrap());
    let today = "2026-11-22".parse().unwrap();
    let facts = Facts { sender: &sender, environment: "test", keys: &[], lists: &lists, today };
    let text = format!("{}\n\n{}\n", manifest(1), line("run", RUN, &run(1)));
    assert_eq!(check(text.as_bytes(), &facts).unwrap_err(), RefusedBatch::Line(2));
    let text = format!("{}\n{}\n", manifest(1), line("run", RUN, &run(1)));
    let checked = check(text.as_bytes(), &facts).unwrap();
    assert!(matches!(checked.records[0].as_ref().unwrap().content, Content::Run(_)));
}
