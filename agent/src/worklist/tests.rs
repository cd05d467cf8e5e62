//! Which treatments are on the list, and why.

use jiff::Timestamp;
use schemas::record::{Measurement, Status};

use super::*;
use crate::tests::{NOW, Region};

fn treatment(ended_on: &str, answers: &[(&str, &str)]) -> Treatment {
    let ended_on: Date = ended_on.parse().unwrap();
    let measurement = |(instrument, timepoint): &(&str, &str)| Measurement {
        instrument: (*instrument).into(),
        timepoint: timepoint.parse().unwrap(),
        answered_on: ended_on,
        score: 7.0,
    };
    Treatment {
        pseudonym: format!("psn1.r12-g1.{}", "a".repeat(43)).parse().unwrap(),
        programme: "depressionshjalpen".into(),
        programme_version: None,
        unit: "SE9990120000-E001".into(),
        unit_end: None,
        status: Status::Completed,
        end_reason: None,
        referred_on: None,
        assessed_on: None,
        started_on: ended_on,
        ended_on,
        sex: None,
        birth_year: None,
        diagnoses: vec![],
        modules_total: None,
        modules_completed: None,
        therapist_minutes: None,
        messages: None,
        sick_leave_before: None,
        sick_leave_after: None,
        measurements: answers.iter().map(measurement).collect(),
    }
}

fn listed(treatments: &[(&str, Treatment)], unit: Option<&str>) -> Vec<(String, Reason)> {
    let lists = CodeLists::builtin();
    let mut list = Worklist::new(&lists, "2024-06-01".parse().unwrap());
    for (id, treatment) in treatments {
        list.whole(id, treatment);
    }
    list.held(("M-9", Some("SE9990120000-E002")), &[(Rule::ProgrammeUnknown, "programme".into())]);
    list.finish(unit).into_iter().map(|item| (item.treatment, item.reason)).collect()
}

#[test]
fn the_programme_s_own_instrument_is_missed_even_when_nothing_was_answered() {
    let found = listed(&[("M-1", treatment("2020-01-01", &[]))], Some("SE9990120000-E001"));
    let missing = |reason: fn(String) -> Reason| ("M-1".to_owned(), reason("MADRS-S".into()));
    assert_eq!(found, [missing(Reason::BeforeMissing), missing(Reason::AfterMissing)]);
}

#[test]
fn an_instrument_that_was_answered_once_is_missed_the_other_time_and_no_other_is_asked_for() {
    let answers = [("PHQ-9", "pre"), ("PHQ-9", "post"), ("ISI", "pre"), ("GAD-7", "weekly-3")];
    let found = listed(&[("M-1", treatment("2020-01-01", &answers))], Some("SE9990120000-E001"));
    assert_eq!(found, [("M-1".to_owned(), Reason::AfterMissing("ISI".into()))]);
}

#[test]
fn a_follow_up_that_the_programme_shows_elsewhere_is_due_for_three_months() {
    let both = [("PHQ-9", "pre"), ("PHQ-9", "post")];
    let model = treatment("2020-01-01", &[both[0], both[1], ("PHQ-9", "followup-6m")]);
    let on = |ended: &str| {
        let found = listed(&[("M-0", model.clone()), ("M-1", treatment(ended, &both))], Some("SE9990120000-E001"));
        found.into_iter().map(|(_, reason)| reason).collect::<Vec<_>>()
    };
    let due = |since: &str| vec![Reason::FollowupDue(6, since.parse().unwrap())];
    assert_eq!(on("2023-12-02"), [], "tomorrow");
    assert_eq!(on("2023-12-01"), due("2024-06-01"));
    assert_eq!(on("2023-09-01"), due("2024-03-01"));
    assert_eq!(on("2023-08-31"), [], "too late");
    let alone = listed(&[("M-1", treatment("2023-12-01", &both))], Some("SE9990120000-E001"));
    assert_eq!(alone, [], "a programme without follow-ups plans none");
}

#[test]
fn what_is_held_stands_on_its_own_unit_s_list_with_the_rule_s_words() {
    let all = listed(&[], None);
    assert_eq!(all, [("M-9".to_owned(), Reason::Held(Rule::ProgrammeUnknown, "programme".into()))]);
    assert_eq!(listed(&[], Some("SE9990120000-E001")), []);
    let item = Item { unit: None, treatment: "M-9".into(), reason: all[0].1.clone() };
    assert!(item.line(Language::Sv).reason.starts_with("hålls kvar (programme): "));
    assert!(item.line(Language::En).reason.contains(Rule::ProgrammeUnknown.describe().en));
}

#[test]
fn a_handed_over_treatment_is_on_the_list_of_the_unit_that_has_it_now() {
    let mut handed = treatment("2020-01-01", &[("PHQ-9", "pre")]);
    handed.unit_end = Some("SE9990120000-E007".into());
    assert_eq!(listed(&[("M-1", handed.clone())], Some("SE9990120000-E001")), []);
    assert_eq!(listed(&[("M-1", handed)], Some("SE9990120000-E007")).len(), 1);
}

#[tokio::test]
async fn what_is_held_of_a_treatment_stands_on_the_list_of_its_mapped_unit() {
    let region = Region::with(|text| text + "[map.unit]\n\"VC Norr\" = \"SE9990120000-E002\"\n").await;
    region.treatment("M-1", 1, &[("unit_id", "VC Norr"), ("programme", "Lugna stunden")]).await;
    region.treatment("M-2", 2, &[("unit_id_end", "VC Norr")]).await;
    region.treatment("M-3", 3, &[]).await;
    for id in ["M-1", "M-2", "M-3"] {
        region.answer(id, "post", "99", &[]).await;
    }
    let now: Timestamp = NOW.parse().unwrap();
    let surroundings = Surroundings { now: &move || now, chance: &|| 0.5, random: [0; 16], progress: &|_| () };
    for unit in ["SE9990120000-E002", "VC Norr"] {
        let items = read(&region.setup, Some(unit), &surroundings).await.unwrap();
        let held: Vec<(&str, &str)> = items
            .iter()
            .filter_map(|item| match &item.reason {
                Reason::Held(_, field) => Some((item.treatment.as_str(), field.as_str())),
                _ => None,
            })
            .collect();
        assert_eq!(held, [("M-1", "programme"), ("M-1", "score"), ("M-2", "score")], "{unit}");
    }
}
