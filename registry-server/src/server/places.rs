//! Who holds the regions' connections.
//!
//! Promises: whoever a certificate names holds at most a share, so that one certificate cannot take every place; all certificates that
//! name nobody share one; a place is given back when dropped.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use schemas::id::SenderCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::authenticate::region::RegionIdentity;

/// Environment and sender of a certificate.
type Holder = Option<(String, SenderCode)>;

/// The places of one listener.
pub(super) struct Places {
    all: Arc<Semaphore>,
    share: usize,
    held: Arc<Mutex<HashMap<Holder, usize>>>,
}

/// One open connection's place.
#[derive(Debug)]
pub(super) struct Place {
    _of_all: OwnedSemaphorePermit,
    holder: Holder,
    held: Arc<Mutex<HashMap<Holder, usize>>>,
}

impl Places {
    /// So many places, and so many of them for one holder.
    pub(super) fn new(all: usize, share: usize) -> Self {
        Self { all: Arc::new(Semaphore::new(all)), share, held: Arc::default() }
    }

    /// Takes a place; nothing when the holder's share or every place is taken.
    pub(super) fn take(&self, peer: Option<&RegionIdentity>) -> Option<Place> {
        let holder = peer.map(|peer| (peer.environment.clone(), peer.sender.clone()));
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.get(&holder).is_some_and(|count| *count >= self.share) {
            return None;
        }
        let of_all = Arc::clone(&self.all).try_acquire_owned().ok()?;
        *held.entry(holder.clone()).or_default() += 1;
        Some(Place { _of_all: of_all, holder, held: Arc::clone(&self.held) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.holder) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.holder);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn peer(environment: &str, code: &str) -> RegionIdentity {
        let not_after = Timestamp::UNIX_EPOCH;
        RegionIdentity {
            environment: environment.to_owned(),
            sender: code.parse().unwrap(),
            not_after,
            key: Vec::new(),
        }
    }

    #[test]
    fn each_holder_has_its_share_and_all_together_no_more_than_there_are() {
        let places = Places::new(5, 2);
        let (first, second) = (peer("test", "12"), peer("test", "01"));
        let mut held: Vec<Place> = (0..3).filter_map(|_| places.take(Some(&first))).collect();
        assert_eq!(held.len(), 2);
        held.extend((0..3).filter_map(|_| places.take(Some(&peer("production", "12")))));
        assert_eq!(held.len(), 4, "the other environment's sender is another holder");
        let nobody = places.take(None).unwrap();
        assert!(places.take(Some(&second)).is_none(), "every place is taken");
        drop(nobody);
        assert!(places.take(Some(&first)).is_none(), "the share is still taken");
        drop(held.remove(0));
        assert!(places.take(Some(&first)).is_some());
        drop(held);
        assert!(places.held.lock().unwrap().is_empty(), "nothing is remembered of who has gone");
    }
}
