//! A forward proxy such as stands at the edge of a region's network: it connects onward when asked with `CONNECT`.
//!
//! Promises: every connection leads to the register, whatever address was asked for, so that nobody reaches it past the proxy by that
//! address; what was asked is told; nothing is left of it when the value goes.

mod inspection;

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use crate::blocking::Background;
use inspection::Inspection;

/// What the proxy is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Manner {
    /// It lets everybody through.
    Open,
    /// It asks for this `user:password`.
    Credentials(String),
    /// It refuses with this HTTP status.
    Refuses(u16),
    /// It closes every connection without a word.
    Silent,
    /// It opens TLS under an authority with this name.
    OpensTls(String),
}

/// The proxy.
#[derive(Debug)]
pub struct ConnectProxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    _work: Background,
}

#[derive(Debug)]
struct Shared {
    register: SocketAddr,
    manner: Manner,
    inspection: Option<Inspection>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl ConnectProxy {
    /// Listens on a free local port and connects onward to a register.
    ///
    /// # Errors
    /// When there is no free port, or no authority can be made.
    pub fn start(register: SocketAddr, manner: Manner) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let inspection = match &manner {
            Manner::OpensTls(authority) => Some(Inspection::under(authority)?),
            _ => None,
        };
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let shared = Arc::new(Shared { register, manner, inspection, asked: Arc::clone(&asked) });
        Ok(Self { address, asked, _work: Background::start(move || accept(listener, shared)) })
    }

    /// Its address as a configuration names it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The addresses that were asked for, in order, each with `!` where it was not let through.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let listener = tokio::net::TcpListener::from_std(listener).expect("the listener is non-blocking");
    // Ends with the proxy; a connection that is gone before it is accepted is no one's fault.
    loop {
        if let Ok((client, _)) = listener.accept().await {
            let shared = Arc::clone(&shared);
            // Whichever end breaks off, the other hears it by the close.
            tokio::spawn(async move { connection(client, &shared).await.ok() });
        }
    }
}

async fn connection(client: TcpStream, shared: &Shared) -> std::io::Result<()> {
    if shared.manner == Manner::Silent {
        return Ok(());
    }
    let mut client = BufReader::new(client);
    let (target, authorization) = request(&mut client).await?;
    let refused = match &shared.manner {
        Manner::Refuses(status) => Some(*status),
        Manner::Credentials(expected) => {
            let expected = format!("Basic {}", STANDARD.encode(expected));
            (authorization.as_deref() != Some(&expected)).then_some(407)
        }
        Manner::Open | Manner::Silent | Manner::OpensTls(_) => None,
    };
    let mark = if refused.is_some() { "!" } else { "" };
    shared.asked.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{target}{mark}"));
    if let Some(status) = refused {
        let answer =
            format!("HTTP/1.1 {status} No\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n");
        return client.write_all(answer.as_bytes()).await;
    }
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    let mut client = client.into_inner();
    if let Some(inspection) = &shared.inspection {
        let host = target.rsplit_once(':').map_or(target.as_str(), |(host, _)| host);
        return inspection.open(client, host).await;
    }
    let mut register = TcpStream::connect(shared.register).await?;
    tokio::io::copy_bidirectional(&mut client, &mut register).await.map(drop)
}

/// The target of a `CONNECT`, and the credentials given.
async fn request(client: &mut BufReader<TcpStream>) -> std::io::Result<(String, Option<String>)> {
    let (mut target, mut authorization) = (String::new(), None);
    // Ends with the empty line, or with the connection.
    loop {
        let mut line = String::new();
        if client.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end();
        if line.is_empty() {
            return Ok((target, authorization));
        }
        if let Some(rest) = line.strip_prefix("CONNECT ") {
            target = rest.split(' ').next().unwrap_or_default().to_owned();
        } else if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("proxy-authorization")
        {
            authorization = Some(value.trim().to_owned());
        }
    }
}
