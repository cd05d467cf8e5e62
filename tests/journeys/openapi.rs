//! The description of both listeners, before a validator that others wrote, and out of the built program.
//!
//! Promises: the validator is the one that `tests/npm` locks, by the schema that the OpenAPI Initiative publishes; a planted fault is
//! told by it.

use std::path::Path;
use std::process::Command;

use end_to_end::process::{SERVER, command, ended};
use schemas::document::{JSON_SCHEMAS, OPENAPI};
use serde_json::{Value, json};

const SCRIPT: &str = include_str!("../npm/openapi.mjs");

/// What the validator says of a document.
fn judged(folder: &Path, document: &Value) -> Value {
    let file = folder.join("document.json");
    std::fs::write(&file, document.to_string()).unwrap();
    let output = Command::new("node").current_dir(folder).arg("openapi.mjs").arg(&file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_openapi_document_is_valid_by_the_specification_s_own_schema_and_a_planted_fault_is_found() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("openapi.mjs"), SCRIPT).unwrap();
    std::os::unix::fs::symlink(end_to_end::npm::modules().unwrap(), folder.path().join("node_modules")).unwrap();
    let document: Value = serde_json::from_str(OPENAPI).unwrap();
    assert_eq!(judged(folder.path(), &document), json!({ "valid": true, "version": "3.1", "places": [] }));
    for (place, planted) in [
        ("/info/title", json!(7)),
        ("/paths/~1v1~1digest/get/parameters/0/in", json!("pocket")),
        ("/components/securitySchemes/certificate/type", json!("trust")),
        ("/paths/~1v1~1me/get/responses", json!({ "all": { "description": "well" } })),
    ] {
        let mut document = document.clone();
        *document.pointer_mut(place).unwrap() = planted;
        let judged = judged(folder.path(), &document);
        assert_eq!(judged["valid"], false, "{place}");
        assert!(judged["places"].as_array().is_some_and(|places| !places.is_empty()), "{place}: {judged}");
    }
}

#[test]
fn the_built_program_prints_the_description_and_writes_the_schemas_without_a_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| ended(command(SERVER, None, arguments).unwrap()).unwrap().expect(&[0]).unwrap();
    assert_eq!(run(&["export-openapi"]).stdout, OPENAPI);
    let out = folder.path().join("contract/schemas");
    let said = run(&["export-schema", out.to_str().unwrap()]).stdout;
    assert_eq!(said, format!("{} files in {}\n", JSON_SCHEMAS.len(), out.display()));
    for (name, text) in JSON_SCHEMAS {
        assert_eq!(std::fs::read_to_string(out.join(name)).unwrap(), *text, "{name}");
    }
    let told = run(&["--json", "export-schema", out.to_str().unwrap()]).json().unwrap();
    assert_eq!(told["files"].as_array().unwrap().len(), JSON_SCHEMAS.len());
}
