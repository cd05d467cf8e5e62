//! The catalogue: every variable that an extract can be made of, with its definition, its value set and when it is in use.
//!
//! Promises: made of the registered dimensions and measures and the code lists in force, so that what stands here can be asked for and
//! nothing else can; each variable has one id. Source of the form: GSIM, as the Swedish tool for register metadata takes it.
//! Must not know: treatments, HTTP.

/// Dimensions as variables.
mod dimension;
/// The catalogue as a document for programs.
pub mod document;
/// Instruments and measures as variables.
mod measured;
/// The catalogue as a workbook.
pub mod workbook;

use schemas::codelist::CodeLists;
use schemas::language::{Language, Text};

pub use crate::extract::value::{Validity, Value};

/// What a variable is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What a table is split by.
    Dimension,
    /// What a table counts.
    Measure,
    /// What scores are of.
    Instrument,
    /// Which two scores are compared.
    Comparison,
}

/// One variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its id, as a form names it behind what it is for.
    pub id: String,
    /// What it is for.
    pub kind: Kind,
    /// What people call it.
    pub name: Text,
    /// What it means.
    pub definition: Text,
    /// Its values; none where the range tells them.
    pub values: Vec<Value>,
    /// What its values are, where they are no list.
    pub range: Option<Text>,
    /// When it is in use.
    pub validity: Validity,
    /// Where the definition comes from.
    pub source: String,
}

/// Every variable, dimensions first.
#[must_use]
pub fn variables(lists: &CodeLists) -> Vec<Variable> {
    let mut all = dimension::all(lists);
    all.extend(measured::measures());
    all.extend(measured::comparisons());
    all.extend(measured::instruments(lists));
    all
}

impl Kind {
    /// The word that begins an id.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Dimension => "dimension",
            Self::Measure => "measure",
            Self::Instrument => "instrument",
            Self::Comparison => "comparison",
        }
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::Dimension => Text::fixed("uppdelning", "dimension"),
            Self::Measure => Text::fixed("mått", "measure"),
            Self::Instrument => Text::fixed("instrument", "instrument"),
            Self::Comparison => Text::fixed("jämförelse", "comparison"),
        }
    }
}

impl Variable {
    /// Whether every word of a search stands in it, in either language, whatever the case.
    #[must_use]
    pub fn has(&self, search: &str) -> bool {
        let both =
            |text: &Text| [Language::Sv, Language::En].map(|language| text.pick(language).to_lowercase()).join("\n");
        let mut all =
            [self.id.to_lowercase(), both(&self.name), both(&self.definition), both(&self.kind.name())].join("\n");
        for value in &self.values {
            all = [all, value.code.to_lowercase(), both(&value.name)].join("\n");
        }
        search.to_lowercase().split_whitespace().all(|word| all.contains(word))
    }
}

#[cfg(test)]
mod tests;
