//! Reports as documents: the columns that each one's own program makes, with heading, unit and what may stand there.
//!
//! Promises: a column without a heading does not get in; a dimension that was not asked for is not there, every other column always is.

use schemas::language::Language;
use serde_json::{Map, Value, json};

use super::of;
use crate::aggregate::dimension::Dimension;
use crate::fact::Facts;
use crate::report::heading::{Unit, heading_in};
use crate::report::tests::invented;
use crate::report::{ALL, Definition, Parameters, Report};

/// Parameters that a document lists although nobody can ask for them there.
const TOLD: [&str; 2] = ["thresholds", "cut"];

/// Name, schema of a figure that is neither undefined nor hidden, and what it is.
fn figures() -> [(&'static str, Value, &'static str); 9] {
    let number = || json!({ "type": "number" });
    [
        ("Label", json!({ "type": ["string", "number"] }), "A word, a code or a day."),
        ("Count", json!({ "type": "integer", "minimum": 0 }), "How many."),
        ("Share", json!({ "type": "number", "minimum": 0, "maximum": 1 }), "A share."),
        ("Points", number(), "Points of the instrument."),
        ("Days", number(), "Days."),
        ("PersonYears", json!({ "type": "number", "minimum": 0 }), "Inhabitants times years."),
        ("PerThousand", json!({ "type": "number", "minimum": 0 }), "Treatments per 1000 inhabitants and year."),
        ("Deviations", number(), "Standard deviations."),
        ("PerCent", number(), "Per cent."),
    ]
}

fn figure(unit: Unit) -> &'static str {
    match unit {
        Unit::None => "Label",
        Unit::Count => "Count",
        Unit::Share => "Share",
        Unit::Points => "Points",
        Unit::Days => "Days",
        Unit::PersonYears => "PersonYears",
        Unit::PerThousand => "PerThousand",
        Unit::Deviations => "Deviations",
        Unit::PerCent => "PerCent",
    }
}

/// Every report, what they list, and the kinds of figure.
pub(super) fn schemas() -> Map<String, Value> {
    let mut all = Map::new();
    let hidden = json!({
        "description": "A figure that this reader may not see; never 0 and never left out.",
        "type": "object", "required": ["hidden"], "properties": { "hidden": { "const": true } }, "additionalProperties": false,
    });
    all.insert("Hidden".into(), hidden);
    for (name, schema, says) in figures() {
        let kinds = json!([schema, { "type": "null" }, of("schemas", "Hidden")]);
        all.insert(
            name.into(),
            json!({ "description": format!("{says} Null where it is undefined."), "oneOf": kinds }),
        );
    }
    all.insert("ReportParameters".into(), parameters());
    all.extend(ALL.iter().map(|definition| (name(definition), document(definition))));
    all
}

/// Any of the reports, told apart by its name.
pub(super) fn any() -> Value {
    let place = |definition: &Definition| format!("#/components/schemas/{}", name(definition));
    let each: Vec<Value> = ALL.iter().map(|definition| of("schemas", &name(definition))).collect();
    let mapping: Map<String, Value> = ALL.iter().map(|one| (one.name.to_owned(), place(one).into())).collect();
    json!({ "oneOf": each, "discriminator": { "propertyName": "report", "mapping": mapping } })
}

fn name(definition: &Definition) -> String {
    format!("report-{}", definition.name)
}

fn document(definition: &Definition) -> Value {
    let empty = invented::report(Facts::default(), definition.name, &[("by", "")]);
    json!({
        "title": name(definition),
        "description": definition.meaning.pick(Language::En),
        "type": "object",
        "required": ["schema", "report", "definition_version", "as_of", "parameters", "rows", "notes"],
        "properties": {
            "schema": { "const": empty.schema },
            "report": { "const": definition.name },
            "definition_version": { "const": definition.version, "description": "Raised whenever a column changes its meaning." },
            "as_of": { "type": "string", "format": "date-time", "description": "When the figures were made." },
            "parameters": of("schemas", "ReportParameters"),
            "rows": { "type": "array", "items": row(&empty) },
            "notes": { "type": "array", "items": { "type": "string" }, "description": "What must stand beside the figures." },
        },
        "additionalProperties": false,
    })
}

/// A row: its own columns, and those of the dimensions that were asked for.
fn row(empty: &Report) -> Value {
    let dimensions = Dimension::ALL.map(Dimension::name);
    let optional =
        dimensions.iter().copied().chain(["whose"]).filter(|name| !empty.columns.iter().any(|own| own == name));
    let optional: Vec<String> = optional.map(str::to_owned).collect();
    let columns = empty.columns.iter().chain(&optional);
    let properties: Map<String, Value> = columns.map(|name| (name.clone(), column(empty.report, name))).collect();
    json!({ "type": "object", "required": empty.columns, "properties": properties, "additionalProperties": false })
}

fn column(report: &str, name: &str) -> Value {
    let heading = heading_in(report, name).unwrap_or_else(|| panic!("the column {name} of {report} has no heading"));
    let mut schema = of("schemas", figure(heading.unit));
    schema["title"] = heading.text.pick(Language::En).into();
    schema
}

fn parameters() -> Value {
    let names = Parameters::default().listed().into_iter().map(|(name, _)| name);
    let text = json!({ "type": ["string", "null"] });
    let kept = Dimension::ALL.map(Dimension::name);
    let properties: Map<String, Value> =
        names.clone().chain(TOLD).chain(kept).map(|name| (name.to_owned(), text.clone())).collect();
    json!({
        "description": "Every parameter as text, also those that the report does not use; null where none was given, and none of what is kept \
            where nothing is left out.",
        "type": "object", "required": names.collect::<Vec<_>>(), "properties": properties, "additionalProperties": false,
    })
}
