//! The catalogue as a document for programs.
//!
//! Promises: every variable with everything that the page shows, names and definitions in both languages, and what is stated of how whole
//! the newest data set is; the same lists and statements give the same bytes.

use schemas::language::{Language, Text};
use serde_json::{Value as Json, json};

use super::{Validity, Variable};
use crate::extract::package::manifest;
use crate::extract::whole::Stated;

/// What the document calls itself.
pub const SCHEMA: &str = "registry-server-catalogue/1";

/// The document; with the data set that something is stated of, where there is one.
#[must_use]
pub fn document(variables: &[Variable], whole: Option<&(String, Vec<Stated>)>) -> Json {
    let whole = whole.map(
        |(cut, stated)| json!({ "cut": cut, "statements": stated.iter().map(manifest::whole).collect::<Vec<_>>() }),
    );
    json!({ "schema": SCHEMA, "variables": variables.iter().map(variable).collect::<Vec<_>>(), "whole": whole })
}

fn variable(variable: &Variable) -> Json {
    let values = variable.values.iter().map(|value| {
        let Validity { from, to } = value.validity;
        json!({ "code": value.code, "name": both(&value.name), "valid_from": from, "valid_to": to })
    });
    let Validity { from, to } = variable.validity;
    json!({
        "id": variable.id, "kind": variable.kind.word(), "name": both(&variable.name),
        "definition": both(&variable.definition), "values": values.collect::<Vec<_>>(),
        "range": variable.range.as_ref().map(both), "valid_from": from, "valid_to": to, "source": variable.source,
    })
}

fn both(text: &Text) -> Json {
    json!({ "sv": text.pick(Language::Sv), "en": text.pick(Language::En) })
}
