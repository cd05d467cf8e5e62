//! The order of arrival changes nothing: whatever comes first, and however it is cut into batches.

use std::collections::BTreeSet;
use std::sync::Arc;

use schemas::codelist::CodeLists;

use super::chronicle::{Counting, begin, counts, deliver, said, shuffled};
use super::made::{changed, every_report, written};
use super::{deliveries, engines};
use crate::fact::{Facts, Part};
use crate::figure::Figure;
use crate::report::{ALL, Report};
use crate::store::{Reference, Store};

/// The register that is invented.
const SEED: i64 = 41;

#[tokio::test]
async fn the_order_of_arrival_and_the_cut_into_batches_change_no_byte_of_any_report_on_either_engine() {
    let mut said = said(SEED);
    said.extend(counts(SEED, 1, Counting::Everybody));
    said.extend(counts(SEED, 2, Counting::WhoStays));
    let (_one, [first, second]) = engines().await;
    let (_other, [third, fourth]) = engines().await;
    // One in order and one in none on each engine, each cut in another way.
    for (number, store) in (0..).zip([&first, &second, &third, &fourth]) {
        begin(&**store).await;
        let inhabitants: Vec<_> = CodeLists::builtin().populations().cloned().collect();
        store.take_in(Reference::Populations(&inhabitants), deliveries::at()).await.unwrap();
        let order = if number < 2 { said.clone() } else { shuffled(said.clone(), SEED + number) };
        deliver(&**store, &order, number).await;
    }
    let expected = every_report(&first).await;
    for store in [&second, &third, &fourth] {
        for (one, other) in expected.iter().zip(every_report(store).await) {
            assert!(!one.report.rows.is_empty(), "register {SEED}: {}", one.name);
            let first = differing(&one.report, &other.report);
            let same = written(&one.report) == written(&other.report);
            assert!(same, "register {SEED}: {} {:?}: {first:?}", one.name, one.choice);
        }
    }
    // The control: every report tells of one treatment, month and line less.
    let unseen: BTreeSet<&str> = &names() - &changed(&expected, less(&first).await);
    assert!(unseen.is_empty(), "register {SEED}: {unseen:?} do not tell of what they should");
}

fn names() -> BTreeSet<&'static str> {
    ALL.iter().map(|definition| definition.name).collect()
}

/// The first row that differs, in both.
fn differing<'a>(one: &'a Report, other: &'a Report) -> Option<(&'a Vec<Figure>, &'a Vec<Figure>)> {
    one.rows.iter().zip(&other.rows).find(|(one, other)| one != other)
}

/// The facts of a store without one of its last treatments that have everything, without a month's counts, and without an accounting line.
async fn less(store: &Arc<dyn Store>) -> Facts {
    let mut facts = store.facts(Part::ALL).await.unwrap();
    let paired = |row: i64, instrument: &str| {
        facts.outcomes.iter().any(|outcome| {
            outcome.row == row
                && &*outcome.instrument == instrument
                && outcome.first.is_some()
                && outcome.second.is_some()
        })
    };
    let whole: Vec<_> = facts.treatments.iter().filter(|t| paired(t.row, "PHQ-9") && paired(t.row, "GAD-7")).collect();
    let gone = whole.iter().max_by_key(|treatment| (treatment.ended_on, treatment.row)).unwrap().row;
    facts.treatments.retain(|treatment| treatment.row != gone);
    facts.outcomes.retain(|outcome| outcome.row != gone);
    facts.details.retain(|detail| detail.row != gone);
    facts.activities.retain(|activity| (activity.started, activity.ended) == (0, 0));
    facts.runs.retain(|run| run.run.held == 0);
    facts
}
