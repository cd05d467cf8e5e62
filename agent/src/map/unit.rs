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

/// A description of a unit, as far as it can be used.
pub struct MappedUnit {
    /// The source's id of the unit, or nothing where it could be an identity number.
    pub local_id: String,
    /// The description; none when its id, county or free text cannot be used.
    pub unit: Option<(HsaId, Unit)>,
    /// What was wrong with it.
    pub findings: Vec<Finding>,
}

/// Reads one row of `units`. A word for care level or ownership that means nothing here, or a day that cannot be read, costs only itself.
#[must_use]
pub fn map_unit(row: &SourceRow, words: &Words<'_>, context: &Context<'_>) -> MappedUnit {
    let local_id = row.get("unit_id").filter(|id| !looks_like_identity(id)).unwrap_or_default().to_owned();
    if let Some(rule) = row.fault() {
        return MappedUnit { local_id, unit: None, findings: vec![Finding::new(rule, "row")] };
    }
    let mut findings = Vec::new();
    let key: Option<HsaId> = row.get("unit_id").and_then(|word| words.unit(word).parse().ok());
    let county = row.get("county").map(str::to_owned);
    let county = county.or_else(|| (!context.sender.is_private()).then(|| context.sender.to_string()));
    let (Some(key), Some(county)) = (&key, county) else {
        let broken = if key.is_none() { (Rule::UnitForm, "unit_id") } else { (Rule::CountyUnknown, "county") };
        return MappedUnit { local_id, unit: None, findings: vec![Finding::new(broken.0, broken.1)] };
    };
    let unit = describe(row, words, (key, county, context), &mut findings);
    let warnings = findings.len();
    findings.extend(check_unit(key, &unit, &context.rules()));
    for (text, field) in [
        (Some(&unit.name), "name"),
        (unit.care_provider_id.as_ref(), "care_provider_id"),
        (unit.municipality.as_ref(), "municipality"),
    ] {
        if text.is_some_and(|text| looks_like_identity(text)) {
            findings.push(Finding::new(Rule::UnitForm, field));
        }
    }
    let usable = findings.len() == warnings;
    MappedUnit { local_id, unit: usable.then(|| (key.clone(), unit)), findings }
}

fn describe(
    row: &SourceRow,
    words: &Words<'_>,
    (key, county, context): (&HsaId, String, &Context<'_>),
    findings: &mut Vec<Finding>,
) -> Unit {
    let text = |field: &str| row.get(field).map(str::to_owned);
    let care_level = row.get("care_level").map(|word| words.care_level(word));
    let ownership = row.get("ownership").map(|word| words.ownership(word));
    if care_level == Some(None) {
        findings.push(Finding::new(Rule::CareLevelUnknown, "care_level"));
    }
    if ownership == Some(None) {
        findings.push(Finding::new(Rule::OwnershipUnknown, "ownership"));
    }
    let mut date = |field: &'static str| {
        let written = row.get(field)?;
        let read = value::date(written, &context.zone);
        if read.is_none() {
            findings.push(Finding::new(Rule::UnitForm, field));
        }
        read
    };
    Unit {
        name: text("name").unwrap_or_else(|| key.to_string()),
        care_level: care_level.flatten(),
        ownership: ownership.flatten(),
        county: context.lists.find_region(&county).map_or(county, |region| region.code.clone()),
        care_provider_id: text("care_provider_id"),
        municipality: text("municipality"),
        valid_from: date("valid_from"),
        valid_to: date("valid_to"),
        successor_id: row.get("successor_id").map(|word| words.unit(word).to_owned()),
    }
}
