//! A proxy that ends the agent's TLS, keeps everything that was said in clear, and speaks to the register with the region's certificate.
//!
//! Promises: both sides speak HTTP/1.1 inside TLS 1.3, so that every message is whole and readable; what was said is kept also when a
//! connection fails; a reply is swallowed only after the register has sent it to its last byte; a request that is held has not reached the
//! register. It must not know what was said means.

mod hold;
mod message;
mod relay;
mod tls;
mod wait;

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use anyhow::ensure;
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::blocking::Background;
use crate::pki::Authority;
use crate::site::Site;
use hold::Hold;
pub use message::Message;
pub use wait::{Wait, waits};

/// The way from an agent to the register.
#[derive(Debug, Clone, Copy)]
pub struct Route<'a> {
    /// Folder with the `server.pem` and `server.key` that the agent is shown.
    pub server: &'a Path,
    /// Folder with the `ca.pem`, `region.pem` and `region.key` that the register is shown.
    pub region: &'a Path,
    /// The register.
    pub upstream: SocketAddr,
}

/// The proxy and what it heard.
#[derive(Debug)]
pub struct Capture {
    address: SocketAddr,
    heard: Arc<Heard>,
    _work: Background,
}

/// One request with its reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// What the agent said.
    pub request: Message,
    /// What the register answered.
    pub reply: Message,
    /// Whether the agent heard the answer.
    pub reply_reached: Reached,
    /// When the request's first byte came.
    pub asked_at: Instant,
    /// When the reply's last byte came, before it went on to the agent.
    pub answered_at: Instant,
}

/// How far a reply came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// The agent.
    Agent,
    /// The proxy, which kept it.
    Proxy,
}

/// What connections add to.
#[derive(Debug, Default)]
struct Heard {
    /// Decrypted bytes as they came, a list for each direction of each connection.
    streams: Mutex<Vec<Vec<u8>>>,
    exchanges: Mutex<Vec<Exchange>>,
    /// Methods of requests whose replies are swallowed.
    swallow: Mutex<Vec<String>>,
    hold: Hold,
}

impl Capture {
    /// Listens on a free local port.
    ///
    /// # Errors
    /// When a certificate or key cannot be read, or there is no free port.
    pub fn start(route: &Route<'_>) -> anyhow::Result<Self> {
        let acceptor = tls::acceptor(route.server)?;
        let connector = tls::connector(route.region)?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let heard = Arc::new(Heard::default());
        let work = Background::start({
            let (heard, upstream) = (Arc::clone(&heard), route.upstream);
            move || accept(listener, Ends { acceptor, connector, upstream, heard })
        });
        Ok(Self { address, heard, _work: work })
    }

    /// Stands between a region's agent and the register: the agent's configuration leads here from now on.
    ///
    /// # Errors
    /// When the proxy cannot start, or the configuration does not lead to the register.
    pub fn between(site: &Site, (authority, register): (&Authority, SocketAddr)) -> anyhow::Result<Self> {
        let capture = Self::start(&Route { server: &authority.folder, region: &site.folder, upstream: register })?;
        let text = std::fs::read_to_string(site.config())?;
        let (direct, through) = (format!(":{}\"", register.port()), format!(":{}\"", capture.address.port()));
        ensure!(text.contains(&direct), "{} does not lead to the register", site.config().display());
        std::fs::write(site.config(), text.replace(&direct, &through))?;
        Ok(capture)
    }

    /// Where the agent connects to.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Everything that was said and is complete, in the order of the replies.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        lock(&self.heard.exchanges).clone()
    }

    /// Every decrypted byte, one piece for each direction of each connection, incomplete messages too.
    #[must_use]
    pub fn streams(&self) -> Vec<Vec<u8>> {
        lock(&self.heard.streams).clone()
    }

    /// Keeps the reply to the next request with this method from the agent and closes the connection.
    pub fn swallow_next(&self, method: &str) {
        lock(&self.heard.swallow).push(method.to_owned());
    }

    /// Keeps requests with this method from the register until they are let through, oldest first.
    pub fn hold(&self, method: &str) {
        self.heard.hold.begin(method);
    }

    /// Lets so many requests through, those that wait first.
    pub fn let_through(&self, requests: usize) {
        self.heard.hold.let_through(requests);
    }

    /// Ends the hold.
    pub fn release(&self) {
        self.heard.hold.end();
    }
}

impl Heard {
    /// Whether the reply to this request is to be swallowed; answers yes once for each time it was asked for.
    fn swallows(&self, request: &Message) -> bool {
        let mut waiting = lock(&self.swallow);
        let found = waiting.iter().position(|method| *method == request.method());
        found.map(|index| waiting.remove(index)).is_some()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[derive(Clone)]
struct Ends {
    acceptor: TlsAcceptor,
    connector: TlsConnector,
    upstream: SocketAddr,
    heard: Arc<Heard>,
}

async fn accept(listener: TcpListener, ends: Ends) {
    let listener = tokio::net::TcpListener::from_std(listener).expect("the listener is non-blocking");
    // Ends with the proxy; a connection that is gone before it is accepted is no one's fault.
    loop {
        if let Ok((agent, _)) = listener.accept().await {
            tokio::spawn(relay::connection(agent, ends.clone()));
        }
    }
}

#[cfg(test)]
mod tests;
