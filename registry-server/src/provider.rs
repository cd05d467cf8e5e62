//! The identity provider, asked who somebody is: OpenID Connect Core 1.0, authorisation code with PKCE (RFC 7636).
//!
//! Promises: nobody is vouched for by a token that is not the provider's own, for this register, for the very attempt that asked for it,
//! just issued, and of a level of assurance that is wanted; what was sent back for another provider is refused (RFC 9207); nothing that
//! the provider sends is larger, later or redirected elsewhere than allowed. Must not know: sessions, pages, SQL.

/// How the register proves to the provider that it is the register.
mod assertion;
/// What the provider says of itself, and its keys.
mod discovery;
/// Requests to the provider.
mod http;
/// What an attempt keeps to itself.
mod secrets;
/// Whether an ID token holds.
mod token;

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken};
use openidconnect::url::Url;
use openidconnect::{
    AccessToken, AuthType, AuthenticationContextClass, AuthorizationCode, ClientId, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, LanguageTag, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, RequestTokenError, Scope, TokenResponse as _,
};
use schemas::language::Language;

use crate::authenticate::Role;
use crate::authenticate::mapping::Claims;
use crate::config::{Config, Oidc, Others};
use crate::environment::Environment;
use crate::failure::Failure;
use assertion::Proof;
use discovery::{Discovery, Known};
use http::{Http, HttpError};
pub use secrets::Secrets;
use token::{Expected, Flaw};

/// Where the provider sends people back.
pub const BACK: &str = "/sign-in/provider/back";
/// Where the provider sends people who signed out there.
const LEFT: &str = "/sign-in";

/// An identity provider.
pub struct Provider {
    settings: Oidc,
    client_id: ClientId,
    back: RedirectUrl,
    proof: Proof,
    http: Http,
    discovery: Discovery,
    environment: Environment,
}

/// Why somebody is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To sign in; somebody who is signed in at the provider need not type anything there.
    SignIn,
    /// To prove anew who they are, since this moment.
    ProveAgain(Timestamp),
}

/// What a browser brings back.
#[derive(Debug, Clone, Copy)]
pub struct Returned<'a> {
    /// The code.
    pub code: &'a str,
    /// The provider that it is from, where it says so.
    pub issuer: Option<&'a str>,
}

/// Whom the provider vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// The provider.
    pub issuer: String,
    /// The name by which it knows them for good.
    pub subject: String,
    /// What they are; nothing where no rule gives a role.
    pub role: Option<Role>,
    /// When they proved there who they are, where it says so.
    pub proved_at: Option<Timestamp>,
}

/// Why nobody is vouched for. The text is for the log and holds nothing of persons.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotVouched {
    /// The provider does not answer.
    #[error("the identity provider does not answer: {0}")]
    Down(String),
    /// What came back cannot be relied on.
    #[error("the identity provider's answer was refused: {0}")]
    Refused(String),
}

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

impl Provider {
    /// The provider that the configuration names; nothing where it names none.
    ///
    /// # Errors
    /// A file that is missing, malformed (78) or open to others (77).
    pub fn of(config: &Config, environment: &Environment) -> Result<Option<Self>, Failure> {
        config.oidc.as_ref().map(|settings| Self::new(settings.clone(), environment.clone())).transpose()
    }

    fn new(settings: Oidc, environment: Environment) -> Result<Self, Failure> {
        let wrong = |error: openidconnect::url::ParseError| {
            Failure::config(format!("[oidc] issuer or [web] base_url is no address: {error}"))
        };
        Ok(Self {
            client_id: ClientId::new(settings.client_id.clone()),
            back: RedirectUrl::new(format!("{}{BACK}", settings.base_url)).map_err(wrong)?,
            proof: Proof::read(&settings.proof)?,
            http: Http::new(&settings.ca)?,
            discovery: Discovery::new(&settings.issuer).map_err(wrong)?,
            settings,
            environment,
        })
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.settings.name.as_deref()
    }

    /// Who else comes in.
    #[must_use]
    pub fn others(&self) -> Others {
        self.settings.others
    }

