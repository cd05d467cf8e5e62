//! One file as rows of one query: its header looked at once, its lines read as often as they are asked for.
//!
//! Promises: a line that cannot be trusted is handed on with its fault, under its id where that can be read and else under the name of
//! the file and the number of the line; a file that changed since it was looked at gives an error and never half of itself.

use std::borrow::Cow;
use std::fs;
use std::io::{self, BufRead, BufReader, Read as _, Seek as _};

use schemas::rule::Rule;

use super::dialect::{self, Charset, MARK};
use super::folder::{self, File};
use super::header::{Header, Places};
use super::record::{Record, Records, Shape};
use super::wide::Score;
use crate::config::{Delimiter, Encoding};
use crate::source::{Columns, Page, SourceError};

/// Bytes in which the header must end.
const HEADER_BYTES: u64 = 256 << 10;

/// A file whose header was read.
#[derive(Debug, Clone)]
pub(super) struct Looked {
    pub(super) file: File,
    pub(super) header: Header,
    charset: Charset,
    delimiter: u8,
    /// Records up to the first row.
    above: usize,
}

/// A file as rows of a query.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) looked: Looked,
    /// Place among the source's files.
    pub(super) order: u32,
    pub(super) columns: &'static Columns,
    pub(super) places: Places,
    pub(super) form: Form,
}

/// What a line of the file is.
#[derive(Debug, Clone)]
pub(super) enum Form {
    /// One row.
    Long,
    /// A row for each score in it.
    Wide(Vec<Score>),
    /// The same, beside a treatment that is a row of another table and tells the line's faults.
    Beside(Vec<Score>),
}

impl Looked {
    /// Tells how a file is written and reads its header.
    pub(super) fn at(file: File, encoding: Encoding, delimiter: Delimiter) -> Result<Self, SourceError> {
        let unreadable = |error: &io::Error| folder::unreadable("", &file.path, error);
        let mut open = fs::File::open(&file.path).map_err(|error| unreadable(&error))?;
        let charset = dialect::charset(&mut open, encoding).map_err(|error| unreadable(&error))?;
        if charset == Charset::Utf16 {
            return Err(SourceError::Query(format!(
                "{} is written in UTF-16; export it in UTF-8 or Windows-1252",
                file.name
            )));
        }
        let mut first = Vec::new();
        open.rewind().map_err(|error| unreadable(&error))?;
        let lines = BufReader::new(open).take(HEADER_BYTES).split(b'\n').take(2).collect::<io::Result<Vec<_>>>();
        for line in lines.map_err(|error| unreadable(&error))? {
            first = line;
            if !names_separator(&first) {
                break;
            }
        }
        let delimiter = dialect::delimiter(&first, delimiter);
        let mut looked =
            Self { header: Header::new(&file.name, std::iter::empty()), file, charset, delimiter, above: 0 };
        looked.header = looked.read_header()?;
        Ok(looked)
    }

    fn read_header(&mut self) -> Result<Header, SourceError> {
        let mut records = self.records()?;
        loop {
            self.above += 1;
            let Some(record) = records.next(ANY).map_err(|error| self.failed(&error))? else {
                return Err(SourceError::Unreachable(format!(
                    "{} is empty, without even a header; check that the export ran to its end",
                    self.file.path.display()
                )));
            };
            if self.above == 1 && names_separator(record.value(0)) {
                continue;
            }
            if !self.charset.can_read(&record.text) {
                return Err(SourceError::Query(format!(
                    "the header of {} holds characters that cannot be read; name the right encoding",
                    self.file.name
                )));
            }
            let names = (0..record.len()).map(|index| self.charset.text(record.value(index)).into_owned());
            return Ok(Header::new(&self.file.name, names));
        }
    }

    /// The records from the first line on.
    fn records(&self) -> Result<Records<BufReader<fs::File>>, SourceError> {
        let unreadable = |error: &io::Error| folder::unreadable("", &self.file.path, error);
        let open = fs::File::open(&self.file.path).map_err(|error| unreadable(&error))?;
        let mut input = BufReader::with_capacity(256 << 10, open);
        if input.fill_buf().map_err(|error| unreadable(&error))?.starts_with(MARK) {
            input.consume(MARK.len());
        }
        Ok(Records::new(input, self.delimiter))
    }

    fn failed(&self, error: &io::Error) -> SourceError {
        if error.kind() == io::ErrorKind::InvalidData {
            return SourceError::Query(format!("{}: {error}; it is no file of lines", self.file.name));
        }
        folder::unreadable("", &self.file.path, error)
    }
}

