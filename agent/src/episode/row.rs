//! Rows as bytes, for as long as they wait to be joined.
//!
//! Promises: what is read back is what was written, or nothing.

use jiff::civil::Date;
use schemas::record::{Answer, Timepoint};

use crate::map::Course;

/// Characters of the part of a record key that differs between records of one sender.
pub(super) const KEY: usize = 43;

/// What a row is before it is taken apart: its key and its place in the bytes.
#[derive(Clone, Copy)]
pub(super) struct Framed<'a> {
    pub(super) key: &'a [u8],
    row: &'a [u8],
}

/// A row that was read.
#[derive(Debug, PartialEq)]
pub(super) enum Row<'a> {
    Treatment(TreatmentRow<'a>),
    Answer(AnswerRow<'a>),
    HeldAnswer(HeldRow<'a>),
}

/// Where a row comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Origin<'a> {
    /// Index of the source.
    pub(super) source: u32,
    /// The source's id, or the short record key.
    pub(super) local_id: &'a str,
}

/// What tells later rows from earlier ones: the place of the row's file, then microseconds of the source's clock.
pub(super) type Age = (u32, i64);

/// What becomes of a treatment row, in the order that decides between rows of one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    Ready,
    Held,
    Excluded,
}

#[derive(Debug, PartialEq)]
pub(super) struct TreatmentRow<'a> {
    pub(super) origin: Origin<'a>,
    pub(super) age: Age,
    pub(super) fate: Fate,
    /// The pseudonym, empty when it is not known.
    pub(super) person: &'a str,
    /// Canonical bytes without measurements, empty unless the row is ready.
    pub(super) content: &'a [u8],
    pub(super) cell: CellRow<'a>,
    /// [`Course::to_bytes`]
    pub(super) course: [u8; Course::BYTES],
    pub(super) findings: &'a str,
    /// Local words of a held row, as [`write`]'s caller spells them; else empty.
    pub(super) words: &'a str,
}

/// A [`crate::map::Cell`], lent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CellRow<'a> {
    pub(super) unit: &'a str,
    pub(super) programme: &'a str,
    pub(super) month: &'a str,
}

#[derive(Debug, PartialEq)]
pub(super) struct AnswerRow<'a> {
    pub(super) origin: Origin<'a>,
    pub(super) age: Age,
    pub(super) answer: Answer<'a>,
}

#[derive(Debug, PartialEq)]
pub(super) struct HeldRow<'a> {
    pub(super) origin: Origin<'a>,
    pub(super) findings: &'a str,
    pub(super) words: &'a str,
}

/// Appends a row under its key.
pub(super) fn write(out: &mut Vec<u8>, key: &str, row: &Row<'_>) {
    let begin = out.len();
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(key.as_bytes());
    match row {
        Row::Treatment(row) => {
            out.push(0);
            origin(out, row.origin);
            age(out, row.age);
            out.push(match row.fate {
                Fate::Ready => 0,
                Fate::Held => 1,
                Fate::Excluded => 2,
            });
            text(out, row.person.as_bytes());
            text(out, row.content);
            for part in [row.cell.unit, row.cell.programme, row.cell.month] {
                text(out, part.as_bytes());
            }
            out.extend_from_slice(&row.course);
            text(out, row.findings.as_bytes());
            text(out, row.words.as_bytes());
        }
        Row::Answer(row) => {
            out.push(1);
            origin(out, row.origin);
            age(out, row.age);
            let Answer { instrument, timepoint, answered_on, score } = row.answer;
            text(out, instrument.as_bytes());
            out.extend_from_slice(&timepoint_bytes(timepoint));
            out.extend_from_slice(&answered_on.year().to_le_bytes());
            out.extend([answered_on.month().unsigned_abs(), answered_on.day().unsigned_abs()]);
            out.extend_from_slice(&score.to_le_bytes());
        }
        Row::HeldAnswer(row) => {
            out.push(2);
            origin(out, row.origin);
            text(out, row.findings.as_bytes());
            text(out, row.words.as_bytes());
        }
    }
    let length = length(out.len() - begin - 4);
    out[begin..begin + 4].copy_from_slice(&length);
}

