//! A plain TCP proxy that spoils connections, for what a network does to a delivery. Of TLS it knows where records end, of HTTP nothing.
//!
//! Promises: faults meet the next connections in the order in which they were asked for; every later connection passes untouched;
//! nothing is left of it when the value goes. What exactly was lost inside a request, only [`crate::wire`] can say.

mod carry;
mod points;
mod records;
/// A region that delivers through the proxy, fault after fault.
pub mod rig;

use std::collections::VecDeque;
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::blocking::Background;
pub use points::{cuts, later};
pub use records::{Records, Trace};

/// What happens to one connection. All numbers count bytes on the wire, TLS included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    Pass,
    /// It is closed before anything passes.
    Refuse,
    /// It is closed when the client has sent so much; what is above does not arrive.
    CutRequest {
        /// Bytes that still arrive.
        after: u64,
    },
    /// It is closed when the server has sent so much; what is above does not arrive.
    CutReply {
        /// Bytes that still arrive.
        after: u64,
    },
    /// It is reset instead of closed when the client has sent so much.
    Reset {
        /// Bytes that still arrive.
        after: u64,
    },
    /// Once the client has sent so much, everything from the server is thrown away; the connection is closed when the server has
    /// been silent for half a second. Window updates of HTTP/2 are thrown away too, so the request should fit its first window.
    SwallowReply {
        /// Bytes after which the reply is awaited; more than a handshake.
        after: u64,
    },
    /// Nothing passes either way any more, once the client has sent so much, until [`FaultProxy::release`].
    Hold {
        /// Bytes that still arrive.
        after: u64,
    },
    /// Every piece waits so long.
    Delay(Duration),
    /// Every byte is a segment of its own.
    Drip,
    /// Both ways together carry so much in a second.
    Slow {
        /// Bytes.
        per_second: usize,
    },
}

/// The proxy.
#[derive(Debug)]
pub struct FaultProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    _work: Background,
}

#[derive(Debug)]
struct Shared {
    upstream: Mutex<SocketAddr>,
    faults: Mutex<VecDeque<Fault>>,
    connections: AtomicUsize,
    traces: Mutex<Vec<Trace>>,
    release: Notify,
}

impl FaultProxy {
    /// Listens on a free local port and connects onward to a server.
    ///
    /// # Errors
    /// When there is no free port.
    pub fn start(upstream: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            upstream: Mutex::new(upstream),
            faults: Mutex::default(),
            connections: AtomicUsize::new(0),
            traces: Mutex::default(),
            release: Notify::new(),
        });
        let work = Background::start({
            let shared = Arc::clone(&shared);
            move || accept(listener, shared)
        });
        Ok(Self { address, shared, _work: work })
    }

    /// Where clients connect to.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Connects later connections to another address, for a server that came up on another port.
    pub fn redirect(&self, upstream: SocketAddr) {
        *lock(&self.shared.upstream) = upstream;
    }

    /// Spoils the next connections, one fault each.
    pub fn next(&self, faults: impl IntoIterator<Item = Fault>) {
        lock(&self.shared.faults).extend(faults);
    }

    /// How many faults no connection has met yet.
    #[must_use]
    pub fn waiting(&self) -> usize {
        lock(&self.shared.faults).len()
    }

    /// Forgets the faults that no connection has met yet.
    pub fn forget(&self) {
        lock(&self.shared.faults).clear();
    }

    /// What passed, a trace for each connection that reached the server, in their order.
    #[must_use]
    pub fn traces(&self) -> Vec<Trace> {
        lock(&self.shared.traces).clone()
    }

    /// How many connections were accepted.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Lets every connection that is held go on.
    pub fn release(&self) {
        self.shared.release.notify_waiters();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let listener = tokio::net::TcpListener::from_std(listener).expect("the listener is non-blocking");
    // Ends with the proxy; a connection that is gone before it is accepted is no one's fault.
    loop {
        if let Ok((client, _)) = listener.accept().await {
            shared.connections.fetch_add(1, Ordering::SeqCst);
            let fault = lock(&shared.faults).pop_front().unwrap_or(Fault::Pass);
            tokio::spawn(connection(client, fault, Arc::clone(&shared)));
        }
    }
}

async fn connection(client: TcpStream, fault: Fault, shared: Arc<Shared>) {
    let upstream = *lock(&shared.upstream);
    if fault == Fault::Refuse {
        return;
    }
    if let Ok(server) = TcpStream::connect(upstream).await {
        let place = {
            let mut traces = lock(&shared.traces);
            traces.push(Trace::default());
            traces.len() - 1
        };
        let passed = |way, bytes: &[u8]| lock(&shared.traces)[place].take(way, bytes);
        carry::carry((client, server), fault, &shared.release, passed).await;
    }
}

#[cfg(test)]
mod tests;
