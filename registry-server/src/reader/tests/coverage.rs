//! What stands of coverage below outcomes, from cells and from rows beside the report from everything, import by import.

use std::collections::BTreeSet;

use super::*;
use crate::fact::Denominator;
use crate::store::Reference;

/// What somebody outside may tell of the months in which there are treatments: regions 01 and 12 as a whole, 20 by unit, others nothing.
fn told(facts: &Facts, more: u64) -> Vec<Denominator> {
    let mut places = BTreeSet::new();
    for one in &facts.treatments {
        let month = one.ended_on.strftime("%Y-%m").to_string();
        places.extend(["01", "12"].map(|region| (region, None, month.clone())));
        places.insert(("20", Some(one.unit_start.to_string()), month));
    }
    let line = |(region, unit, month): (&str, _, _)| Denominator {
        region: region.to_owned(),
        unit,
        programme: None,
        month,
        ended: 40 + more,
        source: "SoB".to_owned(),
        date: "2026-01-15".parse().unwrap(),
    };
    places.into_iter().map(line).collect()
}

/// Every question's report, after holding it against the one from everything; the sentences on coverage.
async fn sentences(store: &dyn Store, reader: &Reader) -> Vec<String> {
    let everything = Arc::new(store.facts(Part::ALL).await.unwrap());
    let mut told = Vec::new();
    for question in QUESTIONS.into_iter().chain(OTHERS) {
        let made = written(facts(reader, question).await, question);
        assert!(made == written(Arc::clone(&everything), question), "{question:?}");
        told.extend(made.lines().filter(|line| line.contains("Coverage")).map(str::to_owned));
    }
    assert_eq!(told.len(), QUESTIONS.len() + OTHERS.len());
    told
}

async fn each_import_is_seen(store: Arc<dyn Store>) {
    deliveries::enrol(&*store, &deliveries::SENDERS).await;
    for seed in 0..14 {
        let _ = store.accept_batch(deliveries::invented(seed)).await;
    }
    renew_all(&*store).await;
    let reader = Reader::new(Arc::clone(&store), &CodeLists::builtin());
    let mut before = sentences(&*store, &reader).await;
    assert!(before.iter().all(|said| said.contains("Coverage: no outside source.")), "{before:?}");
    for more in 1..3_u64 {
        let lines = told(&store.facts(&[]).await.unwrap(), more);
        let minute = jiff::SignedDuration::from_mins(i64::try_from(more).unwrap());
        store.take_in(Reference::Denominators(&lines), deliveries::at() + minute).await.unwrap();
        let after = sentences(&*store, &reader).await;
        assert!(after[0].contains("Coverage by SoB: ") && after[0].contains("; Region Stockholm"), "{}", after[0]);
        let same = before.iter().zip(&after).filter(|(before, after)| before == after);
        assert_eq!(same.count(), 0, "{after:#?}");
        before = after;
    }
    for seed in 14..16 {
        let _ = store.accept_batch(deliveries::invented(seed)).await;
        sentences(&*store, &reader).await;
    }
}

#[tokio::test]
async fn coverage_below_outcomes_is_the_same_from_cells_and_rows_and_follows_each_import_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    each_import_is_seen(sqlite::tests::fresh(&folder.path().join("register.db")).await).await;
}

#[tokio::test]
async fn coverage_below_outcomes_is_the_same_from_cells_and_rows_and_follows_each_import_on_postgresql() {
    each_import_is_seen(postgres::tests::fresh().await).await;
}
