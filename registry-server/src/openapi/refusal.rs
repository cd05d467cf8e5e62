//! Answers that are no success: problem documents (RFC 9457), of the regions' listener with a type that agents act on, of the people's
//! with a sentence.

use std::collections::BTreeMap;

use schemas::problem::ProblemType;
use serde_json::{Map, Value, json};

use super::of;

/// Statuses that tell when to come again.
const LATER: [u16; 3] = [429, 503, 507];
/// What a problem of the people's listener may be.
const OF_PEOPLE: [(&str, &str); 7] = [
    ("400", "What is asked cannot be understood"),
    ("401", "Nobody is signed in"),
    ("403", "Not for the role of who is signed in"),
    ("404", "No such report, or nothing of it is published"),
    ("429", "Too many attempts"),
    ("500", "A defect; the instance is the number under which it was logged"),
    ("503", "It takes too long at the moment"),
];

/// The documents.
pub(super) fn schemas() -> Map<String, Value> {
    let page = json!({
        "title": "PageProblem",
        "description": "What a program gets from the people's listener instead of a report.",
        "type": "object",
        "required": ["type", "title", "status", "instance"],
        "properties": {
            "type": { "const": "about:blank" },
            "title": { "type": "string", "description": "What is wrong, in English." },
            "status": { "type": "integer" },
            "instance": { "type": ["string", "null"], "description": "Number under which a defect was logged." },
        },
        "additionalProperties": false,
    });
    Map::from_iter([("PageProblem".to_owned(), page)])
}

/// The answers of the regions' listener to a call that may end in these, by status.
pub(super) fn of_regions(kinds: &[ProblemType]) -> Map<String, Value> {
    let mut by_status: BTreeMap<u16, Vec<ProblemType>> = BTreeMap::new();
    for kind in kinds {
        by_status.entry(kind.status()).or_default().push(*kind);
    }
    by_status.into_iter().map(|(status, kinds)| (status.to_string(), answer(status, &kinds))).collect()
}

fn answer(status: u16, kinds: &[ProblemType]) -> Value {
    let titles: Vec<&str> = kinds.iter().map(|kind| kind.title()).collect();
    let narrowed = json!({ "properties": { "type": { "enum": kinds }, "status": { "const": status } } });
    let schema = json!({ "allOf": [of("schemas", "Problem"), narrowed] });
    let mut answer = json!({
        "description": titles.join(" / "),
        "content": { "application/problem+json": { "schema": schema } },
    });
    if LATER.contains(&status) {
        let seconds = json!({ "type": "integer", "minimum": 0 });
        answer["headers"] = json!({
            "Retry-After": { "description": "Seconds to wait.", "required": true, "schema": seconds },
        });
    }
    answer
}

/// The answers of the people's listener to a program.
pub(super) fn of_people() -> Map<String, Value> {
    let content = json!({ "application/problem+json": { "schema": of("schemas", "PageProblem") } });
    let told = OF_PEOPLE.map(|(status, says)| (status.to_owned(), json!({ "description": says, "content": content })));
    told.into_iter().collect()
}
