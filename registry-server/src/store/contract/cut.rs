//! Frozen data sets: what does not reach them, and who leaves them.

use schemas::codelist::{CodeLists, Population};
use schemas::key_reset::Step;
use schemas::record::{Retraction, RetractionReason};

use super::delivery::{activity, deliver, delivery, enrol, pair, run, stamp, state, unit};
use super::erasure::{erasure, moment};
use super::{at, key, retraction, treatment};
use crate::fact::{Facts, Part};
use crate::store::transfer::{TABLES, Value};
use crate::store::{
    Arrival, Calendar, Cut, CutStep, KeyReset, NewCut, PairSays, Payload, Publication, Reference, Signed, Store,
};

/// What is asked for.
pub(crate) fn new(name: &str) -> NewCut {
    NewCut {
        name: name.to_owned(),
        note: Some("for the annual report".to_owned()),
        code_lists: "0".repeat(64),
        thresholds: "register-1".to_owned(),
        definitions: [("outcomes".to_owned(), 1)].into(),
        calendar: None,
    }
}

/// Facts as text, in an order of their own.
fn told(mut facts: Facts) -> String {
    facts.outcomes.sort_by_key(|outcome| (outcome.row, outcome.instrument.clone(), outcome.comparison));
    format!("{facts:?}")
}

async fn frozen(store: &dyn Store, name: &str) -> Cut {
    store.freeze(&new(name), stamp()).await.unwrap().unwrap()
}

pub(super) async fn a_cut_keeps_what_counted_whatever_comes_after(store: &dyn Store) {
    enrol(store, "12").await;
    let of = |number, counter, person, post| treatment(key("12", number), (1, counter), person, post);
    let inhabitants = |n| Population { population: n, ..CodeLists::builtin().populations().next().unwrap().clone() };
    store.take_in(Reference::Populations(&[inhabitants(1000)]), at()).await.unwrap();
    let records = vec![
        unit("SE9990120000-E002", (1, 1), "12"),
        activity("a", (1, 1), 5),
        run("2024-03", (1, 1), 3),
        pair([1, 2], (1, 1), PairSays::Merge),
        of(1, 1, 1, 5),
        of(2, 1, 2, 6),
        of(3, 1, 3, 7),
    ];
    deliver(store, 1, records).await.unwrap();
    let then = told(store.facts(Part::ALL).await.unwrap());
    let cut = frozen(store, "2025").await;
    assert_eq!((cut.number, cut.treatments, cut.made_at), (1, 3, at()));
    assert_eq!(store.freeze(&new("2025"), moment(2)).await, Ok(None), "the name is taken");
    assert_eq!(told(store.facts_of(1, Part::ALL).await.unwrap()), then);

    let later = vec![
        unit("SE9990120000-E002", (1, 2), "14"),
        activity("a", (1, 2), 6),
        run("2024-03", (1, 2), 4),
        pair([1, 2], (1, 2), PairSays::Split),
        of(1, 2, 1, 4),
        retraction(key("12", 2), (1, 2)),
        of(4, 1, 4, 8),
    ];
    deliver(store, 2, later).await.unwrap();
    store.take_in(Reference::Populations(&[inhabitants(2000)]), at()).await.unwrap();
    assert_ne!(told(store.facts(Part::ALL).await.unwrap()), then);
    assert_eq!(told(store.facts_of(1, Part::ALL).await.unwrap()), then);
    let few = store.facts_of(1, &[]).await.unwrap();
    assert_eq!((few.treatments.len(), few.outcomes.len(), few.senders.len(), few.units.len()), (3, 0, 0, 1));

    let again = store.freeze(&new("2025 again"), moment(3)).await.unwrap().unwrap();
    assert_eq!(store.cuts().await.unwrap(), [cut.clone(), again.clone()]);
    assert_ne!(again.hash, cut.hash);
    assert!(again.is_called("c2") && again.is_called("2025 again") && !again.is_called("2025"));
}

