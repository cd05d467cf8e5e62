//! How the register proves to the provider that it is the register: a shared secret, or a signature of its own key (RFC 7523, ES256).
//!
//! Promises: no message holds a byte of either; a signature counts for a minute, for one provider, once.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use openidconnect::{ClientId, ClientSecret};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject as _;

use crate::config::{ClientProof, keys};
use crate::failure::Failure;

/// The kind of proof, as it is called in requests.
pub(super) const KIND: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How long a signature counts, seconds.
const COUNTS: i64 = 60;

/// The proof.
pub(super) enum Proof {
    /// A shared secret.
    Secret(ClientSecret),
    /// A key.
    Key(Key),
}

/// A private key.
pub(super) struct Key(EcdsaKeyPair);

impl Proof {
    /// Reads the file of a proof.
    ///
    /// # Errors
    /// 78 when it is missing or malformed, 77 when others may read it.
    pub(super) fn read(proof: &ClientProof) -> Result<Self, Failure> {
        match proof {
            ClientProof::Secret(path) => {
                let text = keys::read(path, "client secret")?;
                let secret = text.trim();
                if secret.is_empty() {
                    return Err(Failure::config(format!(
                        "the client secret {} is empty; put the provider's there",
                        path.display()
                    )));
                }
                Ok(Self::Secret(ClientSecret::new(secret.to_owned())))
            }
            ClientProof::Key(path) => {
                let text = keys::read(path, "client key")?;
                let wrong = || {
                    Failure::config(format!(
                        "{} is no private key on P-256 in PEM form, PKCS 8; put the right file there",
                        path.display()
                    ))
                };
                let key = PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| wrong())?;
                let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.secret_der())
                    .map_err(|_| wrong())?;
                Ok(Self::Key(Key(key)))
            }
        }
    }
}

impl Key {
    /// Signs for a provider's token endpoint that it is the client who asks; nothing when nothing can be signed.
    pub(super) fn sign(
        &self,
        (client, endpoint): (&ClientId, &str),
        (once, now): ([u8; 16], Timestamp),
    ) -> Option<String> {
        let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = part(serde_json::json!({ "alg": "ES256", "typ": "JWT" }));
        let body = part(serde_json::json!({
            "iss": client.as_str(), "sub": client.as_str(), "aud": endpoint, "jti": URL_SAFE_NO_PAD.encode(once),
            "iat": now.as_second(), "exp": now.as_second() + COUNTS,
        }));
        let text = format!("{head}.{body}");
        let signature = self.0.sign(&SystemRandom::new(), text.as_bytes()).ok()?;
        Some(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, KeyPair as _, UnparsedPublicKey};
    use schemas::exit::Exit;

    use super::*;

    fn file(folder: &Path, text: &str) -> std::path::PathBuf {
        let path = folder.join("file");
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    #[test]
    fn a_key_signs_for_one_provider_and_a_minute_and_a_wrong_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        let path = file(folder.path(), &pair.serialize_pem());
        let Ok(Proof::Key(key)) = Proof::read(&ClientProof::Key(path)) else { panic!("no key") };
        let now: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
        let client = ClientId::new("register".into());
        let signed = key.sign((&client, "https://idp.example.se/token"), ([7; 16], now)).unwrap();
        let (text, signature) = signed.rsplit_once('.').unwrap();
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.0.public_key().as_ref().to_vec());
        public.verify(text.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
        let body = URL_SAFE_NO_PAD.decode(text.split_once('.').unwrap().1).unwrap();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((&body["iss"], &body["aud"]), (&"register".into(), &"https://idp.example.se/token".into()));
        assert_eq!(body["exp"].as_i64().unwrap() - body["iat"].as_i64().unwrap(), 60);

        let told = |proof: ClientProof| {
            let failure = Proof::read(&proof).err().unwrap();
            assert_eq!(failure.exit, Exit::Config);
            failure.sentence
        };
        assert!(told(ClientProof::Secret(file(folder.path(), " \n"))).contains("is empty"));
        assert!(told(ClientProof::Key(file(folder.path(), "no key"))).contains("is no private key on P-256"));
        assert!(told(ClientProof::Secret(folder.path().join("missing"))).contains("cannot be read"));
    }
}
