//! Who withdraws was never there: every figure is as if nothing of them had ever been delivered, but for the few that by their meaning
//! tell when something came and what the senders counted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::{Timestamp, ToSpan as _};
use schemas::codelist::CodeLists;

use super::chronicle::{Counting, Said, begin, counts, deliver, leaves, leaving, said, shuffled};
use super::deliveries::{SENDERS, at, delivery};
use super::engines;
use super::made::{Made, every_report};
use crate::figure::Figure;
use crate::reader::Reader;
use crate::report::Report;
use crate::store::contract::erasure::erasure;
use crate::store::{Erasure, Store};

/// The register that is invented.
const SEED: i64 = 51;

/// A report, the columns in which it keeps a trace of who left, and why.
type Trace = (&'static str, &'static [&'static str], &'static str);

/// What stays: a delivery was one, whoever was in it.
const STAYS: Trace = (
    "participation",
    &["first_accepted", "last_accepted"],
    "it tells when a sender's batches came; they stay known by their times, without what was in them",
);

/// What stays until the senders come again and have counted anew.
const UNTIL_COUNTED_ANEW: [Trace; 3] = [
    ("participation", &["last_seen", "status"], "it tells when a sender came last"),
    (
        "usage",
        &["n_started", "n_ended", "rate_per_1000", "rate_lo", "rate_hi"],
        "it is what the senders count themselves",
    ),
    (
        "coverage",
        &["found", "own_eligible", "transfer_d", "transfer_p", "transfer_lo", "transfer_hi"],
        "its transfer rate is of what the senders count themselves",
    ),
];

#[tokio::test]
async fn withdrawing_persons_equals_never_having_had_them_in_every_report_on_either_engine() {
    let (_here, left) = engines().await;
    let (_there, never) = engines().await;
    for (left, never) in left.iter().zip(&never) {
        with_and_without(left, never).await;
        assert_traces(&differences(left, never).await, &[&[STAYS][..], &UNTIL_COUNTED_ANEW].concat());
        for store in [left, never] {
            deliver(&**store, &counts(SEED, 2, Counting::WhoStays), 600).await;
        }
        assert_traces(&differences(left, never).await, &[STAYS]);
        Reader::new(Arc::clone(left), &CodeLists::builtin()).refresh().await.unwrap();
        assert_traces(&differences(left, never).await, &[STAYS]);
    }
}

/// One register from which they left, and one that never had them.
async fn with_and_without(left: &Arc<dyn Store>, never: &Arc<dyn Store>) {
    let (gone, stays): (Vec<Said>, Vec<Said>) =
        said(SEED).into_iter().partition(|said| said.persons.iter().copied().any(leaves));
    begin(&**never).await;
    deliver(&**never, &stays, 0).await;
    deliver(&**never, &counts(SEED, 1, Counting::WhoStays), 300).await;

    begin(&**left).await;
    // Of those who leave some comes first, some among the others' and some last.
    apart(&**left, &of_third(&gone, 0), (900, at() - 24.hours())).await;
    let between = stays.iter().cloned().chain(of_third(&gone, 1));
    deliver(&**left, &shuffled(between.collect(), SEED), 0).await;
    deliver(&**left, &counts(SEED, 1, Counting::Everybody), 300).await;
    apart(&**left, &of_third(&gone, 2), (901, at() + 12.hours())).await;
    let treatments = async |store: &Arc<dyn Store>| store.facts(&[]).await.unwrap().treatments.len();
    assert!(treatments(left).await > treatments(never).await + 20, "there is something to leave");
    for (number, sender) in (0..).zip(SENDERS) {
        let persons = leaving(sender);
        left.erase(Erasure { sender: sender.parse().unwrap(), persons, ..erasure(number, &[]) }).await.unwrap();
    }
    assert_eq!(treatments(left).await, treatments(never).await);
    // And all of it once more, which nobody lets in.
    apart(&**left, &gone, (902, at() + 24.hours())).await;
}

/// A third of the records, each with all of its versions.
fn of_third(said: &[Said], third: u8) -> Vec<Said> {
    let is_it = |said: &&Said| said.arrival.key.bytes().last().is_some_and(|byte| byte % 3 == third);
    said.iter().filter(is_it).cloned().collect()
}

/// Delivers each sender's in one batch, which comes at a time of its own.
async fn apart(store: &dyn Store, said: &[Said], (number, received_at): (i64, Timestamp)) {
    for sender in SENDERS {
        let of_sender = said.iter().filter(|said| said.sender == sender);
        let batch = delivery(sender, number, of_sender.map(|said| Some(said.arrival.clone())).collect());
        store.accept_batch(crate::store::Delivery { received_at, ..batch }).await.unwrap();
    }
}

/// The reports that differ, and in what: names of columns, `a row`, or `a note`.
type Differences = BTreeMap<&'static str, BTreeSet<String>>;

async fn differences(left: &Arc<dyn Store>, never: &Arc<dyn Store>) -> Differences {
    let mut found = Differences::new();
    for (one, other) in every_report(left).await.iter().zip(&every_report(never).await) {
        assert!(!other.report.rows.is_empty(), "{}", other.name);
        let differ = differing(one, other);
        if !differ.is_empty() {
            found.entry(one.name).or_default().extend(differ);
        }
    }
    found
}

fn differing(one: &Made, other: &Made) -> BTreeSet<String> {
    let keyed = |report: &Report| -> BTreeMap<String, Vec<Figure>> {
        let keyed = |row: &Vec<Figure>| (format!("{:?}", &row[..report.keys]), row.clone());
        report.rows.iter().map(keyed).collect()
    };
    let (here, there) = (keyed(&one.report), keyed(&other.report));
    let mut found = BTreeSet::new();
    if !here.keys().eq(there.keys()) {
        found.insert("a row".to_owned());
    }
    for (key, row) in &here {
        let Some(other) = there.get(key) else { continue };
        let differ = one.report.columns.iter().zip(row.iter().zip(other)).filter(|(_, (one, other))| one != other);
        found.extend(differ.map(|(column, _)| column.clone()));
    }
    // Whether started treatments are mature is told by the senders' counts.
    let by_counts = one.choice.contains(&("cohort", "started"));
    if one.report.notes != other.report.notes && !by_counts {
        found.insert("a note".to_owned());
    }
    found
}

/// Exactly these traces: one that is not there any more must go from the list.
fn assert_traces(found: &Differences, expected: &[Trace]) {
    let mut listed = Differences::new();
    for (report, columns, _) in expected {
        listed.entry(report).or_default().extend(columns.iter().map(ToString::to_string));
    }
    assert_eq!(*found, listed, "register {SEED}");
}
