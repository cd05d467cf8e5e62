//! Numbers side by side in one value of a statement, because that costs far less than a value each.
//!
//! Promises: each takes as many bytes as another, so that a statement finds the one of a row by counting.

/// Bytes of a number.
pub(super) const DIGITS: usize = 10;

/// Appends a number that is not negative, with all its digits.
pub(super) fn push(out: &mut Vec<u8>, number: i64) {
    let mut digits = [b'0'; DIGITS];
    let mut rest = number;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + u8::try_from(rest % 10).unwrap_or_default();
        rest /= 10;
    }
    out.extend_from_slice(&digits);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_side_by_side_with_all_their_digits() {
        let mut out = Vec::new();
        for number in [0, 7, 1_234_567_890] {
            push(&mut out, number);
        }
        assert_eq!(out, b"000000000000000000071234567890");
    }
}
