//! Persons who leave, what keeps them out, and how they come back; cases and extracts.

use schemas::canonical;
use schemas::contact::OpenCase;
use schemas::receipt::Verdict::{Accepted, Rejected, Replaced, Stale, Unchanged};
use schemas::withdrawal::CaseAnswer;

use super::delivery::{deliver, delivery, enrol, pair, posts, state, tombs};
use super::{at, key, retraction, treatment};
use crate::environment::Stamp;
use crate::fact::Part;
use crate::store::audit::{Entry, Sealed, What};
use crate::store::erasure::{Cleaned, Cleaning, Erased};
use crate::store::{CaseStep, Erasure, PairSays, Persons, RefusedDelivery, SenderStatus, Store};
use crate::subject::Alias;

/// The fixed time, under a salt of its own.
pub(super) fn moment(number: u8) -> Stamp {
    Stamp { at: at(), salt: [number; 32] }
}

/// Sender 12 asks for these persons to be erased; the receipt is what was erased. Requests of different numbers are different ones.
pub(crate) fn erasure(number: u8, persons: &[u8]) -> Erasure {
    let stamp = moment(number);
    let seal = move |erased: &Erased, checkpoint: Option<String>| {
        let Erased { case, found, treatments } = *erased;
        let of = "12".parse().unwrap();
        let what = What::Erasure { receipt: String::new(), persons: 0, found: 0, treatments: 0, case: None };
        let entry = Entry::new(stamp, Some(&of), what);
        Sealed { receipt: canonical::bytes(&(case, found, treatments, checkpoint.is_some())), entry }
    };
    let Persons { sender, persons, tombs } = self::persons(persons);
    let digest = canonical::sha256_hex(&[number]);
    Erasure { sender, state: state('a'), digest, stamp, case: None, persons, tombs, seal: Box::new(seal) }
}

/// Persons of sender 12.
pub(super) fn persons(persons: &[u8]) -> Persons {
    let alias = |person: &u8| Alias { kid: "r12-g1".into(), s: [*person; 32] };
    Persons { sender: "12".parse().unwrap(), persons: persons.iter().map(alias).collect(), tombs: tombs() }
}

/// Persons found, and treatments erased.
async fn erase(store: &dyn Store, erasure: Erasure) -> (u32, u32) {
    let receipt = store.erase(erasure).await.unwrap();
    let (_, found, treatments, _): (Option<u32>, u32, u32, bool) = serde_json::from_slice(&receipt).unwrap();
    (found, treatments)
}

pub(super) async fn what_was_sent_of_a_person_is_gone_and_stays_gone_until_it_is_let_in_again(store: &dyn Store) {
    enrol(store, "12").await;
    let of = |number, version, person, post| treatment(key("12", number), version, person, post);
    deliver(store, 1, vec![of(1, (1, 3), 1, 5), of(2, (1, 1), 1, 6), of(3, (1, 1), 2, 7)]).await.unwrap();
    assert_eq!(erase(store, erasure(1, &[1])).await, (1, 2));
    assert_eq!(posts(store).await, [7.0]);
    for (name, record, verdict) in [
        (2, of(1, (1, 3), 1, 5), Rejected),
        (3, of(1, (1, 2), 1, 5), Rejected),
        (4, of(1, (2, 9), 1, 5), Rejected),
        (5, of(9, (1, 1), 1, 5), Rejected),
        // Somebody else's, under a key that was erased: what is not newer may be the erased person's.
        (6, of(2, (1, 1), 2, 5), Rejected),
        (7, of(2, (1, 2), 2, 8), Accepted),
        (8, pair([1, 2], (1, 1), PairSays::Merge), Rejected),
    ] {
        assert_eq!(deliver(store, name, vec![record]).await.unwrap(), [verdict], "batch {name}");
    }
    assert_eq!(posts(store).await, [7.0, 8.0]);
    assert_eq!(store.affairs(&"12".parse().unwrap()).await.unwrap().withdrawn, 1);

    assert_eq!(store.lift(&persons(&[1, 9]), moment(2)).await.unwrap(), 1);
    assert_eq!(store.lift(&persons(&[1]), moment(3)).await.unwrap(), 0);
    assert_eq!(store.affairs(&"12".parse().unwrap()).await.unwrap().withdrawn, 0);
    let records = vec![of(1, (1, 3), 1, 5), of(1, (1, 4), 1, 4), of(9, (1, 1), 1, 3)];
    assert_eq!(deliver(store, 9, records).await.unwrap(), [Rejected, Accepted, Accepted]);
    assert_eq!(posts(store).await, [7.0, 8.0, 4.0, 3.0]);
}

