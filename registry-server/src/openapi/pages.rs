//! What people and their programs ask: an operation for each address of the table of routes.

use serde_json::{Value, json};

use super::{Paths, in_path, of, parameter, refusal, report};
use crate::present::outline::{self, Kind, Outline, roles_of_report};
use crate::report::ALL;

/// What a workbook is sent as.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The paths of the people's listener.
pub(super) fn paths() -> Paths {
    let mut paths = Paths::new();
    for one in outline::all() {
        let item = paths.entry(one.path).or_insert_with(|| json!({}));
        item[one.method.to_lowercase()] = operation(&one);
    }
    paths
}

fn operation(one: &Outline) -> Value {
    let tag = if matches!(one.kind, Kind::Report | Kind::Description) { "reports" } else { "pages" };
    let mut operation = json!({
        "operationId": id(one), "summary": one.says, "tags": [tag], "responses": responses(one.kind),
        "security": if one.roles.is_some() { json!([{ "session": [] }]) } else { json!([]) },
    });
    if let Some(roles) = &one.roles {
        operation["description"] = format!("For {}.{}", roles.join(", "), by_report(one.kind)).into();
    }
    let parameters = parameters(one);
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if one.kind == Kind::Form {
        let fields = json!({ "application/x-www-form-urlencoded": { "schema": { "type": "object" } } });
        operation["requestBody"] = json!({ "description": "The fields of the page's form.", "content": fields });
    }
    operation
}

/// Method and path in one word.
fn id(one: &Outline) -> String {
    let words = one.path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words = words.map(|word| word[..1].to_uppercase() + &word[1..]);
    let name = words.collect::<String>();
    format!("{}{}", one.method.to_lowercase(), if name.is_empty() { "Overview" } else { &name })
}

/// Who is given which report.
fn by_report(kind: Kind) -> String {
    let given = |name: &str| format!("\n* `{name}`: {}", roles_of_report(name).join(", "));
    if kind == Kind::Report { ALL.iter().map(|one| given(one.name)).collect() } else { String::new() }
}

fn parameters(one: &Outline) -> Vec<Value> {
    let mut parameters = in_path(one.path);
    match one.kind {
        Kind::Report => parameters = vec![parameter::name()],
        Kind::Page | Kind::Form | Kind::Sheet | Kind::Turn => parameters.push(of("parameters", parameter::LANG)),
        Kind::Table
        | Kind::File
        | Kind::Document
        | Kind::Workbook
        | Kind::Archive
        | Kind::Asset
        | Kind::Description => {}
    }
    if matches!(one.kind, Kind::Report | Kind::Sheet | Kind::Table) {
        parameters.extend(parameter::of_reports().keys().map(|name| of("parameters", name)));
    }
    parameters
}

fn responses(kind: Kind) -> Value {
    let given =
        |media: &str, schema: Value| json!({ "description": "Done.", "content": { media: { "schema": schema } } });
    let text = || json!({ "type": "string" });
    let page = || given("text/html", text());
    let next = json!({
        "description": "On to another page; to the form to sign in when nobody is signed in.",
        "headers": { "Location": { "required": true, "schema": text() } },
    });
    let told =
        json!({ "description": "A page that says what to do.", "content": { "text/html": { "schema": text() } } });
    match kind {
        Kind::Page | Kind::Sheet | Kind::Form | Kind::Turn => {
            json!({ "200": page(), "303": next, "4XX": told, "5XX": told })
        }
        Kind::Table | Kind::File => json!({ "200": given("text/csv", text()), "303": next, "4XX": told, "5XX": told }),
        Kind::Document => {
            let object = given("application/json", json!({ "type": "object" }));
            json!({ "200": object, "303": next, "4XX": told, "5XX": told })
        }
        Kind::Archive => {
            json!({ "200": given("application/zip", json!({})), "303": next, "4XX": told, "5XX": told })
        }
        Kind::Workbook => json!({ "200": given(WORKBOOK, json!({})), "303": next, "4XX": told, "5XX": told }),
        Kind::Asset => {
            let content = json!({ "text/css": { "schema": text() }, "image/svg+xml": { "schema": text() } });
            json!({ "200": { "description": "Done.", "content": content }, "4XX": told, "5XX": told })
        }
        Kind::Report | Kind::Description => {
            let schema = if kind == Kind::Report { report::any() } else { json!({ "type": "object" }) };
            let mut responses = refusal::of_people();
            responses.insert("200".into(), given("application/json", schema));
            responses.into()
        }
    }
}
