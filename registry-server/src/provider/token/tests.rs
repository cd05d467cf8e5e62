//! Tokens, right and wrong, as a provider or somebody in its place could issue them.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use aws_lc_rs::{encoding::AsDer as _, hmac};
use serde_json::json;

use super::*;

const ISSUER: &str = "https://idp.example.se";
const LEVEL: &str = "http://id.sambi.se/loa/loa3";

/// Somebody who signs.
struct Signer(EcdsaKeyPair);

impl Signer {
    fn new() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    /// What is known of a provider whose one key this is.
    fn known(&self) -> Known {
        let point = self.0.public_key().as_ref();
        let part = |from: usize| URL_SAFE_NO_PAD.encode(&point[from..from + 32]);
        let key = json!({ "kty": "EC", "crv": "P-256", "use": "sig", "kid": "one", "x": part(1), "y": part(33) });
        let metadata = json!({
            "issuer": ISSUER, "authorization_endpoint": format!("{ISSUER}/authorize"), "jwks_uri": format!("{ISSUER}/keys"),
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        });
        Known {
            metadata: serde_json::from_value(metadata).unwrap(),
            keys: serde_json::from_value(json!({ "keys": [key] })).unwrap(),
        }
    }

    fn sign(&self, text: &str) -> Vec<u8> {
        self.0.sign(&SystemRandom::new(), text.as_bytes()).unwrap().as_ref().to_vec()
    }

    /// A token with this head and these claims.
    fn token(&self, head: &Value, claims: &Value) -> CoreIdToken {
        let text = format!("{}.{}", encoded(head), encoded(claims));
        read_token(&text, &self.sign(&text))
    }
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn read_token(text: &str, signature: &[u8]) -> CoreIdToken {
    serde_json::from_value(Value::String(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))).unwrap()
}

fn now() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

fn head() -> Value {
    json!({ "alg": "ES256", "kid": "one" })
}

/// The claims of a token that holds, with some of them otherwise; null takes one away.
fn claims(otherwise: &Value) -> Value {
    let at = now().as_second();
    let mut claims = json!({
        "iss": ISSUER, "sub": "a1", "aud": "register", "exp": at + 600, "iat": at, "auth_time": at - 3, "nonce": "n", "acr": LEVEL,
        "employeeHsaId": "SE9990120000-1001",
    });
    for (name, value) in otherwise.as_object().unwrap() {
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name] = value.clone(),
        }
    }
    claims
}

fn verified(token: &CoreIdToken, known: &Known, purpose: Purpose) -> Result<Claims, Flaw> {
    let (client_id, acr) = (ClientId::new("register".into()), [LEVEL.to_owned()]);
    verify(token, known, &Expected { client_id: &client_id, nonce: "n", acr: &acr, purpose, now: now() })
}

#[test]
fn a_token_holds_only_with_every_claim_as_it_must_be() {
    let (signer, at) = (Signer::new(), now().as_second());
    let known = signer.known();
    let again = Purpose::ProveAgain(now() - SignedDuration::from_secs(10));
    for (otherwise, purpose, flaw) in [
        (json!({}), Purpose::SignIn, None),
        (json!({}), again, None),
        (json!({ "aud": ["register"], "azp": "register" }), Purpose::SignIn, None),
        (json!({ "exp": at - 20 }), Purpose::SignIn, None),
        (json!({ "iat": at + 20 }), Purpose::SignIn, None),
        (json!({ "auth_time": null }), Purpose::SignIn, None),
        (json!({ "nonce": "m" }), Purpose::SignIn, Some("nonce is of another attempt")),
        (json!({ "nonce": null }), Purpose::SignIn, Some("nonce is of another attempt")),
        (json!({ "aud": "another" }), Purpose::SignIn, Some("audience is another")),
        (json!({ "aud": ["register", "another"], "azp": "register" }), Purpose::SignIn, Some("audience is another")),
        (json!({ "azp": "another" }), Purpose::SignIn, Some("party is another")),
        (json!({ "iss": "https://evil.example" }), Purpose::SignIn, Some("issuer is another")),
        (json!({ "iss": "https://idp.example.se/" }), Purpose::SignIn, Some("issuer is another")),
        (json!({ "exp": at - 31 }), Purpose::SignIn, Some("time is over or not yet come")),
        (json!({ "iat": at + 31 }), Purpose::SignIn, Some("time is over or not yet come")),
        (json!({ "iat": at - 301 }), Purpose::SignIn, Some("time is over or not yet come")),
        (json!({ "acr": "http://id.sambi.se/loa/loa2" }), Purpose::SignIn, Some("level of assurance is too low")),
        (json!({ "acr": null }), Purpose::SignIn, Some("level of assurance is too low")),
        (json!({ "auth_time": at - 41 }), again, Some("proof is too old")),
        (json!({ "auth_time": null }), again, Some("proof is too old")),
    ] {
        let result = verified(&signer.token(&head(), &claims(&otherwise)), &known, purpose);
        assert_eq!(result.as_ref().err().cloned(), flaw.map(Flaw::Other), "{otherwise}");
        assert!(result.is_err() || result.unwrap()["employeeHsaId"] == "SE9990120000-1001");
    }
}

#[test]
fn a_token_holds_only_by_the_provider_s_key_and_with_a_private_key_s_signature() {
    let (signer, other) = (Signer::new(), Signer::new());
    let (known, right) = (signer.known(), claims(&json!({})));
    let told = |token: &CoreIdToken| verified(token, &known, Purpose::SignIn).map(|_| ());
    assert_eq!(told(&signer.token(&head(), &right)), Ok(()));
    assert_eq!(told(&signer.token(&json!({ "alg": "ES256" }), &right)), Ok(()), "the one key is found without a name");
    assert_eq!(told(&other.token(&head(), &right)), Err(Flaw::Key("does not fit")));
    let renamed = json!({ "alg": "ES256", "kid": "two" });
    assert_eq!(told(&other.token(&renamed, &right)), Err(Flaw::Key("by a key that is not known")));
    let text = format!("{}.{}", encoded(&head()), encoded(&right));
    let altered =
        format!("{}.{}", encoded(&head()), encoded(&claims(&json!({ "employeeHsaId": "SE9990120000-1002" }))));
    assert_eq!(told(&read_token(&altered, &signer.sign(&text))), Err(Flaw::Key("does not fit")));
    let none = format!("{}.{}", encoded(&json!({ "alg": "none" })), encoded(&right));
    assert_eq!(told(&read_token(&none, &[])), Err(Flaw::Other("signature is missing")));
    let shared = format!("{}.{}", encoded(&json!({ "alg": "HS256", "kid": "one" })), encoded(&right));
    for secret in [signer.0.public_key().as_ref(), signer.0.public_key().as_der().unwrap().as_ref()] {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), shared.as_bytes());
        assert_eq!(
            told(&read_token(&shared, tag.as_ref())),
            Err(Flaw::Other("signature is of a kind that is not taken"))
        );
    }
    let of_another_kind = json!({ "alg": "ES256", "kid": "one", "typ": "at+jwt" });
    assert_eq!(told(&signer.token(&of_another_kind, &right)), Err(Flaw::Other("form is not taken")));
}
