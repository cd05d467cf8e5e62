//! Numbers written with digits: with separators, full-width, in UTF-8 and UTF-16.
//!
//! Promises: twelve digits are found with any separators between them and inside longer runs. Ten digits are found whole or written
//! `YYMMDD-NNNN` and `YY-MM-DD-NNNN`, at an end of a run of digits: inside longer runs they would be met by chance.

use super::{Search, Trail};

/// Separators in a row that still belong to one number.
const GAP: usize = 3;

#[derive(Clone, Copy)]
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

/// Looks in all encodings of text.
pub(super) fn look(search: &mut Search<'_>, bytes: &[u8], trail: &Trail) {
    run(search, trail, utf8(bytes));
    for start in [0, 1] {
        let units = || bytes.get(start..).unwrap_or_default().chunks_exact(2).enumerate();
        let at = move |index: usize| start + 2 * index;
        run(search, trail, units().map(|(n, pair)| (at(n), symbol(u32::from(u16::from_le_bytes([pair[0], pair[1]]))))));
        run(search, trail, units().map(|(n, pair)| (at(n), symbol(u32::from(u16::from_be_bytes([pair[0], pair[1]]))))));
    }
}

fn run(search: &mut Search<'_>, trail: &Trail, symbols: impl Iterator<Item = (usize, Symbol)>) {
    let mut digits: Vec<Digit> = Vec::new();
    let mut separators = 0;
    for (offset, symbol) in symbols {
        match symbol {
            Symbol::Digit(value) => {
                digits.push(Digit { value: u64::from(value), offset, gap: separators > 0 });
                separators = 0;
            }
            Symbol::Separator if separators < GAP && !digits.is_empty() => separators += 1,
            Symbol::Separator | Symbol::Other => {
                windows(search, trail, &digits);
                digits.clear();
                separators = 0;
            }
        }
    }
    windows(search, trail, &digits);
}

fn windows(search: &mut Search<'_>, trail: &Trail, digits: &[Digit]) {
    for (length, window) in
        [12, 10, 9, 8, 7].into_iter().flat_map(|n| digits.windows(n).enumerate().map(move |w| (n, w)))
    {
        let (start, window) = window;
        let value = window.iter().fold(0, |value, digit| value * 10 + digit.value);
        let left = start == 0 || window[0].gap;
        let right = digits.get(start + length).is_none_or(|next| next.gap);
        let gaps = || window.iter().enumerate().skip(1).filter(|(_, digit)| digit.gap).map(|(index, _)| index);
        let found = match length {
            12 => search.needles.twelve(value),
            10 if gaps().next().is_none() => search.needles.ten(value).filter(|_| left || right),
            10 => search.needles.ten(value).filter(|_| left && right && gaps().all(|gap| matches!(gap, 2 | 4 | 6))),
            _ => search.needles.short(length, value).filter(|_| left && right && gaps().next().is_none()),
        };
        if let Some(number) = found {
            search.hit(trail, &format!("{length} digits"), (number, window[0].offset));
        }
    }
}

fn utf8(bytes: &[u8]) -> impl Iterator<Item = (usize, Symbol)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let first = *bytes.get(at)?;
        let next = |n: usize| bytes.get(at + n).map_or(0, |byte| u32::from(byte & 0x3f));
        let (point, length) = match first {
            0xc2 | 0xc3 => (u32::from(first & 0x1f) << 6 | next(1), 2),
            0xe2 | 0xe3 | 0xef => (u32::from(first & 0x0f) << 12 | next(1) << 6 | next(2), 3),
            // A lone byte above ASCII is read as Latin-1, for its no-break space.
            _ => (u32::from(first), 1),
        };
        let symbol = symbol(point);
        let step = if matches!(symbol, Symbol::Other) { 1 } else { length };
        let offset = at;
        at += step;
        Some((offset, symbol))
    })
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