/// The rows of a part; nothing when they do not follow each other to its end.
pub(super) fn framed(mut part: &[u8]) -> Option<Vec<Framed<'_>>> {
    let mut rows = Vec::with_capacity(part.len() / 96);
    while !part.is_empty() {
        let (length, rest) = part.split_first_chunk::<4>()?;
        let (row, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let (key, row) = row.split_at_checked(KEY)?;
        rows.push(Framed { key, row });
        part = rest;
    }
    Some(rows)
}

impl<'a> Framed<'a> {
    /// Takes the row apart; nothing when it is not as it was written.
    pub(super) fn read(&self) -> Option<Row<'a>> {
        let mut bytes = Bytes(self.row);
        let row = match bytes.byte()? {
            0 => Row::Treatment(TreatmentRow {
                origin: bytes.origin()?,
                age: bytes.age()?,
                fate: match bytes.byte()? {
                    0 => Fate::Ready,
                    1 => Fate::Held,
                    2 => Fate::Excluded,
                    _ => return None,
                },
                person: bytes.text()?,
                content: bytes.long()?,
                cell: CellRow { unit: bytes.text()?, programme: bytes.text()?, month: bytes.text()? },
                course: bytes.take()?,
                findings: bytes.text()?,
                words: bytes.text()?,
            }),
            1 => Row::Answer(AnswerRow { origin: bytes.origin()?, age: bytes.age()?, answer: bytes.answer()? }),
            2 => Row::HeldAnswer(HeldRow { origin: bytes.origin()?, findings: bytes.text()?, words: bytes.text()? }),
            _ => return None,
        };
        bytes.0.is_empty().then_some(row)
    }
}

fn origin(out: &mut Vec<u8>, origin: Origin<'_>) {
    out.extend_from_slice(&origin.source.to_le_bytes());
    text(out, origin.local_id.as_bytes());
}

fn age(out: &mut Vec<u8>, (order, updated): Age) {
    out.extend_from_slice(&order.to_le_bytes());
    out.extend_from_slice(&updated.to_le_bytes());
}

fn text(out: &mut Vec<u8>, text: &[u8]) {
    out.extend_from_slice(&length(text.len()));
    out.extend_from_slice(text);
}

fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).expect("a row comes out of a page of some hundred kilobytes").to_le_bytes()
}

fn timepoint_bytes(timepoint: Timepoint) -> [u8; 2] {
    match timepoint {
        Timepoint::Screening => [0, 0],
        Timepoint::Pre => [1, 0],
        Timepoint::Weekly(n) => [2, n],
        Timepoint::Post => [3, 0],
        Timepoint::FollowupMonths(n) => [4, n],
    }
}

/// What is left of a row.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take::<1>().map(|[byte]| byte)
    }

    fn number(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn long(&mut self) -> Option<&'a [u8]> {
        let length = self.number()? as usize;
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.long()?).ok()
    }

    fn origin(&mut self) -> Option<Origin<'a>> {
        Some(Origin { source: self.number()?, local_id: self.text()? })
    }

    fn age(&mut self) -> Option<Age> {
        Some((self.number()?, self.take().map(i64::from_le_bytes)?))
    }

    fn answer(&mut self) -> Option<Answer<'a>> {
        let instrument = self.text()?;
        let timepoint = match self.take()? {
            [0, 0] => Timepoint::Screening,
            [1, 0] => Timepoint::Pre,
            [2, n] => Timepoint::Weekly(n),
            [3, 0] => Timepoint::Post,
            [4, n] => Timepoint::FollowupMonths(n),
            _ => return None,
        };
        let year = self.take().map(i16::from_le_bytes)?;
        let [month, day] = self.take()?;
        let answered_on = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        Some(Answer { instrument, timepoint, answered_on, score: self.take().map(f64::from_le_bytes)? })
    }
}
