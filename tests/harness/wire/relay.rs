//! One connection through the proxy: bytes both ways, messages cut out of them, replies swallowed where that was asked for.

use std::collections::VecDeque;
use std::sync::Arc;

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
    /// Requests that wait for their reply.
    waiting: VecDeque<Message>,
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
        Self { heard, stream, request, reply, waiting, reached: Reached::Agent }
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
                    self.asks(&said[..length]);
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
        self.request.extend_from_slice(bytes);
        while let Some((message, length)) = Message::first(&self.request) {
            self.request.drain(..length);
            self.waiting.push_back(message);
        }
    }

    /// Takes a piece of the register's answer and says how far it goes.
    fn answers(&mut self, bytes: &[u8]) -> Reached {
        lock(&self.heard.streams)[self.stream + 1].extend_from_slice(bytes);
        if self.reply.is_empty() {
            let swallowed = self.waiting.front().is_some_and(|request| self.heard.swallows(request));
            self.reached = if swallowed { Reached::Proxy } else { Reached::Agent };
        }
        self.reply.extend_from_slice(bytes);
        while let Some((message, length)) = Message::first(&self.reply) {
            self.reply.drain(..length);
            if message.status().is_some_and(|status| status < 200) {
                continue;
            }
            // An answer before the end of its request, such as a refusal of its size, has no whole request.
            let unfinished = || Message { head: String::from_utf8_lossy(&self.request).into_owned(), body: Vec::new() };
            let request = self.waiting.pop_front().unwrap_or_else(unfinished);
            lock(&self.heard.exchanges).push(Exchange { request, reply: message, reply_reached: self.reached });
        }
        self.reached
    }
}
