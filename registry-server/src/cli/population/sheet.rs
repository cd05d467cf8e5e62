//! A downloaded file as a table of text, whatever separates its values and whichever way its letters are written.
//!
//! Promises: a value stands with the line and column it came from, so that a fault can be told by both. Must not know: what the columns
//! mean.

use schemas::codelist::CodeListError;

/// What may separate values.
const DELIMITERS: [char; 3] = [',', ';', '\t'];

/// A table with one line of headers.
#[derive(Debug)]
pub(super) struct Sheet {
    file: String,
    /// The headers as they are written.
    pub(super) headers: Vec<String>,
    /// The lines under them, each with its number in the file.
    pub(super) lines: Vec<(u64, Vec<String>)>,
}

/// The text of a file in UTF-8 or in Latin-1, without a mark of byte order.
pub(super) fn decode(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        // Every byte is a letter of Latin-1 with the same number.
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// Whether the first line has the columns of populations.csv.
pub(super) fn is_own_form(text: &str) -> bool {
    let headers: Vec<&str> = text.lines().next().unwrap_or_default().split(',').map(str::trim).collect();
    ["age_from", "age_to"].iter().any(|name| headers.contains(name))
        || ["region", "year", "population"].iter().all(|name| headers.contains(name))
}

impl Sheet {
    /// Splits a text into its table; the header's own line tells what separates values.
    pub(super) fn read(file: &str, text: &str) -> Result<Self, CodeListError> {
        let first = text.lines().next().unwrap_or_default();
        let often = |delimiter: &char| first.matches(*delimiter).count();
        let delimiter = DELIMITERS.into_iter().max_by_key(often).unwrap_or(',');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(u8::try_from(delimiter).unwrap_or(b','))
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let wrong = |error: &csv::Error| CodeListError {
            file: file.to_owned(),
            line: error.position().map_or(1, csv::Position::line),
            column: None,
            message: "the line has another number of values than the header".to_owned(),
        };
        let headers = reader.headers().map_err(|error| wrong(&error))?.iter().map(str::to_owned).collect();
        let mut lines = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| wrong(&error))?;
            let line = record.position().map_or(1, csv::Position::line);
            lines.push((line, record.iter().map(str::to_owned).collect()));
        }
        Ok(Self { file: file.to_owned(), headers, lines })
    }

    /// What is wrong with a value, told by its place.
    pub(super) fn fault(&self, line: u64, column: Option<usize>, message: &str) -> CodeListError {
        let column = column.and_then(|place| self.headers.get(place)).cloned();
        CodeListError { file: self.file.clone(), line, column, message: message.to_owned() }
    }
}
