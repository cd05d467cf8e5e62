//! What people read and were refused, on its way into the log.
//!
//! Promises: a page never waits for what was read to be written; what was put in is written before `Trail::flush` ends well, so
//! that nothing is lost at a normal stop and a refusal is written before its answer. When writing fails for long, no more is taken in and
//! pages are refused: nothing is read without a trace. Strangers cannot fill the log: beyond some refusals a minute they are only counted.
//! Must not know: pages, HTTP.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::environment::Stamp;
use crate::store::audit::{Entry, What};
use crate::store::{Store, StoreError};

/// So many events wait at the most.
const ROOM: usize = 10_000;
/// Refusals to strangers that are noted one by one in a minute.
const STRANGERS: u64 = 30;
/// The pause after writing failed.
const PAUSE: Duration = Duration::from_secs(1);

/// Events that wait to be written.
#[derive(Debug, Default)]
pub struct Trail {
    waiting: Mutex<Vec<Entry>>,
    strangers: Mutex<Strangers>,
    writing: tokio::sync::Mutex<()>,
    came: Notify,
}

/// No more can wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// Refusals to people who are not signed in.
#[derive(Debug, Default)]
struct Strangers {
    minute: i64,
    noted: u64,
    beyond: u64,
}

impl Trail {
    /// Takes an event in, to be written soon.
    ///
    /// # Errors
    /// [`Full`] when too much waits already.
    pub fn put(&self, entry: Entry) -> Result<(), Full> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= ROOM {
            return Err(Full);
        }
        waiting.push(entry);
        drop(waiting);
        self.came.notify_one();
        Ok(())
    }

    /// Takes in that somebody who is not signed in was refused a page; many in one minute are counted together, and told when the next
    /// minute has begun.
    ///
    /// # Errors
    /// [`Full`] when too much waits already.
    pub fn put_stranger(&self, stamp: Stamp, page: &str, why: &str) -> Result<(), Full> {
        let denied = |page: Option<&str>, times| What::Denied {
            page: page.map(ToOwned::to_owned),
            person: None,
            role: None,
            times,
            why: why.to_owned(),
        };
        let (is_noted, before) = self.count(stamp.at.as_second() / 60);
        if before > 0 {
            let salt = schemas::canonical::sha256(&stamp.salt);
            self.put(Entry::new(Stamp { at: stamp.at, salt }, None, denied(None, before)))?;
        }
        if is_noted { self.put(Entry::new(stamp, None, denied(Some(page), 1))) } else { Ok(()) }
    }

    /// Whether one more is noted by itself, and how many of earlier minutes are to be told.
    fn count(&self, minute: i64) -> (bool, u64) {
        let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut before = 0;
        if strangers.minute != minute {
            before = strangers.beyond;
            *strangers = Strangers { minute, ..Strangers::default() };
        }
        if strangers.noted < STRANGERS {
            strangers.noted += 1;
            return (true, before);
        }
        strangers.beyond += 1;
        (false, before)
    }

    /// Writes everything that waits.
    ///
    /// # Errors
    /// When the store fails; what could not be written waits on, as it does when this is dropped, which may write it twice.
    pub async fn flush(&self, store: &dyn Store) -> Result<(), StoreError> {
        let _alone = self.writing.lock().await;
        // They stay in the queue until they are written: whoever waits for this may go away.
        let entries = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if entries.is_empty() {
            return Ok(());
        }
        store.note_events(&entries).await?;
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).drain(..entries.len());
        Ok(())
    }

    /// Writes what comes until the register stops or its disk fails, which ends the register; whoever stops it writes the rest.
    pub(crate) async fn keep_writing(
        &self,
        store: &dyn Store,
        (broken, stop): (&CancellationToken, &CancellationToken),
    ) {
        let mut told = None;
        // Ends with the register.
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.came.notified() => {}
            }
            match self.flush(store).await {
                Ok(()) => told = None,
                Err(error @ StoreError::Broken(_)) => {
                    tracing::error!("what people read cannot be written: {error}");
                    return broken.cancel();
                }
                Err(error) => {
                    if told.as_ref() != Some(&error) {
                        tracing::error!("what people read is not written at the moment: {error}");
                    }
                    told = Some(error);
                    self.came.notify_one();
                    tokio::select! {
                        () = stop.cancelled() => return,
                        () = tokio::time::sleep(PAUSE) => {}
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;
    use crate::store::contract::{at, sign};
    use crate::store::sqlite;
    use crate::store::trail::Look;

    fn stamp(second: i64) -> Stamp {
        let salt = schemas::canonical::sha256(&second.to_be_bytes());
        Stamp { at: at() + jiff::SignedDuration::from_secs(second), salt }
    }

    #[tokio::test]
    async fn strangers_are_noted_one_by_one_up_to_a_number_a_minute_and_counted_beyond() {
        let trail = Trail::default();
        for second in 0..59 {
            trail.put_stranger(stamp(second), "/outcomes", "signed_out").unwrap();
        }
        assert_eq!(trail.waiting.lock().unwrap().len(), 30);
        trail.put_stranger(stamp(60), "/outcomes", "signed_out").unwrap();
        let waiting = trail.waiting.lock().unwrap();
        assert_eq!(waiting.len(), 32);
        assert!(waiting[30].event.contains("\"times\":29,") && !waiting[30].event.contains("page"), "{waiting:?}");
    }

    #[tokio::test]
    async fn whoever_goes_away_takes_nothing_along_that_waits_to_be_written() {
        let folder = tempfile::tempdir().unwrap();
        let store = sqlite::tests::fresh(&folder.path().join("register.db")).await;
        let trail = Trail::default();
        trail.put(Entry::new(stamp(1), None, What::Lift { persons: 1 })).unwrap();
        assert!(trail.flush(&*store).now_or_never().is_none(), "it was written before anybody could go away");
        assert_eq!(trail.waiting.lock().unwrap().len(), 1);
        trail.flush(&*store).await.unwrap();
        assert!(trail.waiting.lock().unwrap().is_empty());
        store.close().await;
    }

    #[tokio::test]
    async fn what_cannot_be_written_waits_and_more_than_there_is_room_for_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let store = sqlite::tests::fresh(&folder.path().join("register.db")).await;
        let gone = sqlite::tests::fresh(&folder.path().join("gone.db")).await;
        gone.close().await;
        let trail = Trail::default();
        let entry = |second| Entry::new(stamp(second), None, What::Lift { persons: 1 });
        trail.put(entry(1)).unwrap();
        assert!(trail.flush(&*gone).await.is_err());
        trail.put(entry(2)).unwrap();
        trail.flush(&*store).await.unwrap();
        store.sequence(&sign()).await.unwrap();
        let look = Look {
            from: at(),
            until: stamp(9).at,
            kinds: Vec::new(),
            person: None,
            sender: None,
            before: None,
            most: 9,
        };
        assert_eq!(store.events(&look).await.unwrap().len(), 2);
        store.close().await;
        *trail.waiting.lock().unwrap() = vec![entry(1); ROOM];
        assert_eq!(trail.put(entry(3)), Err(Full));
    }
}