pub(super) async fn the_same_request_again_gets_the_same_receipt_and_another_finds_nothing_more(store: &dyn Store) {
    enrol(store, "12").await;
    let record = |counter| treatment(key("12", 1), (1, counter), 1, 5);
    deliver(store, 1, vec![record(1)]).await.unwrap();
    let first = store.erase(erasure(1, &[1, 2])).await.unwrap();
    assert_eq!(store.erase(erasure(1, &[1, 2])).await.unwrap(), first);
    assert_eq!(erase(store, erasure(2, &[1])).await, (0, 0));
    assert_eq!(store.affairs(&"12".parse().unwrap()).await.unwrap().withdrawn, 2);
    // Whoever came back in between is erased again, and the answer says so.
    store.lift(&persons(&[1]), moment(3)).await.unwrap();
    deliver(store, 2, vec![record(2)]).await.unwrap();
    assert_eq!(store.erase(again(1, 4, &[1, 2])).await.unwrap(), first);
    assert!(store.facts(Part::ALL).await.unwrap().treatments.is_empty());
}

/// The request of one number, noted in the audit log under another salt.
fn again(request: u8, salt: u8, persons: &[u8]) -> Erasure {
    Erasure { digest: canonical::sha256_hex(&[request]), ..erasure(salt, persons) }
}

pub(super) async fn a_sender_erases_its_own_persons_only_and_only_while_it_is_active(store: &dyn Store) {
    enrol(store, "12").await;
    enrol(store, "01").await;
    let mut foreign = delivery("01", 1, vec![treatment(key("01", 1), (1, 1), 1, 5)]);
    foreign.kid = "r01-g1".parse().unwrap();
    store.accept_batch(foreign).await.unwrap();
    assert_eq!(erase(store, erasure(1, &[1])).await, (0, 0));
    assert_eq!(store.facts(Part::ALL).await.unwrap().treatments.len(), 1);
    let next = delivery("01", 2, vec![treatment(key("01", 2), (1, 1), 1, 6)]);
    let verdicts = store.accept_batch(next).await.unwrap();
    assert_eq!(serde_json::from_slice::<Vec<schemas::receipt::Verdict>>(&verdicts).unwrap(), [Accepted]);
    store.set_sender(&"12".parse().unwrap(), SenderStatus::Revoked, moment(9)).await.unwrap();
    assert_eq!(store.erase(erasure(2, &[2])).await, Err(RefusedDelivery::SenderNotActive));
}

pub(super) async fn a_treatment_taken_back_before_goes_with_its_person_and_one_taken_back_after_leaves_no_key(
    store: &dyn Store,
) {
    enrol(store, "12").await;
    let of = |number, version, person| treatment(key("12", number), version, person, 5);
    deliver(store, 1, vec![of(1, (1, 1), 1), of(2, (1, 1), 1), of(3, (1, 1), 2)]).await.unwrap();
    // One that was here, one that came and went in a single batch, and one of somebody else.
    let gone = vec![
        retraction(key("12", 1), (1, 2)),
        of(4, (1, 3), 1),
        retraction(key("12", 4), (1, 4)),
        retraction(key("12", 3), (1, 5)),
    ];
    assert_eq!(deliver(store, 2, gone).await.unwrap(), [Replaced, Accepted, Replaced, Replaced]);
    assert_eq!(erase(store, erasure(1, &[1])).await, (1, 1));
    assert_eq!(retracted(store).await, [key("12", 3)]);
    for (name, record, verdict) in [
        (3, retraction(key("12", 2), (1, 7)), Accepted),
        (4, retraction(key("12", 2), (1, 6)), Stale),
        (5, retraction(key("12", 1), (1, 2)), Unchanged),
    ] {
        assert_eq!(deliver(store, name, vec![record]).await.unwrap(), [verdict], "batch {name}");
    }
    assert_eq!(retracted(store).await, [key("12", 3)]);
    store.lift(&persons(&[1]), moment(2)).await.unwrap();
    let late = vec![of(2, (1, 6), 1), of(2, (1, 8), 1), of(1, (1, 1), 1), of(4, (1, 4), 1), of(4, (1, 5), 1)];
    let verdicts = deliver(store, 6, late).await.unwrap();
    assert_eq!(verdicts, [Rejected, Accepted, Rejected, Rejected, Accepted]);
}

