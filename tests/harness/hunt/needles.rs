//! What is looked for, in the forms that a lookup needs.
//!
//! Promises: a lookup costs one bit test for nearly every position that is no hit. Must not know: how a position was read.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::exact::HEAD;

/// Bits of the filter before the maps.
const FILTER: u64 = 1 << 22;

/// A set of numbers.
#[derive(Debug, Clone)]
pub(super) struct Needles {
    /// By value: 12 digits, 10 digits, fewer.
    twelve: HashMap<u64, usize>,
    ten: HashMap<u64, usize>,
    short: HashMap<(usize, u64), usize>,
    /// By six bytes as they stand in a file.
    six: HashMap<u64, (usize, &'static str)>,
    /// By their first six bytes.
    exact: HashMap<u64, Vec<Whole>>,
    filter: Vec<u64>,
}

/// A needle that is looked for as it is.
#[derive(Debug, Clone)]
pub(super) struct Whole {
    pub(super) index: usize,
    pub(super) bytes: Vec<u8>,
    /// The name of its form.
    pub(super) form: &'static str,
}

impl Needles {
    pub(super) fn new<T: AsRef<str>>(numbers: impl IntoIterator<Item = T>) -> Self {
        let filter = vec![0; usize::try_from(FILTER / 64).expect("a small constant")];
        let empty = HashMap::new;
        let (short, six, exact) = (HashMap::new(), HashMap::new(), HashMap::new());
        let mut all = Self { twelve: empty(), ten: empty(), short, six, exact, filter };
        for (index, number) in numbers.into_iter().enumerate() {
            let digits: String = number.as_ref().chars().filter(char::is_ascii_digit).collect();
            all.add(index, &digits);
        }
        all
    }

    /// Bytes that are looked for as they are; those that are text in UTF-16 too.
    pub(super) fn bytes<T: AsRef<[u8]>>(needles: impl IntoIterator<Item = T>) -> Self {
        let mut all = Self::new([""; 0]);
        for (index, needle) in needles.into_iter().enumerate() {
            let needle = needle.as_ref();
            all.whole(Whole { index, bytes: needle.to_vec(), form: "bytes" });
            if let Ok(text) = std::str::from_utf8(needle) {
                let wide = |to: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to).collect();
                all.whole(Whole { index, bytes: wide(u16::to_le_bytes), form: "UTF-16" });
                all.whole(Whole { index, bytes: wide(u16::to_be_bytes), form: "UTF-16" });
            }
        }
        all
    }

    fn whole(&mut self, needle: Whole) {
        assert!(needle.bytes.len() >= HEAD, "a needle of fewer than {HEAD} bytes is met by chance");
        let head = needle.bytes[..HEAD].iter().fold(0, |head, byte| head << 8 | u64::from(*byte));
        self.mark(head);
        self.exact.entry(head).or_default().push(needle);
    }

    /// Whether anything is looked for as it is.
    pub(super) fn has_exact(&self) -> bool {
        !self.exact.is_empty()
    }

    /// The needles that begin with these six bytes.
    pub(super) fn exact(&self, head: u64) -> &[Whole] {
        self.exact.get(&head).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, index: usize, digits: &str) {
        let Ok(value) = digits.parse::<u64>() else { return };
        match digits.len() {
            12 => {
                self.mark(value);
                self.twelve.entry(value).or_insert(index);
                self.add(index, &digits[2..]);
                self.binary(index, value);
                let packed = digits.bytes().fold(0, |packed, digit| packed << 4 | u64::from(digit - b'0'));
                self.six(index, packed, "packed decimals");
                let dashed = format!("{}-{}", &digits[..8], &digits[8..]);
                self.hashes(index, &[digits, &dashed]);
            }
            10 => {
                self.mark(value);
                self.ten.entry(value).or_insert(index);
                // Below four bytes an integer is met by chance; records of SQLite are still read exactly.
                if value > u64::from(u32::MAX) {
                    self.binary(index, value);
                }
                let dashed = format!("{}-{}", &digits[..6], &digits[6..]);
                self.hashes(index, &[digits, &dashed]);
            }
            7..=9 => {
                self.mark(value);
                self.short.entry((digits.len(), value)).or_insert(index);
            }
            _ => {}
        }
    }

    fn binary(&mut self, index: usize, value: u64) {
        self.six(index, value, "integer");
        self.six(index, value.swap_bytes() >> 16, "integer");
        // Six groups of seven bits hold what is above 2^35; a shorter group is met by chance.
        if value >> 35 != 0 {
            let group = |n: u64| value >> (7 * n) & 0x7f;
            let big = (0..6).fold(0, |bytes, n| bytes << 8 | group(5 - n) | if n < 5 { 0x80 } else { 0 });
            let little = (0..6).fold(0, |bytes, n| bytes << 8 | group(n) | if n < 5 { 0x80 } else { 0 });
            self.six(index, big, "varint");
            self.six(index, little, "varint");
        }
        let double = (value as f64).to_bits() >> 16;
        self.six(index, double, "double");
        self.six(index, double.swap_bytes() >> 16, "double");
    }

    fn hashes(&mut self, index: usize, texts: &[&str]) {
        for text in texts {
            let hash = Sha256::digest(text.as_bytes());
            let first = hash.iter().take(6).fold(0, |bytes, byte| bytes << 8 | u64::from(*byte));
            self.six(index, first, "unkeyed hash");
        }
    }

    fn six(&mut self, index: usize, bytes: u64, form: &'static str) {
        self.mark(bytes);
        self.six.entry(bytes).or_insert((index, form));
    }

    fn mark(&mut self, value: u64) {
        let (word, bit) = slot(value);
        self.filter[word] |= bit;
    }

    /// Whether a lookup is worth it; yes now and then where there is nothing.
    pub(super) fn may_hold(&self, value: u64) -> bool {
        let (word, bit) = slot(value);
        self.filter[word] & bit != 0
    }

    /// The number with these 12 digits.
    pub(super) fn twelve(&self, value: u64) -> Option<usize> {
        if self.may_hold(value) { self.twelve.get(&value).copied() } else { None }
    }

    /// The number with these last 10 digits.
    pub(super) fn ten(&self, value: u64) -> Option<usize> {
        if self.may_hold(value) { self.ten.get(&value).copied() } else { None }
    }

    /// Whether any number lost zeros.
    pub(super) fn has_short(&self) -> bool {
        !self.short.is_empty()
    }

    /// The number that lost its zeros and has so many digits.
    pub(super) fn short(&self, digits: usize, value: u64) -> Option<usize> {
        if self.may_hold(value) { self.short.get(&(digits, value)).copied() } else { None }
    }

    /// The number that these six bytes stand for, and how.
    pub(super) fn six_bytes(&self, bytes: u64) -> Option<(usize, &'static str)> {
        if self.may_hold(bytes) { self.six.get(&bytes).copied() } else { None }
    }

    /// The number that an integer is exactly.
    pub(super) fn integer(&self, value: u64) -> Option<usize> {
        let short = || (7..=9).find_map(|digits| self.short(digits, value));
        self.twelve(value).or_else(|| self.ten(value)).or_else(short)
    }
}

fn slot(value: u64) -> (usize, u64) {
    let mixed = value.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 42;
    ((mixed >> 6) as usize, 1 << (mixed & 63))
}
