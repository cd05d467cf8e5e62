//! Accepting connections: no more handshakes at a time than the limit, each connection in a task of its own, until the stop.
//!
//! Promises: a connection that stalls delays no other; handshakes have places of their own, so that those who show no certificate take
//! none from those who did; beyond them new connections wait in the kernel's queue and take no memory here.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection::{self, Caller, Service};
use super::life::{Life, Times};

/// Handshakes at the same time, or connections of a listener without handshakes.
const ENTRIES: usize = 256;
/// Pause after a failed accept, for the time that file descriptors need to come back.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves a listener until `stop`; then waits for the open requests.
pub(super) async fn run(listener: TcpListener, service: Service, times: Times, stop: CancellationToken) {
    let connections = TaskTracker::new();
    let entries = Arc::new(Semaphore::new(ENTRIES));
    let service = Arc::new(service);
    loop {
        let entry = tokio::select! {
            Ok(entry) = Arc::clone(&entries).acquire_owned() => entry,
            () = stop.cancelled() => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!("a connection could not be accepted: {error}");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let (service, stop) = (Arc::clone(&service), stop.clone());
        let caller = Caller { stream, entry, life: Life::new(times, stop.clone()) };
        connections.spawn(async move { connection::serve(caller, &service, stop).await });
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}
