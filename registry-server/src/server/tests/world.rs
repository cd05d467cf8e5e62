//! One register on a throw-away authority, and a client that speaks plain HTTP/1.1 over TLS.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use schemas::canonical;
use schemas::id::SenderCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::config::Config;
use crate::dev_ca::{self, Init, Issue};
use crate::environment::{Clock, Entropy, Environment};
use crate::openapi::answered::{self, Answered};
use crate::server::{Handle, serve, tls};
use crate::store::{self, Opening, SenderStatus};

/// The time that the world's clock starts at.
pub(super) const START: &str = "2026-11-22T10:00:00Z";

/// A clock that stands still until it is moved.
struct Standing(Mutex<Timestamp>);

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// Bytes that differ from call to call and from nothing else.
struct Counting(Mutex<u64>);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let mut number = self.0.lock().unwrap();
        *number += 1;
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = canonical::sha256(&number.to_be_bytes())[place % 32];
        }
    }
}

/// A running register and its files.
pub(super) struct World {
    folder: tempfile::TempDir,
    clock: Arc<Standing>,
    environment: Environment,
    config: Config,
    pub(super) handle: Handle,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) retry_after: Option<u64>,
    pub(super) media: String,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// The problem's type without its folder, empty for a success.
    pub(super) fn problem(&self) -> String {
        let value: serde_json::Value = serde_json::from_slice(&self.body).unwrap();
        value["type"].as_str().unwrap_or_default().trim_start_matches("/problems/").to_owned()
    }
}

/// What a client shows and speaks.
#[derive(Clone, Copy)]
pub(super) struct Client<'a> {
    /// The folder of its certificate below the world's; none for no certificate.
    pub(super) certificate: Option<&'a str>,
    pub(super) version: &'static SupportedProtocolVersion,
}

/// A client with this certificate.
pub(super) fn client(certificate: &str) -> Client<'_> {
    Client { certificate: Some(certificate), version: &rustls::version::TLS13 }
}

impl World {
    /// A register of environment `test` with sender 12 enrolled; `limits` are lines of that section.
    pub(super) async fn new(limits: &str) -> Self {
        Self::on("", limits).await
    }