pub(super) async fn who_is_withdrawn_leaves_every_cut_and_is_counted(store: &dyn Store) {
    enrol(store, "12").await;
    let of = |number, person| treatment(key("12", number), (1, 1), person, number);
    let records = vec![of(1, 1), of(2, 2), of(3, 3), pair([1, 2], (1, 1), PairSays::Merge)];
    deliver(store, 1, records).await.unwrap();
    let cut = frozen(store, "2025").await;
    // Taken back is not withdrawn: it stays, although nothing else names the person any more.
    let gone = vec![retraction(key("12", 2), (1, 2)), retraction(key("12", 3), (1, 2))];
    deliver(store, 2, gone).await.unwrap();
    store.freeze(&new("second"), moment(20)).await.unwrap().unwrap();
    let posts = async |number| {
        let facts = store.facts_of(number, &[Part::Outcomes, Part::Details]).await.unwrap();
        let count = |comparison: &str| facts.outcomes.iter().filter(|o| o.comparison.to_string() == comparison).count();
        (facts.treatments.len(), facts.details.len(), count("paired"), count("followup-6m"))
    };
    assert_eq!((posts(1).await, posts(2).await), ((3, 3, 3, 3), (1, 1, 1, 1)));

    let before = store.moment_of_releases().await.unwrap();
    store.erase(erasure(1, &[1])).await.unwrap();
    let after = store.moment_of_releases().await.unwrap();
    assert!(after.left > before.left, "what is built meanwhile is of no use");
    let release = super::release::release(1, "region:region");
    assert!(!store.release(&release, before, moment(21)).await.unwrap() && store.releases(1).await.unwrap().is_empty());
    assert!(store.release(&release, after, moment(21)).await.unwrap());
    assert_eq!((posts(1).await, posts(2).await), ((1, 1, 1, 1), (0, 0, 0, 0)), "the person leaves under both names");
    store.erase(erasure(2, &[3])).await.unwrap();
    assert_eq!(posts(1).await, (0, 0, 0, 0), "also who had been taken back before");
    let cuts = store.cuts().await.unwrap();
    let left = |cut: &Cut| (cut.treatments, cut.withdrawn_persons(), cut.withdrawn_treatments());
    assert_eq!((left(&cuts[0]), left(&cuts[1])), ((3, 2, 3), (1, 1, 1)));
    assert_eq!(cuts[0].hash, cut.hash, "the hash is that of the moment");
    for table in ["cut_treatment", "cut_outcome", "cut_followup", "cut_alias"] {
        assert_eq!(rows(store, table).await, 0, "{table}");
    }
}

pub(super) async fn who_has_a_protected_identity_now_leaves_every_cut(store: &dyn Store) {
    enrol(store, "12").await;
    let of = |number, counter, person| treatment(key("12", number), (1, counter), person, number);
    let retracted = |number, counter, reason| Arrival {
        payload: Payload::Retraction(Retraction { reason }),
        ..retraction(key("12", number), (1, counter)).unwrap()
    };
    let records = vec![of(1, 1, 1), of(2, 1, 1), of(3, 1, 2), of(4, 1, 3), pair([1, 2], (1, 1), PairSays::Merge)];
    deliver(store, 1, records).await.unwrap();
    frozen(store, "2025").await;
    // Taken back for another reason before, so that only its name is left of the treatment of then.
    deliver(store, 2, vec![Some(retracted(1, 2, RetractionReason::Reopened))]).await.unwrap();
    deliver(store, 3, vec![of(1, 3, 1)]).await.unwrap();
    deliver(store, 4, vec![Some(retracted(1, 4, RetractionReason::ProtectedIdentity))]).await.unwrap();
    let left = store.facts_of(1, Part::ALL).await.unwrap();
    assert_eq!((left.treatments.len(), left.details.len()), (1, 1), "the person leaves whole, and under both names");
    let cut = store.cuts().await.unwrap().remove(0);
    assert_eq!((cut.treatments, cut.withdrawn_persons(), cut.withdrawn_treatments()), (4, 1, 3));
    let counts = store.facts(&[]).await.unwrap().treatments.len();
    assert_eq!(counts, 3, "elsewhere only what was taken back is gone");
    let again = retracted(1, 4, RetractionReason::ProtectedIdentity);
    deliver(store, 5, vec![Some(again), Some(retracted(4, 2, RetractionReason::TestPatient))]).await.unwrap();
    assert_eq!(store.facts_of(1, &[]).await.unwrap().treatments.len(), 1, "any other reason leaves cuts alone");
}

