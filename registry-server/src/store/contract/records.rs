//! Units, monthly counts, accounting lines, inhabitants.

use schemas::codelist::{CodeLists, Population};
use schemas::receipt::Verdict::{Accepted, Replaced, Stale, Unchanged};
use schemas::record::Sex;
use tokio::sync::mpsc;

use super::audit::sign;
use super::delivery::{activity, at, deliver, enrol, pair, run};
use super::{erasure, key, retraction, treatment, unit};
use crate::store::transfer::{Row, TABLES};
use crate::store::{PairSays, Store};

pub(super) async fn units_counts_and_accounting_lines_are_kept_in_their_latest_version(store: &dyn Store) {
    enrol(store, "12").await;
    let records = |counter, county, count| {
        vec![
            unit("SE9990120000-E002", (1, counter), county),
            activity(&key("12", 1), (1, counter), count),
            run("2024-01", (1, counter), count),
        ]
    };
    for (name, counter, count, verdict) in
        [(1, 2, 7, Accepted), (2, 2, 7, Unchanged), (3, 1, 5, Stale), (4, 3, 9, Replaced), (5, 3, 9, Unchanged)]
    {
        let county = if count == 9 { "01" } else { "12" };
        assert_eq!(deliver(store, name, records(counter, county, count)).await.unwrap(), [verdict; 3], "batch {name}");
    }
    let units = store.facts().await.unwrap().units;
    assert_eq!((units.len(), &*units[0].county), (1, "01"));
}

pub(super) async fn what_is_exported_is_every_row_and_is_taken_in_once(store: &dyn Store) {
    enrol(store, "12").await;
    let records = vec![
        treatment(key("12", 1), (1, 1), 1, 5),
        retraction(key("12", 2), (1, 1)),
        unit("SE9990120000-E002", (1, 1), "12"),
        activity(&key("12", 1), (1, 1), 7),
        run("2024-01", (1, 1), 7),
        pair([1, 2], (1, 1), PairSays::Merge),
    ];
    deliver(store, 1, records).await.unwrap();
    store.sequence(&sign()).await.unwrap();
    deliver(store, 2, vec![treatment(key("12", 1), (1, 2), 1, 6)]).await.unwrap();
    erasure::fill(store).await;
    store.import_populations(&CodeLists::builtin().populations().cloned().collect::<Vec<_>>(), at()).await.unwrap();
    for table in TABLES {
        let (pages, mut coming) = mpsc::channel(2);
        let collect = async {
            let mut rows: Vec<Row> = Vec::new();
            while let Some(page) = coming.recv().await {
                rows.extend(page);
            }
            rows
        };
        let (exported, rows) = tokio::join!(store.export(table, pages), collect);
        exported.unwrap();
        assert!(!rows.is_empty() && rows.iter().all(|row| row.len() == table.columns.len()), "{}", table.name);
        assert!(store.import(table, rows).await.is_err(), "{}", table.name);
    }
}

pub(super) async fn an_import_replaces_the_same_inhabitants_and_keeps_the_rest(store: &dyn Store) {
    let all: Vec<_> = CodeLists::builtin().populations().cloned().collect();
    store.import_populations(&all, at()).await.unwrap();
    let counted_again = Population { population: 7, ..all[0].clone() };
    let ages = Population { age_from: Some(18), age_to: None, ..counted_again.clone() };
    let women = Population { sex: Some(Sex::F), ..ages.clone() };
    for _ in 0..2 {
        store.import_populations(&[counted_again.clone(), ages.clone(), women.clone()], at()).await.unwrap();
        let stored = store.facts().await.unwrap().populations;
        let kept = all[1..].iter().chain([&counted_again, &ages, &women]);
        assert!(kept.into_iter().all(|line| stored.contains(line)) && stored.len() == all.len() + 2, "{stored:?}");
    }
}
