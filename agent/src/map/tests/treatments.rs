//! Rows of `treatments`.

use schemas::record::{Sex, Status};

use super::shown;
use crate::config::Maps;
use crate::map::{Mapped, Outcome, map_treatment, opted_out};
use crate::source::{SourceRow, TREATMENTS};
use crate::tests::{Mapping, born, person};

/// A good row with some columns altered; an empty text is no value.
fn row(altered: &[(&str, &str)]) -> SourceRow<'static> {
    let bearer = person(4);
    let good = [
        ("treatment_id", "M-1"),
        ("person_id", bearer.as_str()),
        ("unit_id", "SE9990120000-E001"),
        ("programme", "Depressionshjälpen"),
        ("status", "completed"),
        ("started_on", "2024-01-10"),
        ("ended_on", "2024-03-20"),
    ];
    let kept = good.iter().filter(|(name, _)| !altered.iter().any(|(other, _)| other == name));
    SourceRow::of(&TREATMENTS, &kept.chain(altered).copied().collect::<Vec<_>>())
}

fn outcome(mapping: &Mapping, altered: &[(&str, &str)]) -> Outcome<Mapped> {
    map_treatment(&row(altered), &mut mapping.words(), &mapping.context())
}

fn ready(mapping: &Mapping, altered: &[(&str, &str)]) -> Mapped {
    match outcome(mapping, altered) {
        Outcome::Ready(mapped) => mapped,
        Outcome::Held(kept) | Outcome::Excluded(kept) => panic!("{altered:?} stays: {:?}", shown(&kept.findings)),
    }
}

fn held(altered: &[(&str, &str)]) -> Vec<(&'static str, &'static str)> {
    match outcome(&Mapping::default(), altered) {
        Outcome::Held(kept) => shown(&kept.findings),
        Outcome::Excluded(kept) => panic!("{altered:?} is excluded: {:?}", shown(&kept.findings)),
        Outcome::Ready(_) => panic!("{altered:?} goes on"),
    }
}

fn excluded(altered: &[(&str, &str)]) -> (&'static str, &'static str) {
    match outcome(&Mapping::default(), altered) {
        Outcome::Excluded(kept) => shown(&kept.findings)[0],
        _ => panic!("{altered:?} is not excluded"),
    }
}

#[test]
fn a_good_row_is_mapped_with_sex_and_year_of_birth_from_the_number() {
    let mapped = ready(&Mapping::default(), &[]);
    assert_eq!((mapped.local_id.as_str(), mapped.draft.programme.as_str()), ("M-1", "depressionshjalpen"));
    assert_eq!(
        (mapped.draft.status, mapped.draft.sex, mapped.draft.birth_year),
        (Status::Completed, Some(Sex::F), Some(1980))
    );
    assert_eq!(mapped.person.digits(), person(4));
    assert_eq!(ready(&Mapping::default(), &[("person_id", &person(5))]).draft.sex, Some(Sex::M));
    assert!(mapped.warnings.is_empty());
}

#[test]
fn each_fault_of_a_needed_column_holds_the_row_with_its_own_rule() {
    let bearer = person(4);
    let mistyped = format!("{}{}", &bearer[..11], (bearer.as_bytes()[11] - b'0' + 1) % 10);
    let lost_zeros = &bearer[3..];
    for (altered, rule, field) in [
        (("treatment_id", ""), "treatment-id-missing", "treatment_id"),
        (("person_id", "  "), "identity-missing", "person_id"),
        (("person_id", mistyped.as_str()), "identity-invalid", "person_id"),
        (("person_id", "okänd"), "identity-reserve-without-system", "person_id"),
        (("person_id", lost_zeros), "identity-lost-zeros", "person_id"),
        (("person_id", "991981000010"), "identity-reserve-without-system", "person_id"),
        (("person_id_system", "sap"), "identity-system-unknown", "person_id_system"),
        (("birth_year", "1981"), "identity-birth-year", "birth_year"),
        (("unit_id", ""), "unit-missing", "unit_id"),
        (("programme", ""), "programme-missing", "programme"),
        (("programme", "Nalleprogrammet"), "programme-unknown", "programme"),
        (("status", ""), "status-missing", "status"),
        (("status", "klar"), "status-unknown", "status"),
        (("test_patient", "kanske"), "flag-unreadable", "test_patient"),
        (("protected_identity", "2"), "flag-unreadable", "protected_identity"),
        (("started_on", ""), "date-missing", "started_on"),
        (("ended_on", ""), "date-missing", "ended_on"),
        (("started_on", "2024-02-30"), "date-invalid", "started_on"),
        (("ended_on", "20 mars"), "date-invalid", "ended_on"),
        (("started_on", "2024-06-02"), "date-future", "started_on"),
        (("started_on", "1999-12-31"), "date-early", "started_on"),
    ] {
        assert_eq!(held(&[altered]), [(rule, field)], "{altered:?}");
    }
}

