//! What stands of coverage below the reports of a handful of treatments.

use std::sync::Arc;

use schemas::codelist::CodeLists;
use schemas::language::Language;

use crate::aggregate::plan::Follow;
use crate::fact::{Denominator, EndedFact, Facts, TreatmentFact};
use crate::report::coverage::regional;
use crate::report::tests::invented::{ended, facts, figures_of, report};
use crate::report::{ALL, figure::Figure};

fn outside(region: &str, unit: Option<&str>, (month, ended): (&str, u64)) -> Denominator {
    Denominator {
        region: region.to_owned(),
        unit: unit.map(str::to_owned),
        programme: None,
        month: month.to_owned(),
        ended,
        source: "SoB".to_owned(),
        date: "2025-01-15".parse().unwrap(),
    }
}

/// Three treatments in county 12, two in 14 and one in 01, of February and March 2024; 12 is told by the month, 14 by unit.
fn six() -> Facts {
    let days = [
        ("12", "2024-02-05"),
        ("12", "2024-02-20"),
        ("12", "2024-03-20"),
        ("14", "2024-02-01"),
        ("14", "2024-03-01"),
        ("01", "2024-02-01"),
    ];
    let treatments = (1..).zip(days).map(|(row, (sender, day))| ended(row, sender, day)).collect();
    let denominators = vec![
        outside("12", None, ("2024-02", 2)),
        outside("12", None, ("2024-03", 2)),
        outside("14", Some("A"), ("2024-02", 4)),
        outside("14", Some("B"), ("2024-02", 1)),
        outside("14", Some("A"), ("2024-03", 1)),
    ];
    Facts { denominators, ..facts(treatments) }
}

fn said(facts: Facts, name: &str, choice: &[(&str, &str)]) -> [String; 2] {
    let report = report(facts, name, choice);
    [Language::Sv, Language::En].map(|language| {
        let notes = report.notes.iter().map(|note| note.pick(language));
        let told: Vec<&str> =
            notes.filter(|note| note.starts_with(language.pick("Täckningsgrad", "Coverage"))).collect();
        assert_eq!(told.len(), 1, "{name}: {told:?}");
        told[0].to_owned()
    })
}

fn in_english(facts: Facts, choice: &[(&str, &str)]) -> String {
    let [_, english] = said(facts, "groups", choice);
    english
}

#[test]
fn below_every_report_of_treatments_stands_the_coverage_of_its_regions() {
    for definition in ALL.iter().filter(|one| !["coverage", "usage"].contains(&one.name)) {
        let [_, told] = said(six(), definition.name, &[]);
        assert!(told.contains("Coverage by SoB: 50.0 % (5 of 10, "), "{}: {told}", definition.name);
        let [swedish, english] = said(facts(vec![ended(1, "12", "2024-02-05")]), definition.name, &[]);
        assert_eq!(
            (swedish.as_str(), english.as_str()),
            ("Täckningsgrad: ingen källa utanför registret.", "Coverage: no outside source.")
        );
    }
}

#[test]
fn each_region_is_named_with_its_counts_and_limits_and_so_is_one_without_a_source() {
    let [swedish, english] = said(six(), "groups", &[]);
    assert_eq!(
        english,
        "Coverage by SoB: 50.0 % (5 of 10, 95 % interval 23.7–76.3 %); Region Skåne 75.0 % (3 of 4, 95 % interval 30.1–95.4 %); \
         Västra Götalandsregionen 33.3 % (2 of 6, 95 % interval 9.7–70.0 %). No outside source: Region Stockholm."
    );
    assert!(
        swedish
            .starts_with("Täckningsgrad enligt SoB: 50,0 % (5 av 10, 95 %-intervall 23,7–76,3 %); Region Skåne 75,0 %")
            && swedish.ends_with("Ingen källa utanför registret: Region Stockholm."),
        "{swedish}"
    );
}

#[test]
fn the_figures_are_those_of_the_report_coverage() {
    let row = figures_of(&report(six(), "coverage", &[("by", "region")]), &["ALL", "14"]);
    assert_eq!((&row["coverage_n"], &row["coverage_d"]), (&Figure::Count(2), &Figure::Count(6)));
    let months = regional::months(&six(), &CodeLists::builtin(), Follow::AsWas);
    let of = |region: &str| months.iter().filter(|one| &*one.region == region).map(|one| one.accepted).sum::<u64>();
    assert_eq!(["01", "12", "14"].map(of), [1, 3, 2]);
}

#[test]
fn counts_in_place_of_treatments_tell_the_same() {
    let mut counted = six();
    let month = |one: &TreatmentFact| one.ended_on.first_of_month();
    counted.ended = std::mem::take(&mut counted.treatments)
        .iter()
        .map(|one| EndedFact {
            sender: Arc::clone(&one.sender),
            unit: Arc::clone(&one.unit_start),
            programme: Arc::clone(&one.programme),
            month: month(one),
            treatments: 1,
        })
        .collect();
    let lists = CodeLists::builtin();
    assert_eq!(regional::both(&counted, &lists), regional::both(&six(), &lists));
    let before = Facts { coverage: Some(Arc::new(regional::both(&six(), &lists))), denominators: Vec::new(), ..six() };
    assert_eq!(in_english(before, &[]), in_english(six(), &[]));
}

#[test]
fn only_the_selection_s_whole_months_count_whatever_the_cohort() {
    let february = [("to", "2024-02-29")];
    assert!(
        in_english(six(), &february).starts_with("Coverage by SoB: 42.9 % (3 of 7, "),
        "{}",
        in_english(six(), &february)
    );
    let divided = in_english(six(), &[("to", "2024-03-10"), ("cohort", "started")]);
    assert!(divided.contains("(3 of 7, ") && divided.ends_with("left out of coverage: 2024-03."), "{divided}");
    let none = in_english(six(), &[("from", "2024-02-02"), ("to", "2024-02-10")]);
    assert!(none.starts_with("Coverage: the selection holds no whole month with treatments."), "{none}");
}

#[test]
fn what_the_source_leaves_out_counts_too_few_or_has_alone_is_named() {
    let mut facts = six();
    facts.denominators.remove(4);
    let told = in_english(facts, &[]);
    assert!(told.contains("Coverage by SoB: Region Skåne 75.0 % (3 of 4"), "{told}");
    assert!(told.contains("The source does not tell everything: Västra Götalandsregionen (1 of 2 months)."), "{told}");
    let mut facts = six();
    facts.denominators[0].ended = 0;
    facts.denominators.push(outside("20", None, ("2024-02", 9)));
    let told = in_english(facts, &[]);
    assert!(told.contains("More in the register than the source counts: Region Skåne."), "{told}");
    assert!(told.ends_with("Nothing in the register, though the source counts there: Region Dalarna."), "{told}");
}

#[test]
fn others_than_staff_are_told_a_rounded_share_of_many_and_no_count() {
    let public = [("audience", "public"), ("by", "region")];
    let told = in_english(six(), &public);
    assert_eq!(told, "Coverage: of too few treatments to be shown. Coverage is not known of: Region Stockholm.");
    let mut facts = facts((1..=1200).map(|row| ended(row, "12", "2024-02-05")).collect());
    facts.denominators = vec![outside("12", None, ("2024-02", 1423))];
    assert_eq!(in_english(facts, &public), "Coverage by SoB: 84 %.");
}
