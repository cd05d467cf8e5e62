//! Messages of alarms to another program: a JSON document by POST, signed.
//!
//! Promises: the receiver can tell that it comes from the register and when, by an HMAC-SHA256 over time and body (`X-Registry-Signature`,
//! over `X-Registry-Timestamp`, a full stop and the body); the same message sent again has the same `id`. No figure, no name of a person.
//! It leaves the machine under TLS only, and follows no redirect.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use schemas::canonical;
use sha2::Sha256;

use crate::config::{Config, WebhookSettings};
use crate::failure::Failure;
use crate::store::alarm::Notice;

/// The longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The way to the other program.
#[derive(Clone)]
pub struct Webhook {
    client: reqwest::Client,
    url: String,
    key: Arc<[u8]>,
}

impl fmt::Debug for Webhook {
    // The address may hold a secret, as many receivers want it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Webhook")
    }
}

/// The way that the configuration names; nothing where it names none.
///
/// # Errors
/// Authorities that are none (78).
pub fn of(config: &Config) -> Result<Option<Webhook>, Failure> {
    config.webhook.as_ref().map(Webhook::new).transpose()
}

impl Webhook {
    /// The way that the settings name.
    ///
    /// # Errors
    /// Authorities that are none (78).
    pub fn new(settings: &WebhookSettings) -> Result<Self, Failure> {
        let mut roots = RootCertStore::empty();
        if let Some(ca) = &settings.ca {
            let unusable =
                || Failure::config(format!("[alarms] webhook_ca: {} holds no certificate in PEM form", ca.display()));
            let certificates = CertificateDer::pem_file_iter(ca).map_err(|_| unusable())?.filter_map(Result::ok);
            if roots.add_parsable_certificates(certificates).0 == 0 {
                return Err(unusable());
            }
        }
        let unavailable = |error: String| Failure::other(format!("the webhook's client cannot be made: {error}"));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| unavailable(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(PATIENCE)
            .build()
            .map_err(|error| unavailable(error.to_string()))?;
        Ok(Self { client, url: settings.url.to_string(), key: settings.key.as_bytes().into() })
    }

    /// Sends a message.
    ///
    /// # Errors
    /// What went wrong, without the address.
    pub async fn send(&self, notice: &Notice, now: Timestamp) -> Result<(), String> {
        let (body, second) = (body(notice), now.as_second().to_string());
        let signature = self.signature(&second, &body);
        let request = self.client.post(&self.url).header("content-type", "application/json");
        let request = request.header("x-registry-timestamp", second).header("x-registry-signature", signature);
        let answer = request.body(body).send().await.map_err(|error| {
            if error.is_timeout() { "no answer in time".to_owned() } else { "no connection".to_owned() }
        })?;
        let status = answer.status();
        if status.is_success() { Ok(()) } else { Err(format!("status {}", status.as_u16())) }
    }

    fn signature(&self, second: &str, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes a key of any length");
        mac.update(second.as_bytes());
        mac.update(b".");
        mac.update(body);
        format!("sha256={}", canonical::hex(&mac.finalize().into_bytes()))
    }
}

/// The document, in canonical form.
fn body(notice: &Notice) -> Vec<u8> {
    let alarm = &notice.alarm;
    canonical::bytes(&serde_json::json!({
        "schema": "registry-alarm/1",
        "id": format!("alarm-{}-{}-{}", alarm.number, notice.step.word(), alarm.raised_at),
        "alarm": alarm.number,
        "step": notice.step.word(),
        "sender": alarm.condition.sender,
        "kind": alarm.condition.kind.word(),
        "since": alarm.condition.since,
        "raised_at": alarm.raised_at,
        "cleared_at": alarm.cleared_at,
    }))
}

#[cfg(test)]
pub(super) mod tests;
