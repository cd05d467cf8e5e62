//! Requests that wait at the proxy until they are let through.
//!
//! Promises: a request that waits has not reached the register with any byte; nothing waits unless a hold was begun.

use std::sync::{Arc, Mutex};

use tokio::sync::Semaphore;

use super::lock;

/// The one hold of a proxy.
#[derive(Debug, Default)]
pub(super) struct Hold {
    begun: Mutex<Option<(String, Arc<Semaphore>)>>,
}

impl Hold {
    /// From now on requests with this method wait.
    pub(super) fn begin(&self, method: &str) {
        *lock(&self.begun) = Some((method.to_owned(), Arc::new(Semaphore::new(0))));
    }

    /// Lets so many through.
    pub(super) fn let_through(&self, requests: usize) {
        if let Some((_, places)) = &*lock(&self.begun) {
            places.add_permits(requests);
        }
    }

    /// Lets all through that wait, and all that come.
    pub(super) fn end(&self) {
        if let Some((_, places)) = lock(&self.begun).take() {
            places.close();
        }
    }

    /// Waits until the request that begins with these bytes may pass.
    pub(super) async fn pass(&self, request: &[u8]) {
        let begun = lock(&self.begun).clone();
        if let Some((method, places)) = begun
            && request.strip_prefix(method.as_bytes()).is_some_and(|rest| rest.starts_with(b" "))
            // A hold that has ended gives no place and lets through.
            && let Ok(place) = places.acquire().await
        {
            place.forget();
        }
    }
}
