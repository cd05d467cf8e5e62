//! The local words behind a held row, so that one unknown programme behind four hundred rows is one thing to mend.
//!
//! Promises: only words of code lists, never a value of a person, and none that could hold an identity number or reach a person;
//! a row brings its own, also when another row of its treatment stays too.

use schemas::rule::Finding;
use serde::{Deserialize, Serialize};

use crate::guard::looks;
use crate::source::SourceRow;

/// Fields whose values are words of a code list.
const WORDS: [&str; 5] = ["programme", UNIT, "status", "instrument", "timepoint"];
const UNIT: &str = "unit_id";
/// A word that is longer is no word.
const LONGEST: usize = 100;

/// Words of one row, by field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalWords(Vec<(String, String)>);

impl LocalWords {
    /// The words of a held row: those that its findings speak of, and its unit, whose list it belongs on.
    #[must_use]
    pub fn noted(row: &SourceRow<'_>, findings: &[Finding]) -> Self {
        let spoken_of = |field: &str| findings.iter().any(|finding| finding.field == field);
        let told = WORDS.into_iter().filter(|field| row.has(field) && (spoken_of(field) || *field == UNIT));
        let word = |field: &str| row.get(field).filter(|word| is_word(word)).map(|word| (field.into(), word.into()));
        Self(told.filter_map(word).collect())
    }

    /// The unit of a treatment that was ready and stays all the same.
    #[must_use]
    pub fn of_unit(unit: &str) -> Self {
        Self(Some(unit).filter(|unit| is_word(unit)).map(|unit| (UNIT.into(), unit.into())).into_iter().collect())
    }

    /// The word of a field; empty when there is none that may be kept.
    #[must_use]
    pub fn word(&self, field: &str) -> &str {
        self.0.iter().find(|(known, _)| known == field).map_or("", |(_, word)| word)
    }

    /// The unit that the row names; empty when there is none that may be kept.
    #[must_use]
    pub fn unit(&self) -> &str {
        self.word(UNIT)
    }

    /// Whether there is no word.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn is_word(text: &str) -> bool {
    text.chars().count() <= LONGEST && looks(text).is_none()
}

#[cfg(test)]
mod tests {
    use schemas::rule::Rule;

    use super::*;
    use crate::source::{MEASUREMENTS, TREATMENTS};

    #[test]
    fn only_the_words_that_findings_speak_of_are_kept_and_never_a_number_of_a_person() {
        let row = SourceRow::of(
            &TREATMENTS,
            &[("programme", "Lugna stunden"), ("status", "klar"), ("unit_id", "E1"), ("person_id", "191212121212")],
        );
        let findings =
            [Finding::new(Rule::ProgrammeUnknown, "programme"), Finding::new(Rule::IdentityInvalid, "person_id")];
        let words = LocalWords::noted(&row, &findings);
        let kept = ["programme", "status", "unit_id", "person_id"].map(|field| words.word(field));
        assert_eq!(kept, ["Lugna stunden", "", "E1", ""]);
    }

    #[test]
    fn a_word_that_could_hold_a_number_of_a_person_is_not_kept() {
        for word in ["Depr 19121212-1212", "191212121212", "SE1212121212-E001", "anna@exempel.se", &"x".repeat(101)] {
            let row = SourceRow::of(&MEASUREMENTS, &[("instrument", word)]);
            let words = LocalWords::noted(&row, &[Finding::new(Rule::InstrumentUnknown, "instrument")]);
            assert!(words.is_empty(), "{words:?}");
            assert!(LocalWords::of_unit(word).is_empty(), "{word}");
        }
    }
}
