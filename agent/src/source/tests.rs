//! How a region's own database is read.

/// The three engines, and what all of them do alike.
mod engines;
/// The same clean data through every engine.
mod conformance;
/// Views on PostgreSQL.
mod recipe;
/// What a server refuses, and how it is told.
mod refusals;
/// Several sources in one agent.
mod several;
/// Servers under TLS.
mod tls;

use futures_util::StreamExt as _;

use super::*;
use crate::tests::{NOW, Region};

impl SourceRow<'static> {
    /// A row with some columns, as a source would make it.
    pub(crate) fn of(columns: &'static Columns, cells: &[(&str, &str)]) -> Self {
        for (name, _) in cells {
            assert!(columns.names.contains(name), "no column {name}");
        }
        let mut page = Page::new(columns, 0);
        for name in columns.names {
            page.add(cells.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value));
        }
        Box::leak(Box::new(page)).rows().next().unwrap()
    }
}

/// A region with another query for treatments, with a trailing line break so that comments end.
async fn querying(query: &str) -> Region {
    Region::with(|text| text.replace("SELECT * FROM treatments WHERE updated_at >= :since", query)).await
}

async fn opened(region: &Region) -> Result<Source, SourceError> {
    Source::open(&region.setup.places[0], NOW.parse().unwrap()).await
}

/// Why the source cannot be used, as its kind and sentence.
async fn refused(region: &Region) -> (&'static str, String) {
    match opened(region).await.err().expect("the source is refused") {
        SourceError::Query(sentence) => ("query", sentence),
        SourceError::Unreachable(sentence) => ("unreachable", sentence),
        SourceError::NotAllowed(sentence) => ("not allowed", sentence),
    }
}

async fn treatments(region: &Region, rows: Rows<'_>) -> Vec<SourceRow<'static>> {
    let mut source = opened(region).await.unwrap();
    let pages: Vec<Page> = source.treatments(rows).map(|page| page.unwrap()).collect().await;
    pages.into_iter().flat_map(|page| Box::leak(Box::new(page)).rows()).collect()
}

async fn everything(region: &Region) -> Vec<SourceRow<'static>> {
    treatments(region, Rows::Since(Since::Beginning)).await
}

#[tokio::test]
async fn a_missing_needed_column_is_told_by_its_name() {
    let region =
        querying("SELECT treatment_id, person_id, unit_id, programme, status, updated_at FROM treatments").await;
    let (kind, sentence) = refused(&region).await;
    assert_eq!(kind, "query");
    assert!(sentence.contains("started_on, ended_on") && sentence.contains("treatments"), "{sentence}");
}

#[tokio::test]
async fn values_of_every_storage_class_become_text_that_loses_nothing() {
    let region = Region::new().await;
    region
        .sql(
            "INSERT INTO treatments (treatment_id, messages, modules_total, sick_leave_before, diagnosis, unit_id, updated_at)
             VALUES (42, 9007199254740993, 0.1, 12.0, x'46333220c3a5', '  SE1 ', '2024-01-01')",
        )
        .await;
    let rows = everything(&region).await;
    let cells = ["treatment_id", "messages", "modules_total", "sick_leave_before", "diagnosis", "unit_id", "sex"];
    assert_eq!(
        cells.map(|name| rows[0].get(name)),
        [Some("42"), Some("9007199254740993"), Some("0.1"), Some("12"), Some("F32 å"), Some("SE1"), None]
    );
}

#[tokio::test]
async fn bytes_that_are_no_text_are_read_as_such_and_do_not_stop_the_row() {
    let region = Region::new().await;
    region
        .sql("INSERT INTO treatments (treatment_id, programme, updated_at) VALUES ('M-1', CAST(x'ff41' AS TEXT), '2024')")
        .await;
    assert_eq!(everything(&region).await[0].get("programme"), Some("\u{FFFD}A"));
}

#[tokio::test]
async fn since_without_updated_at_is_refused_because_no_increment_could_begin() {
    let region = querying(
        "SELECT treatment_id, person_id, unit_id, programme, status, started_on, ended_on FROM treatments \
         WHERE started_on > :since",
    )
    .await;
    let (kind, sentence) = refused(&region).await;
    assert_eq!(kind, "query");
    assert!(sentence.contains("updated_at"), "{sentence}");
}

