//! Reports of some of the treatments: the rows that the report of all has of them.
//!
//! Promises: a report that comes is held against its own split without being named here.

use std::collections::BTreeSet;

use schemas::codelist::CodeLists;
use schemas::record::Sex;

use super::chronicle::{Counting, begin, counts, deliver, said};
use super::{deliveries, engines};
use crate::aggregate::dimension::Dimension;
use crate::aggregate::{ALL as SUM, UNKNOWN};
use crate::fact::{Denominator, Facts, Part, TreatmentFact};
use crate::figure::Figure;
use crate::report::tests::fixture::tried;
use crate::report::tests::invented::inhabitants;
use crate::report::{ALL, Report, narrowed, render};
use crate::store::{Reference, Store};

const SEED: i64 = 71;
/// Reports whose rows are of fixed dimensions, or beside what they are compared with.
const FIXED: [&str; 5] = ["catalogue", "data-quality", "funnel", "benchmark", "deciles"];
/// Labels of each dimension that are tried, beside the unknown.
const LABELS: usize = 2;
const CHOICES: [&[(&str, &str)]; 2] = [
    &[("comparison", "all")],
    &[("cohort", "started"), ("period", "year"), ("structure", "current"), ("attribution", "end")],
];

async fn facts(store: &dyn Store) -> Facts {
    begin(store).await;
    deliver(store, &said(SEED), 0).await;
    deliver(store, &counts(SEED, 1, Counting::WhoStays), 300).await;
    store.take_in(Reference::Populations(&inhabitants(2024)), deliveries::at()).await.unwrap();
    let line = |region: &str, programme: Option<&str>, month: String| Denominator {
        region: region.to_owned(),
        unit: None,
        programme: programme.map(str::to_owned),
        month,
        ended: 40,
        source: "SoB".to_owned(),
        date: "2025-01-15".parse().unwrap(),
    };
    let months = (2021..2026).flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}")));
    let lines = months.flat_map(|month| {
        let of_programme = ["depressionshjalpen", "oroshjalpen"].map(|code| line("12", Some(code), month.clone()));
        of_programme.into_iter().chain([line("01", None, month)])
    });
    store.take_in(Reference::Denominators(&lines.collect::<Vec<_>>()), deliveries::at()).await.unwrap();
    let mut facts = store.facts(Part::ALL).await.unwrap();
    // The invented senders split no count by age, and give reasons that no list holds.
    for count in facts.activities.iter_mut().filter(|count| count.sex.is_some()).step_by(2) {
        count.age_group = Some("25-34".into());
    }
    for reason in facts.treatments.iter_mut().filter_map(|treatment| treatment.end_reason.as_mut()) {
        *reason = if **reason == *"completed" { "agreed_completion".into() } else { "other".into() };
    }
    facts
}

/// The labels that a report has in a column.
fn labels(report: &Report, dimension: Dimension) -> BTreeSet<String> {
    let Some(place) = report.columns.iter().position(|column| column == dimension.name()) else {
        return BTreeSet::new();
    };
    let label = |row: &Vec<Figure>| if let Figure::Text(text) = &row[place] { Some(text.to_string()) } else { None };
    report.rows.iter().filter_map(label).filter(|label| label != SUM).collect()
}

/// Whether nothing is counted in a row: a region that has nothing may have one.
fn is_nothing(report: &Report, row: &[Figure]) -> bool {
    !row[report.keys..].iter().any(|figure| matches!(figure, Figure::Count(1..)))
}

/// The rows with one of some labels in a column, written; without the column where it is left out.
fn written(report: &Report, (dimension, kept): (Dimension, &[String]), is_left_out: bool) -> String {
    let mut report = report.clone();
    let place = report.columns.iter().position(|column| column == dimension.name());
    let is_kept = |row: &Vec<Figure>| {
        place.is_none_or(|place| matches!(&row[place], Figure::Text(text) if kept.iter().any(|one| **one == **text)))
    };
    let rows = std::mem::take(&mut report.rows);
    report.rows = rows.into_iter().filter(|row| is_kept(row) && !is_nothing(&report, row)).collect();
    if let Some(place) = place.filter(|_| is_left_out) {
        report.columns.remove(place);
        report.keys -= 1;
        report.rows.iter_mut().for_each(|row| drop(row.remove(place)));
        report.labels.clear();
    }
    render::csv(&report).unwrap()
}

