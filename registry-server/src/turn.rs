//! Work that comes again and again beside the pages, until the register stops or its disk fails.
//!
//! Promises: what fails is told and tried again after a pause; a store that is broken stops the register.
//! Must not know: what the work is.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::store::StoreError;

/// How often, and what is told where it fails.
pub(crate) struct Turn {
    /// Between two turns.
    pub(crate) pace: Duration,
    /// What did not come to pass, as a sentence begins.
    pub(crate) failed: &'static str,
}

impl Turn {
    /// Works until it is told to stop, and breaks the register off with a broken store; work that tells there is more comes again at once.
    pub(crate) async fn again<F>(&self, (broken, stop): (&CancellationToken, &CancellationToken), work: impl Fn() -> F)
    where
        F: Future<Output = Result<bool, StoreError>>,
    {
        let Self { pace, failed } = self;
        // Ends with the register.
        loop {
            match work().await {
                Ok(true) if !stop.is_cancelled() => continue,
                Ok(_) => {}
                Err(error @ StoreError::Broken(_)) => {
                    tracing::error!("{failed}, and the register stops: {error}");
                    return broken.cancel();
                }
                Err(error) => tracing::warn!("{failed}, which is tried again soon: {error}"),
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(*pace) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn work_comes_again_until_it_is_told_to_stop_and_what_fails_is_tried_again() {
        let (broken, stop, times) = (CancellationToken::new(), CancellationToken::new(), AtomicUsize::new(0));
        let turn = Turn { pace: Duration::from_millis(50), failed: "nothing was done" };
        let began = tokio::time::Instant::now();
        let work = || async {
            match times.fetch_add(1, Ordering::Relaxed) {
                0 => Ok(true),
                1 => Err(StoreError::Inconsistent { table: "job", column: "state", id: 1 }),
                2 => Ok(false),
                _ => {
                    stop.cancel();
                    Ok(true)
                }
            }
        };
        turn.again((&broken, &stop), work).await;
        assert_eq!((times.load(Ordering::Relaxed), broken.is_cancelled()), (4, false));
        let pauses = began.elapsed().as_millis() / 50;
        assert!(pauses >= 2, "more comes at once, what failed after a pause: {pauses}");
    }
}