#[tokio::test]
async fn numbers_are_looked_up_by_the_text_that_they_are_read_as_whatever_the_columns_type() {
    for kind in ["", "INTEGER", "TEXT", "REAL", "NUMERIC", "TEXT COLLATE NOCASE"] {
        let region = Region::with(|text| text.replace("FROM treatments", "FROM typed")).await;
        region
            .sql(&format!(
                "CREATE TABLE typed (treatment_id {kind}, person_id, unit_id, programme, status, started_on, ended_on, updated_at);
                 INSERT INTO typed (treatment_id, updated_at) VALUES
                 (7.0, '2024'), (8, '2024'), ('9', '2024'), (0.5, '2024'), (9007199254740993, '2024'), (x'4d2d31c3a5', '2024'),
                 (NULL, '2024')"
            ))
            .await;
        let written: Vec<String> =
            everything(&region).await.iter().filter_map(|row| row.get("treatment_id")).map(str::to_owned).collect();
        let mut source = opened(&region).await.unwrap();
        source.expect(Spelling::Exact);
        let pages: Vec<Page> = source.treatments(Rows::Of(&written)).map(|page| page.unwrap()).collect().await;
        assert_eq!(pages.iter().map(Page::len).sum::<usize>(), 6, "{kind} {written:?}");
        drop(pages);
        let none = ["07", "7.5", "9 "].map(str::to_owned);
        let pages: Vec<Page> = source.treatments(Rows::Of(&none)).map(|page| page.unwrap()).collect().await;
        assert_eq!(pages.iter().map(Page::len).sum::<usize>(), 0, "{kind}");
    }
}

#[tokio::test]
async fn a_treatments_query_that_sorts_or_materialises_persons_is_refused() {
    for query in [
        "SELECT * FROM treatments ORDER BY person_id",
        "SELECT DISTINCT * FROM treatments",
        "SELECT * FROM treatments GROUP BY treatment_id",
        "SELECT * FROM treatments UNION SELECT * FROM treatments",
        "WITH t AS MATERIALIZED (SELECT * FROM treatments) SELECT a.* FROM t a",
        "SELECT t.* FROM treatments t JOIN measurements m ON m.treatment_id = t.treatment_id",
    ] {
        let (kind, sentence) = refused(&querying(query).await).await;
        assert_eq!(kind, "query", "{query}");
        assert!(sentence.contains("temporary"), "{sentence}");
    }
    for query in [
        "SELECT * FROM treatments UNION ALL SELECT * FROM treatments",
        "SELECT t.* FROM treatments t JOIN treatments o ON o.rowid = t.rowid",
    ] {
        assert!(opened(&querying(query).await).await.is_ok(), "{query}");
    }
}

#[tokio::test]
async fn a_source_that_is_not_there_or_is_no_database_is_unreachable() {
    let region = Region::new().await;
    std::fs::write(region.path("source.db"), "not a database, but long enough to be taken for the header of one")
        .unwrap();
    assert_eq!(refused(&region).await.0, "unreachable");
    std::fs::remove_file(region.path("source.db")).unwrap();
    let (kind, sentence) = refused(&region).await;
    assert_eq!(kind, "unreachable");
    assert!(sentence.contains("source.db") && sentence.contains("[source] url"), "{sentence}");
    assert!(!region.path("source.db").exists(), "a missing source was created");
}

#[tokio::test]
async fn the_source_is_never_written() {
    let region = querying("SELECT * FROM treatments").await;
    region.treatment("M-1", 2, &[]).await;
    let before = std::fs::read(region.path("source.db")).unwrap();
    everything(&region).await;
    assert!(before == std::fs::read(region.path("source.db")).unwrap());
    let files: Vec<_> = std::fs::read_dir(region.path("")).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(!files.iter().any(|name| name.to_string_lossy().starts_with("source.db-")), "{files:?}");
}

#[test]
fn a_row_prints_the_names_of_its_columns_and_nothing_that_stands_in_them() {
    let row = SourceRow::of(&MEASUREMENTS, &[("treatment_id", "M-77")]);
    let printed = format!("{row:?}");
    assert!(printed.contains("treatment_id") && !printed.contains("M-77"), "{printed}");
}

#[test]
fn the_guide_names_every_column_and_those_that_nobody_can_do_without() {
    let guide = include_str!("../../README.md");
    let (_, table) = guide.split_once("## The columns").unwrap();
    let (table, _) = table.split_once("\n## ").unwrap();
    for columns in [&TREATMENTS, &MEASUREMENTS, &UNITS, &OBJECTIONS] {
        let begins = format!("| `{}`", columns.query);
        let rows: Vec<&str> = table.lines().filter(|line| line.starts_with(&begins)).collect();
        for (place, name) in columns.names.iter().enumerate() {
            let named = |row: &&&str| {
                let cell = row.split('|').nth(if place < columns.needed { 2 } else { 3 });
                cell.is_some_and(|cell| cell.contains(&format!("`{name}`")))
            };
            assert_eq!(rows.iter().filter(named).count(), 1, "{} {name}", columns.query);
        }
    }
}

#[tokio::test]
async fn a_source_without_the_columns_that_leave_persons_out_is_told() {
    let lacks = async |query: &str| opened(&querying(query).await).await.unwrap().lacks(&LEAVE_OUT);
    assert_eq!(lacks("SELECT * FROM treatments").await, [""; 0]);
    let needed = TREATMENTS.names[..TREATMENTS.needed].join(", ");
    assert_eq!(lacks(&format!("SELECT {needed}, 0 AS Test_Patient FROM treatments")).await, ["protected_identity"]);
    assert_eq!(lacks(&format!("SELECT {needed} FROM treatments")).await, LEAVE_OUT);
}
