//! The one figure of a threshold set that belongs to no instrument: the share of improvement that is a response.
//!
//! Promises: every other cell stays in the file.
//! Must not know: instruments.

use csv::{ReaderBuilder, StringRecord, Trim};

use crate::codelist::error::CodeListError;

const COLUMN: &str = "response_share";

/// Why reading cannot fail: lines may have any length, and text is UTF-8.
const ANY_TEXT: &str = "every text is CSV when its lines may differ in length";

/// The share that the column gives, if it stands there, and the file without the column.
///
/// # Errors
/// A share that is no number above 0 up to 1, or another one than before.
pub(super) fn take(file: &str, text: &str) -> Result<(Option<f64>, String), CodeListError> {
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = ReaderBuilder::new().trim(Trim::All).flexible(true).from_reader(bare.as_bytes());
    let headers = reader.headers().expect(ANY_TEXT).clone();
    let Some(place) = headers.iter().position(|header| header == COLUMN) else {
        return Ok((None, text.to_owned()));
    };
    let mut share = None;
    let mut rest = String::new();
    append(&mut rest, &headers, place);
    for record in reader.records() {
        let record = record.expect(ANY_TEXT);
        let line = record.position().map_or(1, csv::Position::line);
        let fault = |message: &str| CodeListError {
            file: file.to_owned(),
            line,
            column: Some(COLUMN.to_owned()),
            message: message.to_owned(),
        };
        if let Some(cell) = record.get(place).filter(|cell| !cell.is_empty()) {
            let value = cell.parse().ok().filter(|value: &f64| *value > 0.0 && *value <= 1.0);
            let value = value.ok_or_else(|| fault("must be a number above 0 and at most 1, such as 0.5"))?;
            if share.is_some_and(|earlier: f64| earlier.to_bits() != value.to_bits()) {
                return Err(fault("differs from an earlier line; a set has one share for all instruments"));
            }
            share = Some(value);
        }
        append(&mut rest, &record, place);
    }
    Ok((share, rest))
}

/// Writes a record without the cell in one place.
fn append(rest: &mut String, record: &StringRecord, place: usize) {
    let cells = record.iter().enumerate().filter(|(at, _)| *at != place);
    let quoted: Vec<String> = cells.map(|(_, cell)| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
    rest.push_str(&quoted.join(","));
    rest.push('\n');
}