#[test]
fn every_fault_of_a_row_is_told_at_once() {
    let found = held(&[("unit_id", ""), ("ended_on", "x"), ("programme", "Nalleprogrammet"), ("person_id", "")]);
    assert_eq!(
        found,
        [
            ("programme-unknown", "programme"),
            ("date-invalid", "ended_on"),
            ("identity-missing", "person_id"),
            ("unit-missing", "unit_id"),
        ]
    );
}

#[test]
fn exclusions_win_over_faults_and_over_each_other_in_their_order() {
    let all = [
        ("test_patient", "ja"),
        ("protected_identity", "x"),
        ("status", "opted_out"),
        ("programme", "Sjukskrivningskollen"),
        ("started_on", "fel"),
        ("unit_id", ""),
    ];
    assert_eq!(excluded(&all), ("test-patient", "test_patient"));
    assert_eq!(excluded(&all[1..]), ("protected-identity", "protected_identity"));
    assert_eq!(excluded(&all[2..]), ("objection", "status"));
    assert_eq!(excluded(&[&[("status", "ongoing")], &all[3..]].concat()), ("status-ongoing", "status"));
    assert_eq!(excluded(&all[3..]), ("programme-support", "programme"));
}

#[test]
fn a_row_that_stays_still_knows_its_person_when_the_number_can_be_read() {
    let refusing = Mapping::default().refusing_test_identities();
    for altered in [[("unit_id", "")], [("test_patient", "1")], [("status", "ongoing")], [("sex", "F")]] {
        match outcome(&refusing, &altered) {
            Outcome::Held(kept) | Outcome::Excluded(kept) => assert_eq!(kept.person.unwrap().digits(), person(4)),
            Outcome::Ready(_) => panic!("a test number went on where they are refused"),
        }
    }
}

#[test]
fn test_numbers_are_held_unless_they_are_allowed() {
    let Outcome::Held(kept) = outcome(&Mapping::default().refusing_test_identities(), &[]) else { panic!("not held") };
    assert_eq!(shown(&kept.findings), [("identity-test", "person_id")]);
}

#[test]
fn a_bad_optional_column_costs_itself_and_is_counted() {
    for (altered, rule) in [
        (("sex", "okänt"), "sex-unknown"),
        (("birth_year", "åttio"), "optional-number"),
        (("end_reason", "Trött"), "end-reason-unknown"),
        (("referred_on", "i vintras"), "optional-date"),
        (("assessed_on", "2024-13-01"), "optional-date"),
        (("modules_total", "8 av 9"), "optional-number"),
        (("modules_completed", "-1"), "optional-number"),
        (("therapist_minutes", "1,5"), "optional-number"),
        (("messages", "1e3"), "optional-number"),
        (("sick_leave_before", "halv"), "optional-number"),
        (("sick_leave_after", "300"), "optional-number"),
    ] {
        let mapped = ready(&Mapping::default(), &[altered]);
        assert_eq!(shown(&mapped.warnings), [(rule, altered.0)], "{altered:?}");
        assert_eq!((mapped.draft.sex, mapped.draft.birth_year), (Some(Sex::F), Some(1980)), "{altered:?}");
    }
}

#[test]
fn good_optional_columns_are_kept_as_values() {
    let mapped = ready(
        &Mapping::default(),
        &[
            ("sex", "Kvinna"),
            ("birth_year", "1980"),
            ("end_reason", "Agreed_Completion"),
            ("referred_on", "20231201"),
            ("assessed_on", "2023-12-31T23:30:00Z"),
            ("diagnosis", "f32.1 F41.1"),
            ("modules_total", "8"),
            ("modules_completed", "7.0"),
            ("sick_leave_before", "50"),
            ("programme_version", "2.1"),
            ("unit_id_end", "SE9990120000-E002"),
        ],
    );
    let draft = mapped.draft;
    assert!(mapped.warnings.is_empty());
    assert_eq!(draft.end_reason.as_deref(), Some("agreed_completion"));
    assert_eq!(draft.referred_on.map(|date| date.to_string()).as_deref(), Some("2023-12-01"));
    assert_eq!(
        draft.assessed_on.map(|date| date.to_string()).as_deref(),
        Some("2024-01-01"),
        "not moved to Swedish time"
    );
    assert_eq!(draft.diagnoses, ["F32.1", "F41.1"]);
    assert_eq!((draft.modules_total, draft.modules_completed, draft.sick_leave_before), (Some(8), Some(7), Some(50)));
    assert_eq!(draft.programme_version.as_deref(), Some("2.1"));
    assert_eq!(draft.unit_end.as_deref(), Some("SE9990120000-E002"));
}

