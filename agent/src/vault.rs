//! Bytes under a passphrase: a line that says how, then AES-256-GCM under a key that PBKDF2 (HMAC-SHA512) makes of the passphrase.
//!
//! Promises: every file has a salt, and with it a key, of its own; a wrong passphrase, a flipped bit or a shortened file opens nothing;
//! what is written is safe on its disk when the call returns, for its owner's eyes only, and never written over another file.
//! Must not know: what the bytes are, or where the passphrase came from.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::num::NonZeroU32;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::pbkdf2;
use schemas::canonical;
use schemas::exit::Exit;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

const FORMAT: &str = "registry-vault/1";
/// What guessing one passphrase costs, several times what OWASP asks for.
const ITERATIONS: u32 = 600_000;
/// More is no file of ours.
const MOST_ITERATIONS: u32 = 100_000_000;
/// Characters of the shortest passphrase.
const SHORTEST: usize = 12;

/// Why nothing was locked or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The passphrase protects nothing.
    #[error("the passphrase is shorter than {SHORTEST} characters; choose some words that belong to nobody's name")]
    Short,
    /// The file is none of these.
    #[error("the file is no such backup; name a file that the backup command of the same name wrote")]
    NotOurs,
    /// Wrong passphrase, or damaged.
    #[error(
        "the file does not open: the passphrase is another, or the file is damaged; try again, or another copy of it"
    )]
    Closed,
}

/// A file that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("cannot use {path} ({source}); name a new file in a folder that exists, or the copy that is to be read", path = path.display())]
pub struct FileError {
    path: PathBuf,
    source: io::Error,
}

impl FileError {
    /// What the system says of a file.
    pub(crate) fn of(path: &Path) -> impl Fn(io::Error) -> Self {
        move |source| Self { path: path.to_owned(), source }
    }
}

impl VaultError {
    /// The exit code that tells a scheduler what happened.
    #[must_use]
    pub fn exit(self) -> Exit {
        match self {
            Self::Closed => Exit::NotAllowed,
            Self::Short | Self::NotOurs => Exit::Usage,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: String,
    iterations: u32,
    salt: String,
}

/// Locks bytes. `salt` must be new random bytes each time.
///
/// # Errors
/// [`VaultError::Short`].
pub(crate) fn lock(plain: &[u8], passphrase: &str, salt: [u8; 32]) -> Result<Vec<u8>, VaultError> {
    if passphrase.chars().count() < SHORTEST {
        return Err(VaultError::Short);
    }
    let header = Header { format: FORMAT.into(), iterations: ITERATIONS, salt: canonical::hex(&salt) };
    let mut file = canonical::bytes(&header);
    file.push(b'\n');
    let key = key(passphrase, &header).ok_or(VaultError::NotOurs)?;
    let mut locked = plain.to_vec();
    // A key seals one file only, so that its nonce need not differ from another's.
    key.seal_in_place_append_tag(nonce(), Aad::from(&file), &mut locked).map_err(|_| VaultError::NotOurs)?;
    file.extend(locked);
    Ok(file)
}

/// Opens what was locked.
///
/// # Errors
/// [`VaultError::NotOurs`] or [`VaultError::Closed`].
pub(crate) fn open(file: &[u8], passphrase: &str) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let end = file.iter().position(|byte| *byte == b'\n').ok_or(VaultError::NotOurs)?;
    let (line, locked) = file.split_at(end + 1);
    let header: Header = serde_json::from_slice(line).map_err(|_| VaultError::NotOurs)?;
    if header.format != FORMAT || header.iterations > MOST_ITERATIONS {
        return Err(VaultError::NotOurs);
    }
    let key = key(passphrase, &header).ok_or(VaultError::NotOurs)?;
    let mut plain = Zeroizing::new(locked.to_vec());
    let length = key.open_in_place(nonce(), Aad::from(line), &mut plain).map_err(|_| VaultError::Closed)?.len();
    plain.truncate(length);
    Ok(plain)
}

/// Reads a file.
///
/// # Errors
/// When the system refuses.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    std::fs::read(path).map_err(FileError::of(path))
}

/// Writes a new file.
///
/// # Errors
/// When the system refuses, also because something has that name.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    made.and_then(|file| write(path, file, bytes)).map_err(FileError::of(path))
}

fn write(path: &Path, mut file: File, bytes: &[u8]) -> io::Result<()> {
    let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()
    });
    written.inspect_err(|_| {
        // Half a copy would only stand in the way of the next try.
        std::fs::remove_file(path).ok();
    })
}

fn key(passphrase: &str, header: &Header) -> Option<LessSafeKey> {
    let mut bytes = Zeroizing::new([0; 32]);
    let iterations = NonZeroU32::new(header.iterations)?;
    let (salt, secret) = (header.salt.as_bytes(), passphrase.as_bytes());
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA512, iterations, salt, secret, &mut bytes[..]);
    UnboundKey::new(&AES_256_GCM, &bytes[..]).ok().map(LessSafeKey::new)
}

fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_passphrase_opens_what_was_locked_and_a_flipped_or_missing_byte_opens_nothing() {
        let file = lock(b"who said no", "fyra ord utan namn", [7; 32]).unwrap();
        assert!(!file.windows(3).any(|part| part == b"who"));
        assert_eq!(open(&file, "fyra ord utan namn").unwrap().as_slice(), b"who said no");
        assert_eq!(open(&file, "fyra ord utan namm").unwrap_err(), VaultError::Closed);
        for place in [file.len() - 1, file.len() - 20, 20] {
            let mut flipped = file.clone();
            flipped[place] ^= 1;
            assert!(open(&flipped, "fyra ord utan namn").is_err(), "byte {place}");
        }
        assert_eq!(open(&file[..file.len() - 1], "fyra ord utan namn").unwrap_err(), VaultError::Closed);
        assert_eq!(open(b"hello\nworld", "fyra ord utan namn").unwrap_err(), VaultError::NotOurs);
        assert_ne!(lock(b"who said no", "fyra ord utan namn", [8; 32]).unwrap(), file);
        assert_eq!(lock(b"who said no", "kort", [7; 32]).unwrap_err(), VaultError::Short);
    }
}
