//! The mails about steps of requests.

use jiff::{SignedDuration, Timestamp};

use super::request::taken;
use super::users::somebody;
use super::{alarm::mark, at};
use crate::request::Step;
use crate::request::form::tests::whole;
use crate::store::Store;
use crate::store::request_mail::{RequestMail, StepOf};

const HANDED_IN: StepOf = StepOf { request: 1, place: 2 };

fn minutes(minutes: i64) -> Timestamp {
    at() + SignedDuration::from_mins(minutes)
}

fn of(person: u32) -> RequestMail {
    RequestMail { step: HANDED_IN, person }
}

pub(super) async fn a_person_has_one_mail_of_a_step_which_is_one_server_s_until_it_is_settled(store: &dyn Store) {
    for (number, email) in [(1, "a@example.se"), (2, "b@example.se"), (3, "c@example.se")] {
        somebody(store, (number, email, "approver")).await;
    }
    store.add_request(&taken(Step::Drafted, 0, Some(whole())), mark(101)).await.unwrap();
    assert_eq!(store.untold_steps(at()).await.unwrap(), [], "a draft concerns nobody else");
    store.take_step(1, 1, &taken(Step::Submitted, 1, None), mark(102)).await.unwrap();
    assert_eq!(store.untold_steps(at()).await.unwrap(), [HANDED_IN]);
    assert_eq!(store.untold_steps(minutes(2)).await.unwrap(), [], "older than is told");
    for people in [&[2, 3][..], &[3]] {
        store.plan_step(HANDED_IN, people, at()).await.unwrap();
        assert_eq!(store.untold_steps(at()).await.unwrap(), []);
    }
    assert_eq!(store.take_step_mail(at()).await.unwrap(), Some(of(2)));
    assert_eq!(store.take_step_mail(at()).await.unwrap(), Some(of(3)));
    assert_eq!(store.take_step_mail(at()).await.unwrap(), None, "whoever took the step has none");
    store.step_mail_settled(of(2), at()).await.unwrap();
    // Whoever took the other has not come back: later and later, for a month.
    for (minutes_on, given) in [(4, false), (5, true), (14, false), (15, true)] {
        let found = store.take_step_mail(minutes(minutes_on)).await.unwrap();
        assert_eq!(found, given.then(|| of(3)), "{minutes_on}");
    }
    assert_eq!(store.take_step_mail(minutes(30 * 24 * 60)).await.unwrap(), Some(of(3)));
    assert_eq!(store.take_step_mail(minutes(31 * 24 * 60)).await.unwrap(), None, "nobody waits for it any more");
}

/// Fills every table of this part; there is a request.
pub(crate) async fn fill(store: &dyn Store) {
    store.plan_step(HANDED_IN, &[], at()).await.unwrap();
}
