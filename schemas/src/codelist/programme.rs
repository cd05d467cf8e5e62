//! Treatment and support programmes, with the spellings under which regions know them.
//!
//! Promises: a programme's code follows from its name by one rule; a version behind a name is kept apart, never lost.
//! Must not know: which region offers what.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::error::Fault;
use super::fold::fold;
use super::list::{Line, alias_text};
use super::list_name::ListName;
use super::validity::validity_columns;

/// What a programme may be for. One small set, because it is a dimension of reports.
pub(crate) const CONDITIONS: [&str; 20] = [
    "adhd",
    "alcohol",
    "anxiety",
    "autism",
    "bipolar",
    "cancer",
    "cannabis",
    "depression",
    "eating-disorder",
    "insomnia",
    "other",
    "pain",
    "self-esteem",
    "social-anxiety",
    "somatic",
    "stress",
    "tinnitus",
    "tobacco",
    "weight",
    "worry",
];

/// A programme as it is offered to residents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Programme {
    /// The code that travels: [`programme_code`] of the name.
    pub code: String,
    /// The name that people use, without version.
    pub name: String,
    /// Treatment or support; only treatments are sent.
    pub kind: ProgrammeKind,
    /// Who made it, where known.
    #[serde(default)]
    pub supplier: Option<String>,
    /// What it is for, one of a small fixed set.
    pub condition: String,
    /// The instrument that its outcome is usually judged by.
    #[serde(default)]
    pub primary_instrument: Option<String>,
    /// Its own anxiety measure, which stands beside PHQ-9 in the composite.
    #[serde(default)]
    pub anxiety_instrument: Option<String>,
    /// Whether it is made for children or young people.
    #[serde(default)]
    pub youth: bool,
    /// Other spellings in use; semicolon separated in the file.
    #[serde(default, with = "alias_text")]
    pub aliases: Vec<String>,
    /// In use from this day.
    #[serde(default)]
    pub valid_from: Option<Date>,
    /// In use up to and including this day.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// The code that took over.
    #[serde(default)]
    pub successor: Option<String>,
}

/// Evidence demands are higher for treatments; only they belong in outcome statistics (SKL survey 2018, definitions).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProgrammeKind {
    /// Self-standing, with enough components to reach a treatment effect (behandlingsprogram).
    Treatment,
    /// Part of a care process before, during or after a treatment (stödprogram).
    Support,
}

/// What a local programme value was found to mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The programme's code.
    pub code: String,
    /// The version that stood behind the name, such as `2.0`.
    pub version: Option<String>,
}

impl Line for Programme {
    const LIST: ListName = ListName::Programmes;
    const BUILTIN: &'static str = include_str!("../../codelists/programmes.csv");

    fn key(&self) -> String {
        self.code.clone()
    }

    validity_columns!();

    fn names(&self) -> Vec<&str> {
        std::iter::once(self.name.as_str()).chain(self.aliases.iter().map(String::as_str)).collect()
    }

    fn label(&self) -> String {
        self.name.clone()
    }

    fn fault(&self) -> Option<Fault> {
        if self.code.is_empty() || programme_code(&self.code) != self.code {
            return Some(Fault::new("code", "must be the name in lower-case letters, digits and single hyphens"));
        }
        if !CONDITIONS.contains(&self.condition.as_str()) {
            return Some(Fault::new("condition", format!("must be one of {}", CONDITIONS.join(", "))));
        }
        None
    }
}

/// The code that follows from a programme's name: what stands before a comma, without version, in lower case, å and ä as a, ö as o,
/// é as e, space and every dash as one hyphen, all else dropped.
#[must_use]
pub fn programme_code(name: &str) -> String {
    let folded = fold(name.split(',').next().unwrap_or_default());
    let name = match split_version(&folded) {
        Some((name, version)) if version.contains('.') => name,
        _ => folded,
    };
    let mut code = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            'å' | 'ä' => code.push('a'),
            'ö' => code.push('o'),
            'é' => code.push('e'),
            'a'..='z' | '0'..='9' => code.push(letter),
            letter if (letter.is_whitespace() || is_dash(letter)) && !code.is_empty() && !code.ends_with('-') => {
                code.push('-');
            }
            _ => {}
        }
    }
    code.truncate(code.trim_end_matches('-').len());
    code
}

/// Takes a version such as `2.0`, `v2` or `2` off the end of a folded name, or off what stands before its first comma.
#[must_use]
pub fn split_version(folded: &str) -> Option<(String, String)> {
    let (head, tail) = folded.split_at(folded.find(',').unwrap_or(folded.len()));
    let (name, last) = head.trim_end().rsplit_once(' ')?;
    let version = last.strip_prefix('v').unwrap_or(last);
    let is_version = version.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    is_version.then(|| (format!("{name}{tail}"), version.to_owned()))
}

pub(crate) fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_follows_from_the_name() {
        for (name, code) in [
            ("Ångesthjälpen Ung", "angesthjalpen-ung"),
            ("Depressionshjälpen 2.0", "depressionshjalpen"),
            ("Barn med språkstörning – stöd från logopeden", "barn-med-sprakstorning-stod-fran-logopeden"),
            ("Gravid:12-veckorsstödet", "gravid12-veckorsstodet"),
            ("Social fobi 2.0, KBT-behandling med manual", "social-fobi"),
            (" — Café\u{2011}stöd -- ", "cafe-stod"),
            ("\"Ast – vad är det?\"", "ast-vad-ar-det"),
            ("Steg 2", "steg-2"),
        ] {
            assert_eq!(programme_code(name), code, "{name}");
        }
    }

    #[test]
    fn a_version_is_taken_off_the_name_and_kept() {
        let split = |text: &str| split_version(&fold(text));
        assert_eq!(split("Depressionshjälpen 2.0"), Some(("depressionshjälpen".into(), "2.0".into())));
        assert_eq!(split("Cannabisprogrammet v1.2"), Some(("cannabisprogrammet".into(), "1.2".into())));
        assert_eq!(split("Social fobi 2.0, KBT"), Some(("social fobi, kbt".into(), "2.0".into())));
        for text in ["2.0", "Stresshjälpen", "Program 2.", "Program a.1", "Program 1..2"] {
            assert_eq!(split(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_code_of_a_code_is_the_code(name in "[A-Za-zÅÄÖåäöé0-9,.:?–— -]{0,40}") {
            let code = programme_code(&name);
            prop_assert!(!code.starts_with('-') && !code.ends_with('-') && !code.contains("--"));
            prop_assert_eq!(programme_code(&code), code.clone());
        }
    }
}