/// The record keys of retractions.
async fn retracted(store: &dyn Store) -> Vec<String> {
    use crate::store::transfer::{TABLES, Value};
    let table = TABLES.iter().find(|table| table.name == "retraction").unwrap();
    let (pages, mut coming) = tokio::sync::mpsc::channel(9);
    store.export(table, pages).await.unwrap();
    let rows = coming.recv().await.unwrap_or_default();
    let key = |row: &Vec<Value>| match &row[1] {
        Value::Text(Some(key)) => key.clone(),
        other => panic!("{other:?}"),
    };
    rows.iter().map(key).collect()
}

pub(super) async fn a_person_leaves_under_every_number_and_counts_once(store: &dyn Store) {
    enrol(store, "12").await;
    let of = |number, person| treatment(key("12", number), (1, 1), person, 5);
    let records = vec![of(1, 1), of(2, 2), of(3, 3), pair([1, 2], (1, 1), PairSays::Merge)];
    deliver(store, 1, records).await.unwrap();
    assert_eq!(erase(store, erasure(1, &[2])).await, (1, 2));
    let code = "12".parse().unwrap();
    assert_eq!(store.affairs(&code).await.unwrap().withdrawn, 1);
    assert_eq!(deliver(store, 2, vec![of(4, 1), of(5, 2), of(6, 3)]).await.unwrap(), [Rejected, Rejected, Accepted]);
    // Asked for by the other number too, it stands for itself from then on.
    assert_eq!(erase(store, erasure(2, &[1])).await, (0, 0));
    assert_eq!(store.affairs(&code).await.unwrap().withdrawn, 2);
    assert_eq!(store.lift(&persons(&[2]), moment(3)).await.unwrap(), 1);
    assert_eq!(deliver(store, 3, vec![of(7, 1), of(8, 2)]).await.unwrap(), [Rejected, Accepted]);
}

pub(super) async fn what_is_held_of_a_person_is_told_whole_and_written_down(store: &dyn Store) {
    enrol(store, "12").await;
    let of = |number, counter, person, post| treatment(key("12", number), (1, counter), person, post);
    deliver(store, 1, vec![of(2, 1, 1, 5), of(1, 2, 1, 6), of(3, 3, 2, 7)]).await.unwrap();
    deliver(store, 2, vec![of(2, 4, 1, 4)]).await.unwrap();
    store.erase(erasure(1, &[3])).await.unwrap();
    let told = store.disclose(&persons(&[1, 3, 9]), moment(2)).await.unwrap();
    assert_eq!((told.found, told.withdrawn, told.documents.len()), (1, 1, 2));
    let [one, two] = &told.documents[..] else { unreachable!() };
    assert_eq!((&one.key, one.version.counter, one.replaced.len()), (&key("12", 1), 2, 0));
    assert_eq!((&two.key, two.version.counter), (&key("12", 2), 4));
    assert_eq!(two.first_received.as_deref(), Some("2026-11-01T12:00:00Z"));
    let replaced: Vec<_> = two.replaced.iter().map(|(version, at)| (version.counter, at.as_str())).collect();
    assert_eq!(replaced, [(1, "2026-11-01T12:00:00Z")]);
    assert!(two.content.contains("\"score\":4") && !two.content.contains("pseudonym"), "{}", two.content);
    store.disclose(&persons(&[9]), moment(3)).await.unwrap();
    let ledger = store.ledger().await.unwrap();
    let lines = ledger.disclosures.iter().map(|line| (line.persons, line.found, line.documents));
    assert_eq!(lines.collect::<Vec<_>>(), [(3, 1, 2), (1, 0, 0)]);
}

