//! What must hold for the lists that are compiled in, and for a local file laid over them.
//!
//! Promises: whoever adds a line and errs is told here. Must not know: how lists are stored.

use std::collections::BTreeSet;

use super::*;
use crate::record::Status;

mod additions;
mod seed_spellings;

#[test]
fn every_list_is_read_and_refers_only_to_lines_that_exist() {
    let lists = CodeLists::builtin();
    lists.check_references().unwrap();
    let lines = [
        lists.programmes().count(),
        lists.instruments().count(),
        lists.regions().count(),
        lists.populations().count(),
        lists.severity_bands().count(),
        lists.diagnosis_groups().count(),
        lists.care_levels().count(),
        lists.age_bands().count(),
        lists.end_reasons().count(),
        lists.ownerships().count(),
        lists.test_identities().count(),
    ];
    assert!(lines.iter().all(|count| *count > 0), "{lines:?}");
}

#[test]
fn every_programme_code_follows_from_its_name() {
    for programme in CodeLists::builtin().programmes() {
        assert_eq!(programme.code, programme_code(&programme.name), "{}", programme.name);
    }
}

#[test]
fn the_own_anxiety_measures_are_those_the_composite_is_defined_with() {
    let lists = CodeLists::builtin();
    for (code, measure) in [
        ("oroshjalpen", "GAD-7"),
        ("oro-och-angest", "PSWQ"),
        ("depressionshjalpen", "GAD-7"),
        ("angesthjalpen", "GAD-7"),
        ("stresshjalpen", "GAD-7"),
    ] {
        assert_eq!(lists.programme(code).unwrap().anxiety_instrument.as_deref(), Some(measure), "{code}");
    }
    for support in lists.programmes().filter(|p| p.kind == ProgrammeKind::Support) {
        assert_eq!((&support.primary_instrument, &support.anxiety_instrument), (&None, &None), "{}", support.code);
    }
}

#[test]
fn a_remission_limit_lies_on_the_healthy_side_of_the_cut_off() {
    for instrument in CodeLists::builtin().instruments() {
        if let (Some(caseness), Some(remission)) = (instrument.caseness_from, instrument.remission_to) {
            assert!(remission < caseness && !instrument.higher_is_better, "{}", instrument.code);
        }
    }
}

#[test]
fn instruments_with_reversed_or_weighted_items_are_not_recomputed() {
    let lists = CodeLists::builtin();
    for code in ["PSWQ", "PSS-10", "CES-D", "CORE-10", "CSQ-8", "BBQ", "EDE-Q", "EQ-5D", "HAMD"] {
        assert_eq!(lists.instrument(code).unwrap().scoring, Scoring::None, "{code}");
    }
}

#[test]
fn the_regions_are_the_21_counties_with_their_inhabitants() {
    let lists = CodeLists::builtin();
    let codes: BTreeSet<&str> = lists.regions().map(|region| region.code.as_str()).collect();
    let gaps: BTreeSet<String> = (1..=25).map(|n| format!("{n:02}")).filter(|n| !codes.contains(n.as_str())).collect();
    assert_eq!((codes.len(), gaps), (21, ["02", "11", "15", "16"].map(str::to_owned).into()));
    assert_eq!(lists.regions().map(|region| region.population_2021).sum::<u64>(), 10_435_447);
    for region in lists.regions() {
        let population =
            lists.populations().find(|p| p.region == region.code && p.year == 2021 && p.is_whole()).unwrap();
        assert_eq!(population.population, region.population_2021, "{}", region.name);
    }
}

#[test]
fn severity_bands_cover_their_instrument_without_gap_or_overlap() {
    let lists = CodeLists::builtin();
    let banded: BTreeSet<&str> = lists.severity_bands().map(|band| band.instrument.as_str()).collect();
    for code in banded {
        let instrument = lists.instrument(code).unwrap();
        let bands: Vec<&SeverityBand> = lists.severity_bands().filter(|band| band.instrument == code).collect();
        let step = if instrument.integer { 1.0 } else { 0.01 };
        assert!((bands[0].from - instrument.lowest).abs() < 1e-9, "{code} begins late");
        assert!((bands[bands.len() - 1].to - instrument.highest).abs() < 1e-9, "{code} ends early");
        for pair in bands.windows(2) {
            assert!((pair[1].from - pair[0].to - step).abs() < 1e-9, "{code} at {}", pair[1].code);
        }
    }
}

#[test]
fn a_score_lies_in_the_band_that_begins_at_or_below_it() {
    let lists = CodeLists::builtin();
    let band = |instrument: &str, score: f64| lists.severity_band(instrument, score).map(|band| band.code.as_str());
    for (instrument, score, code) in [
        ("PHQ-9", 0.0, Some("minimal")),
        ("PHQ-9", 9.0, Some("mild")),
        ("PHQ-9", 10.0, Some("moderate")),
        ("PHQ-9", 27.0, Some("severe")),
        ("PHQ-9", 28.0, None),
        ("PHQ-9", -1.0, None),
        ("EDE-Q", 2.795, Some("below")),
        ("EDE-Q", 2.8, Some("above")),
        ("PHQ-9", f64::NAN, None),
        ("EQ-VAS", 50.0, None),
    ] {
        assert_eq!(band(instrument, score), code, "{instrument} {score}");
    }
}

