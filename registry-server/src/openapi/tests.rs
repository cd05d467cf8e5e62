//! Whether the document is what the program answers by.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::str::FromStr;

use schemas::document::OPENAPI;
use serde_json::{Value, json};

use super::answered::{Answered, complaint};
use super::parameter::choices;
use super::{document, text};
use crate::aggregate::period::PeriodKind;
use crate::aggregate::plan::{Attribution, Cohort, Follow};
use crate::fact::Facts;
use crate::outcome::Comparison;
use crate::present;
use crate::report::tests::invented;
use crate::report::{ALL, Parameters};
use crate::server::calls::{Call, Method};

/// Words of a path's item that are methods.
const METHODS: [&str; 4] = ["GET", "PUT", "POST", "DELETE"];

#[test]
fn the_committed_document_is_current() {
    if std::env::var_os("UPDATE_GENERATED").is_some_and(|value| value == "1") {
        let file: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "schemas", "openapi", "register.json"].iter().collect();
        std::fs::write(file, text()).unwrap();
        return;
    }
    assert!(
        text() == OPENAPI,
        "schemas/openapi/register.json is not current; after an intended change, run \
         UPDATE_GENERATED=1 cargo test -p registry-server --lib openapi and commit the difference"
    );
}

#[test]
fn every_address_of_both_tables_has_its_operation_and_every_operation_its_address() {
    let document = document();
    assert_eq!(unmatched(&document), [""; 0]);
    assert!(addresses().len() > 50, "both tables are read");

    let mut planted = document;
    let paths = planted["paths"].as_object_mut().unwrap();
    paths["/v1/pause"].as_object_mut().unwrap().remove("delete");
    paths.remove("/api/v1/reports/{name}");
    paths.insert("/v1/secrets".into(), json!({ "get": {} }));
    assert_eq!(
        unmatched(&planted),
        ["DELETE /v1/pause", "GET /api/v1/reports/{name}", "GET /v1/secrets"],
        "what was planted is found"
    );
}

#[test]
fn every_form_is_a_valid_schema_and_every_reference_leads_somewhere() {
    let document = document();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(jsonschema::meta::is_valid(schema), "{name}");
    }
    let mut places = Vec::new();
    references(&document, &mut places);
    assert!(places.len() > 100, "references are found");
    let nowhere: Vec<&str> =
        places.into_iter().filter(|place| document.pointer(place.trim_start_matches('#')).is_none()).collect();
    assert_eq!(nowhere, [""; 0]);
    assert!(document.pointer("/components/schemas/Nothing").is_none(), "what is not there is not found");
}

fn references<'a>(value: &'a Value, places: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            places.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|inner| references(inner, places));
        }
        Value::Array(items) => items.iter().for_each(|inner| references(inner, places)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What stands in the tables and not in the document, or the other way round.
fn unmatched(document: &Value) -> Vec<String> {
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let methods = METHODS.iter().filter(|method| item.get(method.to_lowercase()).is_some());
        described.extend(methods.map(|method| format!("{method} {path}")));
    }
    addresses().symmetric_difference(&described).cloned().collect()
}

fn addresses() -> BTreeSet<String> {
    let calls = Call::ALL.map(|call| {
        let (method, path) = call.place();
        let word = match method {
            Method::Get => "GET",
            Method::Put => "PUT",
            Method::Post => "POST",
            Method::Delete => "DELETE",
        };
        format!("{word} {path}")
    });
    present::addresses().map(|(method, path)| format!("{method} {path}")).chain(calls).collect()
}

#[test]
fn every_choice_that_the_document_names_is_read_and_an_operation_has_one_name() {
    fn read<T: FromStr>(choices: &[String]) -> bool {
        choices.len() > 1 && choices.iter().all(|choice| choice.parse::<T>().is_ok())
    }
    assert!(read::<Cohort>(&choices::<Cohort>()) && read::<Attribution>(&choices::<Attribution>()));
    assert!(read::<Follow>(&choices::<Follow>()) && read::<PeriodKind>(&choices::<PeriodKind>()));
    let document = document();
    let of = |name: &str| &document["components"]["parameters"][name]["schema"];
    for word in of("comparison")["anyOf"][0]["enum"].as_array().unwrap() {
        let word = word.as_str().unwrap();
        assert!(word == "all" || word.parse::<Comparison>().is_ok(), "{word}");
    }
    for word in of("by")["items"]["enum"].as_array().unwrap() {
        assert!(Parameters::from_pairs([("by", word.as_str().unwrap())]).is_ok(), "{word}");
    }
    let items = document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    let names: Vec<&str> = items.filter_map(|operation| operation["operationId"].as_str()).collect();
    let different: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!([names.len(), different.len()], [addresses().len(); 2], "{names:?}");
}

#[test]
fn a_report_has_the_columns_of_the_document_whatever_it_is_asked_for() {
    let dimensions = crate::aggregate::dimension::Dimension::ALL.map(crate::aggregate::dimension::Dimension::name);
    let asked: [&[(&str, &str)]; 6] = [
        &[],
        &[("by", "")],
        &[("by", "region"), ("period", "year")],
        &[("by", ""), ("comparison", "all"), ("cohort", "started")],
        &[("by", "programme"), ("period", "rolling12"), ("instrument", "PHQ-9")],
        &[("by", "region"), ("structure", "current"), ("attribution", "end")],
    ];
    for definition in ALL {
        let own = columns(definition.name, &[("by", "")]);
        for asked in asked {
            let mut columns = columns(definition.name, asked);
            columns.retain(|name| own.contains(name) || !dimensions.contains(&name.as_str()));
            assert_eq!(columns, own, "{} {asked:?}", definition.name);
        }
    }
}

fn columns(name: &str, asked: &[(&str, &str)]) -> Vec<String> {
    invented::report(Facts::default(), name, asked).columns
}

#[test]
fn an_answer_that_is_not_as_described_is_found() {
    const JSON: &str = "application/json";
    const PROBLEM: &str = "application/problem+json";
    let told = |status, media, retry_after, body: &str| {
        let answered =
            Answered { method: "POST", path: "/v1/generation", status, media, retry_after, body: body.as_bytes() };
        complaint(&answered).unwrap_or_default()
    };
    let busy = json!({ "type": "/problems/busy", "title": "a", "status": 503, "detail": "b" }).to_string();
    assert_eq!(told(200, JSON, false, "{\"generation\":1}"), "");
    assert_eq!(told(503, PROBLEM, true, &busy), "");
    for (answer, says) in [
        (told(201, JSON, false, "{}"), "the status is not described"),
        (told(200, "text/html", false, ""), "\"text/html\" is not described"),
        (told(200, JSON, false, "{"), "it is no JSON"),
        (told(200, JSON, false, "{\"generation\":\"1\"}"), "/generation is against"),
        (told(200, JSON, true, "{\"generation\":1}"), "Retry-After is described"),
        (told(503, PROBLEM, false, &busy), "Retry-After is described"),
        (told(503, PROBLEM, true, &busy.replace("busy", "disk-full")), "/type is against"),
    ] {
        assert!(answer.starts_with(says), "{answer} instead of {says}");
    }
}
