//! The HTTP client: mutual TLS 1.3 to the register and nowhere else.
//!
//! Promises: trusts only the register's own authority; follows no redirect; every request has a limit in time.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::{RequestBuilder, StatusCode, Url, header};
use rustls::ClientConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use schemas::audit::CheckpointAnswer;
use schemas::codelist::CodeLists;
use schemas::contact::{Generation, GenerationRequest, Me, Pause};
use schemas::id::StateId;
use schemas::problem::Problem;
use schemas::published_lists::{NotUsable, PublishedLists};
use schemas::receipt::{self, Expected, NotVerified, Receipt, ReceiptKey, Verdict};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::proxy::Proxy;
use super::reply::{self, Answer};
use super::unanswered::{self, Way};
use crate::config::Config;
use crate::outbox::{Encoding, Sealed};

/// A connection to the register.
pub struct Client {
    http: reqwest::Client,
    way: Way,
    base: String,
    receipt_key: ReceiptKey,
}

/// Why the register was not reached, or cannot be.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// A certificate or key file is missing or malformed.
    #[error("{0}")]
    Files(String),
    /// A private key that others can read.
    #[error("{0}")]
    TooOpen(String),
    /// Certificate or authority refused, on either side.
    #[error("{0}")]
    Refused(String),
    /// No answer; may come later.
    #[error("{0}")]
    Unreachable(String),
    /// The register answered with a problem.
    #[error("the register answers: {}", reply::sentence(.0))]
    Problem(Box<Problem>),
}

impl ClientError {
    /// Whether the same may succeed later without anybody changing anything.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Problem(problem) => problem.kind.is_temporary(),
            Self::Files(_) | Self::TooOpen(_) | Self::Refused(_) => false,
        }
    }
}

impl Client {
    /// Prepares a client from the configuration's certificate, key and authority.
    ///
    /// # Errors
    /// [`ClientError::Files`] or [`ClientError::TooOpen`] with what to do.
    pub fn new(config: &Config) -> Result<Self, ClientError> {
        let server = &config.server;
        let (ca, cert, key) = (config.path(&server.ca), config.path(&server.cert), config.path(&server.key));
        refuse_open_file(("key", "put it back, or ask the register for a new key and certificate"), &key)?;
        let mut roots = rustls::RootCertStore::empty();
        for authority in certificates("ca", &ca)? {
            roots.add(authority).map_err(|_| unusable("ca", &ca))?;
        }
        let key = PrivateKeyDer::from_pem_file(&key).map_err(|_| unusable("key", &key))?;
        let authorities = roots.roots.clone();
        let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .map_err(|error| ClientError::Files(error.to_string()))?
            .with_root_certificates(roots)
            .with_client_auth_cert(certificates("cert", &cert)?, key)
            .map_err(|_| {
                ClientError::Files(
                    "[server] cert and key do not belong together; ask the register for a new certificate".into(),
                )
            })?;
        let base = server.url.trim_end_matches('/').to_owned();
        let register: Url = base.parse().map_err(|_| {
            ClientError::Files("[server] url is no address; write https://host:port of the register".into())
        })?;
        let proxy = Proxy::choose(config, &register)?;
        let http = http(&tls, proxy.as_ref())
            .map_err(|error| ClientError::Files(format!("the HTTPS client cannot be made: {error}")))?;
        let receipt_key = read_receipt_key(&config.path(&server.receipt_key))?;
        Ok(Self { http, way: Way { register, tls: Arc::new(tls), authorities, proxy }, base, receipt_key })
    }

    /// Sends one batch.
    ///
    /// # Errors
    /// When no answer came.
    pub async fn put_batch(&self, batch: &Sealed) -> Result<Answer, ClientError> {
        let mut request = self
            .http
            .put(format!("{}/v1/batches/{}", self.base, batch.digest))
            .header(header::CONTENT_TYPE, "application/x-ndjson")
            .body(batch.body.clone());
        if batch.encoding == Encoding::Zstd {
            request = request.header(header::CONTENT_ENCODING, "zstd");
        }
        self.send(request).await
    }

    /// What the register knows about this sender.
    ///
    /// # Errors
    /// When it does not answer, or answers with a problem.
    pub async fn me(&self) -> Result<Me, ClientError> {
        read(&self.send(self.http.get(format!("{}/v1/me", self.base))).await?)
    }

    /// The same, and tells the time by this host's clock, so that the register too sees one that is wrong.
    ///
    /// # Errors
    /// When it does not answer, or answers with a problem.
    pub async fn me_at(&self, now: Timestamp) -> Result<Me, ClientError> {
        let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        read(&self.send(self.http.get(format!("{}/v1/me", self.base)).header(header::DATE, date)).await?)
    }

    /// The register's code lists, as they came.
    ///
    /// # Errors
    /// When it does not answer, or answers with a problem.
    pub async fn codelists(&self) -> Result<PublishedLists, ClientError> {
        read(&self.send(self.http.get(format!("{}/v1/codelists", self.base))).await?)
    }

    /// Verifies code lists against the register's key.
    ///
    /// # Errors
    /// [`NotUsable`] tells why they are not used.
    pub fn verify_codelists(&self, lists: &PublishedLists, environment: &str) -> Result<CodeLists, NotUsable> {
        lists.verify(&self.receipt_key, environment)
    }

    /// Asks for the generation of this state directory.
    ///
    /// # Errors
    /// When the register does not answer, or answers with a problem.
    pub async fn generation(&self, state_id: StateId) -> Result<u32, ClientError> {
        let request = self.http.post(format!("{}/v1/generation", self.base)).json(&GenerationRequest { state_id });
        read::<Generation>(&self.send(request).await?).map(|given| given.generation)
    }

