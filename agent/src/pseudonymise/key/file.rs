//! The key file: a small TOML text with the three keys in base64url.
//!
//! Promises: written only where nothing is, for its owner's eyes only, and safe on disk when the call returns; no message holds any of
//! its text. Must not know: what the keys are for.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemas::exit::Exit;
use schemas::id::KeyId;
use serde::Deserialize;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{Key, Keys};

/// Why there are no keys to work with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Somebody besides the owner may use the file.
    #[error("the key file {path} has mode {mode:04o}, so others than its owner may use it; run `chmod 600 {path}`", path = path.display())]
    TooOpen {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// There is no file.
    #[error("there is no key file {path}; make one with `registry-agent key new`, or put back your copy of it", path = .0.display())]
    Missing(PathBuf),
    /// The text is not that of a key file.
    #[error("the key file cannot be used, because {0} is not right; put back your copy of it")]
    Malformed(&'static str),
    /// The id is not one of a sender's own.
    #[error(
        "the key id must be the sender's own, such as r12-g1 for sender 12; correct it in the configuration or the key file"
    )]
    NotOwnId,
    /// There is a file already.
    #[error("{path} exists and is never overwritten, because its keys cannot be made again; name another file", path = .0.display())]
    Exists(PathBuf),
    /// The system refuses.
    #[error("cannot read or write the key file {path} ({source}); check its folder and owner", path = path.display())]
    System {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl KeyError {
    /// The exit code that tells a scheduler what happened.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::TooOpen { .. } => Exit::NotAllowed,
            Self::Missing(_) | Self::Malformed(_) | Self::NotOwnId | Self::System { .. } => Exit::Config,
            Self::Exists(_) => Exit::Failed,
        }
    }

    fn system(path: &Path, source: io::Error) -> Self {
        Self::System { path: path.to_owned(), source }
    }
}

#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    person: PersonLine,
    record: KeyLine,
    objection: KeyLine,
}

#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct PersonLine {
    id: String,
    key: String,
}

#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct KeyLine {
    key: String,
}

impl Keys {
    /// Reads a key file that only its owner may use.
    ///
    /// # Errors
    /// [`KeyError::TooOpen`] when the mode is wider than 0600; [`KeyError::Missing`], [`KeyError::Malformed`], [`KeyError::NotOwnId`]
    /// or [`KeyError::System`] when there is nothing to read.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let file = open(path)?;
        let mode = file.metadata().map_err(|error| KeyError::system(path, error))?.permissions().mode() & 0o7777;
        if mode & !0o600 != 0 {
            return Err(KeyError::TooOpen { path: path.to_owned(), mode });
        }
        Self::read_open(file, path)
    }

    /// Reads a systemd credential. Its mode is not looked at: systemd lets one account in by an access list, which shows as 0440.
    ///
    /// # Errors
    /// As [`Keys::read`], but for the mode.
    pub fn read_credential(path: &Path) -> Result<Self, KeyError> {
        Self::read_open(open(path)?, path)
    }

    /// Reads the text of a key file.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] with the part that is wrong, or [`KeyError::NotOwnId`].
    pub fn read_from_text(text: &str) -> Result<Self, KeyError> {
        // The parser's own message would quote the text.
        let file: KeyFile = toml::from_str(text)
            .map_err(|_| KeyError::Malformed("its form (three lines: person, record, objection)"))?;
        let id: KeyId = file.person.id.parse().map_err(|_| KeyError::Malformed("person.id"))?;
        let keys = [
            key(&file.person.key, "person.key")?,
            key(&file.record.key, "record.key")?,
            key(&file.objection.key, "objection.key")?,
        ];
        Self::new(id, keys)
    }

    /// Writes the keys to a new file with mode 0600.
    ///
    /// # Errors
    /// [`KeyError::Exists`] when anything has that name; [`KeyError::System`] when the file cannot be written.
    pub fn write_new(&self, path: &Path) -> Result<(), KeyError> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(|error| {
            match error.kind() {
                ErrorKind::AlreadyExists => KeyError::Exists(path.to_owned()),
                _ => KeyError::system(path, error),
            }
        })?;
        file.write_all(self.file_text().as_bytes())
            .and_then(|()| file.sync_all())
            .and_then(|()| File::open(folder(path))?.sync_all())
            .map_err(|error| {
                // Half a key file would only stand in the way of the next try.
                let _ = std::fs::remove_file(path);
                KeyError::system(path, error)
            })
    }

    fn read_open(mut file: File, path: &Path) -> Result<Self, KeyError> {
        let mut text = Zeroizing::new(String::with_capacity(ROOM));
        file.read_to_string(&mut text).map_err(|error| KeyError::system(path, error))?;
        Self::read_from_text(&text)
    }

    /// The text of their file.
    pub(crate) fn file_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(ROOM));
        text.push_str("person = { id = \"");
        text.push_str(self.id.as_str());
        text.push_str("\", key = \"");
        URL_SAFE_NO_PAD.encode_string(&self.person.bytes[..], &mut text);
        text.push_str("\" }\nrecord = { key = \"");
        URL_SAFE_NO_PAD.encode_string(&self.record.bytes[..], &mut text);
        text.push_str("\" }\nobjection = { key = \"");
        URL_SAFE_NO_PAD.encode_string(&self.objection.bytes[..], &mut text);
        text.push_str("\" }\n");
        text
    }
}

/// More than a key file's text, so that the string never grows and leaves a copy behind.
const ROOM: usize = 1024;

fn open(path: &Path) -> Result<File, KeyError> {
    File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => KeyError::Missing(path.to_owned()),
        _ => KeyError::system(path, error),
    })
}

fn key(text: &str, part: &'static str) -> Result<Key, KeyError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map(Zeroizing::new).map_err(|_| KeyError::Malformed(part))?;
    let exact: [u8; 32] = bytes.as_slice().try_into().map_err(|_| KeyError::Malformed(part))?;
    Ok(Key::new(Zeroizing::new(exact)))
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
