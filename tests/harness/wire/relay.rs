//! One connection through the proxy: bytes both ways, messages cut out of them, replies swallowed where that was asked for.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use rustls_pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::client;
use tokio_rustls::server;

use super::{Ends, Exchange, Heard, Message, Reached, lock};

/// Carries a connection until either side closes it or a reply was swallowed.
pub(super) async fn connection(agent: TcpStream, ends: Ends) {
    let Ok(agent) = ends.acceptor.accept(agent).await else { return };
    let Ok(register) = TcpStream::connect(ends.upstream).await else { return };
    let name = ServerName::try_from("localhost").expect("a constant name");
    let Ok(register) = ends.connector.connect(name, register).await else { return };
    Relay::new(Arc::clone(&ends.heard)).carry(agent, register).await;
}

struct Relay {
    heard: Arc<Heard>,
    /// Where in `Heard::streams` the two directions are kept; the reply's follows the request's.
    stream: usize,
    /// What is not a whole message yet.
    request: Vec<u8>,
    reply: Vec<u8>,
    /// When the request at hand began.
    begun: Instant,
    /// Whether the request at hand has its reply before it is whole.
    early: bool,
    /// Requests that wait for their reply, and when each began.
    waiting: VecDeque<(Message, Instant)>,
    /// Whether the reply at hand is kept from the agent.
    reached: Reached,
}

impl Relay {
    fn new(heard: Arc<Heard>) -> Self {
        let stream = {
            let mut streams = lock(&heard.streams);
            streams.extend([Vec::new(), Vec::new()]);
            streams.len() - 2
        };
        let (request, reply, waiting) = (Vec::new(), Vec::new(), VecDeque::new());
        Self { heard, stream, request, reply, begun: now(), early: false, waiting, reached: Reached::Agent }
    }

    async fn carry(&mut self, mut agent: server::TlsStream<TcpStream>, mut register: client::TlsStream<TcpStream>) {
        let (mut said, mut answered) = (vec![0; 16_384], vec![0; 16_384]);
        let mut agent_open = true;
        // Ends when the register closes, either side fails, or a swallowed reply is complete.
        loop {
            tokio::select! {
                length = agent.read(&mut said), if agent_open => {
                    let Ok(length) = length else { break };
                    if length == 0 {
                        agent_open = false;
                        drop(register.shutdown().await);
                        continue;
                    }
                    let begins = self.request.is_empty();
                    self.asks(&said[..length]);
                    if begins {
                        self.heard.hold.pass(&said[..length]).await;
                    }
                    if register.write_all(&said[..length]).await.is_err() || register.flush().await.is_err() {
                        break;
                    }
                }
                length = register.read(&mut answered) => {
                    let Ok(length @ 1..) = length else { break };
                    let reached = self.answers(&answered[..length]);
                    if reached == Reached::Proxy {
                        if self.reply.is_empty() {
                            return;
                        }
                    } else if agent.write_all(&answered[..length]).await.is_err() || agent.flush().await.is_err() {
                        break;
                    }
                }
            }
        }
        // A side that has gone already cannot be told so.
        drop(agent.shutdown().await);
        drop(register.shutdown().await);
    }

    fn asks(&mut self, bytes: &[u8]) {
        lock(&self.heard.streams)[self.stream].extend_from_slice(bytes);
        if self.request.is_empty() {
            self.begun = now();
        }
        self.request.extend_from_slice(bytes);
        while let Some((message, length)) = Message::first(&self.request) {
            self.request.drain(..length);
            if !std::mem::take(&mut self.early) {
                self.waiting.push_back((message, self.begun));
            }
            self.begun = now();
        }
    }

    /// Takes a piece of the register's answer and says how far it goes.
    fn answers(&mut self, bytes: &[u8]) -> Reached {
        lock(&self.heard.streams)[self.stream + 1].extend_from_slice(bytes);
        if self.reply.is_empty() {
            let swallowed = self.waiting.front().is_some_and(|(request, _)| self.heard.swallows(request));
            self.reached = if swallowed { Reached::Proxy } else { Reached::Agent };
        }
        self.reply.extend_from_slice(bytes);
        while let Some((message, length)) = Message::first(&self.reply) {
            self.reply.drain(..length);
            if message.status().is_some_and(|status| status < 200) {
                continue;
            }
            let (request, begun) = self.waiting.pop_front().unwrap_or_else(|| self.unfinished());
            let (asked_at, answered_at) = (begun, now());
            let exchange = Exchange { request, reply: message, reply_reached: self.reached, asked_at, answered_at };
            lock(&self.heard.exchanges).push(exchange);
        }
        self.reached
    }

    /// What has come of a request that is answered before its end, as one that is refused for its size is.
    fn unfinished(&mut self) -> (Message, Instant) {
        self.early = !self.request.is_empty();
        (Message { head: String::from_utf8_lossy(&self.request).into_owned(), body: Vec::new() }, self.begun)
    }
}

#[expect(clippy::disallowed_methods, reason = "how long the agent keeps away is what a journey asks")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_of_a_request_after_its_early_reply_is_not_taken_for_another() {
        let heard = Arc::new(Heard::default());
        let mut relay = Relay::new(Arc::clone(&heard));
        relay.asks(b"PUT /v1/large HTTP/1.1\r\nContent-Length: 8\r\n\r\nhalf");
        relay.answers(b"HTTP/1.1 429 Often\r\n\r\n");
        relay.asks(b"half");
        relay.asks(b"GET /v1/me HTTP/1.1\r\n\r\n");
        relay.answers(b"HTTP/1.1 200 OK\r\n\r\n");
        let exchanges = lock(&heard.exchanges);
        let told: Vec<_> = exchanges.iter().map(|said| (said.request.path(), said.reply.status())).collect();
        assert_eq!(told, [("/v1/large", Some(429)), ("/v1/me", Some(200))]);
        assert!(exchanges[0].answered_at < exchanges[1].asked_at);
    }
}