pub(super) async fn a_case_asks_every_sender_until_it_has_answered_or_the_case_is_closed(store: &dyn Store) {
    enrol(store, "12").await;
    enrol(store, "01").await;
    let (day, deadline) = ("2026-11-01".parse().unwrap(), "2026-12-01".parse().unwrap());
    let open = |note: Option<&str>| CaseStep::Open { deadline, note: note.map(Into::into) };
    assert_eq!(store.set_case(&open(None), moment(1)).await.unwrap(), Some(1));
    assert_eq!(store.set_case(&open(Some("per post")), moment(2)).await.unwrap(), Some(2));
    let asked = async |code: &str| {
        let affairs = store.affairs(&code.parse().unwrap()).await.unwrap();
        affairs.cases.into_iter().map(|case| case.number).collect::<Vec<_>>()
    };
    assert_eq!(
        store.affairs(&"12".parse().unwrap()).await.unwrap().cases[0],
        OpenCase { number: 1, deadline, opened_on: day }
    );
    let answer = |number, code: &str, answer| CaseStep::Answer { number, sender: code.parse().unwrap(), answer };
    assert_eq!(store.set_case(&answer(1, "01", CaseAnswer::NoneFound), moment(3)).await.unwrap(), Some(1));
    assert_eq!(store.set_case(&answer(9, "01", CaseAnswer::NoneFound), moment(4)).await.unwrap(), None);
    assert_eq!((asked("01").await, asked("12").await), (vec![2], vec![1, 2]));
    // A withdrawal answers by itself, and a later word does not take it back.
    let receipt = store.erase(Erasure { case: Some(1), ..erasure(5, &[1]) }).await.unwrap();
    assert_eq!(receipt, canonical::bytes(&(Some(1), 0, 0, false)));
    let unknown = store.erase(Erasure { case: Some(9), ..erasure(6, &[1]) }).await.unwrap();
    assert_eq!(unknown, canonical::bytes(&(None::<u32>, 0, 0, false)));
    store.set_case(&answer(1, "12", CaseAnswer::NoneFound), moment(7)).await.unwrap();
    assert_eq!(store.set_case(&CaseStep::Close { number: 2 }, moment(8)).await.unwrap(), Some(2));
    assert_eq!(store.set_case(&CaseStep::Close { number: 3 }, moment(9)).await.unwrap(), None);
    assert_eq!((asked("01").await, asked("12").await), (vec![], vec![]));
    let cases = store.ledger().await.unwrap().cases;
    let told: Vec<_> = cases[0].answers.iter().map(|(code, answer, _)| (code.as_str(), *answer)).collect();
    assert_eq!(told, [("01", CaseAnswer::NoneFound), ("12", CaseAnswer::Withdrawn)]);
    assert_eq!(
        (cases[1].note.as_deref(), cases[1].closed_on, cases[1].answers.len()),
        (Some("per post"), Some(day), 0)
    );
}

pub(super) async fn bytes_of_the_erased_are_seen_to_once(store: &dyn Store) {
    enrol(store, "12").await;
    deliver(store, 1, vec![treatment(key("12", 1), (1, 1), 1, 5), treatment(key("12", 2), (1, 1), 2, 6)])
        .await
        .unwrap();
    let clean =
        async |up_to: &str| store.clean(Cleaning { up_to: up_to.parse().unwrap(), at: at() }).await.unwrap().erasures;
    assert_eq!(clean("2026-11-02T00:00:00Z").await, 0);
    store.erase(erasure(1, &[1])).await.unwrap();
    assert_eq!(clean("2026-11-01T11:59:59Z").await, 0);
    assert_eq!(clean("2026-11-01T12:00:00Z").await, 1);
    assert_eq!(clean("2026-11-02T00:00:00Z").await, 0);
    let nothing = store.clean(Cleaning { up_to: at(), at: at() }).await.unwrap();
    assert_eq!(nothing, Cleaned::default());
    assert_eq!(posts(store).await, [6.0]);
    store.doubts().await.unwrap();
}

/// Fills every table of this part.
pub(crate) async fn fill(store: &dyn Store) {
    deliver(store, 90, vec![treatment(key("12", 90), (1, 1), 90, 5)]).await.unwrap();
    let deadline = "2026-12-01".parse().unwrap();
    store.set_case(&CaseStep::Open { deadline, note: None }, moment(91)).await.unwrap();
    store.erase(Erasure { case: Some(1), ..erasure(90, &[90]) }).await.unwrap();
    store.disclose(&persons(&[90]), moment(92)).await.unwrap();
}
