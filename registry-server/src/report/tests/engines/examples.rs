//! Each figure's own worked example as stored records: the report that publishes the figure comes to what the definition says.
//!
//! Promises: a figure or measure that is added without an example here fails. Every example has years of its own, which select it.

/// The records of each figure's example.
mod records;

use schemas::codelist::CodeLists;

use super::deliveries::{arrival, at, delivery, enrol};
use super::{engines, report};
use crate::figure::Figure;
use crate::indicator::definition::FIGURES;
use crate::indicator::{self, Measure, PHQ9};
use crate::store::{Payload, Reference, Store};
use records::{Shown, UNIT, paired, shown, treatment_of};

/// The years of the first example.
const FIRST: i16 = 1950;

/// The first of the two years of an example.
fn year(number: usize) -> i16 {
    FIRST + 2 * i16::try_from(number).unwrap()
}

/// What the treatments of the measures' examples were measured with.
fn instrument(measure: &Measure) -> String {
    let lists = CodeLists::builtin();
    let of_the_scale =
        |code: &str| lists.instrument(code).is_some_and(|one| one.lowest >= measure.example.scale.lowest);
    let found = ["PHQ-9", "PSWQ"].into_iter().find(|code| of_the_scale(code));
    assert_eq!(found == Some("PHQ-9"), measure.example.scale.lowest <= PHQ9.lowest, "{}", measure.name);
    found.unwrap().to_owned()
}

async fn deliver_examples(store: &dyn Store) {
    enrol(store, &["12"]).await;
    let unit = serde_json::from_value(serde_json::json!({ "name": "Enheten", "county": "12" })).unwrap();
    let mut records = vec![arrival(UNIT.to_owned(), 1, Payload::Unit(unit))];
    let (mut denominators, mut populations) = (Vec::new(), Vec::new());
    for (number, figure) in FIGURES.iter().enumerate() {
        let Shown { treatments, runs, outside, inhabitants, .. } = shown(figure.name, year(number));
        records
            .extend(treatments.into_iter().enumerate().map(|(place, content)| treatment_of((number, place), content)));
        records.extend(runs.into_iter().map(|run| arrival(run.key(), 1, Payload::Run(run))));
        denominators.extend(outside);
        populations.extend(inhabitants);
    }
    for (number, measure) in (FIGURES.len()..).zip(indicator::ALL) {
        let pairs = measure.example.pairs.iter().enumerate();
        records.extend(pairs.map(|(place, (first, second))| {
            treatment_of((number, place), paired(year(number), &[(&instrument(measure), *first, *second)]))
        }));
    }
    store.take_in(Reference::Denominators(&denominators), at()).await.unwrap();
    store.take_in(Reference::Populations(&populations), at()).await.unwrap();
    store.accept_batch(delivery("12", 1, records.into_iter().map(Some).collect())).await.unwrap();
}

#[tokio::test]
async fn every_worked_example_comes_to_what_is_written_also_as_stored_records_on_either_engine() {
    let (_folder, stores) = engines().await;
    for store in &stores {
        deliver_examples(&**store).await;
        for (number, figure) in FIGURES.iter().enumerate() {
            let shown = shown(figure.name, year(number));
            assert_eq!(shown.cells.len(), figure.gives.len(), "{}", figure.name);
            for ((name, written), cell) in figure.gives.iter().zip(&shown.cells) {
                let Some((key, column)) = cell else { continue };
                let found = figure_at(&**store, &shown, (key, column)).await;
                let same = match (written, found) {
                    (Some(written), Some(found)) => (written - found).abs() <= 1e-9 * written.abs().max(1.0),
                    (written, found) => written.is_none() && found.is_none(),
                };
                assert!(same, "{} {name}: {found:?} instead of {written:?}", figure.name);
            }
        }
    }
}

#[tokio::test]
async fn every_measure_s_worked_example_gives_its_share_also_as_stored_records_on_either_engine() {
    let (_folder, stores) = engines().await;
    for store in &stores {
        deliver_examples(&**store).await;
        for (number, measure) in (FIGURES.len()..).zip(indicator::ALL) {
            let shown = Shown::of("outcomes", year(number));
            let key = ["ALL".to_owned(), "12".to_owned(), instrument(measure), "paired".to_owned()];
            for (part, written) in [("n", measure.example.n), ("d", measure.example.d)] {
                let found = figure_at(&**store, &shown, (&key, &format!("{}_{part}", measure.name))).await;
                assert_eq!(found, Some(written as f64), "{}_{part}", measure.name);
            }
        }
    }
}

/// The figure of a row and column; nothing where it is undefined.
async fn figure_at(store: &dyn Store, shown: &Shown, (key, column): (&[String], &str)) -> Option<f64> {
    let options: Vec<(&str, &str)> = shown.options.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let made = report(store, shown.report, &options).await;
    let text = |figure: &Figure| if let Figure::Text(text) = figure { text.to_string() } else { String::new() };
    let is_it = |row: &&Vec<Figure>| row[..made.keys].iter().map(text).eq(key.iter().cloned());
    let row = made.rows.iter().find(is_it).unwrap_or_else(|| panic!("{} has no row {key:?}", shown.report));
    let place = made.columns.iter().position(|name| name == column).unwrap_or_else(|| panic!("no column {column}"));
    match &row[place] {
        Figure::Count(count) => Some(*count as f64),
        Figure::Number(number) => Some(*number),
        Figure::Undefined => None,
        figure => panic!("{column} holds {figure:?}"),
    }
}