/// Treatments of a cut that were sent under one person's name and belonged to another since.
async fn frozen_under_another_name(store: &dyn Store) {
    enrol(store, "12").await;
    let of = |number, counter, person| treatment(key("12", number), (1, counter), person, number);
    let records = vec![of(1, 1, 1), of(2, 1, 1), of(3, 1, 2), of(4, 1, 3), of(5, 1, 4)];
    deliver(store, 1, records).await.unwrap();
    frozen(store, "2025").await;
    // Persons 1 and 4 were wrong: these are person 2's, of whom one stands in the cut under its own name.
    deliver(store, 2, vec![of(1, 2, 2), of(5, 2, 2)]).await.unwrap();
}

/// What is left of it once person 2 is out.
async fn only_the_others_are_left(store: &dyn Store) {
    let facts = store.facts_of(1, Part::ALL).await.unwrap();
    let mut posts: Vec<f64> = facts.outcomes.iter().filter_map(|outcome| outcome.second).collect();
    posts.sort_by(f64::total_cmp);
    posts.dedup();
    assert_eq!((facts.treatments.len(), facts.details.len(), posts), (2, 2, vec![2.0, 4.0]));
    let cut = store.cuts().await.unwrap().remove(0);
    assert_eq!((cut.treatments, cut.withdrawn_treatments()), (5, 3), "each once, whichever way it was found");
    assert_eq!(cut.withdrawn_persons(), 3, "as the cut told them apart");
    assert_eq!(rows(store, "cut_treatment").await, 2);
    assert_eq!(rows(store, "cut_alias").await, 2, "who has nothing in the cut any more has no name in it");
}

pub(super) async fn a_treatment_frozen_under_another_name_leaves_with_whom_it_is_of(store: &dyn Store) {
    frozen_under_another_name(store).await;
    store.erase(erasure(1, &[2])).await.unwrap();
    only_the_others_are_left(store).await;
    store.erase(erasure(2, &[1])).await.unwrap();
    assert_eq!(store.facts_of(1, &[]).await.unwrap().treatments.len(), 1, "and by name, as before");
}

pub(super) async fn a_protected_identity_leaves_a_cut_also_under_another_name(store: &dyn Store) {
    frozen_under_another_name(store).await;
    let protected = Payload::Retraction(Retraction { reason: RetractionReason::ProtectedIdentity });
    let retracted = Arrival { payload: protected, ..retraction(key("12", 1), (1, 3)).unwrap() };
    deliver(store, 3, vec![Some(retracted)]).await.unwrap();
    only_the_others_are_left(store).await;
}

/// The same, and one of them was taken back since, one taken back and sent again.
async fn frozen_under_another_name_and_taken_back(store: &dyn Store) {
    frozen_under_another_name(store).await;
    let back = |number| retraction(key("12", number), (1, 3));
    deliver(store, 3, vec![back(1), back(5)]).await.unwrap();
    deliver(store, 4, vec![retraction(key("12", 1), (1, 4)), treatment(key("12", 5), (1, 4), 2, 5)]).await.unwrap();
    assert_eq!(store.facts_of(1, &[]).await.unwrap().treatments.len(), 5, "this alone leaves cuts alone");
}

pub(super) async fn a_treatment_that_was_taken_back_leaves_the_cuts_with_whom_it_was_last_of(store: &dyn Store) {
    frozen_under_another_name_and_taken_back(store).await;
    store.erase(erasure(1, &[2])).await.unwrap();
    only_the_others_are_left(store).await;
    assert_eq!(rows(store, "retraction").await, 0, "and what keeps its number is gone too");
}

pub(super) async fn a_protected_identity_takes_along_what_was_taken_back_before(store: &dyn Store) {
    frozen_under_another_name_and_taken_back(store).await;
    let protected = Payload::Retraction(Retraction { reason: RetractionReason::ProtectedIdentity });
    let retracted = Arrival { payload: protected, ..retraction(key("12", 3), (1, 3)).unwrap() };
    deliver(store, 5, vec![Some(retracted)]).await.unwrap();
    only_the_others_are_left(store).await;
}

/// How many rows a table has.
pub(super) async fn rows(store: &dyn Store, table: &str) -> usize {
    let table = TABLES.iter().find(|known| known.name == table).unwrap();
    let (pages, mut coming) = tokio::sync::mpsc::channel::<Vec<Vec<Value>>>(9);
    store.export(table, pages).await.unwrap();
    coming.recv().await.unwrap_or_default().len()
}

