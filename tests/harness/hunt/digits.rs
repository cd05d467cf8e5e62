//! Numbers written with digits: with separators, full-width, in UTF-8 and UTF-16.
//!
//! Promises: twelve digits are found with any separators between them and inside longer runs. Ten digits are found whole or written
//! `YYMMDD-NNNN` and `YY-MM-DD-NNNN`, at an end of a run of digits: inside longer runs they would be met by chance.

use super::{Search, Trail};

/// Separators in a row that still belong to one number.
const GAP: usize = 3;

/// Bytes around a place that looks like UTF-16: a number of twelve digits with gaps fits on either side.
const AROUND: usize = 96;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Symbol {
    Digit(u32),
    Separator,
    Other,
}

struct Digit {
    value: u64,
    offset: usize,
    /// A separator stands between it and the digit before.
    gap: bool,
}

/// Digits that belong together so far.
#[derive(Default)]
struct Run {
    digits: Vec<Digit>,
    separators: usize,
}

/// Looks in all encodings of text.
pub(super) fn look(search: &mut Search<'_>, bytes: &[u8], trail: &Trail) {
    utf8(search, bytes, trail);
    let mut at = 0;
    while at + 2 < bytes.len() {
        if wide(bytes[at], bytes[at + 1], bytes[at + 2]) {
            let start = at.saturating_sub(AROUND);
            utf16(search, (start, &bytes[start..bytes.len().min(at + 2 * AROUND)]), trail);
            at += AROUND;
        } else {
            at += 1;
        }
    }
}

/// A digit and what may follow it in UTF-16 of either byte order, ordinary or full-width.
fn wide(first: u8, between: u8, second: u8) -> bool {
    match between {
        0 => first.is_ascii_digit() && (second.is_ascii_digit() || symbol(u32::from(second)) == Symbol::Separator),
        0xff => (0x10..=0x19).contains(&first) && (0x10..=0x19).contains(&second),
        _ => false,
    }
}

fn utf16(search: &mut Search<'_>, (base, bytes): (usize, &[u8]), trail: &Trail) {
    for order in [u16::from_le_bytes, u16::from_be_bytes] {
        for start in [0, 1] {
            let mut run = Run::default();
            for at in (start..bytes.len().saturating_sub(1)).step_by(2) {
                run.take(search, trail, (base + at, symbol(u32::from(order([bytes[at], bytes[at + 1]])))));
            }
            run.end(search, trail);
        }
    }
}

fn utf8(search: &mut Search<'_>, bytes: &[u8], trail: &Trail) {
    let mut run = Run::default();
    let mut at = 0;
    while at < bytes.len() {
        let first = bytes[at];
        // Nearly every byte stands outside a number and begins none.
        if run.digits.is_empty() && !first.is_ascii_digit() && first != 0xef {
            at += 1;
            continue;
        }
        let next = |n: usize| bytes.get(at + n).map_or(0, |byte| u32::from(byte & 0x3f));
        let (point, length) = match first {
            0xc2 | 0xc3 => (u32::from(first & 0x1f) << 6 | next(1), 2),
            0xe2 | 0xe3 | 0xef => (u32::from(first & 0x0f) << 12 | next(1) << 6 | next(2), 3),
            // A lone byte above ASCII is read as Latin-1, for its no-break space.
            _ => (u32::from(first), 1),
        };
        let symbol = symbol(point);
        run.take(search, trail, (at, symbol));
        at += if symbol == Symbol::Other { 1 } else { length };
    }
    run.end(search, trail);
}

impl Run {
    fn take(&mut self, search: &mut Search<'_>, trail: &Trail, (offset, symbol): (usize, Symbol)) {
        match symbol {
            Symbol::Digit(value) => {
                self.digits.push(Digit { value: u64::from(value), offset, gap: self.separators > 0 });
                self.separators = 0;
            }
            Symbol::Separator if self.separators < GAP && !self.digits.is_empty() => self.separators += 1,
            Symbol::Separator | Symbol::Other => self.end(search, trail),
        }
    }

    fn end(&mut self, search: &mut Search<'_>, trail: &Trail) {
        let shortest = if search.needles.has_short() { 7 } else { 10 };
        if self.digits.len() >= shortest {
            self.windows(search, trail);
        }
        self.digits.clear();
        self.separators = 0;
    }

    fn windows(&self, search: &mut Search<'_>, trail: &Trail) {
        let mut value = 0u64;
        for (last, digit) in self.digits.iter().enumerate() {
            value = (value * 10 + digit.value) % 1_000_000_000_000;
            if last >= 11
                && let Some(number) = search.needles.twelve(value)
            {
                search.hit(trail, "12 digits", (number, self.digits[last - 11].offset));
            }
            if last >= 9
                && let Some(number) = search.needles.ten(value % 10_000_000_000)
                && self.stands_alone(last - 9)
            {
                search.hit(trail, "10 digits", (number, self.digits[last - 9].offset));
            }
        }
        if search.needles.has_short() {
            for part in self.digits.chunk_by(|_, next| !next.gap).filter(|part| (7..=9).contains(&part.len())) {
                let value = part.iter().fold(0, |value, digit| value * 10 + digit.value);
                if let Some(number) = search.needles.short(part.len(), value) {
                    search.hit(trail, "digits without their zeros", (number, part[0].offset));
                }
            }
        }
    }

    /// Whether ten digits are a number of their own and not part of another one.
    fn stands_alone(&self, start: usize) -> bool {
        let window = &self.digits[start..start + 10];
        let left = start == 0 || window[0].gap;
        let right = self.digits.get(start + 10).is_none_or(|next| next.gap);
        let gaps = || (1..10).filter(|index| window[*index].gap);
        if gaps().next().is_none() {
            left || right
        } else {
            left && right && gaps().all(|gap| matches!(gap, 2 | 4 | 6))
        }
    }
}

fn symbol(point: u32) -> Symbol {
    match point {
        0x30..=0x39 => Symbol::Digit(point - 0x30),
        0xff10..=0xff19 => Symbol::Digit(point - 0xff10),
        // Space, plus, hyphen, full stop, slash, colon, underscore; no-break and other spaces, soft hyphen, dashes, minus.
        0x20 | 0x2b | 0x2d..=0x2f | 0x3a | 0x5f | 0xa0 | 0xad | 0x2000..=0x2015 | 0x202f | 0x205f | 0x2060 | 0x2212 |
        // Full-width and small forms of the same.
        0x3000 | 0xfe58 | 0xfe63 | 0xfeff | 0xff0b | 0xff0d => Symbol::Separator,
        _ => Symbol::Other,
    }
}
