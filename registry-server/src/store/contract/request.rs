//! Requests for extracts.

use jiff::ToSpan as _;

use super::alarm::mark;
use super::{at, users};
use crate::request::form::tests::whole;
use crate::request::{Form, Request, Said, Step, Taken};
use crate::store::Store;

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

/// Fills every table of this part; there are people.
pub(crate) async fn fill(store: &dyn Store) {
    store.add_request(&taken(Step::Drafted, 0, Some(whole())), mark(101)).await.unwrap();
    store.take_step(1, 1, &taken(Step::Submitted, 1, None), mark(102)).await.unwrap();
}
