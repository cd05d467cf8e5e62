//! Compressed members, wherever they begin: gzip, zlib and zstd, cut short or whole.
//!
//! Promises: what a damaged or truncated member still yields is searched; no member makes more than [`LARGEST`] bytes.

use std::io::Read;

use flate2::read::{GzDecoder, ZlibDecoder};

use super::{Search, Trail};

/// Most bytes taken from one member.
const LARGEST: u64 = 256 << 20;

/// Unpacks every member and looks inside.
pub(super) fn look(search: &mut Search<'_>, bytes: &[u8], trail: &Trail) {
    let mut at = 0;
    while at + 4 <= bytes.len() {
        let member = &bytes[at..];
        at += 1;
        if !matches!(member[0], 0x28 | 0x1f | 0x78) {
            continue;
        }
        let (name, plain) = match member {
            [0x28, 0xb5, 0x2f, 0xfd, ..] => ("zstd", zstd_member(member)),
            [0x1f, 0x8b, 0x08, ..] => ("gzip", drain(GzDecoder::new(member))),
            [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => ("zlib", drain(ZlibDecoder::new(member))),
            _ => continue,
        };
        if plain.len() >= 4 {
            search.look(&plain, &trail.into(name, at - 1));
        }
    }
}

fn zstd_member(member: &[u8]) -> Vec<u8> {
    zstd::stream::read::Decoder::with_buffer(member).map(|decoder| drain(decoder.single_frame())).unwrap_or_default()
}

/// What can be read before the end or the first fault.
fn drain(mut member: impl Read) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut piece = [0; 8192];
    while (plain.len() as u64) < LARGEST {
        match member.read(&mut piece) {
            Ok(0) | Err(_) => break,
            Ok(length) => plain.extend_from_slice(&piece[..length]),
        }
    }
    plain
}
