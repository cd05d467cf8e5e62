//! What is left of a request's body when its answer is ready before the body has come whole.
//!
//! Promises: a client that sends everything before it listens still gets its answer, because the rest is read and dropped instead of the
//! stream being reset under it; no more than the limit is read, for no longer than a whole body may take, and nothing of it is kept; a
//! client that asked first whether to send (`Expect: 100-continue`) is not told to.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::{Request, header};
use http_body_util::BodyExt as _;
use hyper::body::{Body as HttpBody, Frame, SizeHint};

use crate::body::Pace;

/// How much of a rest is read, and how fast it must come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// Bytes.
    pub(super) limit: u64,
    /// Pauses and whole time.
    pub(super) pace: Pace,
}

/// Gives a request a body that is read to its end when the endpoint drops it early.
pub(super) fn watch(request: Request<Body>, patience: Patience) -> Request<Body> {
    let sends = if request.headers().contains_key(header::EXPECT) { Sends::WhenTold } else { Sends::Anyway };
    request.map(|body| Body::new(Watched { body, patience, sends }))
}

/// When the client sends the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sends {
    Anyway,
    WhenTold,
}

/// A body whose rest is read after it.
struct Watched {
    body: Body,
    patience: Patience,
    sends: Sends,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        // Whoever reads has told the client to send.
        self.sends = Sends::Anyway;
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if self.sends == Sends::Anyway && !self.body.is_end_stream() {
            let Patience { limit, pace } = self.patience;
            let rest = drain(std::mem::take(&mut self.body), limit, pace);
            tokio::spawn(tokio::time::timeout(pace.total, rest));
        }
    }
}

async fn drain(mut body: Body, limit: u64, pace: Pace) {
    let mut read = 0;
    while read <= limit {
        // The end, a broken connection and a client that stopped sending all leave nothing to read.
        let Ok(Some(Ok(frame))) = tokio::time::timeout(pace.idle, body.frame()).await else { break };
        read += frame.data_ref().map_or(0, Bytes::len) as u64;
    }
}
