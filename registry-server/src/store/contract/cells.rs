//! Cells: what marks them, and what is kept of them.

use std::sync::Arc;

use schemas::codelist::CodeLists;

use super::delivery::{deliver, enrol, retraction, stamp, treatment, unit};
use super::erasure::erasure;
use super::key;
use crate::aggregate::cells::of_sender;
use crate::fact::cell::{CellMark, CellQuery, CellState, Cells, CountsFor, Dated, Wanted};
use crate::outcome::Comparison;
use crate::store::Store;

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
