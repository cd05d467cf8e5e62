//! Successors of regions, programmes and units: figures that follow them are those of a register in which the senders had written the
//! successor from the start, in every report.

use std::collections::BTreeSet;
use std::sync::Arc;

use schemas::codelist::{Addition, CodeLists, ListName, Population};

use super::chronicle::{Counting, begin, counts, deliver, said};
use super::engines;
use crate::fact::{Facts, Part};
use crate::figure::Figure;
use crate::report::{ALL, Parameters, Report, ReportData, build};

/// Gone with 2023, and what took over.
const REGION: [&str; 2] = ["12", "20"];
const PROGRAMME: [&str; 2] = ["oroshjalpen", "angesthjalpen"];
const UNIT: [&str; 2] = ["SE9990120000-E000", "SE9990120000-E001"];

/// Reports about the senders as they deliver, in which units and programmes are what the sender wrote.
const OF_SENDERS: [&str; 3] = ["participation", "data-quality", "duplicates"];

/// What the senders of an invented register said last; no unit has a successor yet.
async fn facts() -> Facts {
    let (_folder, [store, _]) = engines().await;
    begin(&*store).await;
    deliver(&*store, &said(95), 0).await;
    deliver(&*store, &counts(95, 1, Counting::WhoStays), 300).await;
    let mut facts = store.facts(Part::ALL).await.unwrap();
    facts.units.iter_mut().for_each(|unit| unit.successor = None);
    facts
}

fn lists(list: ListName, text: &str) -> CodeLists {
    let addition = Addition { list, file: "local.csv".to_owned(), text: text.to_owned() };
    CodeLists::builtin().with_additions(&[addition]).unwrap()
}

fn made(facts: &Facts, lists: &CodeLists, (name, structure): (&str, &str)) -> Report {
    let by = "region,unit,programme,condition,care_level,ownership";
    let pairs = [("by", by), ("structure", structure), ("attribution", "end"), ("comparison", "all")];
    let as_of = "2026-01-01T00:00:00Z".parse().unwrap();
    let data = ReportData { facts: Arc::new(facts.clone()), lists, thresholds: lists.thresholds(), as_of };
    build(name.parse().unwrap(), &data, &Parameters::from_pairs(pairs).unwrap()).unwrap()
}

/// Every report that follows successors is the one of `rewritten` as it was; gives those that following changes.
fn follows(facts: &Facts, rewritten: &Facts, lists: &CodeLists) -> BTreeSet<&'static str> {
    let mut changed = BTreeSet::new();
    for name in ALL.iter().map(|definition| definition.name).filter(|name| !OF_SENDERS.contains(name)) {
        let (current, as_was) = (made(facts, lists, (name, "current")), made(facts, lists, (name, "as-was")));
        let expected = made(rewritten, lists, (name, "as-was"));
        let (found, expected) = (standing(&current), standing(&expected));
        let first = found.iter().zip(&expected).find(|(found, expected)| found != expected);
        assert!(found == expected, "{name}: {first:?}");
        if current.rows != as_was.rows {
            changed.insert(name);
        }
    }
    changed
}

/// The rows but those of a region that is gone, which hold nothing but its inhabitants.
fn standing(report: &Report) -> Vec<&Vec<Figure>> {
    let gone = |row: &[Figure]| row[..report.keys].contains(&Figure::text(REGION[0]));
    let anything =
        |row: &[Figure]| row[report.keys..].iter().any(|figure| matches!(figure, Figure::Count(n) if *n > 0));
    report.rows.iter().filter(|row| !gone(row) || anything(row)).collect()
}

/// Every report that is split by what was followed.
fn all_but(fixed: &[&str]) -> BTreeSet<&'static str> {
    let names = ALL.iter().map(|definition| definition.name);
    names.filter(|name| !OF_SENDERS.contains(name) && !fixed.contains(name)).collect()
}

fn line(region: &str, year: i16, population: u64) -> Population {
    let (sex, age_from, age_to) = (None, None, None);
    let (valid_from, valid_to, successor) = (None, None, None);
    Population { region: region.to_owned(), year, sex, age_from, age_to, population, valid_from, valid_to, successor }
}

fn put(text: &mut Arc<str>, [gone, successor]: [&str; 2]) {
    if **text == *gone {
        *text = Arc::from(successor);
    }
}

#[tokio::test]
async fn a_region_s_successor_takes_over_its_figures_and_inhabitants_in_every_report() {
    let mut facts = facts().await;
    let text = "code,letter,name,organisation_number,population_2021,aliases,valid_from,valid_to,successor\n\
                12,M,Region Skåne,232100-0255,1402425,,,2023-12-31,20\n";
    let mut rewritten = facts.clone();
    rewritten.units.iter_mut().for_each(|unit| put(&mut unit.county, REGION));
    // From 2024 on the successor's inhabitants are counted with those of the region that is gone.
    let lived = |sums: [u64; 2]| [(2021, sums), (2022, sums), (2023, sums), (2024, [0, 1500]), (2025, [0, 1600])];
    let lines = |sums| {
        lived(sums)
            .into_iter()
            .flat_map(|(year, [gone, stays])| [line(REGION[0], year, gone), line(REGION[1], year, stays)])
    };
    facts.populations = lines([400, 1000]).filter(|line| line.population > 0).collect();
    rewritten.populations = lines([0, 1400]).collect();
    assert_eq!(follows(&facts, &rewritten, &lists(ListName::Regions, text)), all_but(&[]));
}

#[tokio::test]
async fn a_programme_s_successor_takes_over_its_figures_in_every_report_that_tells_of_programmes() {
    let facts = facts().await;
    let text = "code,name,kind,supplier,condition,primary_instrument,anxiety_instrument,youth,aliases,valid_from,valid_to,successor\n\
                oroshjalpen,Oroshjälpen,treatment,Psykologpartners,worry,GAD-7,GAD-7,false,,,2023-12-31,angesthjalpen\n";
    let mut rewritten = facts.clone();
    rewritten.treatments.iter_mut().for_each(|treatment| put(&mut treatment.programme, PROGRAMME));
    rewritten.activities.iter_mut().for_each(|activity| put(&mut activity.programme, PROGRAMME));
    for fact in rewritten.runs.iter_mut().filter(|fact| fact.run.programme == PROGRAMME[0]) {
        PROGRAMME[1].clone_into(&mut fact.run.programme);
    }
    let lists = lists(ListName::Programmes, text);
    assert_eq!(
        follows(&facts, &rewritten, &lists),
        all_but(&["funnel", "benchmark", "deciles"]),
        "those are by region and unit"
    );
}

#[tokio::test]
async fn a_unit_s_successor_takes_over_its_figures_in_every_report() {
    let mut facts = facts().await;
    let mut rewritten = facts.clone();
    for treatment in &mut rewritten.treatments {
        put(&mut treatment.unit_start, UNIT);
        treatment.unit_end.iter_mut().for_each(|unit| put(unit, UNIT));
    }
    rewritten.activities.iter_mut().for_each(|activity| put(&mut activity.unit, UNIT));
    for fact in rewritten.runs.iter_mut().filter(|fact| fact.run.unit == UNIT[0]) {
        UNIT[1].clone_into(&mut fact.run.unit);
    }
    for unit in facts.units.iter_mut().filter(|unit| *unit.unit == *UNIT[0]) {
        unit.successor = Some(Arc::from(UNIT[1]));
    }
    assert_eq!(follows(&facts, &rewritten, &CodeLists::builtin()), all_but(&[]));
}
