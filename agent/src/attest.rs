//! Signing a statement with the key of this agent's certificate.
//!
//! Promises: signs what it is given with the key that the register knows this sender by, and with no other.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::SignatureScheme;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use schemas::attestation::{Attestation, Statement};

/// How keys sign, the best of each kind.
const SCHEMES: [SignatureScheme; 4] = [
    SignatureScheme::ED25519,
    SignatureScheme::ECDSA_NISTP256_SHA256,
    SignatureScheme::ECDSA_NISTP384_SHA384,
    SignatureScheme::RSA_PSS_SHA256,
];

/// The key cannot sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("[server] key is missing or of a kind that signs nothing here; ask the register for a new key and certificate")]
pub struct CannotSign;

/// Signs a statement in somebody's name.
///
/// # Errors
/// When the key cannot be read, or cannot sign.
pub fn sign(statement: Statement, signed_by: &str, key: &Path) -> Result<Attestation, CannotSign> {
    let key = PrivateKeyDer::from_pem_file(key).map_err(|_| CannotSign)?;
    let key = rustls::crypto::aws_lc_rs::sign::any_supported_type(&key).map_err(|_| CannotSign)?;
    let signer = key.choose_scheme(&SCHEMES).ok_or(CannotSign)?;
    let signed_by = signed_by.trim().to_owned();
    let signature = signer.sign(&Attestation::signed(&statement, &signed_by)).map_err(|_| CannotSign)?;
    Ok(Attestation {
        statement,
        signed_by,
        scheme: u16::from(signer.scheme()),
        signature: URL_SAFE_NO_PAD.encode(signature),
    })
}
