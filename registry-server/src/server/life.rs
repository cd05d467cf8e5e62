//! How long a connection lives.
//!
//! Promises: a connection without a request is closed after a while, and any connection after its longest time, at the register's stop
//! and when its sender may not deliver; open requests are answered first.

use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How long the last requests may take, however many a client still squeezes in.
const LAST_REQUESTS: Duration = Duration::from_mins(5);
/// How long an answer may take to be fetched once nothing more is asked.
const LAST_ANSWER: Duration = Duration::from_secs(10);

/// A listener's times.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    /// Longest time without a request, or in the middle of a request's head.
    pub(super) idle: Duration,
    /// Longest life.
    pub(super) longest: Duration,
}

/// One connection's life.
#[derive(Debug, Clone)]
pub(super) struct Life {
    times: Times,
    stop: CancellationToken,
    end: CancellationToken,
    open: watch::Sender<usize>,
}

/// A request that is worked on, until dropped.
#[derive(Debug)]
pub(super) struct OpenRequest(watch::Sender<usize>);

impl Life {
    /// The life of a new connection.
    pub(super) fn new(times: Times, stop: CancellationToken) -> Self {
        Self { times, stop, end: CancellationToken::new(), open: watch::Sender::new(0) }
    }

    /// Longest time in the middle of a request's head.
    pub(super) fn idle_time(&self) -> Duration {
        self.times.idle
    }

    /// Begins a request.
    pub(super) fn request(&self) -> OpenRequest {
        self.open.send_modify(|open| *open += 1);
        OpenRequest(self.open.clone())
    }

    /// Asks for the connection to be closed when its requests are answered.
    pub(super) fn end(&self) {
        self.end.cancel();
    }

    /// Resolves when no more requests should be taken.
    pub(super) async fn over(&self) {
        tokio::select! {
            () = self.stop.cancelled() => {}
            () = self.end.cancelled() => {}
            () = tokio::time::sleep(self.times.longest) => {}
            () = self.idle() => {}
        }
    }

    /// Resolves a while after the last request was worked on, for a client that never fetches its answer or never stops asking.
    pub(super) async fn unfetched(&self) {
        let _ = tokio::time::timeout(LAST_REQUESTS, self.without_requests()).await;
        tokio::time::sleep(LAST_ANSWER).await;
    }

    async fn idle(&self) {
        loop {
            let mut open = self.without_requests().await;
            if tokio::time::timeout(self.times.idle, open.changed()).await.is_err() {
                return;
            }
        }
    }

    async fn without_requests(&self) -> watch::Receiver<usize> {
        let mut open = self.open.subscribe();
        // It fails only without a sender, and this is one.
        let _ = open.wait_for(|open| *open == 0).await;
        open
    }
}

impl Drop for OpenRequest {
    fn drop(&mut self) {
        self.0.send_modify(|open| *open -= 1);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    const LONG: Duration = Duration::from_hours(1);

    fn life(idle: Duration, longest: Duration) -> Life {
        Life::new(Times { idle, longest }, CancellationToken::new())
    }

    #[tokio::test]
    async fn a_connection_is_over_without_requests_and_not_while_one_is_open() {
        let life = life(Duration::ZERO, LONG);
        let (first, second) = (life.request(), life.request());
        drop(first);
        assert_eq!(life.over().now_or_never(), None);
        drop(second);
        life.over().await;
    }

    #[tokio::test]
    async fn a_busy_connection_is_over_at_its_longest_time_at_the_stop_and_when_its_end_is_asked_for() {
        let old = life(LONG, Duration::ZERO);
        let _request = old.request();
        old.over().await;

        let stopped = life(LONG, LONG);
        let _request = stopped.request();
        assert_eq!(stopped.over().now_or_never(), None);
        stopped.stop.cancel();
        stopped.over().await;

        let ended = life(LONG, LONG);
        let _request = ended.request();
        ended.end();
        ended.over().await;
        assert_eq!(ended.unfetched().now_or_never(), None, "its request is answered first");
    }
}