impl Table {
    /// Reads every line and hands over pages; answers false when nobody takes them any more.
    ///
    /// # Errors
    /// When the file cannot be read, or is no longer the one that was looked at.
    pub(super) fn read(
        &self,
        mut wanted: impl FnMut(&str) -> bool,
        mut hand_over: impl FnMut(Page) -> bool,
    ) -> Result<bool, SourceError> {
        self.looked.file.must_be_unchanged()?;
        let mut records = self.looked.records()?;
        for _ in 0..self.looked.above {
            records.next(ANY).map_err(|error| self.looked.failed(&error))?;
        }
        let header = &self.looked.header;
        let shape = Shape { named: header.named(), all: header.len() };
        let mut page = Page::new(self.columns, self.order);
        while let Some(record) = records.next(shape).map_err(|error| self.looked.failed(&error))? {
            let fault = self.fault(record);
            let id = self.id(record, fault);
            if !wanted(&id) {
                continue;
            }
            self.add(&mut page, record, (&id, fault));
            if page.is_full() && !hand_over(page.take()) {
                return Ok(false);
            }
        }
        self.looked.file.must_be_unchanged()?;
        Ok(page.is_empty() || hand_over(page))
    }

    /// The rule that the form of a line breaks.
    fn fault(&self, record: &Record) -> Option<Rule> {
        if !record.fits {
            Some(Rule::RowShape)
        } else if self.looked.charset.can_read(&record.text) {
            None
        } else {
            Some(Rule::TextUndecodable)
        }
    }

    /// The id of a line; where it cannot be trusted, the file and the line.
    fn id<'a>(&self, record: &'a Record, fault: Option<Rule>) -> Cow<'a, str> {
        let bytes = self.places[0].map(|place| plain(record.value(place))).unwrap_or_default().trim_ascii();
        let trusted = match fault {
            None => true,
            Some(Rule::RowShape) => false,
            Some(_) => !bytes.is_empty() && self.looked.charset.can_read(bytes),
        };
        if trusted {
            self.looked.charset.text(bytes)
        } else {
            Cow::Owned(format!("{} line {}", self.looked.file.name, record.line))
        }
    }

    fn add(&self, page: &mut Page, record: &Record, (id, fault): (&str, Option<Rule>)) {
        match (&self.form, fault) {
            (Form::Beside(_), Some(_)) => (),
            (Form::Wide(scores) | Form::Beside(scores), None) => self.add_scores(page, record, (id, scores)),
            (Form::Long | Form::Wide(_), fault) => {
                if let Some(rule) = fault {
                    page.add_fault(rule);
                }
                page.add(id);
                self.add_rest(page, record, 1);
            }
        }
    }

    /// A row of `measurements` for each score that is there.
    fn add_scores(&self, page: &mut Page, record: &Record, (id, scores): (&str, &[Score])) {
        for score in scores {
            let value = self.value(record, score.place);
            if value.trim().is_empty() {
                continue;
            }
            let answered_on = self.value(record, score.answered_on);
            let values = [id, &score.instrument, &score.timepoint, &answered_on, &value];
            for value in values {
                page.add(value);
            }
            self.add_rest(page, record, values.len());
        }
    }

    /// The values of the columns from one on.
    fn add_rest(&self, page: &mut Page, record: &Record, from: usize) {
        for place in &self.places[from..] {
            page.add(&place.map_or(Cow::Borrowed(""), |place| self.value(record, place)));
        }
    }

    fn value<'a>(&self, record: &'a Record, place: usize) -> Cow<'a, str> {
        self.looked.charset.text(plain(record.value(place)))
    }
}

/// A record of whatever shape.
const ANY: Shape = Shape { named: 0, all: usize::MAX };

/// The text of a value that a spreadsheet was kept from reading as a number: `="191212121212"`.
fn plain(value: &[u8]) -> &[u8] {
    let inner = value.trim_ascii().strip_prefix(b"=\"").and_then(|rest| rest.strip_suffix(b"\""));
    inner.unwrap_or(value)
}

/// Whether a line only tells a spreadsheet the separator: `sep=;`.
fn names_separator(line: &[u8]) -> bool {
    let line = line.strip_prefix(MARK).unwrap_or(line).trim_ascii_end();
    line.len() <= 5 && line.get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"sep="))
}
