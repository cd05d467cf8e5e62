//! What stands inside a copy of everything: a line that says what it is, then the parts one behind the other. Pure.
//!
//! Promises: what does not add up to the byte is refused. Must not know: files, passphrases.

use std::io::Write as _;

use schemas::canonical;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::vault::VaultError;

const SCHEMA: &str = "registry-agent-backup/1";

/// What a copy is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Of {
    /// The sender's code.
    pub(super) sender: String,
    /// `test` or `production`.
    pub(super) environment: String,
    /// The person key in use.
    pub(super) kid: String,
    /// Version of the agent that made it.
    pub(super) agent: String,
    /// When, RFC 3339 UTC.
    pub(super) made_at: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    schema: String,
    of: Of,
    /// Bytes of the key file's text, then of the compressed databases.
    keys: usize,
    objections: usize,
    outbox: usize,
}

/// A copy of everything.
pub(super) struct Archive {
    pub(super) of: Of,
    /// The key file's text.
    pub(super) keys: Zeroizing<String>,
    /// The list of objections as a database file.
    pub(super) objections: Vec<u8>,
    /// The state likewise.
    pub(super) outbox: Vec<u8>,
}

impl Archive {
    /// The bytes that are locked. They hold the keys.
    pub(super) fn bytes(&self) -> std::io::Result<Zeroizing<Vec<u8>>> {
        let (objections, outbox) = (compressed(&self.objections)?, compressed(&self.outbox)?);
        let header = Header {
            schema: SCHEMA.into(),
            of: self.of.clone(),
            keys: self.keys.len(),
            objections: objections.len(),
            outbox: outbox.len(),
        };
        let line = canonical::bytes(&header);
        let parts: [&[u8]; 5] = [&line, b"\n", self.keys.as_bytes(), &objections, &outbox];
        // One that had to grow would leave the keys behind where it lay before.
        let mut bytes = Zeroizing::new(Vec::with_capacity(parts.iter().map(|part| part.len()).sum()));
        for part in parts {
            bytes.extend_from_slice(part);
        }
        Ok(bytes)
    }

    /// Takes the bytes apart.
    ///
    /// # Errors
    /// [`VaultError::NotOurs`] when they are something else.
    pub(super) fn of_bytes(bytes: &[u8]) -> Result<Self, VaultError> {
        let end = bytes.iter().position(|byte| *byte == b'\n').ok_or(VaultError::NotOurs)?;
        let header: Header = serde_json::from_slice(&bytes[..end]).map_err(|_| VaultError::NotOurs)?;
        let mut rest = &bytes[end + 1..];
        let mut part = |length: usize| {
            let (part, behind) = rest.split_at_checked(length).ok_or(VaultError::NotOurs)?;
            rest = behind;
            Ok(part)
        };
        let (keys, objections, outbox) = (part(header.keys)?, part(header.objections)?, part(header.outbox)?);
        if header.schema != SCHEMA || !rest.is_empty() {
            return Err(VaultError::NotOurs);
        }
        Ok(Self {
            of: header.of,
            keys: Zeroizing::new(std::str::from_utf8(keys).map_err(|_| VaultError::NotOurs)?.to_owned()),
            objections: zstd::stream::decode_all(objections).map_err(|_| VaultError::NotOurs)?,
            outbox: zstd::stream::decode_all(outbox).map_err(|_| VaultError::NotOurs)?,
        })
    }
}

fn compressed(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = zstd::stream::Encoder::new(Vec::new(), 3)?;
    encoder.write_all(bytes)?;
    encoder.finish()
}
