//! Looking for what is wrong and telling it, every minute while the register runs; and the mails after each quarter and about
//! requests with it.
//!
//! Promises: what was noticed is kept before it is told; a look that fails is made again with the next. A message that was not sent is
//! tried again, ever later and for three days; when the program ends between sending and noting it, it is sent again as the same message.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use schemas::id::SenderCode;
use tokio_util::sync::CancellationToken;

use super::mail::Mail;
use super::webhook::Webhook;
use super::{Known, conditions, course, quarter, request};
use crate::account::account;
use crate::registry::Registry;
use crate::store::alarm::{AlarmStep, Channel, Notice};
use crate::store::watch::Beat;
use crate::store::{Store, StoreError};

/// How often the register looks.
const PACE: Duration = Duration::from_mins(1);
/// How often it goes through the accounts, which takes longer.
const ACCOUNTS: SignedDuration = SignedDuration::from_hours(1);
/// Weeks of a sender's deliveries that are looked at: those that a week is compared with, and some more for who comes seldom.
const HISTORY: usize = 14;

/// Looks until the register stops or its disk fails.
pub(crate) async fn keep_watch(
    registry: Arc<Registry>,
    (mail, hook): (Option<Mail>, Option<Webhook>),
    stop: CancellationToken,
) {
    let (mut unbalanced, mut beat) = (None, Beat::First);
    // Ends with the register.
    loop {
        match look_and_tell(&registry, (mail.as_ref(), hook.as_ref()), (&mut unbalanced, beat)).await {
            Ok(()) => beat = Beat::Again,
            Err(error @ StoreError::Broken(_)) => {
                tracing::error!("alarms cannot be kept: {error}");
                return registry.broken.cancel();
            }
            Err(error) => tracing::warn!("senders were not looked at, which is tried again soon: {error}"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PACE) => {}
        }
    }
}

/// Senders whose accounting does not add up, and when that was found.
type Unbalanced = Option<(Timestamp, BTreeSet<SenderCode>)>;

/// Looks, logs what changed, and sends what is due where mail can be sent.
async fn look_and_tell(
    registry: &Registry,
    ways: Ways<'_>,
    (unbalanced, beat): (&mut Unbalanced, Beat),
) -> Result<(), StoreError> {
    let (store, now) = (&*registry.store, registry.environment.now());
    store.beat(beat, now).await?;
    let is_old = |(at, _): &(Timestamp, _)| now.duration_since(*at) >= ACCOUNTS;
    let found = match unbalanced.take().filter(|found| !is_old(found)) {
        Some(found) => found,
        None => (now, unbalanced_senders(store).await?),
    };
    let changed = look_with(store, found.1.clone(), now).await;
    *unbalanced = Some(found);
    changed?.iter().for_each(|(number, step)| log(*number, *step));
    tell(store, ways, now).await?;
    request::tell(store, ways.0, now).await?;
    quarter::tell(store, ways.0, now).await.map(|_| ())
}

/// The ways that messages take, where the configuration names them.
pub(crate) type Ways<'a> = (Option<&'a Mail>, Option<&'a Webhook>);

/// Sends the messages that are due; tells how many. Whoever takes one message not is not asked for the next before the next look, and does
/// not stop the other way.
pub(crate) async fn tell(store: &dyn Store, (mail, hook): Ways<'_>, now: Timestamp) -> Result<u32, StoreError> {
    let mut sent = 0;
    if let Some(mail) = mail {
        while let Some(notice) = store.take_notice(Channel::Mail, now).await? {
            let outcome = mail.send(&notice, &store.contacts().await?, now).await;
            if !settle(store, (Channel::Mail, &notice, outcome), now).await? {
                break;
            }
            sent += 1;
        }
    }
    if let Some(hook) = hook {
        while let Some(notice) = store.take_notice(Channel::Webhook, now).await? {
            let outcome = hook.send(&notice, now).await;
            if !settle(store, (Channel::Webhook, &notice, outcome), now).await? {
                break;
            }
            sent += 1;
        }
    }
    Ok(sent)
}

/// Notes what became of a message; tells whether it was sent.
async fn settle(
    store: &dyn Store,
    (channel, notice, outcome): (Channel, &Notice, Result<(), String>),
    now: Timestamp,
) -> Result<bool, StoreError> {
    if let Err(reason) = outcome {
        let number = notice.alarm.number;
        tracing::warn!(number, "an alarm could not be sent and is tried again later: {reason}");
        return Ok(false);
    }
    store.notice_sent(channel, notice, now).await.map(|()| true)
}

/// Compares what is wrong now with the alarms; tells those that changed, by number.
pub(crate) async fn look(store: &dyn Store, now: Timestamp) -> Result<Vec<(u32, AlarmStep)>, StoreError> {
    let unbalanced = unbalanced_senders(store).await?;
    look_with(store, unbalanced, now).await
}

async fn look_with(
    store: &dyn Store,
    unbalanced: BTreeSet<SenderCode>,
    now: Timestamp,
) -> Result<Vec<(u32, AlarmStep)>, StoreError> {
    let known = Known {
        senders: store.sender_facts().await?,
        contacts: store.contacts().await?,
        histories: store.histories(course::first_monday(now, HISTORY)).await?,
        unbalanced,
        life: store.life().await?,
    };
    store.set_alarms(&conditions(&known, now), now).await
}

/// Senders that may deliver and whose accounting does not add up.
async fn unbalanced_senders(store: &dyn Store) -> Result<BTreeSet<SenderCode>, StoreError> {
    let mut unbalanced = BTreeSet::new();
    for sender in store.sender_facts().await? {
        let Ok(code) = sender.sender.parse::<SenderCode>() else { continue };
        let account = account(code.clone(), &store.account(&code).await?);
        if !account.sentences.is_empty() {
            unbalanced.insert(code);
        }
    }
    Ok(unbalanced)
}

fn log(number: u32, step: AlarmStep) {
    match step {
        AlarmStep::Raised => tracing::warn!(number, "an alarm was raised; `registry-server alarm list` shows it"),
        AlarmStep::Cleared => tracing::info!(number, "an alarm is over"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::{at, delivery, enrol};
    use crate::store::sqlite;

    #[tokio::test]
    async fn a_sender_that_stops_is_late_once_also_over_a_restart_and_no_longer_when_it_comes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("register.db");
        let store = sqlite::tests::fresh(&path).await;
        enrol(&*store, "12").await;
        let treatment = crate::store::contract::treatment(crate::store::contract::key("12", 1), (1, 1), 1, 5);
        store.accept_batch(delivery("12", 1, vec![treatment])).await.unwrap();
        // Its schedule is two o'clock every night; it delivered at noon.
        let hours = |hours| at() + jiff::Span::new().hours(hours);
        assert_eq!(look(&*store, hours(30)).await.unwrap(), []);
        assert_eq!(look(&*store, hours(39)).await.unwrap(), [(1, AlarmStep::Raised)]);
        store.close().await;
        let store = sqlite::tests::fresh(&path).await;
        assert_eq!(look(&*store, hours(40)).await.unwrap(), [], "it was raised before the restart");
        assert_eq!(look(&*store, hours(24 * 7)).await.unwrap(), [(2, AlarmStep::Raised)], "silent");
        let mut empty = delivery("12", 2, vec![]);
        empty.received_at = hours(24 * 7);
        store.accept_batch(empty).await.unwrap();
        let over = [(1, AlarmStep::Cleared), (2, AlarmStep::Cleared)];
        assert_eq!(look(&*store, hours(24 * 7)).await.unwrap(), over, "nothing to tell is a delivery too");
        store.close().await;
    }
}
