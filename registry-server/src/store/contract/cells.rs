//! Cells: what marks them, and what is kept of them.

use std::sync::Arc;

use schemas::codelist::CodeLists;
use schemas::record::{Retraction, RetractionReason};

use super::delivery::{deliver, delivery, enrol, retraction, stamp, treatment, unit};
use super::erasure::erasure;
use super::key;
use crate::aggregate::cells::of_sender;
use crate::fact::cell::{CellMark, CellPlace, CellQuery, CellState, Cells, CountsFor, Dated, Wanted};
use crate::outcome::Comparison;
use crate::store::{Arrival, Payload, Store};

/// Sender 12's mark.
async fn mark(store: &dyn Store) -> CellMark {
    let marks = store.cells(None).await.unwrap().marks;
    marks.into_iter().find(|mark| mark.sender == "12").unwrap()
}

/// The months that are marked.
async fn marked(store: &dyn Store) -> Vec<String> {
    mark(store).await.months.into_iter().map(|(month, _)| month).collect()
}

/// Makes what is marked, as the register does.
async fn made(store: &dyn Store, mark: &CellMark) -> Cells {
    of_sender(&store.cell_sources(mark).await.unwrap(), &CodeLists::builtin())
}

async fn renew(store: &dyn Store) {
    let mark = mark(store).await;
    store.keep_cells(&mark, &made(store, &mark).await).await.unwrap();
}

fn paired(instruments: Option<&[&str]>) -> Wanted {
    let instruments = instruments.map(|codes| codes.iter().map(ToString::to_string).collect());
    Wanted { instruments, comparisons: Some(vec![Comparison::Paired]) }
}

async fn read(store: &dyn Store, instruments: Option<&[&str]>) -> CellState {
    let query = CellQuery { dated: Dated::Ended, counts_for: CountsFor::Start, wanted: paired(instruments) };
    store.cells(Some(&query)).await.unwrap()
}

/// Treatments of the months that are read, and first members on PHQ-9.
async fn told(store: &dyn Store) -> (u64, u64) {
    let cells = read(store, Some(&["PHQ-9"])).await.cells;
    (cells.groups.iter().map(|group| group.treatments).sum(), cells.scores.iter().map(|scores| scores.firsts).sum())
}

pub(super) async fn cells_are_marked_by_every_change_and_told_as_they_were_kept(store: &dyn Store) {
    enrol(store, "12").await;
    assert!(!mark(store).await.is_clean(), "there are none yet");
    deliver(store, 1, (0..4).map(|n| treatment(key("12", n), (1, 1), n, 5)).collect()).await.unwrap();
    assert_eq!(marked(store).await, [""], "nothing was there before that has cells");
    renew(store).await;
    assert!(mark(store).await.is_clean());
    assert_eq!(told(store).await, (4, 4));
    assert_eq!(read(store, Some(&["GAD-7"])).await.cells.scores, []);
    let state = read(store, None).await;
    assert_eq!(&*state.cells.scores[0].place.month, "2024-03");
    assert_eq!(state.cells.scores[0].place.region, Arc::from("12"));

    let both = ["2024-01", "2024-03"];
    deliver(store, 2, vec![treatment(key("12", 1), (1, 2), 1, 9)]).await.unwrap();
    assert_eq!(marked(store).await, both, "a correction");
    renew(store).await;
    deliver(store, 3, vec![retraction(key("12", 1), (1, 3))]).await.unwrap();
    assert_eq!(marked(store).await, both, "a retraction");
    renew(store).await;
    assert_eq!(told(store).await, (3, 3));
    store.erase(erasure(1, &[2])).await.unwrap();
    assert_eq!(marked(store).await, both, "an erasure");
    renew(store).await;
    assert_eq!(told(store).await, (2, 2));
    deliver(store, 4, vec![unit("SE9990120000-E002", (1, 4), "20")]).await.unwrap();
    assert_eq!(marked(store).await, [""], "a unit that lies elsewhere");
    renew(store).await;
    assert_eq!(&*read(store, None).await.cells.groups[0].place.region, "20");
    deliver(store, 4, vec![unit("SE9990120000-E002", (1, 4), "20")]).await.unwrap();
    assert!(mark(store).await.is_clean(), "the same batch again");
    store.set_sender(&"12".parse().unwrap(), crate::store::SenderStatus::Suspended, stamp()).await.unwrap();
    assert!(mark(store).await.is_clean(), "a sender's standing moves no figure");
}

