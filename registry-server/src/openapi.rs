//! The description of both listeners as one OpenAPI document (3.1), made from the tables that the program itself answers by.
//!
//! Promises: the committed document is what is made here (`UPDATE_GENERATED=1` writes it anew); every address of both tables has one
//! operation and no operation is without an address; lists of choices and columns come from the code that reads and makes them. It is
//! part of the tests alone: the program hands out the committed text.

/// Answers of a running register, held against the description.
pub(crate) mod answered;
/// What travels, as the committed JSON Schemas say it.
mod component;
/// What people and their programs ask.
mod pages;
/// What a report can be asked for.
mod parameter;
/// Answers that are no success.
mod refusal;
/// What a region asks.
mod region;
/// Reports as documents.
mod report;

use serde_json::{Map, Value, json};

/// Operations by path and method.
type Paths = Map<String, Value>;

/// The whole document.
pub(crate) fn document() -> Value {
    let mut paths = region::paths();
    paths.extend(pages::paths());
    let mut schemas = component::committed();
    schemas.extend(report::schemas());
    schemas.extend(refusal::schemas());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Federated register of internet-delivered psychological treatment",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "What a region's agent and what people's programs ask of the register.",
            "description": "Two listeners: the regions' (TLS 1.3, a client certificate of the register's authority) and the people's (TLS, \
                a session). The figures are the same, under the same rules, as on the pages and on the command line.",
            "license": { "name": "EUPL-1.2", "identifier": "EUPL-1.2" },
        },
        "servers": [host("The people's listener", "8444")],
        "tags": [
            { "name": "regions", "description": "One region's agent: deliver, withdraw, compare, sign." },
            { "name": "reports", "description": "Figures for other programs." },
            { "name": "pages", "description": "The same for people, as pages, files and forms." },
        ],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": parameter::all(),
            "securitySchemes": {
                "certificate": {
                    "type": "mutualTLS",
                    "description": "The sender is the certificate's URI name spiffe://register/ENVIRONMENT/sender/CODE, and nothing else.",
                },
                "session": {
                    "type": "apiKey", "in": "cookie", "name": crate::present::outline::SESSION,
                    "description": "The cookie that signing in gives; twelve hours at most.",
                },
            },
        },
    })
}

/// The document as it is committed.
pub(crate) fn text() -> String {
    format!("{:#}\n", document())
}

/// A listener; its host and port are the register's own.
fn host(description: &str, port: &str) -> Value {
    json!({
        "url": "https://{host}:{port}",
        "description": description,
        "variables": { "host": { "default": "localhost" }, "port": { "default": port } },
    })
}

/// A reference to a component.
fn of(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// The parameters that a path holds in braces, as text.
fn in_path(path: &str) -> Vec<Value> {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    names.map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })).collect()
}

mod tests;
