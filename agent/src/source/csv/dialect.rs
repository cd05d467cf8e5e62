//! How a file is written: its encoding and what stands between values.
//!
//! Promises: a byte that means no letter is found, never guessed; the file is looked through once, in pieces.

use std::borrow::Cow;
use std::io::{self, Read};

use encoding_rs::WINDOWS_1252;

use crate::config::{Delimiter, Encoding};

/// How the letters of one file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    Utf8,
    Windows1252,
    /// Two bytes a letter, which is not read.
    Utf16,
}

/// The byte order mark of UTF-8.
pub(super) const MARK: &[u8] = b"\xEF\xBB\xBF";
/// Bytes without a letter in Windows-1252.
const UNDEFINED: [u8; 5] = [0x81, 0x8D, 0x8F, 0x90, 0x9D];
/// Bytes looked at together.
const PIECE: usize = 64 << 10;

/// Tells a file's encoding. With `auto` it is UTF-8 when the file begins with the mark or is valid throughout; a file with more letters
/// in UTF-8 than bytes that break it is a damaged one, whose damaged rows are then held; every other file is Windows-1252.
pub(super) fn charset(file: &mut impl Read, asked: Encoding) -> io::Result<Charset> {
    let mut piece = vec![0; PIECE];
    let (mut letters, mut breaks, mut kept, mut first) = (0_u64, 0_u64, 0, true);
    loop {
        let read = fill(file, &mut piece[kept..])?;
        let bytes = &piece[..kept + read];
        if first && (bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF")) {
            return Ok(Charset::Utf16);
        }
        match asked {
            Encoding::Windows1252 => return Ok(Charset::Windows1252),
            Encoding::Auto if !(first && bytes.starts_with(MARK)) => (),
            Encoding::Utf8 | Encoding::Auto => return Ok(Charset::Utf8),
        }
        first = false;
        let rest = count(bytes, &mut letters, &mut breaks);
        if read == 0 {
            // A letter that the end of the file cuts in two.
            breaks += u64::from(rest < bytes.len());
            return Ok(if breaks == 0 || letters > breaks { Charset::Utf8 } else { Charset::Windows1252 });
        }
        let end = bytes.len();
        piece.copy_within(rest..end, 0);
        kept = end - rest;
    }
}

/// Reads until a piece is full or the file ends.
fn fill(file: &mut impl Read, piece: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < piece.len() {
        match file.read(&mut piece[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

/// Counts letters of several bytes and bytes that break UTF-8; answers where an unfinished letter at the end begins.
fn count(mut bytes: &[u8], letters: &mut u64, breaks: &mut u64) -> usize {
    let whole = bytes.len();
    loop {
        let (valid, broken) = match std::str::from_utf8(bytes) {
            Ok(_) => (bytes.len(), None),
            Err(error) => (error.valid_up_to(), Some(error.error_len())),
        };
        // Each letter of several bytes has one byte that begins it.
        *letters += bytes[..valid].iter().filter(|byte| **byte >= 0xC0).count() as u64;
        match broken {
            None => return whole,
            Some(None) => return whole - (bytes.len() - valid),
            Some(Some(length)) => {
                *breaks += 1;
                bytes = &bytes[valid + length..];
            }
        }
    }
}

impl Charset {
    /// Whether every byte means a letter.
    pub(super) fn can_read(self, bytes: &[u8]) -> bool {
        match self {
            Self::Utf8 => std::str::from_utf8(bytes).is_ok(),
            Self::Windows1252 => bytes.is_ascii() || !bytes.iter().any(|byte| UNDEFINED.contains(byte)),
            Self::Utf16 => false,
        }
    }

    /// Bytes as text; what cannot be read is shown as such.
    pub(super) fn text(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Windows1252 => WINDOWS_1252.decode_without_bom_handling(bytes).0,
            Self::Utf8 | Self::Utf16 => String::from_utf8_lossy(bytes),
        }
    }
}

/// The byte between values; with `auto` the one that stands most often in the header, outside quotation marks.
pub(super) fn delimiter(header: &[u8], asked: Delimiter) -> u8 {
    match asked {
        Delimiter::Semicolon => b';',
        Delimiter::Comma => b',',
        Delimiter::Tab => b'\t',
        Delimiter::Bar => b'|',
        Delimiter::Auto => {
            let outside = header.split(|byte| *byte == b'"').step_by(2).flatten();
            let count = |wanted: u8| outside.clone().filter(|byte| **byte == wanted).count();
            // Of equals max_by_key takes the last.
            [b'|', b'\t', b',', b';'].into_iter().max_by_key(|wanted| count(*wanted)).unwrap_or(b';')
        }
    }
}
