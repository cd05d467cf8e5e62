//! Text that stands for other bytes: hex, base64 in both alphabets, percent, JSON and XML escapes.
//!
//! Promises: a run is decoded at every alignment, so that it does not matter where the number begins in it.

use super::{Search, Trail};

/// Ten digits in hex, and in base64.
const SHORTEST: [usize; 2] = [20, 14];

/// Decodes every run and looks inside.
pub(super) fn look(search: &mut Search<'_>, bytes: &[u8], trail: &Trail) {
    for (at, run) in runs(bytes, |byte| byte.is_ascii_hexdigit(), SHORTEST[0]) {
        for start in [0, 1] {
            search.look(&hex(&run[start..]), &trail.into("hex", at));
        }
    }
    for (at, run) in runs(bytes, |byte| sextet(byte).is_some(), SHORTEST[1]) {
        for start in 0..4 {
            search.look(&base64(&run[start..]), &trail.into("base64", at));
        }
    }
    if let Some((at, plain)) = unescape(bytes) {
        search.look(&plain, &trail.into("escaped", at));
    }
}

/// Runs of an alphabet, line breaks inside them dropped.
fn runs(bytes: &[u8], belongs: impl Fn(u8) -> bool, shortest: usize) -> Vec<(usize, Vec<u8>)> {
    let mut all = Vec::new();
    let mut run: Vec<u8> = Vec::new();
    let mut start = 0;
    for (index, byte) in bytes.iter().copied().chain([0]).enumerate() {
        if belongs(byte) {
            if run.is_empty() {
                start = index;
            }
            run.push(byte);
        } else if !matches!(byte, b'\r' | b'\n') {
            if run.len() >= shortest {
                all.push((start, std::mem::take(&mut run)));
            }
            run.clear();
        }
    }
    all
}

fn hex(run: &[u8]) -> Vec<u8> {
    let nibble = |byte: u8| match byte {
        b'0'..=b'9' => byte - b'0',
        letter => (letter | 0x20).wrapping_sub(b'a' - 10),
    };
    run.chunks_exact(2).map(|pair| nibble(pair[0]) << 4 | nibble(pair[1])).collect()
}

fn sextet(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}

fn base64(run: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(run.len() * 3 / 4);
    let (mut bits, mut held) = (0u32, 0);
    for value in run.iter().filter_map(|byte| sextet(*byte)) {
        bits = bits << 6 | value;
        held += 6;
        if held >= 8 {
            held -= 8;
            plain.push((bits >> held & 0xff) as u8);
        }
    }
    plain
}

/// The bytes with every escape replaced, and where the first one stands; none when there is none.
fn unescape(bytes: &[u8]) -> Option<(usize, Vec<u8>)> {
    let mut plain = Vec::new();
    let mut first = None;
    let mut at = 0;
    while at < bytes.len() {
        if let Some((point, length)) = escape(&bytes[at..]) {
            first = first.or(Some(at));
            push(&mut plain, point);
            at += length;
        } else {
            plain.push(bytes[at]);
            at += 1;
        }
    }
    first.map(|at| (at, plain))
}

/// The code point of an escape at the beginning, and its length in bytes.
fn escape(bytes: &[u8]) -> Option<(u32, usize)> {
    let number = |from: usize, length: usize, radix: u32| {
        let text = std::str::from_utf8(bytes.get(from..from + length)?).ok()?;
        text.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(text, radix).ok())?
    };
    match bytes {
        [b'%', ..] => Some((number(1, 2, 16)?, 3)),
        [b'\\', b'u' | b'U', ..] => Some((number(2, 4, 16)?, 6)),
        [b'\\', b'x' | b'X', ..] => Some((number(2, 2, 16)?, 4)),
        [b'&', b'#', rest @ ..] => {
            let end = rest.iter().take(8).position(|byte| *byte == b';')?;
            match rest {
                [b'x' | b'X', ..] => Some((number(3, end.checked_sub(1)?, 16)?, end + 3)),
                _ => Some((number(2, end, 10)?, end + 3)),
            }
        }
        _ => None,
    }
}

fn push(plain: &mut Vec<u8>, point: u32) {
    if let Ok(byte) = u8::try_from(point) {
        plain.push(byte);
    } else {
        let letter = char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER);
        plain.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
    }
}
