//! What changed in a treatment since it was queued last, field by field.
//!
//! Promises: scores are named by instrument and timepoint; a field that did not change is not listed.
//! Must not know: where the earlier content comes from.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value};

/// A field before and now; none where it was absent.
#[derive(Debug, PartialEq, Serialize)]
pub struct Changed {
    /// What was queued last.
    pub before: Option<Value>,
    /// What would be queued.
    pub now: Option<Value>,
}

/// The fields that differ, by name.
#[must_use]
pub(super) fn difference(before: &Value, now: &Value) -> BTreeMap<String, Changed> {
    let (before, now) = (fields(before), fields(now));
    let names: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    let changed = names.into_iter().filter(|name| before.get(*name) != now.get(*name));
    changed
        .map(|name| (name.clone(), Changed { before: before.get(name).cloned(), now: now.get(name).cloned() }))
        .collect()
}

/// The fields of a treatment, each answer as one of them.
fn fields(content: &Value) -> BTreeMap<String, Value> {
    let mut fields = BTreeMap::new();
    for (name, value) in content.as_object().into_iter().flatten() {
        match value.as_array().filter(|_| name == "measurements") {
            Some(answers) => fields.extend(answers.iter().filter_map(|answer| named(answer.as_object()?))),
            None => drop(fields.insert(name.clone(), value.clone())),
        }
    }
    fields
}

fn named(answer: &Map<String, Value>) -> Option<(String, Value)> {
    let mut rest = answer.clone();
    let (instrument, timepoint) = (rest.remove("instrument")?, rest.remove("timepoint")?);
    Some((format!("{} {}", instrument.as_str()?, timepoint.as_str()?), Value::Object(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_changed_is_listed_and_a_score_by_its_instrument_and_timepoint() {
        let answer = |timepoint: &str, score: u8| json!({ "answered_on": "2024-01-11", "instrument": "PHQ-9", "score": score, "timepoint": timepoint });
        let before = json!({ "sex": "F", "messages": 3, "measurements": [answer("pre", 15), answer("post", 5)] });
        let now = json!({ "sex": "F", "unit_end": "U", "measurements": [answer("pre", 15), answer("post", 6)] });
        let changed = serde_json::to_value(difference(&before, &now)).unwrap();
        let score = |score: u8| json!({ "answered_on": "2024-01-11", "score": score });
        assert_eq!(
            changed,
            json!({
                "PHQ-9 post": { "before": score(5), "now": score(6) },
                "messages": { "before": 3, "now": null },
                "unit_end": { "before": null, "now": "U" },
            })
        );
        assert!(difference(&now, &now).is_empty());
    }
}
