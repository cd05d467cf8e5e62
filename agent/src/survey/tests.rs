//! What is told of a source's words.

use super::*;
use crate::language::Language;
use crate::map::MappingFile;
use crate::setup::Setup;
use crate::tests::{NOW, Region, person};

const MAPPING: &str =
    "kind;local_value;code\nprogramme;Depp lokal;depressionshjalpen\nunit;VC Norr;SE9990120000-E001\n";

/// A region whose words have every origin and kind.
async fn region() -> Region {
    let mut region = Region::new().await;
    std::fs::write(region.path("mapping.csv"), MAPPING).unwrap();
    let mut config = region.setup.config.clone();
    config.map.file = Some("mapping.csv".into());
    region.setup = Setup::read(config).unwrap();
    for (number, programme) in
        ["Depp lokal", "depressionshjalpen", "Oroshjälpen", "Depressionhjälpen"].iter().enumerate()
    {
        let altered = [("programme", *programme), ("unit_id", "VC Norr"), ("sex", "K"), ("end_reason", "flyttat")];
        region.treatment(&format!("M-{number}"), number, &altered).await;
    }
    region.treatment("M-9", 9, &[("programme", &person(9)), ("unit_id", "VC Syd"), ("status", "avslutade")]).await;
    for (timepoint, instrument) in [("pre", "PHQ-9"), ("vecka 3", "phq-9"), ("pre", "PHQ 9 (ny)")] {
        region.answer("M-1", timepoint, "9", &[("instrument", instrument)]).await;
    }
    region
        .unit(&[("unit_id", "VC Norr"), ("name", "Norr"), ("care_level", "Primärvården"), ("ownership", "public")])
        .await;
    region
}

fn told(survey: &Survey, kind: MapKind) -> Vec<(&str, u64, Option<&str>, Origin)> {
    let kind = survey.kinds.iter().find(|told| told.kind == kind).expect("the source uses every kind");
    kind.words.iter().map(|w| (w.local_value.as_str(), w.count, w.code.as_deref(), w.origin)).collect()
}

#[tokio::test]
async fn every_word_is_told_with_its_count_its_code_and_how_it_came_to_it() {
    let region = region().await;
    let survey = survey(&region.setup, NOW.parse().unwrap()).await.unwrap();
    assert_eq!(
        told(&survey, MapKind::Programme),
        [
            ("Depressionhjälpen", 1, None, Origin::Unknown),
            ("Depp lokal", 1, Some("depressionshjalpen"), Origin::Mapping),
            ("Oroshjälpen", 1, Some("oroshjalpen"), Origin::Alias),
            ("depressionshjalpen", 1, Some("depressionshjalpen"), Origin::Code),
        ]
    );
    assert_eq!(survey.kinds[0].hidden, 1);
    assert_eq!(
        told(&survey, MapKind::Unit),
        [("VC Syd", 1, None, Origin::Unknown), ("VC Norr", 5, Some("SE9990120000-E001"), Origin::Mapping)]
    );
    assert_eq!(told(&survey, MapKind::Sex), [("K", 4, Some("F"), Origin::Alias)]);
    assert_eq!(told(&survey, MapKind::EndReason), [("flyttat", 4, None, Origin::Unknown)]);
    assert_eq!(told(&survey, MapKind::Status)[0], ("avslutade", 1, None, Origin::Unknown));
    assert_eq!(told(&survey, MapKind::Timepoint)[1], ("pre", 2, Some("pre"), Origin::Code));
    assert_eq!(told(&survey, MapKind::Instrument)[0], ("PHQ 9 (ny)", 1, None, Origin::Unknown));
    assert_eq!(told(&survey, MapKind::CareLevel), [("Primärvården", 1, None, Origin::Unknown)]);
    assert_eq!(told(&survey, MapKind::Ownership), [("public", 1, Some("public"), Origin::Code)]);
    let printed =
        format!("{}{}{}", table(&survey, Language::Sv), suggestions(&survey), serde_json::to_string(&survey).unwrap());
    assert!(!printed.contains(&person(9)), "a value that could be an identity number was shown");
    assert!(!region.path("state").exists(), "a survey made a state directory");
}

#[tokio::test]
async fn suggested_rows_can_be_appended_to_the_mapping_as_they_are() {
    let region = region().await;
    let survey = survey(&region.setup, NOW.parse().unwrap()).await.unwrap();
    let rows = suggestions(&survey);
    assert!(rows.contains("programme,Depressionhjälpen,depressionshjalpen,depressionshjalpen"), "{rows}");
    assert!(rows.contains("timepoint,vecka 3,weekly-3,weekly-3"), "{rows}");
    assert!(rows.contains("unit,VC Syd,,\n"), "a unit was guessed: {rows}");
    std::fs::write(region.path("mapping.csv"), MAPPING.replace(';', ",") + &rows).unwrap();
    let file = MappingFile::read(&region.path("mapping.csv")).unwrap();
    file.check_codes(&region.setup.lists).unwrap();
    assert!(file.rows().len() > 2, "{rows}");
    assert!(file.rows().iter().all(|row| row.local_value != "VC Syd"));
}

#[test]
fn a_column_of_free_text_does_not_fill_the_memory() {
    let mut tally = Tally::default();
    for number in 0..MOST_WORDS + 7 {
        tally.add(MapKind::Programme, &format!("ord {number}"));
    }
    tally.add(MapKind::Programme, "ord 0");
    let survey = tally.survey(&CodeLists::builtin(), &Maps::default());
    assert_eq!((survey.kinds[0].words.len(), survey.kinds[0].beyond), (MOST_WORDS, 7));
    assert_eq!(survey.kinds[0].words[0].count, 2);
}
