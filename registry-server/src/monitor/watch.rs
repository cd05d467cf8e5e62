//! Looking for what is wrong and telling it, every minute while the register runs.
//!
//! Promises: what was noticed is kept before it is told; a look that fails is made again with the next. A message that was not sent is
//! tried again, ever later and for three days; when the program ends between sending and noting it, it is sent again as the same message.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::conditions;
use super::mail::Mail;
use crate::fact::Part;
use crate::registry::Registry;
use crate::store::alarm::AlarmStep;
use crate::store::{Store, StoreError};

/// How often the register looks.
const PACE: Duration = Duration::from_mins(1);

/// Looks until the register stops or its disk fails.
pub(crate) async fn keep_watch(registry: Arc<Registry>, mail: Option<Mail>, stop: CancellationToken) {
    // Ends with the register.
    loop {
        match look_and_tell(&*registry.store, mail.as_ref(), registry.environment.now()).await {
            Ok(()) => {}
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

/// Looks, logs what changed, and sends what is due where mail can be sent.
async fn look_and_tell(store: &dyn Store, mail: Option<&Mail>, now: Timestamp) -> Result<(), StoreError> {
    look(store, now).await?.iter().for_each(|(number, step)| log(*number, *step));
    match mail {
        Some(mail) => tell(store, mail, now).await.map(|_| ()),
        None => Ok(()),
    }
}

/// Sends the messages that are due; tells how many. A mail server that takes one message not is not asked for the next before the next look.
pub(crate) async fn tell(store: &dyn Store, mail: &Mail, now: Timestamp) -> Result<u32, StoreError> {
    let mut sent = 0;
    while let Some(notice) = store.take_notice(now).await? {
        if let Err(reason) = mail.send(&notice, &store.contacts().await?, now).await {
            let number = notice.alarm.number;
            tracing::warn!(number, "an alarm could not be sent and is tried again later: {reason}");
            break;
        }
        store.notice_sent(&notice, now).await?;
        sent += 1;
    }
    Ok(sent)
}

/// Compares what is wrong now with the alarms; tells those that changed, by number.
pub(crate) async fn look(store: &dyn Store, now: Timestamp) -> Result<Vec<(u32, AlarmStep)>, StoreError> {
    let senders = store.facts(&[Part::Senders]).await?.senders;
    let found = conditions(&senders, &store.contacts().await?, now);
    store.set_alarms(&found, now).await
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
