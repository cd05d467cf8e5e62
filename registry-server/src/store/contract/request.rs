//! Requests for extracts.

use jiff::ToSpan as _;
use jiff::civil::date;

use super::alarm::mark;
use super::{at, users};
use crate::request::form::tests::whole;
use crate::request::{Form, Refusal, Request, Said, Step, Taken};
use crate::store::Store;
use crate::store::request::HandedIn;

pub(super) fn taken(step: Step, minute: i64, form: Option<Form>) -> Taken {
    let said = Said { comment: format!("{} å", step.word()), diary: format!("dnr {minute}/ö") };
    Taken { step, at: at() + minute.minutes(), person: 1, said, form }
}

pub(super) async fn a_request_keeps_every_step_and_of_two_at_once_one(store: &dyn Store) {
    users::fill(store).await;
    assert_eq!(store.requests().await.unwrap(), []);
    assert_eq!(store.request(1).await.unwrap(), None);
    let (draft, other) = (taken(Step::Drafted, 0, Some(whole())), taken(Step::Drafted, 1, Some(Form::default())));
    assert_eq!(store.add_request(&draft, mark(1)).await.unwrap(), 1);
    assert_eq!(store.add_request(&other, mark(2)).await.unwrap(), 2);
    let (submitted, withdrawn) = (taken(Step::Submitted, 2, None), taken(Step::Withdrawn, 3, None));
    assert!(store.take_step(1, 1, &submitted, mark(3)).await.unwrap());
    assert!(!store.take_step(1, 1, &withdrawn, mark(4)).await.unwrap(), "somebody was faster");
    assert!(!store.take_step(1, 3, &withdrawn, mark(5)).await.unwrap(), "a step is missing before it");
    assert!(!store.take_step(3, 0, &submitted, mark(6)).await.unwrap(), "there is no such request");
    let first = Request { number: 1, steps: vec![draft, submitted] };
    assert_eq!((first.form(), first.requester()), (Some(&whole()), Some(1)));
    assert_eq!(store.request(1).await.unwrap(), Some(first.clone()));
    assert_eq!(store.requests().await.unwrap(), [first, Request { number: 2, steps: vec![other] }]);
}

pub(super) async fn of_more_than_the_quota_none_is_handed_in_not_even_of_two_at_once(store: &dyn Store) {
    users::fill(store).await;
    users::somebody(store, (2, "lo@example.se", "researcher")).await;
    for salt in 1..=5 {
        store.add_request(&taken(Step::Drafted, 0, Some(whole())), mark(salt)).await.unwrap();
    }
    let submitted = |minute| taken(Step::Submitted, minute, None);
    assert_eq!(store.hand_in((1, 1), &submitted(1), 2, mark(11)).await.unwrap(), HandedIn::Kept);
    assert_eq!(store.hand_in((1, 1), &submitted(1), 2, mark(12)).await.unwrap(), HandedIn::Overtaken);
    // The second place is one's.
    let (two, three) = (submitted(2), submitted(2));
    let both = tokio::join!(store.hand_in((2, 1), &two, 2, mark(13)), store.hand_in((3, 1), &three, 2, mark(14)));
    let full = HandedIn::Full(Refusal::Quota { quota: 2, from: Some(date(2027, 11, 1)) });
    let mut both = [both.0.unwrap(), both.1.unwrap()];
    both.sort_by_key(|one| *one != HandedIn::Kept);
    assert_eq!(both, [HandedIn::Kept, full]);
    assert_eq!(store.hand_in((4, 1), &submitted(3), 2, mark(15)).await.unwrap(), full);
    let of = async |number| store.request(number).await.unwrap().unwrap().steps.len();
    assert_eq!((of(1).await, of(2).await + of(3).await, of(4).await), (2, 3, 1), "what is refused leaves nothing");
    // What was given back comes again, and is counted once.
    assert!(store.take_step(1, 2, &taken(Step::Returned, 4, None), mark(16)).await.unwrap());
    assert_eq!(store.hand_in((1, 3), &submitted(5), 2, mark(17)).await.unwrap(), HandedIn::Kept);
    assert_eq!(store.hand_in((4, 1), &submitted(6), 3, mark(18)).await.unwrap(), HandedIn::Kept);
    // Another person has a quota of their own, and a year later the same has it again.
    let (other, later) = (Taken { person: 2, ..submitted(7) }, submitted(366 * 24 * 60));
    assert_eq!(store.hand_in((5, 1), &other, 1, mark(19)).await.unwrap(), HandedIn::Kept);
    assert_eq!(store.hand_in((5, 2), &later, 1, mark(20)).await.unwrap(), HandedIn::Kept);
}

/// Fills every table of this part; there are people.
pub(crate) async fn fill(store: &dyn Store) {
    store.add_request(&taken(Step::Drafted, 0, Some(whole())), mark(101)).await.unwrap();
    store.take_step(1, 1, &taken(Step::Submitted, 1, None), mark(102)).await.unwrap();
}