pub(super) async fn a_month_that_changes_while_its_cells_are_made_stays_marked(store: &dyn Store) {
    enrol(store, "12").await;
    let first = mark(store).await;
    let nothing = made(store, &first).await;
    deliver(store, 1, vec![treatment(key("12", 1), (1, 1), 1, 5)]).await.unwrap();
    store.keep_cells(&first, &nothing).await.unwrap();
    assert_eq!(marked(store).await, [""], "made before the first change");
    let early = mark(store).await;
    let old = made(store, &early).await;
    deliver(store, 9, vec![treatment(key("12", 9), (1, 1), 9, 5)]).await.unwrap();
    assert_eq!(marked(store).await, [""], "no month need be marked beside everything");
    store.keep_cells(&early, &old).await.unwrap();
    assert_eq!((marked(store).await, told(store).await), (vec![String::new()], (0, 0)));
    renew(store).await;

    deliver(store, 2, vec![treatment(key("12", 2), (1, 2), 2, 5)]).await.unwrap();
    let early = mark(store).await;
    let old = made(store, &early).await;
    deliver(store, 3, vec![treatment(key("12", 3), (1, 3), 3, 5)]).await.unwrap();
    store.keep_cells(&early, &old).await.unwrap();
    assert_eq!(marked(store).await, ["2024-01", "2024-03"]);
    assert_eq!(told(store).await, (2, 2), "nothing of it was kept");
    renew(store).await;
    assert_eq!(told(store).await, (4, 4));
    store.keep_cells(&early, &old).await.unwrap();
    assert_eq!(told(store).await, (4, 4), "another server was first");
}

pub(super) async fn scores_are_told_of_the_instruments_and_comparisons_that_are_wanted(store: &dyn Store) {
    enrol(store, "12").await;
    deliver(store, 1, (0..3).map(|n| treatment(key("12", n), (1, 1), n, 5)).collect()).await.unwrap();
    let all = store.scores(&Wanted::default()).await.unwrap();
    assert_eq!((all.treatments.len(), all.outcomes.len()), (3, 12), "three comparisons and a follow-up");
    let some = store.scores(&paired(Some(&["PHQ-9", "ISI"]))).await.unwrap();
    assert_eq!((some.treatments.len(), some.outcomes.len()), (3, 3));
    assert!(some.outcomes.iter().all(|outcome| outcome.comparison == Comparison::Paired));
    let followup = Wanted { instruments: None, comparisons: Some(vec![Comparison::Followup(6)]) };
    assert_eq!(store.scores(&followup).await.unwrap().outcomes.len(), 3);
    assert!(store.scores(&paired(Some(&["ISI"]))).await.unwrap().outcomes.is_empty());
}

/// Sender 12's treatment of these months.
fn dated((number, counter): (u8, u64), person: u8, months: [&str; 2]) -> Arrival {
    let mut arrival = treatment(key("12", number), (1, counter), person, 5).unwrap();
    if let Payload::Treatment(content) = &mut arrival.payload {
        [content.started_on, content.ended_on] = months.map(|month| format!("{month}-01").parse().unwrap());
    }
    arrival
}

/// Senders and months of the cells that stand, marked or not; groups and scores tell the same.
async fn standing(store: &dyn Store) -> Vec<(String, String)> {
    let mut standing = [Vec::new(), Vec::new()];
    for dated in [Dated::Started, Dated::Ended] {
        let query = CellQuery { dated, counts_for: CountsFor::Start, wanted: paired(None) };
        let cells = store.cells(Some(&query)).await.unwrap().cells;
        let told = |place: &CellPlace| (place.sender.to_string(), place.month.to_string());
        standing[0].extend(cells.groups.iter().map(|group| told(&group.place)));
        standing[1].extend(cells.scores.iter().map(|scores| told(&scores.place)));
    }
    for told in &mut standing {
        told.sort();
    }
    assert_eq!(standing[0], standing[1]);
    let [groups, _] = standing;
    groups
}

