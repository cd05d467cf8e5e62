//! Lines of a file as records of values.
//!
//! Promises: a quotation mark that is never closed, or closed in the middle of a value, costs its own line and no other: the lines
//! that it would swallow are read again by themselves. (This is why the usual parsers, which give such lines as one long value, are
//! not used.) A record takes bounded memory. Must not know: what a value means, or how its letters are written.

use std::io::{self, BufRead, Read as _};

/// Bytes of a record: longer ones come from a missing quotation mark.
const MOST_BYTES: usize = 256 << 10;

/// Records of one file.
pub(super) struct Records<R> {
    input: R,
    delimiter: u8,
    /// Lines to be read again, and how much of them was.
    again: Vec<u8>,
    reread: usize,
    /// Lines read so far.
    lines: u64,
    /// The lines of the record as they stand in the file.
    raw: Vec<u8>,
    record: Record,
}

/// The values of one record.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// All values, one after the other, without quotation marks.
    pub(super) text: Vec<u8>,
    /// Where each value ends.
    ends: Vec<usize>,
    /// Its first line in the file, from 1.
    pub(super) line: u64,
    /// Whether its number of values is the header's.
    pub(super) fits: bool,
    state: State,
    /// Whether text follows a closing quotation mark.
    loose: bool,
}

/// How many values a record has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// Up to the last one with a name.
    pub(super) named: usize,
    /// In the header.
    pub(super) all: usize,
}

/// Where in a value a record stands.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Begin,
    Plain,
    Quoted,
    /// Behind a quotation mark that closes the value, or is the first of two.
    Closed,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(input: R, delimiter: u8) -> Self {
        Self { input, delimiter, again: Vec::new(), reread: 0, lines: 0, raw: Vec::new(), record: Record::default() }
    }

    /// The next record with a value in it; none at the end.
    ///
    /// # Errors
    /// When the file cannot be read, or a single line is longer than a record may be.
    pub(super) fn next(&mut self, shape: Shape) -> io::Result<Option<&Record>> {
        loop {
            self.raw.clear();
            self.record.begin(self.lines + 1);
            let first = self.line()?;
            if first == 0 {
                return Ok(None);
            }
            let mut open = self.record.add_line(&self.raw, self.delimiter);
            while open {
                let before = self.raw.len();
                let added = if before > MOST_BYTES { 0 } else { self.line()? };
                if added == 0 {
                    break;
                }
                open = self.record.add_line(&self.raw[before..], self.delimiter);
            }
            self.record.fits = !open && self.record.has(shape);
            if open
                || (self.raw.len() > first && (self.record.loose || !self.record.fits || self.hides_rows(first, shape)))
            {
                self.keep_first(first);
            }
            if !self.record.is_blank() {
                return Ok(Some(&self.record));
            }
        }
    }

    /// Whether a further line of the record is a row by itself: a value of several lines begins and ends with stray marks then.
    fn hides_rows(&self, first: usize, shape: Shape) -> bool {
        let mut alone = Record::default();
        let is_row = |line: &[u8]| {
            alone.begin(0);
            let fits = !alone.add_line(line, self.delimiter) && alone.has(shape);
            // A mark in or before the first value closes one that began on a line before, unless another follows it.
            let marks = line.split(|byte| *byte == b'"').count() - 1;
            fits && !alone.value(0).contains(&b'"')
                && (marks.is_multiple_of(2) || !line.trim_ascii_start().starts_with(b"\""))
        };
        shape.named > 1 && self.raw[first..].split_inclusive(|byte| *byte == b'\n').any(is_row)
    }

    /// Leaves only the first line in the record, which is then broken, and puts the others back.
    fn keep_first(&mut self, first: usize) {
        let others = &self.raw[first..];
        self.lines -= others.split_inclusive(|byte| *byte == b'\n').count() as u64;
        let mut again = others.to_vec();
        again.extend_from_slice(&self.again[self.reread..]);
        (self.again, self.reread) = (again, 0);
        self.record.begin(self.record.line);
        if self.record.add_line(&self.raw[..first], self.delimiter) {
            self.record.end_value();
        }
        self.record.fits = false;
    }

    /// Adds the next line to `raw`; answers its length, 0 at the end of the file.
    fn line(&mut self) -> io::Result<usize> {
        let before = self.raw.len();
        let rest = &self.again[self.reread..];
        if rest.is_empty() {
            (&mut self.input).take(MOST_BYTES as u64).read_until(b'\n', &mut self.raw)?;
        } else {
            let length = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
            self.raw.extend_from_slice(&rest[..length]);
            self.reread += length;
        }
        let length = self.raw.len() - before;
        if length == MOST_BYTES && self.raw.last() != Some(&b'\n') {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("line {} has no end", self.lines + 1)));
        }
        self.lines += u64::from(length > 0);
        Ok(length)
    }
}

impl Record {
    /// The bytes of a value; nothing where the record has none.
    pub(super) fn value(&self, index: usize) -> &[u8] {
        let Some(end) = self.ends.get(index) else { return &[] };
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start..*end]
    }

    /// How many values it has.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    fn begin(&mut self, line: u64) {
        self.text.clear();
        self.ends.clear();
        (self.line, self.state, self.loose, self.fits) = (line, State::Begin, false, true);
    }

    /// Adds a line; answers whether a quotation mark is still open.
    fn add_line(&mut self, line: &[u8], delimiter: u8) -> bool {
        let body = line.strip_suffix(b"\n").unwrap_or(line);
        let body = if self.state == State::Quoted { body } else { body.strip_suffix(b"\r").unwrap_or(body) };
        let mut at = 0;
        while at < body.len() {
            at += self.step(&body[at..], delimiter);
        }
        if self.state == State::Quoted {
            self.text.extend_from_slice(&line[body.len()..]);
            return true;
        }
        self.end_value();
        false
    }

    /// Takes what stands at the beginning of a rest; answers how many bytes.
    fn step(&mut self, rest: &[u8], delimiter: u8) -> usize {
        let until = |stops: [u8; 2]| rest.iter().position(|byte| stops.contains(byte)).unwrap_or(rest.len());
        match (self.state, rest[0]) {
            (State::Begin, _) => {
                let spaces = rest.iter().position(|byte| *byte != b' ').unwrap_or(rest.len());
                let quoted = rest.get(spaces) == Some(&b'"');
                self.state = if quoted { State::Quoted } else { State::Plain };
                return if quoted { spaces + 1 } else { 0 };
            }
            (State::Quoted, b'"') => self.state = State::Closed,
            (State::Closed, b'"') => {
                self.text.push(b'"');
                self.state = State::Quoted;
            }
            (State::Plain | State::Closed, byte) if byte == delimiter => self.end_value(),
            (State::Quoted, _) => {
                let length = until([b'"', b'"']);
                self.text.extend_from_slice(&rest[..length]);
                return length;
            }
            (State::Closed, byte) => {
                self.text.push(byte);
                if byte != b' ' && byte != b'\r' {
                    (self.loose, self.state) = (true, State::Plain);
                }
            }
            (State::Plain, _) => {
                let length = until([delimiter, delimiter]);
                self.text.extend_from_slice(&rest[..length]);
                return length;
            }
        }
        1
    }

    fn end_value(&mut self) {
        self.ends.push(self.text.len());
        self.state = State::Begin;
    }

    fn has(&self, shape: Shape) -> bool {
        self.len() >= shape.named && (shape.all..self.len()).all(|index| is_blank(self.value(index)))
    }

    fn is_blank(&self) -> bool {
        is_blank(&self.text)
    }
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}
