//! The first pass over a body: its size, lines, depth and digest, before a byte of it is kept.
//!
//! Promises: memory stays at one buffer and the decompressor's window, whatever is sent; the first limit that is passed ends the pass.
//! Must not know: what a line says.

use std::io::Read;

use schemas::batch::Limits;
use schemas::canonical;
use sha2::{Digest as _, Sha256};

use super::BodyError;

/// Bytes read at once.
const BUFFER: usize = 64 << 10;
/// Largest window that the decompressor gives a frame: 2^23 bytes, zstd's own recommendation for untrusted frames.
const WINDOW_LOG: u32 = 23;

/// How a body is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Not at all.
    Plain,
    /// `Content-Encoding: zstd`
    Zstd,
}

/// A body within the limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// SHA-256 of the decompressed bytes, 64 hexadecimal digits.
    pub digest: String,
    /// Decompressed bytes.
    pub bytes: usize,
}

/// Measures a body.
///
/// # Errors
/// The first limit that is passed, or a body that is no zstd.
pub fn measure(body: &[u8], encoding: Encoding, limits: &Limits) -> Result<Measured, BodyError> {
    let mut gauge = Gauge::new(body.len() as u64, *limits);
    match encoding {
        Encoding::Plain => gauge.push(body)?,
        Encoding::Zstd => {
            let mut decoder = decoder(body)?;
            let mut buffer = vec![0; BUFFER];
            loop {
                match decoder.read(&mut buffer).map_err(|_| BodyError::NotZstd)? {
                    0 => break,
                    read => gauge.push(&buffer[..read])?,
                }
            }
        }
    }
    Ok(gauge.finish())
}

/// Unpacks a body that was measured.
///
/// # Errors
/// When the bytes are no zstd; a body that was measured is.
pub fn unpack(body: &[u8], encoding: Encoding, measured: &Measured) -> Result<Vec<u8>, BodyError> {
    let mut bytes = Vec::with_capacity(measured.bytes);
    match encoding {
        Encoding::Plain => bytes.extend_from_slice(body),
        Encoding::Zstd => {
            decoder(body)?.read_to_end(&mut bytes).map_err(|_| BodyError::NotZstd)?;
        }
    }
    Ok(bytes)
}

fn decoder(body: &[u8]) -> Result<impl Read + '_, BodyError> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(body).map_err(|_| BodyError::NotZstd)?;
    decoder.window_log_max(WINDOW_LOG).map_err(|_| BodyError::NotZstd)?;
    Ok(decoder)
}

/// Counts as the bytes go by.
struct Gauge {
    limits: Limits,
    packed: u64,
    bytes: u64,
    lines: u64,
    line: u64,
    depth: Depth,
    hash: Sha256,
}

impl Gauge {
    fn new(packed: u64, limits: Limits) -> Self {
        Self { limits, packed, bytes: 0, lines: 0, line: 0, depth: Depth::default(), hash: Sha256::new() }
    }

    fn push(&mut self, chunk: &[u8]) -> Result<(), BodyError> {
        let limits = self.limits;
        self.bytes += chunk.len() as u64;
        refuse(self.bytes > limits.decompressed, || format!("the batch has more than {} bytes", limits.decompressed))?;
        refuse(self.bytes > limits.ratio.saturating_mul(self.packed), || {
            format!("the batch unpacks to more than {} times its size", limits.ratio)
        })?;
        self.hash.update(chunk);
        let mut rest = chunk;
        while let Some((&byte, after)) = rest.split_first() {
            // Most of a line is plain text, which can only make it longer.
            let plain = self.depth.plain(rest);
            if plain > 0 {
                self.line += plain as u64;
                rest = &rest[plain..];
            } else {
                rest = after;
                self.step(byte)?;
            }
            refuse(self.line > limits.line, || format!("a line has more than {} bytes", limits.line))?;
        }
        Ok(())
    }

