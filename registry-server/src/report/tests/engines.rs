//! The reports from either engine: the same figures as the expected files, and the same bytes from both.

/// Deliveries of a fixture, and invented ones with corrections, retractions and conflicts.
pub(crate) mod deliveries;
/// An invented register as everything that was ever said.
mod chronicle;
/// The worked examples of the definitions.
mod examples;
/// By severity, diagnosis and version, and in windows.
mod finer;
/// Every report of a store.
mod made;
/// Some of the treatments.
mod narrowed;
/// Whatever comes first.
mod orders;
/// Beside a recount.
mod recounted;
/// Those who took over.
mod successors;
/// Another threshold set.
mod thresholds;
/// Sums and their parts.
mod totals;
/// Who withdraws was never there.
mod withdrawn;

use std::sync::Arc;

use super::compare::differences;
use super::fixture;
use super::invented::inhabitants;
use crate::aggregate::dimension::Dimension;
use crate::fact::Part;
use crate::report::{ALL, render};
use crate::store::{Reference, Store, postgres, sqlite};

/// An empty store of each engine; the folder holds SQLite's.
async fn engines() -> (tempfile::TempDir, [Arc<dyn Store>; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = sqlite::tests::fresh(&folder.path().join("register.db")).await;
    (folder, [sqlite, postgres::tests::fresh().await])
}

/// A report from a store's facts.
async fn report(store: &dyn Store, name: &str, parameters: &[(&str, &str)]) -> crate::report::Report {
    fixture::report(store.facts(Part::ALL).await.unwrap(), name, parameters)
}

#[tokio::test]
async fn every_figure_of_the_worked_example_agrees_on_both_engines() {
    let (_folder, engines) = engines().await;
    for store in &engines {
        deliveries::deliver_fixture(&**store, "worked-example").await;
        for name in ["outcomes", "groups", "composite", "funnel"] {
            let parameters = [("comparison", "all"), ("cohort", "started")];
            let report = report(&**store, name, &parameters).await;
            let found = differences(&format!("worked-example/expected-{name}.csv"), &report);
            assert!(found.is_empty(), "{name}: {found:?}");
        }
    }
}

#[tokio::test]
async fn every_report_by_every_dimension_is_the_same_bytes_from_both_engines() {
    let (_folder, [one, other]) = engines().await;
    let mut conflicts = 0;
    for store in [&one, &other] {
        deliveries::enrol(&**store, &deliveries::SENDERS).await;
        store.take_in(Reference::Populations(&inhabitants(2024)), deliveries::at()).await.unwrap();
    }
    for seed in 0..90 {
        let answers =
            [one.accept_batch(deliveries::invented(seed)).await, other.accept_batch(deliveries::invented(seed)).await];
        assert_eq!(answers[0], answers[1], "batch {seed}");
        conflicts += usize::from(answers[0].is_err());
    }
    let facts = [one.facts(Part::ALL).await.unwrap(), other.facts(Part::ALL).await.unwrap()];
    let stored = facts[0].treatments.len();
    assert!(stored > 300 && conflicts > 5 && conflicts < 60, "{stored} treatments, {conflicts} conflicts");
    let mut choices: Vec<String> = Dimension::ALL.iter().map(|dimension| dimension.name().to_owned()).collect();
    choices.push("region,programme".to_owned());
    for definition in ALL {
        for (place, by) in choices.iter().enumerate() {
            let cohort = ["started", "ended"][place % 2];
            let period = ["all", "year", "quarter"][place % 3];
            let (structure, attribution) = (["as-was", "current"][place % 2], ["start", "end"][place % 2]);
            let parameters = [
                ("by", by.as_str()),
                ("comparison", "all"),
                ("cohort", cohort),
                ("period", period),
                ("structure", structure),
                ("attribution", attribution),
            ];
            let made = facts.clone().map(|facts| fixture::report(facts, definition.name, &parameters));
            assert!(!made[0].rows.is_empty(), "{} by {by}", definition.name);
            assert_eq!(render::json(&made[0]).unwrap(), render::json(&made[1]).unwrap(), "{} by {by}", definition.name);
            assert_eq!(render::csv(&made[0]).unwrap(), render::csv(&made[1]).unwrap(), "{} by {by}", definition.name);
        }
    }
}
