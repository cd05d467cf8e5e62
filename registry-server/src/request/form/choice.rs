//! What is chosen from a short list: what the requester is, and what the tables are delivered as.
//!
//! Promises: each choice has one word, by which it is written in a file, and a name for people.

use schemas::language::{Language, Text};
use serde::{Deserialize, Serialize};

/// What a requester is; the law treats them differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequesterKind {
    /// Research, also where a university or another authority does it.
    Researcher,
    /// Somebody who gives care.
    CareProvider,
    /// An authority that asks for something else than research.
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
            Self::Researcher => Text::fixed("forskning, också vid en myndighet", "research, also at an authority"),
            Self::CareProvider => Text::fixed("vårdgivare", "care provider"),
            Self::Authority => Text::fixed("annan myndighet, inte forskning", "other authority, not research"),
            Self::Media => Text::fixed("medier", "media"),
            Self::Other => Text::fixed("någon annan", "somebody else"),
        }
    }
}

/// What care providers and authorities state too.
const COMMON: [&str; 5] = ["principal", "recipients", "title", "purpose", "terms_accepted"];

/// What is said to everybody.
const SECRECY: (&str, &str) = (
    "Uppgifterna prövas enligt 25 kap. 1 § offentlighets- och sekretesslagen: de lämnas ut bara om det står klart att ingen lider men (omvänt skaderekvisit).",
    "The figures are tried under chapter 25, section 1 of the Public Access to Information and Secrecy Act: they leave only if it is clear that nobody is harmed (a reversed condition of damage).",
);

/// How a refusal is appealed.
pub static APPEAL: Text = Text::fixed(
    "Ett avslag är skriftligt och överklagas till kammarrätten inom tre veckor från det att du fick del av det. Överklagandet lämnas till registret, med avslagets diarienummer.",
    "A refusal is in writing, and is appealed to the administrative court of appeal within three weeks of being told of it. The appeal is given to the register, with the diary number of the refusal.",
);

impl RequesterKind {
    /// Whether a form of this kind lacks something where a field is empty. What the law asks of everybody is in no kind's list.
    #[must_use]
    pub fn needs(self, field: &str) -> bool {
        match self {
            Self::Researcher => !matches!(field, "units" | "legal_ground"),
            Self::CareProvider => COMMON.contains(&field) || field == "units",
            Self::Authority => COMMON.contains(&field) || field == "legal_ground",
            Self::Media | Self::Other => false,
        }
    }

    /// What is asked of it, how it is tried, and how a refusal is appealed.
    #[must_use]
    pub fn law(self) -> Text {
        let (sv, en) = match self {
            Self::Researcher => (
                "Forskning, också vid ett universitet eller en annan myndighet: ange etikbeslutet, eller varför inget behövs.",
                "Research, also at a university or another authority: state the ethics decision, or why none is needed.",
            ),
            Self::CareProvider => (
                "Vårdgivare: ange vilka enheter det gäller och vad som ska förbättras. Etikbeslut behövs bara för forskning.",
                "Care provider: state which units it is about and what is to be improved. An ethics decision is needed for research only.",
            ),
            Self::Authority => (
                "Annan myndighet, inte forskning: ange det lagrum som begäran stöder sig på. Etikbeslut behövs bara för forskning.",
                "Other authority, not research: state the legal ground of the request. An ethics decision is needed for research only.",
            ),
            Self::Media | Self::Other => (
                "Begäran om allmän handling: varken syfte eller vem du är behöver anges, bara det som behövs för att finna uppgifterna.",
                "Request for a public document: neither a purpose nor who you are need be stated, only what helps to find the figures.",
            ),
        };
        let whole = |own: &str, secrecy: &str, language| format!("{own} {secrecy} {}", APPEAL.pick(language));
        Text::made(whole(sv, SECRECY.0, Language::Sv), whole(en, SECRECY.1, Language::En))
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
