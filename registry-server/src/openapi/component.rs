//! What travels, as the committed JSON Schemas say it: each under its title, and what several of them use once.
//!
//! Promises: nothing is changed but where a reference leads.

use schemas::document::JSON_SCHEMAS;
use serde_json::{Map, Value};

/// Every committed schema and what they share, by name.
pub(super) fn committed() -> Map<String, Value> {
    let mut all = Map::new();
    for (file, text) in JSON_SCHEMAS.iter().filter(|(file, _)| *file != "rules.json") {
        let mut schema: Map<String, Value> = serde_json::from_str(text).unwrap();
        schema.remove("$schema");
        let title = schema["title"].as_str().unwrap_or_else(|| panic!("{file} has no title")).to_owned();
        let shared = schema.remove("$defs");
        for (name, shared) in shared.iter().flat_map(|shared| shared.as_object().unwrap()) {
            add(&mut all, name, shared.clone());
        }
        add(&mut all, &title, Value::Object(schema));
    }
    all
}

fn add(all: &mut Map<String, Value>, name: &str, mut schema: Value) {
    lead_to_components(&mut schema);
    if let Some(known) = all.get(name) {
        assert_eq!(*known, schema, "two things on the wire are called {name}");
    }
    all.insert(name.to_owned(), schema);
}

fn lead_to_components(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                match inner {
                    Value::String(place) if name == "$ref" => {
                        *place = place.replace("#/$defs/", "#/components/schemas/");
                    }
                    inner => lead_to_components(inner),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(lead_to_components),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
