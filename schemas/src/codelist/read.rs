//! From the text of a CSV file to typed lines, or to the place of the first fault.
//!
//! Promises: nothing is skipped or guessed; a column that the list does not have is a fault, so a misspelt header is noticed.
//! Must not know: which list it reads.

use csv::{ErrorKind, ReaderBuilder, StringRecord, Trim};

use super::cell::read_cells;
use super::error::{CodeListError, Fault};
use super::list::Line;

/// The lines of a file, each with its line number in the text.
pub(crate) fn read<T: Line>(file: &str, text: &str) -> Result<Vec<(u64, T)>, CodeListError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| from_csv(file, &error))?.clone();
    check_headers::<T>(file, &headers)?;
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| from_csv(file, &error))?;
        let at = record.position().map_or(1, csv::Position::line);
        let fault = |column, message| CodeListError { file: file.to_owned(), line: at, column, message };
        let line: T = read_cells(headers.iter().zip(&record)).map_err(|error| fault(error.column, error.message))?;
        if let Some(Fault { column, message }) = line.fault().or_else(|| line.validity().fault(&line.key())) {
            return Err(fault(Some(column.to_owned()), message));
        }
        lines.push((at, line));
    }
    Ok(lines)
}

fn check_headers<T: Line>(file: &str, headers: &StringRecord) -> Result<(), CodeListError> {
    let known: Vec<&str> = T::BUILTIN.lines().next().unwrap_or_default().split(',').collect();
    let fault = |column: &str, message: String| {
        Err(CodeListError { file: file.to_owned(), line: 1, column: Some(column.to_owned()), message })
    };
    for (place, header) in headers.iter().enumerate() {
        if !known.contains(&header) {
            return fault(header, format!("is not a column of {}; its columns are {}", T::LIST, known.join(", ")));
        }
        if headers.iter().take(place).any(|earlier| earlier == header) {
            return fault(header, "stands twice; keep one".to_owned());
        }
    }
    Ok(())
}

fn from_csv(file: &str, error: &csv::Error) -> CodeListError {
    let message = match error.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("has {len} fields, the header {expected_len}; put quotes around a value that holds a comma")
        }
        _ => "cannot be read as CSV; save the file as UTF-8 with commas".to_owned(),
    };
    let line = error.position().map_or(1, csv::Position::line);
    CodeListError { file: file.to_owned(), line, column: None, message }
}
