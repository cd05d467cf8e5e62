//! Accepting connections: no more at a time than the limit, each in a task of its own, until the stop.
//!
//! Promises: a connection that stalls delays no other; at the limit new ones wait in the kernel's queue and take no memory here.

use std::sync::Arc;
use std::time::Duration;

use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::connection::{self, Service};

/// Pause after a failed accept, for the time that file descriptors need to come back.
const PAUSE: Duration = Duration::from_millis(100);

/// What a listener allows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Connections at the same time.
    pub(super) connections: usize,
    /// How long a connection may be silent in the middle of a request's head.
    pub(super) idle: Duration,
}

/// Serves a listener until `stop`; then waits for the open requests.
pub(super) async fn run(listener: TcpListener, service: Service, limits: Limits, stop: CancellationToken) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(limits.connections));
    let service = Arc::new(service);
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
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
        let (service, watcher, stop) = (Arc::clone(&service), graceful.watcher(), stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = connection::serve(stream, &service, limits.idle, watcher) => {}
                // A handshake that has not ended needs no grace; a request in progress is watched by `graceful`.
                () = stop_then_wait(&stop) => {}
            }
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

/// Resolves a while after the stop, so that a connection that never became a request does not hold the process.
async fn stop_then_wait(stop: &CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(super::STOP_DEADLINE).await;
}
