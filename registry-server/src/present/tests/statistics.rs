//! The tables that everybody may read.

use axum::http::StatusCode;

use super::world::World;
use super::years::frozen_crowd;
use crate::extract::asked::asked;
use crate::extract::build::{Built, Source};
use crate::extract::sheet::Sheet;
use crate::request::form::Table;

/// Three tables of the frozen year: persons by sex and by region, and means before and after.
async fn built(world: &World) -> Vec<Built> {
    let registry = &world.registry;
    let cut = registry.store.cuts().await.unwrap().remove(0);
    let source = Source { store: &*registry.store, cut: &cut, lists: &registry.lists, pepper: &registry.pepper };
    let table = |split: &str| Table { split_by: vec![split.to_owned()], ..Table::default() };
    let means = Table { measure: "means".to_owned(), instrument: "PHQ-9".to_owned(), ..Table::default() };
    let tables = [table("sex"), table("region"), means];
    let asked = tables.map(|table| asked(&table, &registry.lists).unwrap());
    source.build(&asked, None, || registry.environment.stamp()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_reads_the_tables_that_were_opened_and_no_other_on_a_page_and_as_files() {
    let world = frozen_crowd().await;
    let built = built(&world).await;
    let empty = world.get("/statistics", "").await;
    assert!(empty.status == StatusCode::OK && empty.text.contains("Ingen tabell har lämnats ut än."), "{}", empty.text);
    assert_eq!(world.get("/statistics/c1-1/table.csv", "").await.status, StatusCode::NOT_FOUND, "it is not open yet");
    let (place, table) = built[0].table.clone().unwrap();
    let stamp = world.registry.environment.stamp();
    assert!(world.registry.store.publish((1, place), 1, stamp).await.unwrap());
    let sheet = Sheet::of((1, place), &built[0].asked, &table, &world.registry.lists);
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
    assert_eq!(world.get("/statistics?table=c1-2", "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_headed_in_words_and_one_of_means_shows_them_and_each_is_chosen_from_the_list() {
    let world = frozen_crowd().await;
    let built = built(&world).await;
    for one in &built {
        let (place, _) = one.table.as_ref().unwrap();
        let stamp = world.registry.environment.stamp();
        assert!(world.registry.store.publish((1, *place), 1, stamp).await.unwrap());
    }
    let first = world.get("/statistics?lang=en", "").await.text;
    assert!(first.contains("<h2 id=\"c1-1\">Persons, by sex</h2>"), "{first}");
    assert!(first.contains("rounded at random up or down to a multiple of five"), "{first}");
    assert!(first.contains("href=\"/statistics?table=c1-3\"") && !first.contains("id=\"c1-3\""), "{first}");
    let (place, table) = built[2].table.as_ref().unwrap();
    let sheet = Sheet::of((1, *place), &built[2].asked, table, &world.registry.lists);
    let column = sheet.columns.iter().position(|column| column.name == "mean_first").unwrap();
    let yes = sheet.rows.iter().find(|row| row[0].text() == "yes").unwrap();
    let crate::extract::sheet::Cell::Figure { value, decimals } = yes[column] else { panic!("shown: {yes:?}") };
    let chosen = world.get("/statistics?table=c1-3", "").await.text;
    let told = schemas::language::Language::Sv.number(value, decimals);
    assert!(chosen.contains("<h2 id=\"c1-3\">Medelvärden före och efter, effektstorlek, PHQ-9"), "{chosen}");
    assert!(chosen.contains(">medel första<") && chosen.contains(&format!("<td class=\"n\">{told}</td>")), "{chosen}");
    let csv = world.get("/statistics/c1-3/table.csv", "").await.text;
    assert!(csv.lines().next().unwrap().contains("mean_first,sd_first"), "{csv}");
}
