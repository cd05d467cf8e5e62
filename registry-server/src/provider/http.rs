//! Requests to the provider: HTTPS, to authorities that were named, and nothing longer or larger than allowed.
//!
//! Promises: no redirect is followed; an answer has a limit in time and size; no error holds what was sent or what came.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use openidconnect::http::header::{ACCEPT, AUTHORIZATION};
use openidconnect::url::Url;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use serde::de::DeserializeOwned;

use crate::failure::Failure;

/// The longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// The longest wait for an answer.
const LONGEST: Duration = Duration::from_secs(10);
/// Largest answer, bytes.
const LARGEST: usize = 1 << 20;

/// A way to the provider.
#[derive(Debug)]
pub(super) struct Http(reqwest::Client);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum HttpError {
    /// None came; one may come later.
    #[error("{0}")]
    Unreachable(String),
    /// One came that is of no use.
    #[error("{0}")]
    Unusable(String),
}

impl Http {
    /// A way that trusts the authorities in a file.
    ///
    /// # Errors
    /// When the file holds none (78).
    pub(super) fn new(ca: &Path) -> Result<Self, Failure> {
        let unusable =
            || Failure::config(format!("[oidc] ca: {} holds no authority's certificate in PEM form", ca.display()));
        let mut roots = RootCertStore::empty();
        let certificates: Vec<CertificateDer<'static>> =
            CertificateDer::pem_file_iter(ca).map_err(|_| unusable())?.filter_map(Result::ok).collect();
        if roots.add_parsable_certificates(certificates).0 == 0 {
            return Err(unusable());
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Failure::other(format!("TLS is not available: {error}")))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .https_only(true)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .timeout(LONGEST)
            .build();
        client.map(Self).map_err(|error| Failure::other(format!("the HTTPS client cannot be made: {error}")))
    }

    /// Sends a request; gives the whole answer, whatever it says.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let request = reqwest::Request::try_from(request).map_err(|_| unusable("an address cannot be asked"))?;
        let mut answer = self.0.execute(request).await.map_err(|error| unreachable(&error))?;
        if answer.status().is_server_error() {
            return Err(HttpError::Unreachable(format!("status {}", answer.status().as_u16())));
        }
        let mut response = HttpResponse::new(Vec::new());
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        while let Some(part) = answer.chunk().await.map_err(|error| unreachable(&error))? {
            if response.body().len() + part.len() > LARGEST {
                return Err(unusable("an answer is too large"));
            }
            response.body_mut().extend_from_slice(&part);
        }
        Ok(response)
    }

    /// A JSON document that a token opens.
    pub(super) async fn get<T: DeserializeOwned>(&self, address: &Url, token: &str) -> Result<T, HttpError> {
        let request = openidconnect::http::Request::get(address.as_str()).header(ACCEPT, "application/json");
        let request = request.header(AUTHORIZATION, format!("Bearer {token}")).body(Vec::new());
        let answer = self.send(request.map_err(|_| unusable("an address cannot be asked"))?).await?;
        if !answer.status().is_success() {
            return Err(unusable("the further claims were not given"));
        }
        serde_json::from_slice(answer.body()).map_err(|_| unusable("the further claims are unreadable"))
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = HttpError;
    type Future = BoxFuture<'c, Result<HttpResponse, HttpError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

fn unusable(reason: &str) -> HttpError {
    HttpError::Unusable(reason.to_owned())
}

/// What the library says, without the address, which may hold a code.
fn unreachable(error: &reqwest::Error) -> HttpError {
    let why = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection, or its certificate is not of the authorities that [oidc] ca names"
    } else {
        "the connection broke"
    };
    HttpError::Unreachable(why.to_owned())
}