    /// The same on a database; `database` are lines of that section.
    pub(super) async fn on(database: &str, limits: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Standing(Mutex::new(START.parse().unwrap())));
        let environment = Environment { clock: clock.clone(), entropy: Arc::new(Counting(Mutex::new(0))) };
        let ca = folder.path().join("ca");
        dev_ca::init(&Init { dir: &ca, hosts: &[], environment: "test", config_out: None }, &environment).unwrap();
        let text = format!(
            "[server]\nstate_dir = \"..\"\nenvironment = \"test\"\n[regions]\nlisten = \"127.0.0.1:0\"\n[admin]\nlisten = \"127.0.0.1:0\"\n[database]\n{database}\n[limits]\n{limits}\n"
        );
        let config = Config::read(&ca.join("registry-server.toml"), &text, &[]).unwrap();
        let handle = serve(&config, environment.clone()).await.unwrap();
        let world = Self { folder, clock, environment, config, handle };
        world.enrol("12").await;
        world
    }

    /// Another server beside the first, with the same keys on the same database.
    pub(super) async fn another(&self) -> Handle {
        serve(&self.config, self.environment.clone()).await.unwrap()
    }

    /// Makes a certificate of the world's authority.
    pub(super) fn issue(&self, folder: &str, code: &str, days: i64) {
        self.issue_by("ca", folder, code, days);
    }

    /// Makes a certificate of another authority.
    pub(super) fn issue_by_stranger(&self, environment: &str, folder: &str, code: &str) {
        let dir = self.path("stranger");
        dev_ca::init(&Init { dir: &dir, hosts: &[], environment, config_out: None }, &self.environment).unwrap();
        self.issue_by("stranger", folder, code, 30);
    }

    fn issue_by(&self, authority: &str, folder: &str, code: &str, days: i64) {
        let sender: SenderCode = code.parse().unwrap();
        let (dir, out) = (self.path(authority), self.path(folder));
        dev_ca::issue(&Issue { dir: &dir, out: &out, sender: &sender, days }, &self.environment).unwrap();
    }

    /// A path in the world's folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Moves the clock.
    pub(super) fn pass(&self, time: SignedDuration) {
        let mut now = self.clock.0.lock().unwrap();
        *now = now.checked_add(time).unwrap();
    }

    /// Sets a sender's standing as the command does, from another process.
    pub(super) async fn set(&self, code: &str, status: SenderStatus) {
        let store = store::open(&self.config.database, Opening::Existing).await.unwrap();
        store.set_sender(&code.parse().unwrap(), status, self.environment.stamp()).await.unwrap();
        store.close().await;
    }

    /// Enrols a sender with a certificate, and gives its state directory `a` a generation.
    pub(super) async fn enrol(&self, code: &str) {
        self.issue(code, code, 30);
        self.set(code, SenderStatus::Active).await;
        let store = store::open(&self.config.database, Opening::Existing).await.unwrap();
        let state = "a".repeat(32).parse().unwrap();
        store.issue_generation(&code.parse().unwrap(), &state, self.environment.stamp()).await.unwrap();
        store.close().await;
    }

    /// Opens a connection; under TLS 1.3 the server looks at the certificate after the client is done.
    async fn open(&self, client: Client<'_>) -> std::io::Result<TlsStream<TcpStream>> {
        let stream = TcpStream::connect(self.handle.region_addr).await?;
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(self.client_config(client))).connect(name, stream).await
    }

    /// Opens a connection and sees that it was taken; an error is a refused handshake or a connection too many.
    pub(super) async fn connect(&self, client: Client<'_>) -> std::io::Result<TlsStream<TcpStream>> {
        let mut stream = self.open(client).await?;
        stream.write_all(b"GET /v1/me HTTP/1.1\r\nHost: localhost\r\n\r\n").await?;
        read(&mut stream).await?;
        Ok(stream)
    }

    /// Opens a connection on which HTTP/2 is spoken and nothing has been said.
    pub(super) async fn open_http2(&self, certificate: &str) -> TlsStream<TcpStream> {
        let mut config = self.client_config(client(certificate));
        config.alpn_protocols = vec![b"h2".to_vec()];
        let stream = TcpStream::connect(self.handle.region_addr).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
    }

    fn client_config(&self, client: Client<'_>) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        for authority in tls::certificates(&self.path("ca/ca.pem"), "test").unwrap() {
            roots.add(authority).unwrap();
        }
        let builder = ClientConfig::builder_with_provider(tls::provider())
            .with_protocol_versions(&[client.version])
            .unwrap()
            .with_root_certificates(roots);
        match client.certificate {
            None => builder.with_no_client_auth(),
            Some(folder) => {
                let chain = tls::certificates(&self.path(folder).join("region.pem"), "test").unwrap();
                let key = PrivateKeyDer::from_pem_file(self.path(folder).join("region.key")).unwrap();
                builder.with_client_auth_cert(chain, key).unwrap()
            }
        }
    }

    /// One request on a connection of its own.
    pub(super) async fn request(&self, certificate: &str, head: &str, body: &[u8]) -> Answer {
        let mut stream = self.open(client(certificate)).await.unwrap();
        send(&mut stream, head, body).await
    }

    /// Puts a batch under its own digest.
    pub(super) async fn put(&self, certificate: &str, batch: &[u8]) -> Answer {
        self.request(certificate, &put_head(&canonical::sha256_hex(batch)), batch).await
    }

    /// Puts a batch to one of several servers.
    pub(super) async fn put_at(&self, address: SocketAddr, certificate: &str, batch: &[u8]) -> Answer {
        let stream = TcpStream::connect(address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let connector = TlsConnector::from(Arc::new(self.client_config(client(certificate))));
        let mut stream = connector.connect(name, stream).await.unwrap();
        send(&mut stream, &put_head(&canonical::sha256_hex(batch)), batch).await
    }

    /// The register's receipt key.
    pub(super) fn receipt_key(&self) -> ed25519_dalek::VerifyingKey {
        let text = std::fs::read_to_string(self.path("ca/receipt.pub")).unwrap();
        schemas::receipt::read_public_key(&text).unwrap()
    }

    /// Whether any file of the register holds these bytes.
    pub(super) fn holds(&self, needle: &[u8]) -> bool {
        let files =
            |path: &Path| std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
        let mut paths = files(self.folder.path());
        paths.retain(|path| path.is_file());
        paths.iter().any(|path| std::fs::read(path).unwrap().windows(needle.len()).any(|window| window == needle))
    }
}

/// Whatever this gives, and a failure where it would keep the tests waiting for minutes.
pub(super) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), what).await.expect("it happens at once")
}

/// Method, address and headers of a PUT.
pub(super) fn put_head(digest: &str) -> String {
    format!("PUT /v1/batches/{digest}")
}

/// Sends a request and reads the answer, which must be as the committed description says; `head` is method and address, then further header lines.
pub(super) async fn send(stream: &mut TlsStream<TcpStream>, head: &str, body: &[u8]) -> Answer {
    let (first, headers) = head.split_once('\n').unwrap_or((head, ""));
    let length = body.len();
    let head = format!("{first} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n{headers}\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let answer = read(stream).await.unwrap();
    let (method, address) = first.split_once(' ').unwrap();
    answered::check(&Answered {
        method,
        path: address.split('?').next().unwrap(),
        status: answer.status,
        media: &answer.media,
        retry_after: answer.retry_after.is_some(),
        body: &answer.body,
    });
    answer
}

/// Reads one answer; an error when the connection ends before it does.
pub(super) async fn read(stream: &mut TlsStream<TcpStream>) -> std::io::Result<Answer> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let text = |name: &str| {
        let line = head.lines().find(|line| line.to_lowercase().starts_with(name));
        line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned())
    };
    let header = |name: &str| text(name).and_then(|value| value.parse::<u64>().ok());
    let length = usize::try_from(header("content-length").unwrap_or_default()).unwrap();
    while bytes.len() < end + length {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let media = text("content-type").unwrap_or_default();
    Ok(Answer { status, retry_after: header("retry-after"), media, body: bytes[end..end + length].to_vec() })
}
