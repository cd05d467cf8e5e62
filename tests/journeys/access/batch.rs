//! Batches of one or two treatments, as an agent builds them, and ways to build them wrongly.

use serde_json::{Value, json};

/// The region's own value in every pseudonym of these batches.
const OWN: &str = "CVd4_FUzPrEfEBKm0_8I65ropJV8TNLHLskggemvtb0";

/// The name of every sender's state directory.
pub(crate) fn state() -> String {
    "a".repeat(32)
}

/// The first line of a sender's batch with so many records.
pub(crate) fn manifest(sender: &str, records: usize) -> Value {
    json!({
        "schema": schemas::batch::SCHEMA, "sender": sender, "environment": "test", "kid": format!("r{sender}-g1"),
        "state_id": state(), "cycle": 1, "records": records, "payload_sha256": "0".repeat(64), "rules": "0",
        "codelists": "0", "agent": "0.1.0",
    })
}

/// A treatment whose second PHQ-9 is `post`, in version (1, 1).
pub(crate) fn treatment(sender: &str, number: usize, post: u32) -> Value {
    json!({
        "kind": "treatment", "key": format!("rec1.{sender}.{number:05}{}", "a".repeat(38)),
        "version": {"generation": 1, "counter": 1},
        "content": {
            "pseudonym": format!("psn1.r{sender}-g1.{OWN}"), "programme": "depressionshjalpen",
            "unit": "SE9990120000-E002", "status": "completed", "started_on": "2024-01-01", "ended_on": "2024-03-01",
            "measurements": [
                {"instrument": "PHQ-9", "timepoint": "pre", "answered_on": "2024-01-01", "score": 15},
                {"instrument": "PHQ-9", "timepoint": "post", "answered_on": "2024-03-01", "score": post},
            ],
        },
    })
}

/// A whole batch.
pub(crate) fn batch(sender: &str, records: &[Value]) -> Vec<u8> {
    lines(&[&[manifest(sender, records.len())], records].concat())
}

/// Values as lines.
pub(crate) fn lines(values: &[Value]) -> Vec<u8> {
    values.iter().flat_map(|value| format!("{value}\n").into_bytes()).collect()
}

/// A value with one member changed; a path of names leads to it.
pub(crate) fn with(mut value: Value, path: &[&str], to: Value) -> Value {
    let mut place = &mut value;
    for name in path {
        place = &mut place[*name];
    }
    *place = to;
    value
}

/// Every text in a batch that says something of a person or a sender: none of it may come back in an answer.
pub(crate) fn secrets(batch: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for line in batch.split(|byte| *byte == b'\n') {
        if let Ok(value) = serde_json::from_slice(line) {
            collect(&value, &mut found);
        }
    }
    found.retain(|text| text.len() > 5 && text != schemas::batch::SCHEMA && text != "treatment");
    found
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
        Value::Object(members) => members.values().for_each(|value| collect(value, found)),
        _ => {}
    }
}
