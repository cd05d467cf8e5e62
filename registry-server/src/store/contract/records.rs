//! Units, monthly counts, accounting lines, inhabitants.

use schemas::codelist::{CodeLists, Population};
use schemas::receipt::Verdict::{Accepted, Replaced, Stale, Unchanged};
use schemas::record::Sex;
use tokio::sync::mpsc;

use super::audit::sign;
use super::delivery::{activity, at, deliver, enrol, pair, run};
use super::{
    alarm, analysis, cut, erasure, job, key, quarter, release, request, request_mail, retraction, trail, treatment,
    unit, users, watch,
};
use crate::fact::{Denominator, EndedFact, Part, SeriesBreak};
use crate::store::transfer::{Row, TABLES};
use crate::store::{PairSays, Reference, Store};

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
    let units = store.facts(Part::ALL).await.unwrap().units;
    assert_eq!((units.len(), &*units[0].county), (1, "01"));
    let alone = store.described_units().await.unwrap();
    assert_eq!(format!("{alone:?}"), format!("{units:?}"));
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
    cut::fill(store).await;
    users::fill(store).await;
    alarm::fill(store).await;
    quarter::fill(store).await;
    release::fill(store).await;
    request::fill(store).await;
    analysis::fill(store).await;
    request_mail::fill(store).await;
    job::fill(store).await;
    trail::fill(store).await;
    watch::fill(store).await;
    store
        .take_in(Reference::Populations(&CodeLists::builtin().populations().cloned().collect::<Vec<_>>()), at())
        .await
        .unwrap();
    store.take_in(Reference::Denominators(&[denominator(Some("SE9990120000-E002"), 9)]), at()).await.unwrap();
    store.take_in(Reference::Break(&series_break("2024-02-01")), at()).await.unwrap();
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
    store.take_in(Reference::Populations(&all), at()).await.unwrap();
    let counted_again = Population { population: 7, ..all[0].clone() };
    let ages = Population { age_from: Some(18), age_to: None, ..counted_again.clone() };
    let women = Population { sex: Some(Sex::F), ..ages.clone() };
    for _ in 0..2 {
        store
            .take_in(Reference::Populations(&[counted_again.clone(), ages.clone(), women.clone()]), at())
            .await
            .unwrap();
        let stored = store.facts(Part::ALL).await.unwrap().populations;
        let kept = all[1..].iter().chain([&counted_again, &ages, &women]);
        assert!(kept.into_iter().all(|line| stored.contains(line)) && stored.len() == all.len() + 2, "{stored:?}");
    }
}

pub(super) async fn denominators_replace_their_like_and_breaks_are_numbered(store: &dyn Store) {
    let of_unit = denominator(Some("SE9990120000-E002"), 9);
    store.take_in(Reference::Denominators(&[denominator(None, 20), of_unit.clone()]), at()).await.unwrap();
    for ended in [25, 30] {
        store.take_in(Reference::Denominators(&[denominator(None, ended)]), at()).await.unwrap();
    }
    for day in ["2024-02-01", "2023-02-01"] {
        store.take_in(Reference::Break(&series_break(day)), at()).await.unwrap();
    }
    let facts = store.facts(&[]).await.unwrap();
    assert_eq!(facts.denominators, [of_unit, denominator(None, 30)]);
    let second = SeriesBreak { number: 2, ..series_break("2023-02-01") };
    assert_eq!(facts.breaks, [SeriesBreak { number: 1, ..series_break("2024-02-01") }, second]);
}

pub(super) async fn what_ended_is_counted_beside_the_outside_denominators_and_each_import_is_told(store: &dyn Store) {
    enrol(store, "12").await;
    let mut records: Vec<_> = (1..4).map(|n| treatment(key("12", n), (1, 1), n, 5)).collect();
    records.extend([retraction(key("12", 3), (1, 2)), unit("SE9990120000-E002", (1, 1), "20")]);
    deliver(store, 1, records).await.unwrap();
    assert_eq!(store.cells(None).await.unwrap().outside, None);
    let mut told = Vec::new();
    for (minute, lines) in [vec![denominator(None, 20)], vec![denominator(None, 21)], Vec::new()].iter().enumerate() {
        let later = at() + jiff::SignedDuration::from_mins(i64::try_from(minute).unwrap());
        store.take_in(Reference::Denominators(lines), later).await.unwrap();
        told.push(store.cells(None).await.unwrap().outside);
    }
    assert!(told[0] != told[1] && told[1] == told[2], "{told:?}");
    let facts = store.coverage_sources().await.unwrap();
    let [ended] = facts.ended.as_slice() else { panic!("{:?}", facts.ended) };
    let EndedFact { sender, unit, programme, month, treatments } = ended;
    assert_eq!((&**sender, &**unit, &**programme), ("12", "SE9990120000-E002", "depressionshjalpen"));
    assert_eq!((month.to_string().as_str(), *treatments), ("2024-03-01", 2));
    assert_eq!((facts.denominators, &*facts.units[0].county), (vec![denominator(None, 21)], "20"));
    assert!(facts.treatments.is_empty());
}

pub(super) async fn the_counts_around_treatments_are_told_only_when_asked_for(store: &dyn Store) {
    enrol(store, "12").await;
    enrol(store, "01").await;
    let records = vec![
        treatment(key("12", 1), (1, 1), 1, 5),
        activity(&key("12", 1), (1, 1), 7),
        run("2024-01", (1, 1), 7),
        run("2024-02", (1, 2), 8),
    ];
    deliver(store, 1, records).await.unwrap();
    let none = store.facts(&[]).await.unwrap();
    assert_eq!((none.treatments.len(), none.outcomes.len(), none.details.len()), (1, 0, 0));
    assert_eq!((none.activities.len(), none.senders.len(), none.runs.len()), (0, 0, 0));
    let all = store.facts(Part::ALL).await.unwrap();
    assert_eq!((all.outcomes.is_empty(), all.details.len(), all.activities[0].started), (false, 1, 7));
    assert_eq!(store.monthly_counts().await.unwrap(), all.activities);
    assert_eq!(store.sender_facts().await.unwrap(), all.senders);
    let months: Vec<&str> = all.runs.iter().map(|line| line.run.month.as_str()).collect();
    assert_eq!(months, ["2024-02"], "of the newest reading only");
    let accepted = |of: usize| all.senders[of].first_accepted_at.clone();
    assert_eq!((&*all.senders[0].sender, accepted(0), accepted(1)), ("01", None, Some(at().to_string())));
}

fn denominator(unit: Option<&str>, ended: u64) -> Denominator {
    Denominator {
        region: "12".to_owned(),
        unit: unit.map(ToOwned::to_owned),
        programme: Some("depressionshjalpen".to_owned()),
        month: "2024-01".to_owned(),
        ended,
        source: "the platform's statistics".to_owned(),
        date: "2024-03-01".parse().unwrap(),
    }
}

fn series_break(on: &str) -> SeriesBreak {
    SeriesBreak {
        number: 0,
        region: Some("12".to_owned()),
        unit: None,
        programme: None,
        on: on.parse().unwrap(),
        note: "another basis".to_owned(),
    }
}
