//! The mail that a unit's reader gets after each quarter.

use jiff::{SignedDuration, Timestamp};

use super::{at, users};
use crate::store::Store;
use crate::store::quarter::{Choice, QuarterMail};

fn days(days: i64) -> Timestamp {
    at() + SignedDuration::from_hours(24 * days)
}

fn minutes(minutes: i64) -> Timestamp {
    at() + SignedDuration::from_mins(minutes)
}

fn of(person: u32, quarter: &str) -> QuarterMail {
    QuarterMail { person, quarter: quarter.to_owned() }
}

pub(super) async fn a_person_has_one_mail_of_a_quarter_which_is_one_server_s_until_it_is_settled(store: &dyn Store) {
    users::fill(store).await;
    assert_eq!(store.plan_mails("2026Q3", &[1], at()).await.unwrap(), 1);
    assert_eq!(store.plan_mails("2026Q3", &[1], minutes(1)).await.unwrap(), 0, "it is planned");
    assert_eq!(store.take_mail(at()).await.unwrap(), Some(of(1, "2026Q3")));
    // Whoever took it has not come back: later and later, for a month.
    for (minutes_on, given) in [(4, false), (5, true), (14, false), (15, true), (39, false), (40, true)] {
        assert_eq!(store.take_mail(minutes(minutes_on)).await.unwrap().is_some(), given, "{minutes_on}");
    }
    assert_eq!(store.take_mail(days(30)).await.unwrap(), Some(of(1, "2026Q3")));
    assert_eq!(store.take_mail(days(31)).await.unwrap(), None, "nobody waits for it any more");

    assert_eq!(store.plan_mails("2026Q4", &[1], days(92)).await.unwrap(), 1, "another quarter");
    let mail = store.take_mail(days(92)).await.unwrap();
    assert_eq!(mail, Some(of(1, "2026Q4")));
    store.mail_settled(&mail.unwrap(), days(92)).await.unwrap();
    assert_eq!(store.plan_mails("2026Q4", &[1], days(93)).await.unwrap(), 0, "it was sent");
    assert_eq!(store.take_mail(days(93)).await.unwrap(), None);
}

pub(super) async fn whoever_wants_no_mail_says_so_and_may_change_it(store: &dyn Store) {
    users::fill(store).await;
    assert_eq!(store.mail_choice(1).await.unwrap(), Choice::Wanted);
    for choice in [Choice::Declined, Choice::Declined, Choice::Wanted, Choice::Wanted, Choice::Declined] {
        store.choose_mail(1, choice, at()).await.unwrap();
        assert_eq!(store.mail_choice(1).await.unwrap(), choice);
    }
}

/// Fills every table of this part; there are people.
pub(crate) async fn fill(store: &dyn Store) {
    store.plan_mails("2026Q3", &[1], at()).await.unwrap();
    store.choose_mail(1, Choice::Declined, at()).await.unwrap();
}
