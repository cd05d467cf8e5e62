//! What the provider says of itself (OpenID Connect Discovery 1.0), and the keys that it signs with.
//!
//! Promises: asked for once an hour, by one request at a time; what is asked for in vain is not asked for again within seconds, and what
//! was known before counts on; keys are read anew when a token is signed with one that is not known.

use std::sync::Arc;
use std::time::Duration;

use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
    CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode,
    CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::url::{ParseError, Url};
use openidconnect::{AdditionalProviderMetadata, DiscoveryError, IssuerUrl, ProviderMetadata};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::http::{Http, HttpError};
use super::{NotVouched, is_guarded};

/// How long it counts.
const KEPT: Duration = Duration::from_hours(1);
/// For how long a provider that did not answer is not asked again.
const PAUSE: Duration = Duration::from_secs(5);

/// What is read of it besides what the library reads.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Further {
    /// Where somebody signs out there.
    pub(super) end_session_endpoint: Option<Url>,
    /// Whether it names itself whenever it sends somebody back (RFC 9207).
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Further {}

/// What the provider says of itself.
pub(super) type Metadata = ProviderMetadata<
    Further,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What is known of the provider.
#[derive(Debug)]
pub(super) struct Known {
    /// What it says of itself.
    pub(super) metadata: Metadata,
    /// Its keys.
    pub(super) keys: CoreJsonWebKeySet,
}

/// What is known, since when, and when it was last asked for in vain.
#[derive(Debug, Default)]
struct Kept {
    known: Option<(Duration, Arc<Known>)>,
    failed: Option<(Duration, NotVouched)>,
}

/// Keeps what is known.
#[derive(Debug)]
pub(super) struct Discovery {
    issuer: IssuerUrl,
    kept: Mutex<Kept>,
}

impl Discovery {
    /// Of a provider that nothing is known of yet.
    pub(super) fn new(issuer: &str) -> Result<Self, ParseError> {
        Ok(Self { issuer: IssuerUrl::new(issuer.to_owned())?, kept: Mutex::default() })
    }

    /// What is known of it.
    pub(super) async fn known(&self, http: &Http, now: Duration) -> Result<Arc<Known>, NotVouched> {
        let mut kept = self.kept.lock().await;
        if let Some((_, known)) = kept.known.as_ref().filter(|(since, _)| now.saturating_sub(*since) < KEPT) {
            return Ok(Arc::clone(known));
        }
        if let Some((_, failure)) = kept.failed.as_ref().filter(|(at, _)| now.saturating_sub(*at) < PAUSE) {
            return kept.known.as_ref().map(|(_, known)| Arc::clone(known)).ok_or_else(|| failure.clone());
        }
        match self.ask(http).await {
            Ok(known) => {
                kept.failed = None;
                kept.known = Some((now, Arc::clone(&known)));
                Ok(known)
            }
            Err(failure) => {
                kept.failed = Some((now, failure.clone()));
                kept.known.as_ref().map(|(_, known)| Arc::clone(known)).ok_or(failure)
            }
        }
    }

    /// The same with keys that are newer than these.
    pub(super) async fn anew(
        &self,
        http: &Http,
        (old, now): (&Arc<Known>, Duration),
    ) -> Result<Arc<Known>, NotVouched> {
        let mut kept = self.kept.lock().await;
        if let Some((_, known)) = kept.known.as_ref().filter(|(_, known)| !Arc::ptr_eq(known, old)) {
            return Ok(Arc::clone(known));
        }
        let known = self.ask(http).await?;
        kept.known = Some((now, Arc::clone(&known)));
        Ok(known)
    }

    async fn ask(&self, http: &Http) -> Result<Arc<Known>, NotVouched> {
        let metadata = Metadata::discover_async(self.issuer.clone(), http).await.map_err(not_known)?;
        let further = metadata.additional_metadata();
        let sent_to = [Some(metadata.authorization_endpoint().url()), further.end_session_endpoint.as_ref()];
        if !sent_to.into_iter().flatten().all(is_guarded) {
            return Err(NotVouched::Refused("it would send people to a place without TLS".to_owned()));
        }
        Ok(Arc::new(Known { keys: metadata.jwks().clone(), metadata }))
    }
}

fn not_known(error: DiscoveryError<HttpError>) -> NotVouched {
    match error {
        DiscoveryError::Request(error) => error.into(),
        DiscoveryError::Validation(_) => {
            NotVouched::Refused("it calls itself otherwise than [oidc] issuer does".to_owned())
        }
        _ => NotVouched::Refused("what it says of itself is unreadable".to_owned()),
    }
}
