//! Records of SQLite databases and write-ahead logs, put together again where they spill over several pages.
//!
//! Promises: small integers are read exactly; every page with the head of a leaf is read, in use or not. What lies within one page is
//! searched as raw bytes anyway, deleted rows too. Must not know: tables, columns, or whether a record is still reachable.

use std::collections::HashMap;

use super::{Search, Trail};

/// Reads a database or a log; anything else is left alone.
pub(super) fn look(search: &mut Search<'_>, bytes: &[u8], trail: &Trail) {
    let Some(file) = File::read(bytes) else { return };
    for index in 0..file.pages.len() {
        for cell in file.cells(index) {
            let (at, record) = (cell.at, file.record(index, &cell));
            if cell.spills() {
                search.look(&record, &trail.into("sqlite record", at));
            }
            for number in integers(&record).into_iter().filter_map(|value| search.needles.integer(value)) {
                search.hit(trail, "sqlite integer", (number, at));
            }
        }
    }
}

/// A file cut into pages.
struct File<'a> {
    bytes: &'a [u8],
    size: usize,
    /// Where each page begins, in the order of the file.
    pages: Vec<usize>,
    /// Places in `pages` by page number; a log holds several accounts of a page.
    numbered: HashMap<usize, Vec<usize>>,
}

/// The part of a record that stands in its b-tree page.
struct Cell {
    at: usize,
    local: usize,
    whole: usize,
}

impl Cell {
    fn spills(&self) -> bool {
        self.whole > self.local
    }
}

impl<'a> File<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        if bytes.starts_with(b"SQLite format 3\0") {
            let size = match be(bytes, 16, 2)? {
                1 => 65_536,
                size => size,
            };
            return (size >= 512).then(|| Self::cut(bytes, size, (0..bytes.len() / size).map(|n| (n + 1, n * size))));
        }
        if matches!(be(bytes, 0, 4)?, 0x377f_0682 | 0x377f_0683) {
            let size = be(bytes, 8, 4).filter(|size| (512..=65_536).contains(size))?;
            let frames = (32..bytes.len().saturating_sub(size + 23)).step_by(size + 24);
            return Some(Self::cut(bytes, size, frames.filter_map(|at| Some((be(bytes, at, 4)?, at + 24)))));
        }
        None
    }

    fn cut(bytes: &'a [u8], size: usize, all: impl Iterator<Item = (usize, usize)>) -> Self {
        let mut file = Self { bytes, size, pages: Vec::new(), numbered: HashMap::new() };
        for (number, start) in all {
            file.numbered.entry(number).or_default().push(file.pages.len());
            file.pages.push(start);
        }
        file
    }

    fn page(&self, index: usize) -> &'a [u8] {
        let start = self.pages[index];
        &self.bytes[start..start + self.size]
    }

    fn cells(&self, index: usize) -> Vec<Cell> {
        let page = self.page(index);
        let head = if page.starts_with(b"SQLite format 3\0") { 100 } else { 0 };
        let (kind, count) = (page[head], be(page, head + 3, 2).unwrap_or(0));
        let first = if kind == 0x02 { head + 12 } else { head + 8 };
        if !matches!(kind, 0x02 | 0x0a | 0x0d) {
            return Vec::new();
        }
        (0..count).filter_map(|n| self.cell(page, kind, be(page, first + 2 * n, 2)?)).collect()
    }

    fn cell(&self, page: &[u8], kind: u8, at: usize) -> Option<Cell> {
        let mut start = if kind == 0x02 { at + 4 } else { at };
        let (whole, length) = varint(page, start)?;
        start += length;
        if kind == 0x0d {
            start += varint(page, start)?.1;
        }
        let whole = usize::try_from(whole).ok().filter(|whole| *whole <= self.bytes.len())?;
        // How much stays in the page, by the file format's formula; reserved space at a page's end is never used here.
        let most = if kind == 0x0d { self.size - 35 } else { (self.size - 12) * 64 / 255 - 23 };
        let least = (self.size - 12) * 32 / 255 - 23;
        let local = if whole <= most {
            whole
        } else {
            let fitting = least + (whole - least) % (self.size - 4);
            if fitting <= most { fitting } else { least }
        };
        (start + local <= page.len()).then_some(Cell { at: start, local, whole })
    }

    fn record(&self, index: usize, cell: &Cell) -> Vec<u8> {
        let page = self.page(index);
        let mut record = page[cell.at..cell.at + cell.local].to_vec();
        let mut next = be(page, cell.at + cell.local, 4).unwrap_or(0);
        while record.len() < cell.whole {
            let Some(page) = self.nearest(next, index) else { break };
            next = be(page, 0, 4).unwrap_or(0);
            let rest = (cell.whole - record.len()).min(self.size - 4);
            record.extend_from_slice(&page[4..4 + rest]);
        }
        record
    }

    /// The page with a number; of several accounts in a log, the one written closest to the record.
    fn nearest(&self, number: usize, to: usize) -> Option<&'a [u8]> {
        let same = self.numbered.get(&number)?.iter();
        same.min_by_key(|index| index.abs_diff(to)).map(|index| self.page(*index))
    }
}

/// The integers of a record, by the serial types in its head.
fn integers(record: &[u8]) -> Vec<u64> {
    let Some((head, mut at)) = varint(record, 0) else { return Vec::new() };
    let Ok(mut value) = usize::try_from(head) else { return Vec::new() };
    let mut all = Vec::new();
    while at < usize::try_from(head).unwrap_or(0) {
        let Some((kind, length)) = varint(record, at) else { break };
        at += length;
        let width = match kind {
            1..=4 => usize::try_from(kind).unwrap_or(0),
            5 => 6,
            6 | 7 => 8,
            12.. => usize::try_from((kind - 12) / 2).unwrap_or(usize::MAX),
            _ => 0,
        };
        if matches!(kind, 4..=6) {
            all.extend(be(record, value, width).map(|integer| integer as u64));
        }
        value = value.saturating_add(width);
    }
    all
}

fn be(bytes: &[u8], at: usize, width: usize) -> Option<usize> {
    let part = bytes.get(at..at.checked_add(width)?)?;
    Some(part.iter().fold(0, |value, byte| value << 8 | usize::from(*byte)))
}

/// A number of up to nine bytes and its length.
fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut value = 0u64;
    for length in 1..=9 {
        let byte = *bytes.get(at + length - 1)?;
        if length == 9 {
            return Some((value << 8 | u64::from(byte), 9));
        }
        value = value << 7 | u64::from(byte & 0x7f);
        if byte < 0x80 {
            return Some((value, length));
        }
    }
    None
}
