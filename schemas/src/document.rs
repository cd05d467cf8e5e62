//! The machine-readable contract, inside the programs: the JSON Schemas of what travels, and the OpenAPI document of both listeners.
//!
//! Promises: the bytes of the files under `json/` and `openapi/`, which tests keep equal to a fresh making.

/// The OpenAPI document (3.1) of the register, as it is committed.
pub const OPENAPI: &str = include_str!("../openapi/register.json");

/// Names of files, and their texts.
macro_rules! committed {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../json/", $name)))),+]
    };
}

/// Every JSON Schema and the rule list: name of the file and text, by name.
pub const JSON_SCHEMAS: &[(&str, &str)] = committed![
    "attestation.json",
    "case-reply.json",
    "checkpoint.json",
    "codelists.json",
    "digest.json",
    "erasure.json",
    "extract-request.json",
    "generation-request.json",
    "generation.json",
    "key-reset-answer.json",
    "key-reset.json",
    "lift.json",
    "lifted.json",
    "manifest.json",
    "me.json",
    "pause.json",
    "person-extract.json",
    "problem.json",
    "receipt.json",
    "record.json",
    "rules.json",
    "withdrawal.json",
    "year-cut.json",
];
