//! Rows of `units`.

use schemas::record::{Ownership, Unit};

use super::shown;
use crate::config::Maps;
use crate::map::map_unit;
use crate::source::{SourceRow, UNITS};
use crate::tests::{Mapping, person};

fn unit(mapping: &Mapping, altered: &[(&str, &str)]) -> Result<Unit, Vec<(&'static str, &'static str)>> {
    let good =
        [("unit_id", "SE9990120000-E001"), ("name", "Norra"), ("care_level", "primary"), ("ownership", "public")];
    let kept = good.iter().filter(|(name, _)| !altered.iter().any(|(other, _)| other == name));
    let row = SourceRow::of(&UNITS, &kept.chain(altered).copied().collect::<Vec<_>>());
    let mapped = map_unit(&row, &mapping.words(), &mapping.context());
    mapped.unit.map(|(_, unit)| unit).ok_or_else(|| shown(&mapped.findings))
}

#[test]
fn a_unit_lies_in_the_senders_county_unless_it_says_otherwise() {
    let mapping = Mapping::default();
    let described = unit(&mapping, &[]).unwrap();
    assert_eq!((described.county.as_str(), described.ownership), ("12", Some(Ownership::Public)));
    assert_eq!(unit(&mapping, &[("county", "Halland")]).unwrap().county, "13");
    assert_eq!(unit(&mapping, &[("county", "99")]), Err(vec![("county-unknown", "county")]));
    let private = Mapping::of("P01", Maps::default());
    assert_eq!(
        unit(&private, &[]),
        Err(vec![("county-unknown", "county")]),
        "a private caregiver's county was assumed"
    );
}

#[test]
fn local_words_for_care_level_and_ownership_are_understood_and_unknown_levels_told() {
    let maps = r#"care_level = { "Vårdcentral" = "primary" }
        ownership = { "Bolag" = "private" }"#;
    let mapping = Mapping::of("12", toml::from_str(maps).unwrap());
    let described = unit(&mapping, &[("care_level", "vårdcentral"), ("ownership", "BOLAG")]).unwrap();
    assert_eq!((described.care_level.as_deref(), described.ownership), (Some("primary"), Some(Ownership::Private)));
    assert_eq!(unit(&mapping, &[("unit_id", "Norra")]), Err(vec![("unit-form", "unit_id")]));
}

#[test]
fn an_unknown_word_for_care_level_or_ownership_costs_only_itself_and_is_told_with_its_unit() {
    let row = [("unit_id", "SE9990120000-E001"), ("name", "Norra"), ("care_level", "slottet"), ("ownership", "kronan")];
    let mapping = Mapping::default();
    let mapped = map_unit(&SourceRow::of(&UNITS, &row), &mapping.words(), &mapping.context());
    assert_eq!(shown(&mapped.findings), [("care-level-unknown", "care_level"), ("ownership-unknown", "ownership")]);
    let (_, unit) = mapped.unit.unwrap();
    assert_eq!((unit.county.as_str(), unit.care_level, unit.ownership), ("12", None, None));
    assert_eq!(mapped.local_id, "SE9990120000-E001");
}

#[test]
fn a_day_that_cannot_be_read_costs_only_itself_and_is_told() {
    let row = [("unit_id", "SE9990120000-E001"), ("valid_from", "2024-01-01"), ("valid_to", "nästa år")];
    let mapping = Mapping::default();
    let mapped = map_unit(&SourceRow::of(&UNITS, &row), &mapping.words(), &mapping.context());
    assert_eq!(shown(&mapped.findings), [("unit-form", "valid_to")]);
    let (_, unit) = mapped.unit.unwrap();
    assert_eq!((unit.valid_from, unit.valid_to), ("2024-01-01".parse().ok(), None));
}

#[test]
fn free_text_that_could_hold_an_identity_number_stops_the_description() {
    let bearer = person(6);
    let text = format!("Mottagning {}-{}", &bearer[2..8], &bearer[8..]);
    for field in ["name", "municipality", "care_provider_id"] {
        assert_eq!(unit(&Mapping::default(), &[(field, &text)]), Err(vec![("unit-form", field)]));
    }
}
