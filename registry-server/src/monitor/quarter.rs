//! The mail to units' readers after each quarter: for whom and when, and sending it.
//!
//! Promises: a few days after a quarter, at an hour of the day when people read, each reader of a unit who may sign in, has a mail address
//! and has not declined gets one mail, once, over restarts and however many servers run; a mail server that is away loses none. Without a
//! mail server, or without an address of the pages to point to, none is planned. Must not know: what the mail says.

use jiff::civil::{Date, date};
use jiff::tz::{TimeZone, offset};
use jiff::{Timestamp, ToSpan as _};

use super::mail::Mail;
use crate::authenticate::{Role, email};
use crate::store::quarter::Choice;
use crate::store::{Store, StoreError, User, UserKey, UserState};

/// Days of the new quarter after which the mail comes, and after which it no longer does.
const DAYS: std::ops::Range<i32> = 4..32;
/// The first hour of the day at which a mail is planned.
const MORNING: i8 = 8;

/// Plans the mail of the quarter that is over, and sends what is due; tells how many were sent.
pub(crate) async fn tell(store: &dyn Store, mail: Option<&Mail>, now: Timestamp) -> Result<u32, StoreError> {
    let Some(mail) = mail.filter(|mail| mail.page().is_some()) else { return Ok(0) };
    if let Some(quarter) = over(now) {
        let people: Vec<u32> =
            store.users().await?.iter().filter(|user| is_reader(user, now)).map(|user| user.number).collect();
        store.plan_mails(&quarter, &people, now).await?;
    }
    let mut sent = 0;
    while let Some(planned) = store.take_mail(now).await? {
        let user = store.user(&UserKey::Number(planned.person)).await?.filter(|user| is_reader(user, now));
        let is_wanted = store.mail_choice(planned.person).await? == Choice::Wanted;
        if let Some(user) = user.filter(|_| is_wanted) {
            if let Err(reason) = mail.send_quarter(&planned, &user.email, now).await {
                let person = planned.person;
                tracing::warn!(person, "a quarter's mail could not be sent and is tried again later: {reason}");
                break;
            }
            sent += 1;
        }
        store.mail_settled(&planned, now).await?;
    }
    Ok(sent)
}

/// Whether somebody reads for a unit, may sign in, and can be reached.
fn is_reader(user: &User, now: Timestamp) -> bool {
    let may_sign_in = matches!(user.state(now), UserState::Active | UserState::Locked);
    may_sign_in && matches!(user.role, Role::Unit(_)) && email::read(&user.email).is_ok()
}

/// The quarter whose mail is planned at a moment.
fn over(now: Timestamp) -> Option<String> {
    // A host without a zone database is an hour off.
    let sweden = TimeZone::get("Europe/Stockholm").unwrap_or_else(|_| TimeZone::fixed(offset(1)));
    let local = now.to_zoned(sweden);
    let first = first_day(local.date());
    let is_time = local.hour() >= MORNING && DAYS.contains(&(local.date() - first).get_days());
    let before = first_day(first.saturating_sub(1.day()));
    is_time.then(|| format!("{}Q{}", before.year(), (before.month() - 1) / 3 + 1))
}

/// The first day of the quarter of a day.
fn first_day(day: Date) -> Date {
    date(day.year(), (day.month() - 1) / 3 * 3 + 1, 1)
}

#[cfg(test)]
pub(super) mod tests;