    /// Tells the register of a planned silence, or with none that it is over.
    ///
    /// # Errors
    /// When the register does not answer, or answers with a problem.
    pub async fn set_pause(&self, pause: Option<&Pause>) -> Result<(), ClientError> {
        let address = format!("{}/v1/pause", self.base);
        let request = match pause {
            Some(pause) => self.http.post(address).json(pause),
            None => self.http.delete(address),
        };
        read::<serde::de::IgnoredAny>(&self.send(request).await?).map(|_| ())
    }

    /// The newest checkpoint of the register's audit log, with the proof that it extends the log of `from` entries, and that it holds a
    /// leaf behind them.
    ///
    /// # Errors
    /// When it does not answer, or answers with a problem.
    pub async fn checkpoint(&self, from: u64, leaf: Option<&str>) -> Result<CheckpointAnswer, ClientError> {
        let leaf = leaf.map(|leaf| format!("&leaf={leaf}")).unwrap_or_default();
        read(&self.send(self.http.get(format!("{}/v1/checkpoint?from={from}{leaf}", self.base))).await?)
    }

    /// Verifies a receipt against the register's key.
    ///
    /// # Errors
    /// [`NotVerified`] tells why it proves nothing.
    pub fn verify(&self, receipt: &Receipt, expected: &Expected<'_>) -> Result<Vec<Verdict>, NotVerified> {
        receipt.verify(&self.receipt_key, expected)
    }

    /// Asks for a document.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        read(&self.send(self.http.get(format!("{}{path}", self.base))).await?)
    }

    /// Asks for a text.
    pub(super) async fn text(&self, path: &str) -> Result<String, ClientError> {
        let answer = self.send(self.http.get(format!("{}{path}", self.base))).await?;
        if StatusCode::from_u16(answer.status).is_ok_and(|status| status.is_success()) {
            return Ok(String::from_utf8_lossy(&answer.body).into_owned());
        }
        read(&answer)
    }

    /// Posts a document; answers what came back, read and as it came.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        document: &impl Serialize,
    ) -> Result<(T, Vec<u8>), ClientError> {
        let answer = self.send(self.http.post(format!("{}{path}", self.base)).json(document)).await?;
        Ok((read(&answer)?, answer.body))
    }

    /// The register's key.
    pub(super) fn receipt_key(&self) -> &ReceiptKey {
        &self.receipt_key
    }

    async fn send(&self, request: RequestBuilder) -> Result<Answer, ClientError> {
        match answer(request).await {
            Ok(answer) => Ok(answer),
            Err(error) => Err(unanswered::explain(&error, &self.way).await),
        }
    }
}

fn http(tls: &ClientConfig, proxy: Option<&Proxy>) -> reqwest::Result<reqwest::Client> {
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls.clone())
        .https_only(true)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_mins(2))
        // The library would read the environment again, with rules of its own.
        .no_proxy();
    match proxy {
        Some(proxy) => builder.proxy(proxy.for_client()?),
        None => builder,
    }
    .build()
}

/// Refuses a secret file of `[server]` that other accounts of the host can read.
pub(super) fn refuse_open_file((key, remedy): (&str, &str), path: &Path) -> Result<(), ClientError> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = std::fs::metadata(path).map_err(|error| {
        ClientError::Files(format!("[server] {key}: cannot read {} ({error}); {remedy}", path.display()))
    })?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(ClientError::TooOpen(format!(
            "{shown} can be read by other accounts (mode {mode:04o}); run `chmod 600 {shown}`",
            shown = path.display()
        )));
    }
    Ok(())
}

fn certificates(key: &str, path: &Path) -> Result<Vec<CertificateDer<'static>>, ClientError> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
    read.ok().filter(|found: &Vec<_>| !found.is_empty()).ok_or_else(|| unusable(key, path))
}

fn unusable(key: &str, path: &Path) -> ClientError {
    ClientError::Files(format!(
        "[server] {key}: {} is missing or holds no usable PEM; put it back, or ask the register for a new one",
        path.display()
    ))
}

fn read_receipt_key(path: &Path) -> Result<ReceiptKey, ClientError> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        ClientError::Files(format!(
            "[server] receipt_key: cannot read {} ({error}); fetch receipt.pub from the register again",
            path.display()
        ))
    })?;
    receipt::read_public_key(&text).map_err(|error| ClientError::Files(format!("{}: {error}", path.display())))
}

async fn answer(request: RequestBuilder) -> reqwest::Result<Answer> {
    let response = request.send().await?;
    let retry_after = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after = retry_after.and_then(|text| text.parse().ok()).map(Duration::from_secs);
    let status = response.status().as_u16();
    Ok(Answer { status, retry_after, body: response.bytes().await?.to_vec() })
}

fn read<T: serde::de::DeserializeOwned>(answer: &Answer) -> Result<T, ClientError> {
    if StatusCode::from_u16(answer.status).is_ok_and(|status| status.is_success()) {
        return serde_json::from_slice(&answer.body).map_err(|_| {
            ClientError::Unreachable("the register's answer is not of this version; upgrade the older side".into())
        });
    }
    match serde_json::from_slice::<Problem>(&answer.body) {
        Ok(problem) => Err(ClientError::Problem(Box::new(problem))),
        Err(_) => Err(ClientError::Unreachable(format!(
            "the register answers with HTTP status {}; try again later, and tell the register if it stays so",
            answer.status
        ))),
    }
}
