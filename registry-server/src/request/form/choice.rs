//! What is chosen from a short list: what the requester is, and what the tables are delivered as.
//!
//! Promises: each choice has one word, by which it is written in a file, and a name for people.

use schemas::language::Text;
use serde::{Deserialize, Serialize};

/// What a requester is; the law treats them differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequesterKind {
    /// Research.
    Researcher,
    /// Somebody who gives care.
    CareProvider,
    /// An authority.
    Authority,
    /// The press.
    Media,
    /// Anybody else.
    Other,
}

/// What a table is delivered as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Comma separated values.
    Csv,
    /// A columnar file.
    Parquet,
    /// A workbook.
    Xlsx,
    /// A page to print.
    Html,
}

impl RequesterKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Researcher, Self::CareProvider, Self::Authority, Self::Media, Self::Other];

    /// The word in a file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Researcher => "researcher",
            Self::CareProvider => "care_provider",
            Self::Authority => "authority",
            Self::Media => "media",
            Self::Other => "other",
        }
    }

    /// The same for people.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::Researcher => Text::fixed("forskare", "researcher"),
            Self::CareProvider => Text::fixed("vårdgivare", "care provider"),
            Self::Authority => Text::fixed("myndighet", "authority"),
            Self::Media => Text::fixed("medier", "media"),
            Self::Other => Text::fixed("någon annan", "somebody else"),
        }
    }
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Parquet, Self::Xlsx, Self::Html];

    /// The word in a file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Xlsx => "xlsx",
            Self::Html => "html",
        }
    }

    /// The same for people.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::Csv => Text::fixed("CSV", "CSV"),
            Self::Parquet => Text::fixed("Parquet", "Parquet"),
            Self::Xlsx => Text::fixed("Excel (XLSX)", "Excel (XLSX)"),
            Self::Html => Text::fixed("webbsida att skriva ut (HTML)", "page to print (HTML)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_choice_is_written_by_its_own_word() {
        for kind in RequesterKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.word());
        }
        for format in Format::ALL {
            assert_eq!(serde_json::to_value(format).unwrap(), format.word());
        }
    }
}
