//! A small authority for pilots and tests: its certificate, the server's, the senders', and the register's keys.
//!
//! Promises: nothing is overwritten; keys are readable by their owner only; the environment stands in the authority's own certificate,
//! so that every certificate it issues bears the same.
//! Must not know: the database. A sender is enrolled by `region add`.

/// What stands in each certificate.
mod certificate;
/// Writing files once.
mod file;
/// The configuration beside the keys.
mod pilot;

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _};
use rcgen::{Issuer, KeyPair};
use schemas::id::SenderCode;
use zeroize::Zeroizing;

use crate::config::keys;
use crate::environment::Environment;
use crate::failure::Failure;
use file::Folder;
use pilot::Pilot;

/// What `dev-ca init` makes.
#[derive(Debug, Clone)]
pub struct Init<'a> {
    /// Where to.
    pub dir: &'a Path,
    /// Names and addresses of the server, besides localhost and 127.0.0.1.
    pub hosts: &'a [String],
    /// `test` or `production`.
    pub environment: &'a str,
    /// File for a configuration of a pilot that uses what is made.
    pub config_out: Option<&'a Path>,
}

/// What `dev-ca issue` makes.
#[derive(Debug, Clone)]
pub struct Issue<'a> {
    /// Where the authority lies.
    pub dir: &'a Path,
    /// Where to.
    pub out: &'a Path,
    /// For whom.
    pub sender: &'a SenderCode,
    /// Days from now until the certificate ends; negative for one that has ended.
    pub days: i64,
}

/// Makes an authority, a server certificate, the register's receipt key and pepper, and a configuration when one is asked for.
///
/// # Errors
/// When a file is there already or cannot be written.
pub fn init(init: &Init<'_>, environment: &Environment) -> Result<(), Failure> {
    let config = init.config_out.map(|path| Pilot::new(path, init)).transpose()?;
    let folder = Folder::make(init.dir)?;
    folder.check_free(&["ca.pem", "ca.key", "server.pem", "server.key", "receipt.key", "receipt.pub", "pepper.key"])?;
    let now = environment.now();
    let authority_key = KeyPair::generate().map_err(broken)?;
    let authority = certificate::authority(init.environment, now)?;
    let authority_pem = authority.self_signed(&authority_key).map_err(broken)?.pem();
    let authority_key_pem = Zeroizing::new(authority_key.serialize_pem());
    let issuer = Issuer::new(authority, authority_key);
    let server_key = KeyPair::generate().map_err(broken)?;
    let server = certificate::server(init.hosts, now)?.signed_by(&server_key, &issuer).map_err(broken)?;

    let receipt_key = SigningKey::from_bytes(&Zeroizing::new(environment.random()));
    let receipt_pem = receipt_key.to_pkcs8_pem(LineEnding::LF).map_err(broken)?;
    let receipt_public = receipt_key.verifying_key().to_public_key_pem(LineEnding::LF).map_err(broken)?;
    let pepper = Zeroizing::new(format!("{}\n", URL_SAFE_NO_PAD.encode(environment.random::<32>())));

    folder.secret("ca.key", &authority_key_pem)?;
    folder.secret("server.key", &Zeroizing::new(server_key.serialize_pem()))?;
    folder.secret("receipt.key", &receipt_pem)?;
    folder.secret("pepper.key", &pepper)?;
    folder.public("ca.pem", &authority_pem)?;
    folder.public("server.pem", &server.pem())?;
    folder.public("receipt.pub", &receipt_public)?;
    config.map_or(Ok(()), |config| config.write())
}

/// Makes a sender's certificate and key, and puts beside them what its agent needs of the register.
///
/// # Errors
/// When the authority cannot be read, or a file is there already or cannot be written.
pub fn issue(issue: &Issue<'_>, environment: &Environment) -> Result<(), Failure> {
    let read = |name: &str| {
        let path = issue.dir.join(name);
        std::fs::read_to_string(&path).map_err(|error| {
            Failure::config(format!("{} cannot be read ({error}); run `dev-ca init` first", path.display()))
        })
    };
    let (authority_pem, receipt_public) = (read("ca.pem")?, read("receipt.pub")?);
    let authority_key = keys::read(&issue.dir.join("ca.key"), "authority's key")?;
    let authority_key = KeyPair::from_pem(&authority_key).map_err(broken)?;
    let stage = certificate::environment(&authority_pem)
        .ok_or_else(|| Failure::config("ca.pem was not made by `dev-ca init`; it names no environment"))?;
    let issuer = Issuer::from_ca_cert_pem(&authority_pem, authority_key).map_err(broken)?;
    let key = KeyPair::generate().map_err(broken)?;
    let sender = certificate::sender(&stage, issue.sender, environment.now(), issue.days)?;
    let certificate = sender.signed_by(&key, &issuer).map_err(broken)?;

    let folder = Folder::make(issue.out)?;
    folder.check_free(&["ca.pem", "region.pem", "region.key", "receipt.pub"])?;
    folder.secret("region.key", &Zeroizing::new(key.serialize_pem()))?;
    folder.public("ca.pem", &authority_pem)?;
    folder.public("region.pem", &certificate.pem())?;
    folder.public("receipt.pub", &receipt_public)
}

fn broken(error: impl std::fmt::Display) -> Failure {
    Failure::other(format!("a key or certificate could not be made: {error}"))
}

#[cfg(test)]
mod tests;
