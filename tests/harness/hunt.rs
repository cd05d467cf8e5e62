//! Searches bytes for identity numbers, or any bytes, in every spelling and encoding that a program could have left them in.
//!
//! Promises: a number is found as 10 or 12 digits with or without separators, in UTF-8, UTF-16 and full-width digits, as base64, hex,
//! percent or JSON escapes, inside gzip, zlib and zstd members, in records of SQLite files that spill over pages, as an integer, a
//! double, packed decimals or an unkeyed hash, and in all of these inside each other. Five-byte integers are left out: of a thousand
//! numbers one would be met by chance in every ten gigabytes of noise, ten-digit ones in every few megabytes.
//! Must not know: which program wrote the bytes.

mod needles;
mod digits;
mod binary;
mod exact;
mod decode;
mod unpack;
mod sqlite;
mod place;

use std::collections::BTreeMap;
use std::fmt;

use needles::Needles;

/// How deep encodings are followed into each other.
const DEEPEST: usize = 5;

/// The numbers that are looked for.
#[derive(Debug, Clone)]
pub struct Hunt {
    needles: Needles,
}

/// What was found; it is named by its place in the list, never by its digits or bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// File or stream.
    pub place: String,
    /// Byte in the outermost file or stream, where the encoding that holds it begins.
    pub offset: usize,
    /// From the outermost encoding to the spelling, for example `base64 > zstd > 12 digits`.
    pub form: String,
    /// Index of the number in the list that was given.
    pub number: usize,
}

impl fmt::Display for Hit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "number {} of the list in {} at byte {} as {}", self.number, self.place, self.offset, self.form)
    }
}

impl Hunt {
    /// Prepares the search for numbers of 12 or 10 digits, or of 7 to 9 when leading zeros were lost; other text in them is dropped.
    pub fn new<T: AsRef<str>>(numbers: impl IntoIterator<Item = T>) -> Self {
        Self { needles: Needles::new(numbers) }
    }

    /// Prepares the search for bytes as they are, six or more each; text is looked for in UTF-16 too, and all of it through the same
    /// encodings as numbers.
    pub fn exactly<T: AsRef<[u8]>>(needles: impl IntoIterator<Item = T>) -> Self {
        Self { needles: Needles::bytes(needles) }
    }

    /// Everything found in one piece of bytes; each number and form is told once, where it comes first.
    #[must_use]
    pub fn bytes(&self, place: &str, bytes: &[u8]) -> Vec<Hit> {
        let mut search = Search { needles: &self.needles, found: BTreeMap::new() };
        search.look(bytes, &Trail { form: String::new(), depth: 0, base: None });
        let hit = |((form, number), offset)| Hit { place: place.to_owned(), offset, form, number };
        search.found.into_iter().map(hit).collect()
    }
}

/// One search in one piece.
struct Search<'a> {
    needles: &'a Needles,
    found: BTreeMap<(String, usize), usize>,
}

/// Which encodings lead to the bytes at hand.
struct Trail {
    form: String,
    depth: usize,
    /// Where the outermost encoding begins; none at the outermost bytes themselves.
    base: Option<usize>,
}

impl Trail {
    fn into(&self, encoding: &str, at: usize) -> Self {
        Self { form: self.name(encoding), depth: self.depth + 1, base: Some(self.base.unwrap_or(at)) }
    }

    fn name(&self, form: &str) -> String {
        if self.form.is_empty() { form.to_owned() } else { format!("{} > {form}", self.form) }
    }
}

impl Search<'_> {
    fn look(&mut self, bytes: &[u8], trail: &Trail) {
        exact::look(self, bytes, trail);
        digits::look(self, bytes, trail);
        binary::look(self, bytes, trail);
        if trail.depth < DEEPEST {
            decode::look(self, bytes, trail);
            unpack::look(self, bytes, trail);
            sqlite::look(self, bytes, trail);
        }
    }

    fn hit(&mut self, trail: &Trail, spelling: &str, found: (usize, usize)) {
        let (number, at) = found;
        self.found.entry((trail.name(spelling), number)).or_insert(trail.base.unwrap_or(at));
    }
}

#[cfg(test)]
mod tests;
