//! Reports from cells against reports from rows, byte by byte.

/// What stands of coverage below them.
mod coverage;

/// After a sender's keys were lost.
mod key_reset;

use std::path::Path;
use std::sync::Arc;

use schemas::canonical;
use schemas::codelist::CodeLists;

use super::renewal::look;
use super::{Reader, renew};
use crate::fact::{Facts, Part};
use crate::report::tests::engines::deliveries;
use crate::report::{Parameters, ReportData, build, render};
use crate::store::contract::erasure::erasure;
use crate::store::{Erasure, Store, postgres, sqlite};
use crate::subject::Alias;

/// Questions that cells answer.
const QUESTIONS: [&[(&str, &str)]; 10] = [
    &[],
    &[("by", "region,programme"), ("comparison", "all"), ("period", "quarter")],
    &[("by", "programme"), ("comparison", "followup-6m"), ("cohort", "started"), ("period", "month")],
    &[("by", "condition"), ("comparison", "locf"), ("attribution", "end"), ("period", "year"), ("instrument", "PHQ-9")],
    &[("by", "region,condition"), ("comparison", "first_last"), ("attribution", "end"), ("cohort", "started")],
    &[("by", ""), ("comparison", "all"), ("from", "2023-02-01"), ("to", "2024-07-31"), ("period", "half")],
    &[("by", "region"), ("period", "rolling12"), ("to", "2024-02-29"), ("instrument", "MADRS-S,GAD-7")],
    &[("by", "region"), ("programme", "depressionshjalpen"), ("comparison", "all"), ("period", "year")],
    &[("by", "programme"), ("region", "01,12"), ("condition", "depression"), ("attribution", "end")],
    &[("by", ""), ("region", "12,unknown"), ("cohort", "started"), ("comparison", "all")],
];

/// Questions that only rows answer.
const OTHERS: [&[(&str, &str)]; 6] = [
    &[("by", "region,sex,age_group"), ("instrument", "PHQ-9"), ("period", "quarter")],
    &[("by", "severity"), ("instrument", "GAD-7"), ("comparison", "locf")],
    &[("by", "unit"), ("comparison", "followup-6m"), ("structure", "current")],
    &[("by", "region"), ("from", "2023-02-03"), ("comparison", "all")],
    &[("by", "region"), ("sex", "F"), ("comparison", "all")],
    &[("by", "programme"), ("severity", "moderate,severe"), ("instrument", "PHQ-9"), ("period", "year")],
];

fn parameters(question: &[(&str, &str)]) -> Parameters {
    Parameters::from_pairs(question.iter().copied()).unwrap()
}

/// A report in both of its written forms.
fn written(facts: Arc<Facts>, question: &[(&str, &str)]) -> String {
    let lists = CodeLists::builtin();
    let data = ReportData { facts, lists: &lists, thresholds: lists.thresholds(), as_of: deliveries::at() };
    let report = build("outcomes".parse().unwrap(), &data, &parameters(question)).unwrap();
    render::json(&report).unwrap() + &render::csv(&report).unwrap()
}

async fn facts(reader: &Reader, question: &[(&str, &str)]) -> Arc<Facts> {
    reader.facts("outcomes".parse().unwrap(), &parameters(question), deliveries::at()).await.unwrap()
}

/// How many questions are answered from cells; each answer must have the bytes of the one from rows.
async fn agreeing(store: &dyn Store, reader: &Reader) -> usize {
    let rows = Arc::new(store.facts(Part::ALL).await.unwrap());
    let mut from_cells = 0;
    for question in QUESTIONS.into_iter().chain(OTHERS) {
        let facts = facts(reader, question).await;
        from_cells += usize::from(facts.cells.is_some());
        let (made, expected) = (written(facts, question), written(rows.clone(), question));
        assert!(made == expected, "{question:?}\n{made}\n{expected}");
    }
    from_cells
}

async fn renew_all(store: &dyn Store) {
    let lists = Arc::new(CodeLists::builtin());
    for mark in store.cells(None).await.unwrap().marks.iter().filter(|mark| !mark.is_clean()) {
        renew(store, &lists, mark).await.unwrap();
    }
}

/// A person of the invented deliveries who leaves.
fn leaving(sender: &str, number: u8) -> Erasure {
    let person = format!("{sender} {number}");
    let alias = Alias { kid: format!("r{sender}-g1"), s: canonical::sha256(person.as_bytes()) };
    Erasure {
        sender: sender.parse().unwrap(),
        persons: vec![alias],
        state: "a".repeat(32).parse().unwrap(),
        ..erasure(number, &[])
    }
}

