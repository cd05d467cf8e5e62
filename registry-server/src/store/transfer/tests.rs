//! Every table moves, both ways, and what did not arrive is found.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use sqlx::Row as _;

use super::{Place, TABLES, TransferError, migrate};
use crate::fact::Part;
use crate::report::tests::engines::deliveries;
use crate::store::contract::{
    alarm, analysis, cut, erasure, job, quarter, release, request, request_mail, sign, trail, users, watch,
};
use crate::store::{Figures as _, Reference, Store, postgres, sqlite};

/// A store with deliveries of several senders.
async fn filled(path: &Path) -> Arc<dyn Store> {
    let store = sqlite::tests::fresh(path).await;
    deliveries::enrol(&*store, &deliveries::SENDERS).await;
    let lists = schemas::codelist::CodeLists::builtin();
    store
        .take_in(Reference::Populations(&lists.populations().cloned().collect::<Vec<_>>()), deliveries::at())
        .await
        .unwrap();
    for seed in 0..40 {
        if seed == 20 {
            store.sequence(&sign()).await.unwrap();
        }
        // Some are refused as conflicts, as they should.
        let _ = store.accept_batch(deliveries::invented(seed)).await;
    }
    erasure::fill(&*store).await;
    cut::fill(&*store).await;
    users::fill(&*store).await;
    alarm::fill(&*store).await;
    quarter::fill(&*store).await;
    release::fill(&*store).await;
    request::fill(&*store).await;
    analysis::fill(&*store).await;
    request_mail::fill(&*store).await;
    job::fill(&*store).await;
    trail::fill(&*store).await;
    watch::fill(&*store).await;
    store
}

#[tokio::test]
async fn a_register_moves_to_postgresql_and_back_with_every_row() {
    let folder = tempfile::tempdir().unwrap();
    let from = filled(&folder.path().join("from.db")).await;
    let there = postgres::tests::fresh().await;
    let moved = migrate(&*from, &*there).await.unwrap();
    assert_eq!(moved.from, moved.to);
    for table in TABLES
        .iter()
        .filter(|table| !["activity", "run", "subject_pair", "denominator", "series_break"].contains(&table.name))
    {
        assert!(moved.from.iter().any(|content| content.table == table.name), "{}", table.name);
    }
    let back = sqlite::tests::fresh(&folder.path().join("back.db")).await;
    let returned = migrate(&*there, &*back).await.unwrap();
    assert_eq!((&returned.from, &returned.to), (&moved.from, &moved.from));
    assert_eq!(migrate(&*from, &*there).await, Err(TransferError::NotEmpty));
    // Life goes on in the new place: new senders, new records, new numbers.
    deliveries::enrol(&*there, &["P09"]).await;
    for seed in 40..60 {
        assert_eq!(
            there.accept_batch(deliveries::invented(seed)).await,
            back.accept_batch(deliveries::invented(seed)).await
        );
    }
    assert_eq!(
        there.facts(Part::ALL).await.unwrap().treatments.len(),
        back.facts(Part::ALL).await.unwrap().treatments.len()
    );
}

#[tokio::test]
async fn one_altered_or_missing_row_of_the_target_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let from = filled(&folder.path().join("from.db")).await;
    let there = postgres::tests::fresh().await;
    migrate(&*from, &*there).await.unwrap();
    let mut whole = super::digest::contents(&*there).await.unwrap();
    for (statement, table) in [
        (
            "UPDATE outcome_12 SET post = post + 1 WHERE ctid = (SELECT min(ctid) FROM outcome_12 WHERE post > 0)",
            "outcome",
        ),
        ("UPDATE treatment SET document = document || ' ' WHERE id = (SELECT min(id) FROM treatment)", "treatment"),
        ("UPDATE sender SET timezone = '' WHERE code = '12'", "sender"),
        ("DELETE FROM population WHERE id = 3", "population"),
    ] {
        there.alter(statement).await;
        let now = super::digest::contents(&*there).await.unwrap();
        let different: Vec<_> = whole.iter().filter(|content| !now.contains(content)).map(|c| c.table).collect();
        assert_eq!(different, [table]);
        whole = now;
    }
}

#[tokio::test]
async fn both_engines_have_the_tables_and_columns_that_are_moved() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.db");
    sqlite::tests::fresh(&path).await.close().await;
    let mut of_sqlite: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let pool = sqlx::SqlitePool::connect_with(sqlx::sqlite::SqliteConnectOptions::new().filename(&path)).await.unwrap();
    let columns = "SELECT m.name AS t, c.name AS c FROM sqlite_schema m JOIN pragma_table_info(m.name) c
        WHERE m.type = 'table' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\'";
    for row in sqlx::query(columns).fetch_all(&pool).await.unwrap() {
        of_sqlite.entry(row.get("t")).or_default().push(row.get("c"));
    }
    let mut of_postgres = postgres::tests::fresh().await.columns().await;
    let sorted = |mut names: Vec<String>| {
        names.sort_unstable();
        names
    };
    for table in TABLES {
        let all = || table.columns.iter();
        let both = all().filter(|column| column.place == Place::Both);
        let (in_sqlite, in_postgres) = (of_sqlite.remove(table.name), of_postgres.remove(table.name));
        assert_eq!(sorted(in_sqlite.unwrap()), sorted(both.map(|c| c.name.to_owned()).collect()), "{}", table.name);
        assert_eq!(sorted(in_postgres.unwrap()), sorted(all().map(|c| c.name.to_owned()).collect()), "{}", table.name);
    }
    // What is made of the others is made anew where they have moved to.
    for made in ["cell", "cell_group", "cell_mark"] {
        assert!(of_sqlite.remove(made).is_some() && of_postgres.remove(made).is_some(), "{made}");
    }
    assert_eq!((of_sqlite, of_postgres), (BTreeMap::new(), BTreeMap::new()), "every table is moved");
}

#[test]
fn both_engines_have_the_same_migrations() {
    let names = |migrator: sqlx::migrate::Migrator| {
        migrator.iter().map(|step| (step.version, step.description.to_string())).collect::<Vec<_>>()
    };
    let of_sqlite = names(sqlx::migrate!("migrations/sqlite"));
    assert!(!of_sqlite.is_empty());
    assert_eq!(of_sqlite, names(sqlx::migrate!("migrations/postgres")));
}
