//! Remarks of people who are signed in: one for each person and cut.

use super::cut::{new, rows};
use super::delivery::{enrol, stamp};
use super::erasure::moment;
use super::users;
use crate::store::{Calendar, CutStep, NewCut, Remarker, Store};

pub(super) async fn a_person_remarks_once_on_a_year_and_may_change_it(store: &dyn Store) {
    enrol(store, "12").await;
    users::fill(store).await;
    let day = "2026-10-31".parse().unwrap();
    let calendar = Some(Calendar { year: 2025, stop: day, comments_until: day, published: None });
    store.freeze(&NewCut { calendar, ..new("2025") }, moment(30)).await.unwrap().unwrap();
    store.step_cut(1, &CutStep::Comment { of: "01".into(), comment: "by staff".into() }, stamp()).await.unwrap();
    let before = rows(store, "audit_pending").await;
    let by = Remarker { user: 1, role: "region:12".parse().unwrap() };
    for (text, salt) in [("first", 31), ("second", 32)] {
        let step = CutStep::Remark { by: by.clone(), of: "12".into(), comment: text.into() };
        store.step_cut(1, &step, moment(salt)).await.unwrap();
    }
    let comments = store.cuts().await.unwrap().remove(0).comments;
    let told: Vec<_> = comments.iter().map(|one| (one.of.as_str(), one.comment.as_str(), one.by.clone())).collect();
    assert_eq!(told, [("01", "by staff", None), ("12", "second", Some(by))]);
    assert_eq!(comments[1].at, moment(32).at);
    assert_eq!(rows(store, "audit_pending").await, before + 2, "each is noted");
}
