//! The tables that everybody may read.

use axum::http::StatusCode;

use super::world::World;
use super::years::frozen_crowd;
use crate::extract::asked::asked;
use crate::extract::build::{Built, Source};
use crate::extract::sheet::Sheet;
use crate::request::form::Table;

/// Two tables of the frozen year: persons by sex and by region.
async fn built(world: &World) -> Vec<Built> {
    let registry = &world.registry;
    let cut = registry.store.cuts().await.unwrap().remove(0);
    let source = Source { store: &*registry.store, cut: &cut, lists: &registry.lists, pepper: &registry.pepper };
    let table = |split: &str| Table { split_by: vec![split.to_owned()], ..Table::default() };
    let asked = ["sex", "region"].map(|split| asked(&table(split), &registry.lists).unwrap());
    source.build(&asked, None, || registry.environment.stamp()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_reads_the_tables_that_were_opened_and_no_other_on_a_page_and_as_files() {
    let world = frozen_crowd().await;
    let built = built(&world).await;
    let empty = world.get("/statistics", "").await;
    assert!(empty.status == StatusCode::OK && empty.text.contains("Ingen tabell är släppt än."), "{}", empty.text);
    assert_eq!(world.get("/statistics/c1-1/table.csv", "").await.status, StatusCode::NOT_FOUND, "it is not open yet");
    let (place, table) = built[0].table.clone().unwrap();
    let stamp = world.registry.environment.stamp();
    assert!(world.registry.store.publish(1, place, stamp).await.unwrap());
    let sheet = Sheet::of((1, place), &built[0].asked, &table, 1);
    let line =
        |row: &Vec<crate::extract::sheet::Cell>| row.iter().map(crate::extract::sheet::Cell::text).collect::<Vec<_>>();
    let head: Vec<&str> = sheet.columns.iter().map(|column| column.name.as_str()).collect();
    let rows: Vec<Vec<String>> = sheet.rows.iter().map(line).collect();
    assert!(rows.len() >= 3, "each sex and the sum: {rows:?}");

    let csv = world.get("/statistics/c1-1/table.csv", "").await.text;
    let expected: Vec<String> = std::iter::once(head.join(",")).chain(rows.iter().map(|row| row.join(","))).collect();
    assert_eq!(csv.lines().collect::<Vec<_>>(), expected);
    let document = world.get("/statistics/c1-1/table.json", "").await.text;
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!((&document["cut"], document["rows"].as_array().unwrap().len()), (&"c1".into(), rows.len()));
    for (told, row) in document["rows"].as_array().unwrap().iter().zip(&rows) {
        let is_hidden = row.iter().any(|text| text == "*");
        assert_eq!(told.to_string().contains("{\"hidden\":true}"), is_hidden, "{told}");
        assert!(!told.to_string().contains("null"), "{told}");
    }
    let page = world.get("/statistics?lang=en", "").await.text;
    assert!(page.contains("id=\"c1-1\"") && page.contains(">women<") && page.contains(">all<"), "{page}");
    assert!(!page.contains("id=\"c1-2\""), "the table by region is not open: {page}");
    assert_eq!(world.get("/statistics/c1-2/table.csv", "").await.status, StatusCode::NOT_FOUND);
}