fn with<'a>(choice: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [choice, more].concat()
}

/// Holds a report against its own split; gives how many rows were told, and what is wrong.
fn held(facts: &Facts, (name, dimension): (&'static str, Dimension), choice: &[(&str, &str)]) -> (usize, Vec<String>) {
    let base = if dimension == Dimension::Region { "programme" } else { "region" };
    let both = format!("{base},{}", dimension.name());
    let split = tried(facts.clone(), name, &with(choice, &[("by", &both)])).unwrap();
    let known = labels(&split, dimension);
    let unknown = known.contains(UNKNOWN).then(|| UNKNOWN.to_owned());
    let mut tried_labels: Vec<String> = known.into_iter().filter(|label| label != UNKNOWN).take(LABELS).collect();
    assert!(!tried_labels.is_empty(), "{name} by {dimension}");
    let several = tried_labels.clone();
    tried_labels.extend(unknown);
    let (mut told, mut wrong) = (0, Vec::new());
    // A report that shows the dimension whatever is asked for puts it where it was asked.
    let undivided = tried(facts.clone(), name, &with(choice, &[("by", base)])).unwrap();
    let is_left_out = !undivided.columns.iter().any(|column| column == dimension.name());
    let by = if is_left_out { base } else { &both };
    for label in tried_labels {
        let asked = with(choice, &[("by", by), (dimension.name(), &label)]);
        let narrowed = tried(facts.clone(), name, &asked).unwrap_or_else(|error| panic!("{name} {asked:?}: {error}"));
        let kept = (dimension, std::slice::from_ref(&label));
        let (made, expected) = (written(&narrowed, kept, false), written(&split, kept, is_left_out));
        wrong.extend(differing(&made, &expected).map(|lines| format!("{name} {asked:?}\n{lines}")));
        told += made.lines().count() - 1;
    }
    let asked = with(choice, &[("by", &both)]);
    let joined = several.join(",");
    let narrowed = tried(facts.clone(), name, &with(&asked, &[(dimension.name(), &joined)])).unwrap();
    let kept = (dimension, several.as_slice());
    let lines = differing(&written(&narrowed, kept, false), &written(&split, kept, false));
    wrong.extend(lines.map(|lines| format!("{name} of {joined}\n{lines}")));
    assert!(labels(&narrowed, dimension).iter().all(|label| several.contains(label)), "{name} of {joined}");
    (told, wrong)
}

/// The first lines that differ; nothing where none does.
fn differing(made: &str, expected: &str) -> Option<String> {
    if made == expected {
        return None;
    }
    let [one, other]: [Vec<&str>; 2] = [made, expected].map(|text| text.lines().collect());
    let same = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
    let line = |lines: &[&str]| lines.get(same).copied().unwrap_or("nothing").to_owned();
    Some(format!("made     {}\nexpected {}", line(&one), line(&other)))
}

/// What a report is narrowed to, and whether a treatment is among it.
type Named = ((&'static str, String), Box<dyn Fn(&TreatmentFact) -> bool>);

/// A report of fixed rows against the report over facts from which everything else was taken away by hand.
fn held_by_hand(facts: &Facts, name: &'static str) {
    let unit = facts.treatments[0].unit_start.to_string();
    let programme = facts.treatments[0].programme.to_string();
    let parts: [Named; 3] = [
        (("programme", programme.clone()), Box::new(move |one| *one.programme == *programme)),
        (("unit", unit.clone()), Box::new(move |one| *one.unit_start == *unit)),
        (("sex", "F".to_owned()), Box::new(|one| one.sex == Some(Sex::F))),
    ];
    let is_given = |one: &&Named| narrowed::by(name).iter().any(|dimension| dimension.name() == one.0.0);
    let whole = written(&tried(facts.clone(), name, &[]).unwrap(), (Dimension::EndReason, &[]), false);
    for ((dimension, label), is_kept) in parts.iter().filter(is_given) {
        let mut less = facts.clone();
        less.treatments.retain(|treatment| is_kept(treatment));
        for run in &mut less.runs {
            let told = if *dimension == "unit" { &run.run.unit } else { &run.run.programme };
            if told != label {
                run.run.reasons.clear();
            }
        }
        let nobody = (Dimension::EndReason, &[][..]);
        let made = written(&tried(facts.clone(), name, &[(*dimension, label)]).unwrap(), nobody, false);
        assert_eq!(made, written(&tried(less, name, &[]).unwrap(), nobody, false), "{name} {dimension}");
        assert!(made != whole && made.lines().count() > 1, "{name} {dimension} leaves nothing out");
    }
}

#[tokio::test]
async fn a_report_of_some_treatments_has_the_bytes_of_their_rows_in_the_report_of_all_on_either_engine() {
    let (_folder, stores) = engines().await;
    for store in &stores {
        let facts = facts(&**store).await;
        let mut wrong = Vec::new();
        for definition in ALL {
            let name = definition.name;
            if FIXED.contains(&name) {
                held_by_hand(&facts, name);
                continue;
            }
            for (place, dimension) in narrowed::by(name).iter().enumerate() {
                let (told, differing) = held(&facts, (name, *dimension), CHOICES[place % CHOICES.len()]);
                assert!(told > 0, "{name} by {dimension}");
                wrong.extend(differing);
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[tokio::test]
async fn every_report_is_another_one_of_one_programme_than_of_all_and_one_that_cannot_be_refuses() {
    let (_folder, [store, _]) = engines().await;
    let facts = facts(&*store).await;
    let programme = facts.treatments[0].programme.to_string();
    let mut refusing = 0;
    for definition in ALL {
        let asked = [("by", "region"), ("programme", programme.as_str())];
        let made = tried(facts.clone(), definition.name, &asked);
        if narrowed::by(definition.name).is_empty() {
            refusing += 1;
            let error = made.unwrap_err().to_string();
            assert_eq!(error, "this report cannot be narrowed by programme, nor by anything else");
            continue;
        }
        let (made, whole) = (made.unwrap(), tried(facts.clone(), definition.name, &asked[..1]).unwrap());
        assert_ne!(render::csv(&made).unwrap(), render::csv(&whole).unwrap(), "{}", definition.name);
        let name = CodeLists::builtin().programme(&programme).unwrap().name.clone();
        let told = super::super::invented::told(&made);
        assert!(told.contains(&format!("Selection: Programme: {name}.")), "{told}");
        assert!(made.parameters.contains(&("programme", Some(programme.clone()))), "{:?}", made.parameters);
        assert!(!whole.parameters.iter().any(|(name, _)| *name == "programme"));
    }
    assert_eq!(refusing, 2);
}

#[tokio::test]
async fn what_is_in_no_list_and_what_a_report_cannot_divide_is_refused_with_what_there_is() {
    let (_folder, [store, _]) = engines().await;
    let facts = facts(&*store).await;
    for (name, (dimension, label), says) in [
        (
            "outcomes",
            ("programme", "depresionshjalpen"),
            "there is no such programme; the nearest are depressionshjalpen",
        ),
        ("outcomes", ("region", "99"), "there is no such region"),
        ("groups", ("sex", "women"), "there is no such sex; the nearest are F, M"),
        ("groups", ("age_group", "18-25"), "18-24"),
        ("groups", ("unit", "the clinic"), "there is no such unit"),
        ("groups", ("unit", "SE9990120000-E099"), "SE9990120000-E00"),
        ("coverage", ("sex", "F"), "this report cannot be narrowed by sex; it can be by region, unit, programme"),
        ("data-quality", ("severity", "mild"), "cannot be narrowed by severity"),
        ("benchmark", ("region", "12"), "cannot be narrowed by region; it can be by programme"),
    ] {
        let error = tried(facts.clone(), name, &[("by", "region"), (dimension, label)]).unwrap_err().to_string();
        assert!(error.contains(says), "{name} {dimension}={label}: {error}");
    }
    assert!(tried(facts, "groups", &[("sex", "unknown, F"), ("programme", "")]).is_ok());
}
