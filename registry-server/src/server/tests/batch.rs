//! Batches as an agent builds them, and ways to build them wrongly.

use serde_json::{Value, json};

/// The region's value in every pseudonym of these batches.
pub(super) const H: &str = "CVd4_FUzPrEfEBKm0_8I65ropJV8TNLHLskggemvtb0";

/// A manifest of sender 12 for so many records.
pub(super) fn manifest(records: usize) -> Value {
    json!({
        "schema": "registry-batch/1", "sender": "12", "environment": "test", "kid": "r12-g1", "state_id": "a".repeat(32),
        "cycle": 1, "records": records, "payload_sha256": "0".repeat(64), "rules": "0", "codelists": "0", "agent": "0.1.0",
    })
}

/// A treatment of sender 12 whose second PHQ-9 is `post`.
pub(super) fn treatment(number: u32, counter: u64, post: f64) -> Value {
    json!({
        "kind": "treatment", "key": format!("rec1.12.{number:03}{}", "a".repeat(40)),
        "version": {"generation": 1, "counter": counter},
        "content": {
            "pseudonym": format!("psn1.r12-g1.{H}"), "programme": "depressionshjalpen", "unit": "SE9990120000-E002",
            "status": "completed", "started_on": "2024-01-01", "ended_on": "2024-03-01",
            "measurements": [
                {"instrument": "PHQ-9", "timepoint": "pre", "answered_on": "2024-01-01", "score": 15},
                {"instrument": "PHQ-9", "timepoint": "post", "answered_on": "2024-03-01", "score": post},
            ],
        },
    })
}

/// Lines as NDJSON.
pub(super) fn lines(lines: &[Value]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in lines {
        bytes.extend_from_slice(line.to_string().as_bytes());
        bytes.push(b'\n');
    }
    bytes
}

/// A whole batch of sender 12.
pub(super) fn batch(records: &[Value]) -> Vec<u8> {
    let mut all = vec![manifest(records.len())];
    all.extend_from_slice(records);
    lines(&all)
}

/// A value with one member changed; a path of member names leads to it.
pub(super) fn with(mut value: Value, path: &[&str], to: Value) -> Value {
    let mut place = &mut value;
    for name in path {
        place = &mut place[*name];
    }
    *place = to;
    value
}