#[test]
fn local_words_are_understood_by_the_map_and_the_code_lists_names_and_aliases() {
    let maps: Maps = toml::from_str(
        r#"
        programme = { "Depr.hjälpen  lokal" = "depressionshjalpen" }
        status = { "Avslutad" = "completed", "avbruten" = "discontinued", "pågår" = "ongoing" }
        unit = { "VC Norr" = "SE9990120000-E009" }
        sex = { "flicka" = "F" }
        end_reason = { "slutade svara" = "no_contact" }
        "#,
    )
    .unwrap();
    let mapping = Mapping::of("12", maps);
    let mapped = ready(
        &mapping,
        &[
            ("programme", "DEPR.HJÄLPEN LOKAL"),
            ("status", "avslutad "),
            ("unit_id", "vc norr"),
            ("sex", "Flicka"),
            ("end_reason", "Slutade svara"),
        ],
    );
    assert_eq!(
        (mapped.draft.programme.as_str(), mapped.draft.unit.as_str()),
        ("depressionshjalpen", "SE9990120000-E009")
    );
    assert_eq!(mapped.draft.end_reason.as_deref(), Some("no_contact"));
    assert_eq!(ready(&mapping, &[("status", "AVBRUTEN")]).draft.status, Status::Discontinued);
    let Outcome::Excluded(_) = outcome(&mapping, &[("status", "Pågår")]) else { panic!("not excluded") };
    for (word, code, version) in [
        ("Ångesthjälpen Ung (13-19 år)", "angesthjalpen-ung", None),
        ("depressionshjälpen 2.0", "depressionshjalpen", Some("2.0")),
        ("sovhjalpen", "sovhjalpen", None),
    ] {
        let draft = ready(&mapping, &[("programme", word)]).draft;
        assert_eq!((draft.programme.as_str(), draft.programme_version.as_deref()), (code, version), "{word}");
    }
}

#[test]
fn ten_digits_are_read_against_the_start_of_the_treatment() {
    let child = born("140505", 3);
    let old = ready(&Mapping::default(), &[("person_id", &child[2..]), ("started_on", "2024-01-10")]);
    assert_eq!(old.draft.birth_year, Some(2014));
    let plus = format!("{}+{}", &child[2..8], &child[8..]);
    assert_eq!(ready(&Mapping::default(), &[("person_id", &plus)]).draft.birth_year, Some(1914));
    assert_eq!(held(&[("person_id", &child[2..]), ("started_on", "")]), [("date-missing", "started_on")]);
}

#[test]
fn a_reserve_number_goes_on_with_its_system_and_tells_neither_sex_nor_year() {
    let mapped = ready(&Mapping::default(), &[("person_id", "991981000010"), ("person_id_system", "local:stockholm")]);
    assert_eq!((mapped.draft.sex, mapped.draft.birth_year), (None, None));
}

#[test]
fn an_opted_out_row_names_its_person_whatever_else_is_wrong_with_it() {
    let mapping = Mapping::default().refusing_test_identities();
    let persons = |altered: &[(&str, &str)]| -> Vec<String> {
        let found = opted_out(&row(altered), &mapping.words(), &mapping.context());
        found.iter().map(|person| person.digits().to_owned()).collect()
    };
    let bearer = person(4);
    assert_eq!(persons(&[("status", "opted_out"), ("programme", "?"), ("unit_id", "")]), [bearer.as_str()]);
    let both = persons(&[("status", "Opted_Out"), ("person_id", &bearer[2..]), ("started_on", "okänt")]);
    assert_eq!(both, [bearer.clone(), format!("20{}", &bearer[2..])]);
    assert_eq!(persons(&[("status", "opted_out"), ("person_id", &bearer[2..])]), [bearer]);
    assert!(persons(&[("status", "completed")]).is_empty());
}

#[test]
fn a_change_without_a_zone_is_in_the_sources_zone_and_an_unreadable_one_is_none() {
    let at = |text: &str| {
        ready(&Mapping::default(), &[("updated_at", text)]).recency.updated_at.map(|moment| moment.to_string())
    };
    assert_eq!(at("2024-05-01 12:00").as_deref(), Some("2024-05-01T10:00:00Z"));
    assert_eq!(at("2024-05-01T12:00:00+00:00").as_deref(), Some("2024-05-01T12:00:00Z"));
    assert_eq!(at("nyss"), None);
}

#[test]
fn an_objection_that_can_be_tied_to_nobody_is_held_so_that_somebody_mends_it() {
    assert_eq!(held(&[("status", "opted_out"), ("person_id", "okänd")]), [("objection-unreadable", "person_id")]);
    assert_eq!(held(&[("status", "opted_out"), ("person_id", "")]), [("objection-unreadable", "person_id")]);
}