#[test]
fn a_band_edge_at_the_cut_off_is_the_cut_off() {
    let lists = CodeLists::builtin();
    for band in lists.severity_bands().filter(|band| band.code == "above") {
        assert_eq!(Some(band.from), lists.instrument(&band.instrument).unwrap().caseness_from, "{}", band.instrument);
    }
}

#[test]
fn a_diagnosis_lies_in_one_group_however_it_is_written() {
    let lists = CodeLists::builtin();
    let group = |icd: &str| lists.diagnosis_group(icd).map(|group| group.code.as_str());
    for (icd, code) in [
        ("F32.1", Some("F30-F39")),
        ("F321", Some("F30-F39")),
        ("f41.9P", Some("F40-F48")),
        ("F43.8A", Some("F40-F48")),
        ("F51.0", Some("F50-F59")),
        ("F99.9", Some("F99")),
        ("G47.0", Some("G00-G99")),
        ("Z73", Some("Z00-Z99")),
        ("F3", None),
        ("33F", None),
        ("", None),
    ] {
        assert_eq!(group(icd), code, "{icd}");
    }
    let groups: Vec<&DiagnosisGroup> = lists.diagnosis_groups().collect();
    assert!(groups.windows(2).all(|pair| pair[0].to < pair[1].from));
}

#[test]
fn every_age_lies_in_exactly_one_band() {
    let lists = CodeLists::builtin();
    for age in 0..=130 {
        assert_eq!(lists.age_bands().filter(|band| band.holds(age)).count(), 1, "{age}");
    }
    assert_eq!(lists.age_band(17).unwrap().code, "0-17");
    assert_eq!(lists.age_band(75).unwrap().code, "75+");
}

#[test]
fn only_reasons_that_say_nothing_about_the_end_count_as_neither() {
    let lists = CodeLists::builtin();
    let neither: Vec<&str> = lists.end_reasons().filter(|r| r.counts_as.is_none()).map(|r| r.code.as_str()).collect();
    assert_eq!(neither, ["other", "unknown"]);
    assert_eq!(lists.end_reason("agreed_completion").unwrap().counts_as, Some(Status::Completed));
}

#[test]
fn the_codes_of_care_levels_and_ownership_are_those_of_the_contract() {
    let lists = CodeLists::builtin();
    let levels: Vec<&str> = lists.care_levels().map(|level| level.code.as_str()).collect();
    assert_eq!(levels, ["primary", "psychiatry", "bup", "youth_clinic", "habilitation", "other"]);
    let ownership: Vec<&str> = lists.ownerships().map(|form| form.code.as_str()).collect();
    assert_eq!(ownership, ["public", "private"]);
}

#[test]
fn test_identities_are_in_normal_form_and_of_a_known_type() {
    let lists = CodeLists::builtin();
    for identity in lists.test_identities() {
        let TestIdentity { number, kind, .. } = identity;
        assert_eq!(number.len(), 12, "{number}");
        assert!(matches!(kind.as_str(), "SE-PNR" | "SE-SAM") || kind.starts_with("LOCAL:"), "{number}: {kind}");
        assert_eq!(
            kind == "SE-SAM",
            !kind.starts_with("LOCAL:") && number[6..8].parse::<u8>().unwrap() > 60,
            "{number}"
        );
        if !kind.starts_with("LOCAL:") {
            let digits: Vec<u32> = number[2..].chars().map(|c| c.to_digit(10).unwrap()).collect();
            assert!(region::has_check_digit(&digits), "{number}");
        }
    }
    assert!(lists.is_test_identity("191212121212") && !lists.is_test_identity("19121212-1212"));
}

#[test]
fn a_successor_exists_and_no_validity_ends_before_it_begins() {
    let lists = CodeLists::builtin();
    for programme in lists.programmes() {
        assert!(
            programme.successor.as_deref().is_none_or(|code| lists.programme(code).is_some()),
            "{}",
            programme.code
        );
        assert!(programme.valid_from.zip(programme.valid_to).is_none_or(|(from, to)| from <= to), "{}", programme.code);
    }
    for instrument in lists.instruments() {
        assert!(
            instrument.successor.as_deref().is_none_or(|code| lists.instrument(code).is_some()),
            "{}",
            instrument.code
        );
        assert!(
            instrument.valid_from.zip(instrument.valid_to).is_none_or(|(from, to)| from <= to),
            "{}",
            instrument.code
        );
    }
}