/// Cells of two senders. Of person 1's two treatments one was moved since to other months, which nobody made anew.
async fn cells_of_two(store: &dyn Store) {
    for code in ["12", "01"] {
        enrol(store, code).await;
    }
    store.accept_batch(delivery("01", 9, vec![treatment(key("01", 1), (1, 1), 9, 20)])).await.unwrap();
    let (spring, autumn) = (["2024-01", "2024-03"], ["2024-08", "2024-10"]);
    let records = [((1, 1), 1, spring), ((2, 1), 2, spring), ((3, 1), 3, autumn), ((4, 1), 1, ["2023-01", "2023-02"])];
    deliver(store, 1, records.into_iter().map(|(of, person, months)| Some(dated(of, person, months))).collect())
        .await
        .unwrap();
    for mark in store.cells(None).await.unwrap().marks {
        store.keep_cells(&mark, &made(store, &mark).await).await.unwrap();
    }
    let of = |sender: &str, month: &str| (sender.to_owned(), month.to_owned());
    let [first, last] = spring.map(|month| of("01", month));
    let all = ["2023-01", "2023-02", "2024-01", "2024-03", "2024-08", "2024-10"].map(|month| of("12", month));
    assert_eq!(standing(store).await, [vec![first, last], all.to_vec()].concat());
    deliver(store, 2, vec![Some(dated((4, 2), 1, spring))]).await.unwrap();
}

/// What stands once person 1's months are out, and what is made anew of the rows.
async fn others_stand_and_the_rest_is_made_anew(store: &dyn Store, left: u64) {
    let of = |sender: &str, month: &str| (sender.to_owned(), month.to_owned());
    let others = [of("01", "2024-01"), of("01", "2024-03"), of("12", "2024-08"), of("12", "2024-10")];
    assert_eq!(standing(store).await, others, "nothing is held of the months of what is gone");
    renew(store).await;
    assert!(mark(store).await.is_clean());
    assert_eq!(told(store).await, (left + 1, left + 1));
    let all = CellMark { sender: "12".to_owned(), ..CellMark::default() };
    let rows = made(store, &all).await;
    let kept = read(store, None).await.cells;
    let mut kept: Vec<_> = kept.groups.into_iter().filter(|group| &*group.place.sender == "12").collect();
    let mut rows: Vec<_> = rows.groups.into_iter().filter(|group| group.place.dated == Dated::Ended).collect();
    kept.sort_by(|a, b| a.place.cmp(&b.place));
    rows.sort_by(|a, b| a.place.cmp(&b.place));
    assert_eq!(kept, rows);
}

pub(super) async fn an_erasure_takes_the_cells_of_its_months_with_it_and_no_others(store: &dyn Store) {
    cells_of_two(store).await;
    store.erase(erasure(1, &[1])).await.unwrap();
    others_stand_and_the_rest_is_made_anew(store, 2).await;
    deliver(store, 3, vec![unit("SE9990120000-E002", (1, 4), "20")]).await.unwrap();
    store.erase(erasure(2, &[2])).await.unwrap();
    let senders: Vec<String> = standing(store).await.into_iter().map(|(sender, _)| sender).collect();
    assert_eq!(senders, ["01", "01"], "everything of the sender was out of date");
}

pub(super) async fn a_protected_identity_takes_the_cells_of_its_months_with_it_and_no_others(store: &dyn Store) {
    cells_of_two(store).await;
    let protected = Payload::Retraction(Retraction { reason: RetractionReason::ProtectedIdentity });
    let retracted = Arrival { payload: protected, ..retraction(key("12", 1), (1, 2)).unwrap() };
    deliver(store, 3, vec![Some(retracted)]).await.unwrap();
    others_stand_and_the_rest_is_made_anew(store, 3).await;
}
