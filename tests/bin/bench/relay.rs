//! A relay between agent and register that counts what passes. TLS goes through it unopened, so that it costs next to nothing.

use std::io::{self, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A relay; it ends with the process.
#[derive(Debug, Clone)]
pub(crate) struct Relay {
    /// Where to connect to.
    pub(crate) address: SocketAddr,
    passed: Arc<AtomicU64>,
}

impl Relay {
    /// Begins to relay to an address.
    pub(crate) fn to(target: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let relay = Self { address: listener.local_addr()?, passed: Arc::default() };
        let passed = Arc::clone(&relay.passed);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // A connection that cannot be carried on is closed, which the client sees.
                drop(carry(client, target, &passed));
            }
        });
        Ok(relay)
    }

    /// Bytes so far, both ways, with TLS.
    pub(crate) fn passed(&self) -> u64 {
        self.passed.load(Ordering::SeqCst)
    }
}

fn carry(client: TcpStream, target: SocketAddr, passed: &Arc<AtomicU64>) -> io::Result<()> {
    let server = TcpStream::connect(target)?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    for (mut from, mut to) in [(client.try_clone()?, server.try_clone()?), (server, client)] {
        let passed = Arc::clone(passed);
        std::thread::spawn(move || {
            let copied = io::copy(&mut from, &mut to).unwrap_or_default();
            passed.fetch_add(copied, Ordering::SeqCst);
            drop(to.flush());
            drop(to.shutdown(Shutdown::Write));
        });
    }
    Ok(())
}
