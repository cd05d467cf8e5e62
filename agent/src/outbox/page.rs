//! A batch as bytes: lines compressed when they are queued, a manifest put in front when they are sent.
//!
//! Promises: sealing the same batch again gives the same bytes; damaged bytes are refused.

use schemas::batch::{self, Manifest};
use schemas::canonical;
use schemas::id::BatchId;

use super::OutboxError;

/// Records in a batch: a hundred already give nearly all of the compression, a thousand keep requests few.
pub(super) const MOST_RECORDS: usize = 1_000;
/// Decompressed bytes in a batch, far below the register's limit.
pub(super) const MOST_BYTES: usize = 4 << 20;
/// Above this ratio a batch travels uncompressed, because the register takes more for a compression bomb.
const HIGHEST_RATIO: usize = 50;

/// How a body is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// `Content-Encoding: zstd`.
    Zstd,
    /// Plain NDJSON.
    Identity,
}

/// A batch ready to be sent.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// Its row in the outbox.
    pub id: i64,
    /// Its address: SHA-256 of the decompressed bytes.
    pub digest: BatchId,
    /// The decompressed bytes.
    pub plain: Vec<u8>,
    /// The request body.
    pub body: Vec<u8>,
    /// The body's encoding.
    pub encoding: Encoding,
    /// Records in it.
    pub records: u32,
    /// Whether it describes units, which what is queued behind it may need.
    pub describes_units: bool,
}

/// Characters that a line's version and end have at most.
const LONGEST_VERSION: usize = 64;

impl Sealed {
    /// Records in it but monthly counts, which are no records of anybody.
    #[must_use]
    pub fn records_of_care(&self) -> u32 {
        const KIND: &[u8] = br#""kind":"activity","version":"#;
        // The kind stands behind the content, which may hold anything.
        let is_count = |line: &&[u8]| line.windows(KIND.len()).rev().take(LONGEST_VERSION).any(|end| end == KIND);
        let counts = self.plain.split(|byte| *byte == b'\n').filter(is_count).count();
        self.records - u32::try_from(counts).unwrap_or(self.records).min(self.records)
    }
}

/// Compresses the lines of a batch into one frame with a checksum.
pub(super) fn compress(lines: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut compressor = zstd::bulk::Compressor::new(1)?;
    compressor.include_checksum(true)?;
    compressor.compress(lines)
}

/// The lines of a batch again.
pub(super) fn decompress(id: i64, frame: &[u8]) -> Result<Vec<u8>, OutboxError> {
    let lines = zstd::stream::decode_all(frame).map_err(|_| OutboxError::Damaged(id))?;
    if lines.last() == Some(&b'\n') { Ok(lines) } else { Err(OutboxError::Damaged(id)) }
}

/// Puts the manifest in front of the lines. Two frames after each other decompress to one text.
pub(super) fn seal(
    (id, describes_units): (i64, bool),
    manifest: &Manifest,
    frame: &[u8],
) -> Result<Sealed, OutboxError> {
    let lines = decompress(id, frame)?;
    let mut plain = canonical::bytes(manifest);
    plain.push(b'\n');
    let compressed_manifest = compress(&plain).map_err(|_| OutboxError::Damaged(id))?;
    plain.extend_from_slice(&lines);
    let digest = canonical::sha256_hex(&plain).parse().map_err(|_| OutboxError::Inconsistent("batch.digest"))?;
    let compressed_size = compressed_manifest.len() + frame.len();
    let (body, encoding) = if plain.len() / compressed_size.max(1) > HIGHEST_RATIO {
        (plain.clone(), Encoding::Identity)
    } else {
        ([compressed_manifest.as_slice(), frame].concat(), Encoding::Zstd)
    };
    debug_assert_eq!(manifest.schema, batch::SCHEMA, "a manifest of another schema was put together");
    Ok(Sealed { id, digest, plain, body, encoding, records: manifest.records, describes_units })
}
