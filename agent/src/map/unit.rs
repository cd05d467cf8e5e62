//! One row of `units`.
//!
//! Promises: a unit's description is public; one that cannot be used, or whose free text could hold an identity number, is told and
//! left out, and its treatments still go.

use schemas::id::HsaId;
use schemas::record::Unit;
use schemas::rule::{Finding, Rule, check_unit};

use super::{Context, Words, value};
use crate::identity::looks_like_identity;
use crate::source::SourceRow;

/// Reads one row of `units`.
///
/// # Errors
/// The rules that the description breaks.
pub fn map_unit(row: &SourceRow, words: &Words<'_>, context: &Context<'_>) -> Result<(HsaId, Unit), Vec<Finding>> {
    let text = |field: &str| row.get(field).map(str::to_owned);
    let date = |field: &str| row.get(field).and_then(|text| value::date(text, &context.zone));
    let key: HsaId = row
        .get("unit_id")
        .and_then(|word| words.unit(word).parse().ok())
        .ok_or_else(|| vec![Finding::new(Rule::UnitForm, "unit_id")])?;
    let county = text("county")
        .or_else(|| (!context.sender.is_private()).then(|| context.sender.to_string()))
        .ok_or_else(|| vec![Finding::new(Rule::CountyUnknown, "county")])?;
    let unit = Unit {
        name: text("name").unwrap_or_else(|| key.to_string()),
        care_level: row.get("care_level").map(|word| words.care_level(word).unwrap_or_else(|| word.to_owned())),
        ownership: row.get("ownership").and_then(|word| words.ownership(word)),
        county: context.lists.find_region(&county).map_or(county, |region| region.code.clone()),
        care_provider_id: text("care_provider_id"),
        municipality: text("municipality"),
        valid_from: date("valid_from"),
        valid_to: date("valid_to"),
        successor_id: row.get("successor_id").map(|word| words.unit(word).to_owned()),
    };
    let mut findings = check_unit(&key, &unit, &context.rules());
    for (text, field) in [
        (Some(&unit.name), "name"),
        (unit.care_provider_id.as_ref(), "care_provider_id"),
        (unit.municipality.as_ref(), "municipality"),
    ] {
        if text.is_some_and(|text| looks_like_identity(text)) {
            findings.push(Finding::new(Rule::UnitForm, field));
        }
    }
    if findings.is_empty() { Ok((key, unit)) } else { Err(findings) }
}