pub(super) async fn a_set_whose_keys_were_lost_leaves_every_cut(store: &dyn Store) {
    for code in ["12", "01"] {
        enrol(store, code).await;
    }
    store.accept_batch(delivery("01", 9, vec![treatment(key("01", 1), (1, 1), 9, 20)])).await.unwrap();
    deliver(store, 1, vec![treatment(key("12", 1), (1, 1), 1, 5)]).await.unwrap();
    frozen(store, "before").await;
    let step = async |step| {
        let (sender, kid) = ("12".parse().unwrap(), "r12-g2".parse().unwrap());
        store.reset_keys(&KeyReset { sender, kid, state: state('c'), step }, stamp()).await.unwrap()
    };
    step(Step::Begin).await;
    let mut new_set = delivery("12", 2, vec![treatment(key("12", 101), (3, 1), 101, 7)]);
    (new_set.kid, new_set.state) = ("r12-g2".parse().unwrap(), state('c'));
    store.accept_batch(new_set).await.unwrap();
    let between = store.freeze(&new("between"), moment(21)).await.unwrap().unwrap();
    assert_eq!(between.treatments, 2, "what does not count yet is in no cut");
    step(Step::Replace).await;
    for number in [1, 2] {
        let facts = store.facts_of(number, Part::ALL).await.unwrap();
        let senders: Vec<&str> = facts.treatments.iter().map(|treatment| &*treatment.sender).collect();
        assert_eq!(senders, ["01"]);
    }
    let cuts = store.cuts().await.unwrap();
    assert_eq!(cuts.iter().map(Cut::replaced_treatments).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(rows(store, "cut_alias").await, 2);
}

pub(super) async fn a_year_s_cut_is_signed_remarked_on_and_published_once(store: &dyn Store) {
    enrol(store, "12").await;
    deliver(store, 1, vec![treatment(key("12", 1), (1, 1), 1, 5)]).await.unwrap();
    let [stop, comments_until] = ["2026-10-31", "2026-11-30"].map(|day| day.parse().unwrap());
    let calendar = Calendar { year: 2025, stop, comments_until, published: None };
    let new = NewCut { calendar: Some(calendar.clone()), ..new("2025") };
    let cut = store.freeze(&new, stamp()).await.unwrap().unwrap();
    assert_eq!((cut.calendar, cut.comments.len(), cut.signatures.len()), (Some(calendar.clone()), 0, 0));
    let take = async |step: CutStep, salt| store.step_cut(1, &step, moment(salt)).await.unwrap();
    for (name, salt) in [("first", 2), ("second", 3)] {
        let signed = Signed {
            sender: "12".parse().unwrap(),
            signed_by: name.to_owned(),
            statement: vec![1],
            scheme: 0x0403,
            public_key: vec![2],
            signature: vec![3],
        };
        take(CutStep::Sign(signed), salt).await;
        take(CutStep::Comment { of: "12".to_owned(), comment: name.to_owned() }, salt).await;
    }
    for (reason, salt) in [(Some("asked for".to_owned()), 4), (None, 5)] {
        take(CutStep::Publish { reason }, salt).await;
    }
    let cut = store.cuts().await.unwrap().remove(0);
    let names: Vec<_> = cut.signatures.iter().map(|signature| signature.signed_by.as_str()).collect();
    let comments: Vec<_> = cut.comments.iter().map(|comment| (comment.of.as_str(), comment.comment.as_str())).collect();
    assert_eq!((names, comments), (vec!["second"], vec![("12", "first"), ("12", "second")]));
    let published = Some(Publication { at: at(), reason: Some("asked for".to_owned()) });
    assert_eq!(cut.calendar, Some(Calendar { published, ..calendar }));
    assert_eq!(rows(store, "audit_pending").await, 8, "what staff and senders did, and no comment");
}

/// Fills every table of this part.
pub(crate) async fn fill(store: &dyn Store) {
    let day = "2026-10-31".parse().unwrap();
    let calendar = Some(Calendar { year: 2025, stop: day, comments_until: day, published: None });
    store.freeze(&NewCut { calendar, ..new("2025") }, moment(30)).await.unwrap();
    store.step_cut(1, &CutStep::Comment { of: "12".to_owned(), comment: "seen".to_owned() }, stamp()).await.unwrap();
    let signed = Signed {
        sender: "12".parse().unwrap(),
        signed_by: "A".to_owned(),
        statement: vec![1],
        scheme: 0x0403,
        public_key: vec![2],
        signature: vec![3],
    };
    store.step_cut(1, &CutStep::Sign(signed), moment(31)).await.unwrap();
}
