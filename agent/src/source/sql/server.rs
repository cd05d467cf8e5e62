//! A connection to a database server, read by a task of its own: the server sends while rows are mapped.
//!
//! Promises: one reading at a time; a reader that goes away leaves the connection fit for the next reading; with the source ends
//! whatever is still being read.
//! Must not know: which database it is.

use std::future::Future;
use std::sync::Arc;

use futures_util::stream;
use tokio::sync::{Mutex, OwnedMutexGuard, mpsc};
use tokio::task::JoinSet;

use crate::source::{Columns, Page, Pages, SourceError};

/// Pages that wait between the reading task and the mapping.
const AHEAD: usize = 4;

/// A shared connection and the tasks that read from it.
pub(super) struct Server<C> {
    connection: Arc<Mutex<C>>,
    readings: JoinSet<()>,
}

/// Where a reading puts its rows.
pub(super) struct Sink {
    page: Page,
    pages: mpsc::Sender<Result<Page, SourceError>>,
}

/// Whether anybody still waits for rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// Somebody does.
    Waits,
    /// Nobody does.
    Gone,
}

impl<C: Send + 'static> Server<C> {
    /// Takes a connection.
    pub(super) fn new(connection: C) -> Self {
        Self { connection: Arc::new(Mutex::new(connection)), readings: JoinSet::new() }
    }

    /// The connection by itself, once nothing is read from it any more.
    pub(super) async fn connection(&self) -> OwnedMutexGuard<C> {
        Arc::clone(&self.connection).lock_owned().await
    }

    /// The connection alone, to be closed; nothing when a reading cannot be ended.
    pub(super) async fn end(self) -> Option<C> {
        let Self { connection, mut readings } = self;
        readings.shutdown().await;
        Arc::into_inner(connection).map(Mutex::into_inner)
    }

    /// Begins a reading; `work` puts its rows into the sink.
    pub(super) fn read<W, F>(&mut self, columns: &'static Columns, work: W) -> Pages<'static>
    where
        W: FnOnce(OwnedMutexGuard<C>, Sink) -> F + Send + 'static,
        F: Future<Output = Result<(), SourceError>> + Send,
    {
        while self.readings.try_join_next().is_some() {}
        let (pages, receiver) = mpsc::channel(AHEAD);
        let connection = Arc::clone(&self.connection);
        self.readings.spawn(async move {
            let sink = Sink { page: Page::new(columns, 0), pages: pages.clone() };
            if let Err(error) = work(connection.lock_owned().await, sink).await {
                // Nobody hears it when the reader has gone.
                let _ = pages.send(Err(error)).await;
            }
        });
        received(receiver)
    }
}

impl Sink {
    /// The page that is being filled.
    pub(super) fn page(&mut self) -> &mut Page {
        &mut self.page
    }

    /// Hands the page over when it holds enough.
    pub(super) async fn row_added(&mut self) -> Reader {
        if !self.page.is_full() || self.pages.send(Ok(self.page.take())).await.is_ok() {
            Reader::Waits
        } else {
            Reader::Gone
        }
    }

    /// Hands over what is left.
    pub(super) async fn finish(self) {
        if !self.page.is_empty() {
            // Nobody misses the last page when the reader has gone.
            let _ = self.pages.send(Ok(self.page)).await;
        }
    }
}

/// Pages as they come out of a channel.
pub(super) fn received(receiver: mpsc::Receiver<Result<Page, SourceError>>) -> Pages<'static> {
    Box::pin(stream::unfold(receiver, |mut receiver| async { receiver.recv().await.map(|page| (page, receiver)) }))
}