    /// Where a browser is sent so that the provider asks who somebody is.
    ///
    /// # Errors
    /// [`NotVouched::Down`].
    pub async fn address(
        &self,
        secrets: &Secrets,
        (purpose, language): (Purpose, Language),
    ) -> Result<String, NotVouched> {
        let known = self.known().await?;
        let client = self.client(&known);
        let (state, nonce) = (CsrfToken::new(secrets.state.clone()), Nonce::new(secrets.nonce.clone()));
        let challenge =
            PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(secrets.verifier.to_string()));
        let mut request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || state, move || nonce)
            .set_pkce_challenge(challenge)
            .add_scopes(self.settings.scopes.iter().cloned().map(Scope::new))
            .add_ui_locale(LanguageTag::new(language.tag().to_owned()));
        for acr in &self.settings.acr {
            request = request.add_auth_context_value(AuthenticationContextClass::new(acr.clone()));
        }
        if !self.settings.claims.is_empty() {
            request = request.add_extra_param("claims", wanted(&self.settings.claims));
        }
        if matches!(purpose, Purpose::ProveAgain(_)) {
            request = request.set_max_age(std::time::Duration::ZERO).add_prompt(CoreAuthPrompt::Login);
        }
        Ok(request.url().0.into())
    }

    /// Whom the provider vouches for with what a browser brought back.
    ///
    /// # Errors
    /// Why nobody.
    pub async fn vouch(
        &self,
        secrets: &Secrets,
        (purpose, returned): (Purpose, Returned<'_>),
    ) -> Result<Vouched, NotVouched> {
        let known = self.known().await?;
        let further = known.metadata.additional_metadata();
        match returned.issuer {
            Some(issuer) if issuer != self.settings.issuer => {
                return Err(refused("it was sent back by another provider"));
            }
            None if further.authorization_response_iss_parameter_supported => {
                return Err(refused("it does not say which provider sent it back"));
            }
            _ => {}
        }
        let (token, access) = self.redeem(&known, (secrets, returned.code)).await?;
        let now = self.environment.now();
        let expected =
            Expected { client_id: &self.client_id, nonce: &secrets.nonce, acr: &self.settings.acr, purpose, now };
        let mut claims = match token::verify(&token, &known, &expected) {
            Err(Flaw::Key(_)) => {
                let known = self.discovery.anew(&self.http, (&known, self.uptime())).await?;
                token::verify(&token, &known, &expected)
            }
            verified => verified,
        }
        .map_err(|flaw| refused(&flaw.to_string()))?;
        let proved_at = claims.get("auth_time").and_then(serde_json::Value::as_i64);
        if self.settings.mapping.claims().any(|claim| !claims.contains_key(claim)) {
            self.ask_further(&known, (&access, &mut claims)).await?;
        }
        let mapping = &self.settings.mapping;
        let subject = mapping.subject(&claims).ok_or_else(|| refused("the claim that names somebody is missing"))?;
        Ok(Vouched {
            issuer: self.settings.issuer.clone(),
            subject: subject.to_owned(),
            role: mapping.role(&claims),
            proved_at: proved_at.and_then(|second| Timestamp::from_second(second).ok()).map(|at| at.min(now)),
        })
    }

    /// Where a browser is sent to end its session at the provider too (OIDC RP-Initiated Logout 1.0); nothing where the
    /// provider offers no such place or does not answer.
    pub async fn leaving(&self) -> Option<String> {
        let known = self.known().await.ok()?;
        let mut address = known.metadata.additional_metadata().end_session_endpoint.clone()?;
        address
            .query_pairs_mut()
            .append_pair("client_id", &self.client_id)
            .append_pair("post_logout_redirect_uri", &format!("{}{LEFT}", self.settings.base_url));
        Some(address.into())
    }

    async fn known(&self) -> Result<Arc<Known>, NotVouched> {
        self.discovery.known(&self.http, self.uptime()).await
    }

    fn uptime(&self) -> std::time::Duration {
        self.environment.clock.uptime()
    }

    fn client(&self, known: &Known) -> Client {
        let secret = if let Proof::Secret(secret) = &self.proof { Some(secret.clone()) } else { None };
        let methods = known.metadata.token_endpoint_auth_methods_supported();
        let is_in_body = methods.is_some_and(|methods| !methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
        CoreClient::from_provider_metadata(known.metadata.clone(), self.client_id.clone(), secret)
            .set_redirect_uri(self.back.clone())
            .set_auth_type(if is_in_body { AuthType::RequestBody } else { AuthType::BasicAuth })
    }

    /// Takes the ID token for a code, and what opens the provider's further claims.
    async fn redeem(
        &self,
        known: &Known,
        (secrets, code): (&Secrets, &str),
    ) -> Result<(CoreIdToken, AccessToken), NotVouched> {
        let client = self.client(known);
        let code = AuthorizationCode::new(code.to_owned());
        let request = client.exchange_code(code).map_err(|_| refused("it names no token endpoint"))?;
        let mut request = request.set_pkce_verifier(PkceCodeVerifier::new(secrets.verifier.to_string()));
        if let (Proof::Key(key), Some(endpoint)) = (&self.proof, known.metadata.token_endpoint()) {
            let (id, once) = (&self.client_id, self.environment.random());
            let assertion = key
                .sign((id, endpoint.as_str()), (once, self.environment.now()))
                .ok_or_else(|| refused("nothing could be signed"))?;
            request = request
                .add_extra_param("client_assertion_type", assertion::KIND)
                .add_extra_param("client_assertion", assertion);
        }
        let answer = request.request_async(&self.http).await.map_err(|error| match error {
            RequestTokenError::Request(error) => error.into(),
            RequestTokenError::ServerResponse(answer) => {
                refused(&format!("the code was not taken: {}", answer.error().as_ref()))
            }
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
                refused("the answer to the code is unreadable")
            }
        })?;
        let token = answer.id_token().ok_or_else(|| refused("there is no ID token"))?;
        Ok((token.clone(), answer.access_token().clone()))
    }

    /// Adds the claims that the provider tells of somebody elsewhere than in the ID token; what the token says counts.
    async fn ask_further(
        &self,
        known: &Known,
        (access, claims): (&AccessToken, &mut Claims),
    ) -> Result<(), NotVouched> {
        let Some(endpoint) = known.metadata.userinfo_endpoint() else { return Ok(()) };
        let further: Claims = self.http.get(endpoint.url(), access.secret()).await?;
        if further.get("sub") != claims.get("sub") {
            return Err(refused("the further claims are somebody else's"));
        }
        for (name, value) in further {
            claims.entry(name).or_insert(value);
        }
        Ok(())
    }
}

/// The `claims` parameter that asks for claims by name, in the ID token and beside it (OIDC Core 1.0, 5.5).
fn wanted(claims: &[String]) -> String {
    let each: Claims = claims.iter().map(|claim| (claim.clone(), serde_json::Value::Null)).collect();
    serde_json::json!({ "id_token": each, "userinfo": each }).to_string()
}

fn refused(reason: &str) -> NotVouched {
    NotVouched::Refused(reason.to_owned())
}

/// An address that a browser may be sent to.
fn is_guarded(address: &Url) -> bool {
    address.scheme() == "https"
}

impl From<HttpError> for NotVouched {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::Unreachable(reason) => Self::Down(reason),
            HttpError::Unusable(reason) => Self::Refused(reason),
        }
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("issuer", &self.settings.issuer).finish_non_exhaustive()
    }
}
