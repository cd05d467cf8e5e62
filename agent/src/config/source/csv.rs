//! What `kind = "csv"` adds to `[source]`: how exported files are found, written and named.
//!
//! Promises: every key has its default here; a key of another kind is refused, never ignored.

use std::collections::BTreeMap;

use schemas::settings::BadSettings;
use serde::{Deserialize, Serialize};

use super::{Source, SourceKind, default_overlap};

/// What stands between the values of a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum Delimiter {
    /// Told from each file's header.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// `;`, as Swedish spreadsheets write.
    #[serde(rename = ";")]
    Semicolon,
    /// `,`
    #[serde(rename = ",")]
    Comma,
    /// A tab.
    #[serde(rename = "tab", alias = "\t")]
    Tab,
    /// `|`
    #[serde(rename = "|")]
    Bar,
}

/// How letters are written as bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum Encoding {
    /// Told from each file's bytes.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// UTF-8, with or without a byte order mark.
    #[serde(rename = "utf-8")]
    Utf8,
    /// Windows-1252.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

/// The decimal sign of an export. Scores are read with both signs in every source, so this says how the files are meant and nothing
/// depends on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum Decimal {
    /// Either.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// `,`
    #[serde(rename = ",")]
    Comma,
    /// `.`
    #[serde(rename = ".")]
    Point,
}

/// What the files hold together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// Everything: a row that is in no file any more was deleted in the source.
    #[default]
    Full,
    /// Changes: a row that is in no file says nothing. A treatment is always read whole, with all its answers, from what lies in the
    /// folder, so its files must stay there for as long as it may still change.
    Delta,
}

/// `[source.columns.*]`: a local header and the contract's column that it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Headers {
    /// In files of `treatments`.
    pub treatments: BTreeMap<String, String>,
    /// In files of `measurements`.
    pub measurements: BTreeMap<String, String>,
    /// In files of `units`.
    pub units: BTreeMap<String, String>,
    /// In files of `activity`.
    pub activity: BTreeMap<String, String>,
    /// In files of `objections`.
    pub objections: BTreeMap<String, String>,
}

/// `[[source.wide]]`: headers whose values are scores, one column an answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Wide {
    /// Header with `{instrument}` or `{timepoint}` where a local word stands: `PHQ9_{timepoint}`.
    pub pattern: String,
    /// The instrument, where the pattern names none.
    pub instrument: Option<String>,
    /// The timepoint, where the pattern names none.
    pub timepoint: Option<String>,
    /// Where the day of the answer stands: a header with the same words, `PHQ9_{timepoint}_datum`, or the name of a column. Without
    /// it the file's own `answered_on`.
    pub answered_on: Option<String>,
}

impl Source {
    /// Refuses keys of another kind and keys that contradict each other.
    pub(super) fn check_kind(&self) -> Result<(), BadSettings> {
        let heading = self.heading();
        let (kind, foreign) = match self.kind {
            SourceKind::Sql => ("sql", self.csv_keys()),
            SourceKind::Csv => ("csv", self.sql_keys()),
        };
        if let Some((key, _)) = foreign.into_iter().find(|(_, written)| *written) {
            let other = if self.kind == SourceKind::Sql { "csv" } else { "sql" };
            return Err(BadSettings(format!(
                "{heading} {key} belongs to kind = \"{other}\"; this source is kind = \"{kind}\": take {key} out, or correct kind"
            )));
        }
        if self.kind == SourceKind::Csv && self.dir.is_none() {
            return Err(BadSettings(format!("{heading} dir is needed for kind = \"csv\": the folder of the exports")));
        }
        if self.objections.is_some() && self.objections_file.is_some() {
            return Err(BadSettings(format!(
                "{heading} objections and objections_file are two ways to name the list of objections; write one of them"
            )));
        }
        if self.settle.is_some() && self.done_marker.is_some() {
            return Err(BadSettings(format!(
                "{heading} settle and done_marker are two ways to know that a file is whole; write one of them"
            )));
        }
        if self.measurements.is_empty() && self.wide.is_empty() {
            return Err(BadSettings(format!(
                "{heading} measurements is needed: where the answers are read (only a csv source with [[source.wide]] may leave it out)"
            )));
        }
        Ok(())
    }

    fn csv_keys(&self) -> Vec<(&'static str, bool)> {
        vec![
            ("dir", self.dir.is_some()),
            ("delimiter", self.delimiter.is_some()),
            ("encoding", self.encoding.is_some()),
            ("decimal", self.decimal.is_some()),
            ("settle", self.settle.is_some()),
            ("done_marker", self.done_marker.is_some()),
            ("content", self.content.is_some()),
            ("stale_after", self.stale_after.is_some()),
            ("columns", self.columns.is_some()),
            ("wide", !self.wide.is_empty()),
        ]
    }

    fn sql_keys(&self) -> Vec<(&'static str, bool)> {
        vec![
            ("url", self.url.is_some()),
            ("url_file", self.url_file.is_some()),
            ("overlap", self.overlap != default_overlap()),
        ]
    }
}
