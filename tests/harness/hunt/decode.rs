//! Text that stands for other bytes: hex, base64 in both alphabets, percent, JSON and XML escapes.
//!
//! Promises: a run is decoded at every alignment, so that it does not matter where the number begins in it; line breaks inside a run
//! are nothing.

use super::{Search, Trail};

/// Which bytes may stand in a run, by their value.
type Alphabet = [bool; 256];

const HEX: Alphabet = alphabet(16);
const BASE64: Alphabet = alphabet(64);

/// Bytes without an escape that end a passage with escapes; a number with its separators is shorter.
const PASSAGE: usize = 64;

/// Decodes every run and looks inside.
pub(super) fn look(search: &mut Search<'_>, bytes: &[u8], trail: &Trail) {
    // Ten digits take 20 letters of hex, or 14 of base64.
    for (at, run) in runs(bytes, &HEX, 20) {
        for start in [0, 1] {
            search.look(&hex(run, start), &trail.into("hex", at));
        }
    }
    for (at, run) in runs(bytes, &BASE64, 14) {
        for start in 0..4 {
            search.look(&base64(run, start), &trail.into("base64", at));
        }
    }
    for (at, passage) in passages(bytes) {
        search.look(&unescape(passage), &trail.into("escaped", at));
    }
}

/// Runs of an alphabet with where they begin.
fn runs<'a>(bytes: &'a [u8], belongs: &Alphabet, shortest: usize) -> Vec<(usize, &'a [u8])> {
    let mut all = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at <= bytes.len() {
        if at == bytes.len() || !belongs[usize::from(bytes[at])] {
            if at - start >= shortest {
                all.push((start, &bytes[start..at]));
            }
            start = at + 1;
        }
        at += 1;
    }
    all
}

const fn alphabet(letters: u8) -> Alphabet {
    let mut belongs = [false; 256];
    let mut byte = 0u8;
    while byte < u8::MAX {
        let letter = if letters == 16 { byte.is_ascii_hexdigit() } else { sextet(byte) < 64 };
        belongs[byte as usize] = letter || matches!(byte, b'\r' | b'\n');
        byte += 1;
    }
    belongs
}

fn hex(run: &[u8], start: usize) -> Vec<u8> {
    let mut plain = Vec::with_capacity(run.len() / 2);
    let (mut byte, mut half, mut skip) = (0u8, false, start);
    for letter in run {
        let nibble = match letter {
            b'0'..=b'9' => letter - b'0',
            b'a'..=b'f' | b'A'..=b'F' => (letter | 0x20) - b'a' + 10,
            _ => continue,
        };
        if skip > 0 {
            skip -= 1;
            continue;
        }
        byte = byte << 4 | nibble;
        if half {
            plain.push(byte);
        }
        half = !half;
    }
    plain
}

/// Six bits of a letter; 64 for what is none.
const fn sextet(byte: u8) -> u8 {
    match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => 64,
    }
}

fn base64(run: &[u8], start: usize) -> Vec<u8> {
    let mut plain = Vec::with_capacity(run.len() / 4 * 3);
    // Bits that are not enough for a byte yet, and how many.
    let (mut rest, mut held, mut skip) = (0u8, 0u8, start);
    for letter in run {
        let six = sextet(*letter);
        if six == 64 {
            continue;
        }
        if skip > 0 {
            skip -= 1;
            continue;
        }
        match held {
            0 => rest = six << 2,
            2 => {
                plain.push(rest | six);
                rest = 0;
            }
            4 => {
                plain.push(rest | six >> 2);
                rest = six << 6;
            }
            _ => {
                plain.push(rest | six >> 4);
                rest = six << 4;
            }
        }
        held = (held + 6) % 8;
    }
    plain
}

/// Parts that hold escapes, with what stands closely before and after them.
fn passages(bytes: &[u8]) -> Vec<(usize, &[u8])> {
    let mut all: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if matches!(bytes[at], b'%' | b'\\' | b'&')
            && let Some((_, length)) = escape(&bytes[at..])
        {
            let (start, end) = (at.saturating_sub(PASSAGE), bytes.len().min(at + length + PASSAGE));
            match all.last_mut() {
                Some(last) if last.1 >= start => last.1 = end,
                _ => all.push((start, end)),
            }
            at += length;
        } else {
            at += 1;
        }
    }
    all.into_iter().map(|(start, end)| (start, &bytes[start..end])).collect()
}

/// The bytes with every escape replaced.
fn unescape(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if let Some((point, length)) = escape(&bytes[at..]) {
            push(&mut plain, point);
            at += length;
        } else {
            plain.push(bytes[at]);
            at += 1;
        }
    }
    plain
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
