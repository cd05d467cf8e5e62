//! What is told of a source's words.

use super::*;
use crate::map::Form;
use crate::setup::Setup;
use crate::tests::{NOW, Region, person};
use schemas::language::Language;

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
    let printed = format!(
        "{}{}{}",
        table(&survey, Language::Sv),
        suggestions(&survey, &Form::default()),
        serde_json::to_string(&survey).unwrap()
    );
    assert!(!printed.contains(&person(9)), "a value that could be an identity number was shown");
    assert!(!region.path("state").exists(), "a survey made a state directory");
}

#[tokio::test]
async fn suggested_rows_can_be_appended_to_the_mapping_whatever_a_spreadsheet_made_of_it() {
    let mut region = region().await;
    for (number, programme) in ["LUGNA  Stunden", "lugna stunden"].iter().enumerate() {
        region.treatment(&format!("L-{number}"), number + 4, &[("programme", *programme)]).await;
    }
    for before in [
        "",
        "kind,local_value,code\nstatus,klar,completed\n",
        "kind;local_value;code\r\nstatus;klar;completed",
        "\u{feff}Comment\tCode\tLocal_Value\tKind\nx\tcompleted\tklar\tstatus",
    ] {
        std::fs::write(region.path("mapping.csv"), before).unwrap();
        let read = |region: &Region| Setup::read(region.setup.config.clone()).unwrap();
        region.setup = read(&region);
        let survey = survey(&region.setup, NOW.parse().unwrap()).await.unwrap();
        let rows = suggestions(&survey, region.setup.mapping_file.form());
        // Somebody may run it twice.
        let after = [before, &rows, &rows].concat();
        std::fs::write(region.path("mapping.csv"), &after).unwrap();
        let setup = read(&region);
        setup.check_mapping().unwrap();
        let words: Vec<_> = setup.mapping_file.rows().iter().map(|row| row.local_value.as_str()).collect();
        let kept: &[&str] = if before.is_empty() { &["vecka 3"] } else { &["klar", "vecka 3"] };
        assert_eq!(words, kept, "{after}");
        assert_eq!(rows.to_lowercase().matches("stunden").count(), 1, "four spellings are one row: {rows}");
    }
}

#[test]
fn a_code_is_filled_in_only_where_hardly_anything_else_can_be_meant() {
    let lists = CodeLists::builtin();
    let rows = |kind: MapKind, word: &str| {
        let mut tally = Tally::default();
        tally.add(kind, word);
        suggestions(&tally.survey(&lists, &Maps::default()), &Form::default())
    };
    for (kind, words) in [
        (MapKind::Status, ["oavslutad", "ej avslutad", "ej fullföljd", "uncompleted", "inaktiv"].as_slice()),
        (MapKind::Instrument, &["PHQ-8", "PHQ-2", "GAD-2", "AUDIT-C", "PSS-14", "WHODAS-36", "BDI-I", "ISI-3"]),
        (
            MapKind::Programme,
            &["Stresshjälpen ung", "Ångest och oro behandling", "Angest och oro", "Depressionhjälpen"],
        ),
        (MapKind::Timepoint, &["screening 2", "vecka 3 och 4", "vecka -1", "före vecka 3", "uppföljning 2"]),
    ] {
        for word in words {
            let rows = rows(kind, word);
            assert!(rows.contains(&format!("{kind},{word},,")), "{rows}");
        }
    }
    for (kind, word, code) in [
        (MapKind::Status, "Avslutad", "completed"),
        (MapKind::Sex, "flicka", "F"),
        (MapKind::Instrument, "GAD7", "GAD-7"),
        (MapKind::Instrument, "EQ5D", "EQ-5D"),
        (MapKind::Programme, "Angesthjälpen-Ung", "angesthjalpen-ung"),
        (MapKind::Timepoint, "Före", "pre"),
        (MapKind::Timepoint, "v3", "weekly-3"),
        (MapKind::Timepoint, "Uppföljning 6 mån", "followup-6m"),
        (MapKind::Timepoint, "1 år", "followup-12m"),
    ] {
        let rows = rows(kind, word);
        assert!(rows.contains(&format!("{kind},{word},{code},")), "{rows}");
    }
    assert!(rows(MapKind::Instrument, "PHQ-8").contains("PHQ-8,,PHQ-9"), "what is not sure is proposed");
}

#[test]
fn spellings_that_one_row_covers_are_one_word_and_an_id_of_a_unit_has_one_spelling() {
    let mut tally = Tally::default();
    for word in ["Lugna Stunden", "LUGNA STUNDEN", " lugna  stunden", "lugna\u{a0}stunden"] {
        tally.add(MapKind::Programme, word);
    }
    for unit in ["se9990120000-e001", "SE9990120000-E001"] {
        tally.add(MapKind::Unit, unit);
    }
    let survey = tally.survey(&CodeLists::builtin(), &Maps::default());
    assert_eq!(told(&survey, MapKind::Programme), [("Lugna Stunden", 4, None, Origin::Unknown)]);
    assert_eq!(told(&survey, MapKind::Unit).last().unwrap().2, Some("SE9990120000-E001"));
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
