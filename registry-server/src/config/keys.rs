//! Key files: found under systemd's credentials or on the disk, and refused when others may read them.
//!
//! Promises: no message holds a byte of a key.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::DecodePrivateKey as _;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::subject::Pepper;

/// Where systemd puts a service's credentials.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// Reads the key that signs receipts (Ed25519, PKCS 8 PEM).
///
/// # Errors
/// 78 when it is missing or no such key, 77 when others may read it.
pub fn receipt_key(path: &Path) -> Result<SigningKey, Failure> {
    let text = read(path, "receipt key")?;
    SigningKey::from_pkcs8_pem(&text).map_err(|_| {
        Failure::config(format!(
            "{} is not an Ed25519 private key in PEM form; put the right file back",
            path.display()
        ))
    })
}

/// Reads the pepper (32 bytes, base64url without padding).
///
/// # Errors
/// 78 when it is missing or no pepper, 77 when others may read it.
pub fn pepper(path: &Path) -> Result<Pepper, Failure> {
    let text = read(path, "pepper")?;
    Pepper::read(&text).ok_or_else(|| {
        Failure::config(format!("{} is not 32 bytes in base64url; put the right file back", path.display()))
    })
}

/// Reads a secret file.
///
/// # Errors
/// 78 when it cannot be read, 77 when group or others have any right on it.
pub fn read(path: &Path, what: &str) -> Result<Zeroizing<String>, Failure> {
    if let Some(credential) = credential(path) {
        return text(&credential, what);
    }
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(path, what, &error))?;
    if metadata.permissions().mode() & 0o077 != 0 {
        let shown = path.display();
        return Err(Failure::not_allowed(format!(
            "the {what} {shown} can be read by others than its owner; run `chmod 600 {shown}`"
        )));
    }
    text(path, what)
}

/// A credential of the service with the file's name. systemd guards these by itself, with another mode.
fn credential(path: &Path) -> Option<PathBuf> {
    let folder = std::env::var_os(CREDENTIALS)?;
    let credential = Path::new(&folder).join(path.file_name()?);
    credential.exists().then_some(credential)
}

fn text(path: &Path, what: &str) -> Result<Zeroizing<String>, Failure> {
    std::fs::read_to_string(path).map(Zeroizing::new).map_err(|error| unreadable(path, what, &error))
}

fn unreadable(path: &Path, what: &str, error: &std::io::Error) -> Failure {
    Failure::config(format!(
        "the {what} {} cannot be read ({error}); put it back or name its place in the configuration",
        path.display()
    ))
}
