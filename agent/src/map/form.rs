//! How a mapping file is laid out, so that rows can be added to it as it is.
//!
//! Promises: rows in this form belong to the file whatever a spreadsheet made of it. Must not know: any row.

use schemas::codelist::fold;

/// The columns that are read; others, such as the candidates of `map suggest`, are for people.
pub(super) const COLUMNS: [&str; 3] = ["kind", "local_value", "code"];
/// Where the nearest codes stand.
const CANDIDATES: &str = "candidates";

/// The layout of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    delimiter: u8,
    columns: Vec<String>,
    unfinished: bool,
}

impl Default for Form {
    fn default() -> Self {
        Self::of("")
    }
}

impl Form {
    /// The layout of a file that can be read; of an empty one, that of a new file.
    pub(super) fn of(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let delimiter = delimiter(text);
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
        let header = reader.headers().cloned().unwrap_or_default();
        let mut columns: Vec<String> = header.iter().map(fold).collect();
        if columns.is_empty() {
            columns = COLUMNS.map(str::to_owned).to_vec();
        }
        if columns.iter().all(|column| column != CANDIDATES) {
            columns.push(CANDIDATES.to_owned());
        }
        Self { delimiter, columns, unfinished: !text.is_empty() && !text.ends_with('\n') }
    }

    /// Rows of kind, word, code and candidates under their header, to append to the file.
    #[must_use]
    pub fn appended<'r>(&self, rows: impl Iterator<Item = [&'r str; 4]>) -> String {
        let begin = if self.unfinished { b"\n".to_vec() } else { Vec::new() };
        let mut writer = csv::WriterBuilder::new().delimiter(self.delimiter).from_writer(begin);
        let [kind, local_value, code] = COLUMNS;
        for [its_kind, word, its_code, candidates] in std::iter::once([kind, local_value, code, CANDIDATES]).chain(rows)
        {
            let cell = |column: &String| match column.as_str() {
                "kind" => its_kind,
                "local_value" => word,
                "code" => its_code,
                CANDIDATES => candidates,
                _ => "",
            };
            // Writing to memory does not fail.
            drop(writer.write_record(self.columns.iter().map(cell)));
        }
        String::from_utf8_lossy(&writer.into_inner().unwrap_or_default()).into_owned()
    }
}

/// Spreadsheets write what their language separates lists with.
pub(super) fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    [b';', b'\t'].into_iter().find(|delimiter| header.as_bytes().contains(delimiter)).unwrap_or(b',')
}