async fn a_random_register(store: Arc<dyn Store>) {
    deliveries::enrol(&*store, &deliveries::SENDERS).await;
    let reader = Reader::new(Arc::clone(&store), &CodeLists::builtin());
    assert_eq!(agreeing(&*store, &reader).await, 0, "nothing was made yet");
    for round in 0..6_u8 {
        for seed in 0..9 {
            // Some are refused as conflicts, as they should.
            let _ = store.accept_batch(deliveries::invented(i64::from(round) * 9 + seed)).await;
        }
        for (number, sender) in (0..).zip(["01", "12", "20"]) {
            store.erase(leaving(sender, round * 3 + number)).await.unwrap();
        }
        if round % 2 == 0 {
            renew_all(&*store).await;
            assert_eq!(agreeing(&*store, &reader).await, QUESTIONS.len(), "round {round}");
        } else {
            agreeing(&*store, &reader).await;
        }
    }
}

#[tokio::test]
async fn outcomes_from_cells_are_those_from_rows_to_the_byte_whatever_happened_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    a_random_register(sqlite::tests::fresh(&folder.path().join("register.db")).await).await;
}

#[tokio::test]
async fn outcomes_from_cells_are_those_from_rows_to_the_byte_whatever_happened_on_postgresql() {
    a_random_register(postgres::tests::fresh().await).await;
}

async fn filled(path: &Path) -> Arc<dyn Store> {
    let store = sqlite::tests::fresh(path).await;
    deliveries::enrol(&*store, &deliveries::SENDERS).await;
    for seed in 0..20 {
        let _ = store.accept_batch(deliveries::invented(seed)).await;
    }
    renew_all(&*store).await;
    store
}

#[tokio::test]
async fn a_cell_that_somebody_altered_is_seen_in_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.db");
    let store = filled(&path).await;
    let rows = written(store.facts(Part::ALL).await.unwrap().into(), &[]);
    let reader = || Reader::new(Arc::clone(&store), &CodeLists::builtin());
    assert!(written(facts(&reader(), &[]).await, &[]) == rows);
    for statement in [
        "UPDATE cell SET firsts = firsts + 1 WHERE dated = 'ended' AND comparison = 'paired'",
        "UPDATE cell SET pairs = x'0a050101' WHERE dated = 'ended' AND comparison = 'paired' AND length(pairs) = 4",
        "UPDATE cell_group SET last_on = '2031-01-01' WHERE dated = 'ended'",
    ] {
        let before = written(facts(&reader(), &[]).await, &[]);
        sqlite::tests::alter(&path, statement).await;
        assert!(written(facts(&reader(), &[]).await, &[]) != before, "{statement}");
    }
}

#[tokio::test]
async fn what_is_not_mature_is_told_whatever_the_figures_were_read_from() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.db");
    let store = filled(&path).await;
    let ongoing = "INSERT INTO activity (sender, record_key, generation, counter, content_hash, month, unit, programme, started, ended,
        ongoing) VALUES ('01', 'k', 1, 1, x'00', '2024-01', 'A', 'depressionshjalpen', 9, 0, 9)";
    sqlite::tests::alter(&path, ongoing).await;
    let reader = Reader::new(Arc::clone(&store), &CodeLists::builtin());
    for (by, cells) in [("programme", true), ("sex", false)] {
        let question = |cohort| [("by", by), ("cohort", cohort), ("period", "month")];
        let facts = facts(&reader, &question("started")).await;
        assert_eq!(facts.cells.is_some(), cells);
        assert!(written(facts, &question("started")).contains("Not mature"), "{by}");
        let ended = self::facts(&reader, &question("ended")).await;
        assert!(ended.activities.is_empty() && !written(ended, &question("ended")).contains("Not mature"), "{by}");
    }
}

#[tokio::test]
async fn what_was_read_is_kept_until_something_changes() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(&folder.path().join("register.db")).await;
    let reader = Reader::new(Arc::clone(&store), &CodeLists::builtin());
    let cells = async || facts(&reader, &[]).await.cells.clone().unwrap();
    let first = cells().await;
    assert!(Arc::ptr_eq(&first, &cells().await));
    let _ = store.accept_batch(deliveries::invented(21)).await;
    renew_all(&*store).await;
    assert!(!Arc::ptr_eq(&first, &cells().await));
    let rows = async || facts(&reader, &[("by", "sex")]).await;
    let first = rows().await;
    assert!(Arc::ptr_eq(&first, &rows().await));
    let _ = store.accept_batch(deliveries::invented(22)).await;
    assert!(!Arc::ptr_eq(&first, &rows().await));
}

#[tokio::test]
async fn a_sender_that_is_still_delivering_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = sqlite::tests::fresh(&folder.path().join("register.db")).await;
    deliveries::enrol(&*store, &["01"]).await;
    let lists = Arc::new(CodeLists::builtin());
    let first = look(&*store, &lists, &[]).await.unwrap();
    let mut seed = 0;
    while store.accept_batch(deliveries::invented(seed)).await.is_err() {
        seed += 1;
    }
    let second = look(&*store, &lists, &first).await.unwrap();
    assert!(first != second && !second[0].is_clean());
    let third = look(&*store, &lists, &second).await.unwrap();
    assert_eq!(second, third, "seen to in this look");
    assert!(store.cells(None).await.unwrap().marks[0].is_clean());
}
