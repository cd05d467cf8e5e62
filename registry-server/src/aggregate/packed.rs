//! Distinct pairs of scores with their counts, packed into bytes.
//!
//! Promises: what is unpacked is what was packed, to the bit; bytes that nobody packed are nothing, never a guess.
//! Form: for each pair first, second, count and completed; a score that is a whole number below 255 is one byte, any other one 255 and
//! its eight bytes; a count is seven bits a byte, lowest first.

use crate::indicator::{Pair, Scores};

const WIDE: u8 = 255;

/// Packs pairs.
#[must_use]
pub(super) fn pack(pairs: &[Pair]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(pairs.len() * 4);
    for pair in pairs {
        put_score(&mut bytes, pair.scores.first);
        put_score(&mut bytes, pair.scores.second);
        put_count(&mut bytes, pair.count);
        put_count(&mut bytes, pair.completed);
    }
    bytes
}

/// Unpacks them; `None` for bytes that [`pack`] did not make.
#[must_use]
pub(super) fn unpack(mut bytes: &[u8]) -> Option<Vec<Pair>> {
    let mut pairs = Vec::with_capacity(bytes.len() / 4);
    while !bytes.is_empty() {
        let scores = Scores { first: score(&mut bytes)?, second: score(&mut bytes)? };
        pairs.push(Pair { scores, count: count(&mut bytes)?, completed: count(&mut bytes)? });
    }
    Some(pairs)
}

fn put_score(bytes: &mut Vec<u8>, score: f64) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what it loses is seen just below")]
    let whole = score as u8;
    if whole < WIDE && f64::from(whole).to_bits() == score.to_bits() {
        bytes.push(whole);
    } else {
        bytes.push(WIDE);
        bytes.extend(score.to_le_bytes());
    }
}

fn score(bytes: &mut &[u8]) -> Option<f64> {
    let (first, rest) = bytes.split_first()?;
    if *first < WIDE {
        *bytes = rest;
        return Some(f64::from(*first));
    }
    let (wide, rest) = rest.split_first_chunk()?;
    *bytes = rest;
    Some(f64::from_le_bytes(*wide))
}

fn put_count(bytes: &mut Vec<u8>, mut count: u64) {
    while count > 0x7f {
        bytes.push(count.to_le_bytes()[0] | 0x80);
        count >>= 7;
    }
    bytes.push(count.to_le_bytes()[0]);
}

fn count(bytes: &mut &[u8]) -> Option<u64> {
    let mut count = 0;
    for place in 0..9 {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        count |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some(count);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unpacked_is_what_was_packed() {
        let scores = [0.0, 1.0, 2.5, 254.0, 255.0, 1e-9, -3.0, 27.333_333_333_333_332];
        let mut pairs = Vec::new();
        for (number, first) in scores.into_iter().enumerate() {
            for second in scores {
                let count = 1 << (4 * number);
                pairs.push(Pair { scores: Scores { first, second }, count, completed: count / 3 });
            }
        }
        let packed = pack(&pairs);
        assert_eq!(unpack(&packed), Some(pairs));
        assert_eq!(unpack(&[]), Some(Vec::new()));
    }

    #[test]
    fn bytes_that_nobody_packed_are_nothing() {
        for bytes in [&[1_u8][..], &[1, 2, 3], &[255, 0, 0], &[1, 2, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 0]]
        {
            assert_eq!(unpack(bytes), None, "{bytes:?}");
        }
    }
}
