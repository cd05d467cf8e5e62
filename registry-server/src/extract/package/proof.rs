//! Whether a package is whole and the register's: without the register, by the file and a public key.
//!
//! Promises: every file is held against its hash, a file that is missing or too much is told, and so is a signature of another key.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::VerifyingKey;
use schemas::canonical::sha256_hex;
use schemas::signed;
use zip::ZipArchive;

use super::manifest::{FILE, Signed};

/// More bytes than this no package unpacks to.
const LARGEST: u64 = 1 << 30;

/// What a whole package is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// Its files but for the manifest.
    pub files: usize,
    /// The number of the request.
    pub request: u64,
    /// The data set.
    pub cut: String,
    /// The short name of the key that signed.
    pub key_id: String,
}

/// Why a package is not to be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    /// No such archive.
    #[error("it is no archive of a package, or was cut off")]
    Archive,
    /// No manifest, or none of this form.
    #[error("it has no manifest that this program can read")]
    Manifest,
    /// The signature is not the key's.
    #[error("the signature does not hold: the manifest was altered")]
    Signature,
    /// Signed with another key than the register's.
    #[error("it is signed with another key ({0}) than the one given")]
    Key(String),
    /// A file that is not what was signed.
    #[error("{0} is not what was signed")]
    Altered(String),
    /// A file that was signed and is not there.
    #[error("{0} is missing")]
    Missing(String),
    /// A file that nobody signed.
    #[error("{0} was not in the package when it was signed")]
    Foreign(String),
}

/// Proves an archive; against a known key where one is given.
///
/// # Errors
/// The first thing that is not as it was signed.
pub fn prove(bytes: &[u8], known: Option<&VerifyingKey>) -> Result<Proven, Unproven> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unproven::Archive)?;
    if archive.has_duplicate_names() {
        return Err(Unproven::Archive);
    }
    let text = file(&mut archive, FILE)?.ok_or(Unproven::Manifest)?;
    let signed: Signed = serde_json::from_slice(&text).map_err(|_| Unproven::Manifest)?;
    let key = URL_SAFE_NO_PAD.decode(&signed.public_key).ok();
    let key = key.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let key = key.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok()).ok_or(Unproven::Manifest)?;
    if known.is_some_and(|known| *known != key) {
        return Err(Unproven::Key(signed::key_id(&key)));
    }
    if !signed::holds(&signed.manifest, &signed.signature, &key) || signed.key_id != signed::key_id(&key) {
        return Err(Unproven::Signature);
    }
    for (name, hash) in &signed.manifest.files {
        let bytes = file(&mut archive, name)?.ok_or_else(|| Unproven::Missing(name.clone()))?;
        if sha256_hex(&bytes) != *hash {
            return Err(Unproven::Altered(name.clone()));
        }
    }
    let names: Result<BTreeSet<String>, _> = archive.file_names().map(|name| name.map(Cow::into_owned)).collect();
    let names = names.map_err(|_| Unproven::Archive)?;
    let foreign = names.into_iter().find(|name| *name != FILE && !signed.manifest.files.contains_key(name));
    if let Some(foreign) = foreign {
        return Err(Unproven::Foreign(foreign));
    }
    Ok(Proven {
        files: signed.manifest.files.len(),
        request: signed.manifest.about["request"].as_u64().unwrap_or_default(),
        cut: signed.manifest.about["cut"]["id"].as_str().unwrap_or_default().to_owned(),
        key_id: signed.key_id,
    })
}

/// The places of a package's tables among the releases of its data set.
///
/// # Errors
/// It has no manifest that can be read.
pub fn places(bytes: &[u8]) -> Result<BTreeSet<u64>, Unproven> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unproven::Archive)?;
    let text = file(&mut archive, FILE)?.ok_or(Unproven::Manifest)?;
    let signed: Signed = serde_json::from_slice(&text).map_err(|_| Unproven::Manifest)?;
    signed.manifest.tables.iter().map(|table| table["release"].as_u64().ok_or(Unproven::Manifest)).collect()
}

/// The bytes of a file of the archive; nothing where it is not there.
fn file(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Option<Vec<u8>>, Unproven> {
    let Ok(file) = archive.by_name(name) else { return Ok(None) };
    let mut bytes = Vec::new();
    file.take(LARGEST).read_to_end(&mut bytes).map_err(|_| Unproven::Altered(name.to_owned()))?;
    Ok(Some(bytes))
}
