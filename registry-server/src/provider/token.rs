//! Whether an ID token holds (OpenID Connect Core 1.0, 3.1.3.7), and what it says.
//!
//! Promises: pure. Signed by a key of the provider's with an algorithm that needs its private key; by this provider, for this register
//! alone, for this attempt, issued just now and not expired, of a level of assurance that is wanted, and proved anew where that was asked.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{CoreIdToken, CoreIdTokenVerifier, CoreJwsSigningAlgorithm as Algorithm};
use openidconnect::{ClaimsVerificationError, ClientId, Nonce, SignatureVerificationError};
use serde_json::Value;

use super::Purpose;
use super::discovery::Known;
use crate::authenticate::mapping::Claims;

/// How far the provider's clock may be from this one.
const SKEW: SignedDuration = SignedDuration::from_secs(30);
/// How old a token may be when it comes.
const OLDEST: SignedDuration = SignedDuration::from_mins(5);
/// Algorithms that need a private key.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];

/// What a token must hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected<'a> {
    /// Whom it is for.
    pub(super) client_id: &'a ClientId,
    /// Which attempt it is for.
    pub(super) nonce: &'a str,
    /// Levels of assurance, of which one is needed; any where none is named.
    pub(super) acr: &'a [String],
    /// What it was asked for.
    pub(super) purpose: Purpose,
    /// The time.
    pub(super) now: Timestamp,
}

/// What is wrong with a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Flaw {
    /// Its signature is by none of the keys that are known.
    #[error("the ID token's signature: {0}")]
    Key(&'static str),
    /// Anything else.
    #[error("the ID token's {0}")]
    Other(&'static str),
}

/// The claims of a token that holds.
pub(super) fn verify(token: &CoreIdToken, known: &Known, expected: &Expected<'_>) -> Result<Claims, Flaw> {
    let Expected { client_id, nonce, acr, purpose, now } = *expected;
    let verifier =
        CoreIdTokenVerifier::new_public_client(client_id.clone(), known.metadata.issuer().clone(), known.keys.clone())
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || moment(now - SKEW))
            .set_issue_time_verifier_fn(move |issued| {
                let just_now = moment(now - OLDEST)..=moment(now + SKEW);
                just_now.contains(&issued).then_some(()).ok_or_else(String::new)
            })
            .set_auth_context_verifier_fn(|has| {
                let is_wanted = acr.is_empty() || has.is_some_and(|has| acr.iter().any(|level| *level == **has));
                is_wanted.then_some(()).ok_or_else(String::new)
            })
            .set_auth_time_verifier_fn(move |proved| match purpose {
                Purpose::SignIn => Ok(()),
                Purpose::ProveAgain(since) => {
                    proved.filter(|proved| *proved >= moment(since - SKEW)).map(|_| ()).ok_or_else(String::new)
                }
            });
    token.claims(&verifier, &Nonce::new(nonce.to_owned())).map_err(|error| flaw(&error))?;
    let claims = read(&token.to_string()).ok_or(Flaw::Other("claims are unreadable"))?;
    let party = claims.get("azp");
    if party.is_some_and(|party| party.as_str() != Some(client_id)) {
        return Err(Flaw::Other("party is another"));
    }
    Ok(claims)
}

/// The claims as they are written.
fn read(token: &str) -> Option<Claims> {
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    match serde_json::from_slice(&bytes).ok()? {
        Value::Object(claims) => Some(claims),
        _ => None,
    }
}

fn moment(at: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp(at.as_second(), 0).unwrap_or_default()
}

/// What is wrong in few words: what the library says may hold values.
fn flaw(error: &ClaimsVerificationError) -> Flaw {
    use SignatureVerificationError as Signature;
    match error {
        ClaimsVerificationError::SignatureVerification(Signature::NoMatchingKey) => {
            Flaw::Key("by a key that is not known")
        }
        ClaimsVerificationError::SignatureVerification(Signature::CryptoError(_)) => Flaw::Key("does not fit"),
        ClaimsVerificationError::SignatureVerification(Signature::AmbiguousKeyId(_)) => {
            Flaw::Key("by one of several keys")
        }
        ClaimsVerificationError::SignatureVerification(Signature::NoSignature) => Flaw::Other("signature is missing"),
        ClaimsVerificationError::SignatureVerification(_) => Flaw::Other("signature is of a kind that is not taken"),
        ClaimsVerificationError::Expired(_) => Flaw::Other("time is over or not yet come"),
        ClaimsVerificationError::InvalidAudience(_) => Flaw::Other("audience is another"),
        ClaimsVerificationError::InvalidIssuer(_) => Flaw::Other("issuer is another"),
        ClaimsVerificationError::InvalidNonce(_) => Flaw::Other("nonce is of another attempt"),
        ClaimsVerificationError::InvalidAuthContext(_) => Flaw::Other("level of assurance is too low"),
        ClaimsVerificationError::InvalidAuthTime(_) => Flaw::Other("proof is too old"),
        _ => Flaw::Other("form is not taken"),
    }
}

#[cfg(test)]
mod tests;