    /// Counts one byte.
    fn step(&mut self, byte: u8) -> Result<(), BodyError> {
        let limits = self.limits;
        if byte == b'\n' {
            (self.line, self.depth) = (0, Depth::default());
            return Ok(());
        }
        if self.line == 0 {
            self.lines += 1;
            // The manifest is a line too.
            refuse(self.lines > u64::from(limits.records) + 1, || {
                format!("the batch has more than {} records", limits.records)
            })?;
        }
        self.line += 1;
        self.depth.push(byte);
        refuse(self.depth.open > limits.depth, || format!("a line nests more than {} objects and arrays", limits.depth))
    }

    fn finish(self) -> Measured {
        let digest: [u8; 32] = self.hash.finalize().into();
        Measured { digest: canonical::hex(&digest), bytes: usize::try_from(self.bytes).unwrap_or(usize::MAX) }
    }
}

fn refuse(passed: bool, what: impl FnOnce() -> String) -> Result<(), BodyError> {
    if passed { Err(BodyError::TooLarge(what())) } else { Ok(()) }
}

/// How deep a line is nested at this byte.
#[derive(Default)]
struct Depth {
    open: u32,
    place: Place,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    #[default]
    Outside,
    Text,
    Escaped,
}

impl Depth {
    /// How many of these bytes are text that changes nothing but a line's length.
    fn plain(&self, bytes: &[u8]) -> usize {
        let ends = |byte: &u8| matches!(byte, b'"' | b'\\' | b'\n');
        if self.place == Place::Text { bytes.iter().position(ends).unwrap_or(bytes.len()) } else { 0 }
    }

    fn push(&mut self, byte: u8) {
        match (self.place, byte) {
            (Place::Outside, b'{' | b'[') => self.open += 1,
            (Place::Outside, b'}' | b']') => self.open = self.open.saturating_sub(1),
            (Place::Outside, b'"') | (Place::Escaped, _) => self.place = Place::Text,
            (Place::Text, b'\\') => self.place = Place::Escaped,
            (Place::Text, b'"') => self.place = Place::Outside,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits { body: 1 << 20, decompressed: 1 << 20, ratio: 100, records: 3, line: 200, depth: 3 }
    }

    fn refused(body: &[u8], encoding: Encoding) -> String {
        measure(body, encoding, &limits()).unwrap_err().to_string()
    }

    #[test]
    fn a_body_within_the_limits_gives_its_digest_and_unpacks_to_itself() {
        let body = b"{\"a\":\"[[[[[ \\\" {{{{\"}\n{}\n{}\n{}\n";
        let packed = zstd::encode_all(&body[..], 1).unwrap();
        for (bytes, encoding) in [(&body[..], Encoding::Plain), (&packed, Encoding::Zstd)] {
            let measured = measure(bytes, encoding, &limits()).unwrap();
            assert_eq!(measured, Measured { digest: canonical::sha256_hex(body), bytes: body.len() });
            assert_eq!(unpack(bytes, encoding, &measured).unwrap(), body);
        }
    }

    #[test]
    fn each_limit_is_named_when_it_is_passed() {
        for (body, part) in [
            ("{}\n{}\n{}\n{}\n{}\n".to_owned(), "more than 3 records"),
            (format!("\"{}\"", "x".repeat(200)), "more than 200 bytes"),
            ("[[[[]]]]".to_owned(), "nests more than 3"),
        ] {
            assert!(refused(body.as_bytes(), Encoding::Plain).contains(part), "{body}");
        }
        let large = "{}\n".repeat(1 << 19);
        assert!(refused(large.as_bytes(), Encoding::Plain).contains("more than 1048576 bytes"));
    }

    #[test]
    fn a_compression_bomb_is_refused_by_its_ratio_before_it_is_unpacked() {
        let bomb = zstd::encode_all(&vec![b' '; 1 << 20][..], 19).unwrap();
        assert!(bomb.len() < 2_000);
        assert!(refused(&bomb, Encoding::Zstd).contains("100 times its size"));
    }

    #[test]
    fn a_cut_or_foreign_stream_is_refused() {
        let packed = zstd::encode_all(&b"{}\n"[..], 1).unwrap();
        assert_eq!(measure(&packed[..packed.len() - 1], Encoding::Zstd, &limits()), Err(BodyError::NotZstd));
        assert_eq!(measure(b"{}\n", Encoding::Zstd, &limits()), Err(BodyError::NotZstd));
    }
}
