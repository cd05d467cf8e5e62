//! The local words behind held rows, so that one unknown programme behind four hundred rows is one thing to mend.
//!
//! Promises: only words of code lists, never a value of a person, and none that could hold an identity number (contract 2.6).

use std::collections::HashMap;

use schemas::rule::Finding;

use crate::identity::looks_like_identity;
use crate::source::SourceRow;

/// Fields whose values are words of a code list.
const WORDS: [&str; 5] = ["programme", "unit_id", "status", "instrument", "timepoint"];
/// A word that is longer is no word.
const LONGEST: usize = 100;

/// Words by record key and field.
#[derive(Debug, Default)]
pub struct HeldWords(HashMap<String, Vec<(&'static str, String)>>);

impl HeldWords {
    /// Notes the words of a held row: those that its findings speak of, and its unit, whose list it belongs on.
    pub fn note(&mut self, key: &str, row: &SourceRow<'_>, findings: &[Finding]) {
        let spoken_of = |field: &str| findings.iter().any(|finding| finding.field == field);
        let has = |field: &&&str| row.has(field) && (spoken_of(field) || **field == "unit_id");
        for field in WORDS.iter().filter(has) {
            let word = row.get(field).filter(|word| word.chars().count() <= LONGEST && !looks_like_identity(word));
            if let Some(word) = word {
                let words = self.0.entry(key.to_owned()).or_default();
                if !words.iter().any(|(known, _)| known == field) {
                    words.push((field, word.to_owned()));
                }
            }
        }
    }

    /// The word of a record's field; empty when there is none that may be kept.
    #[must_use]
    pub fn word(&self, key: &str, field: &str) -> &str {
        let words = self.0.get(key).into_iter().flatten();
        words.clone().find(|(known, _)| *known == field).map_or("", |(_, word)| word)
    }
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
        let mut words = HeldWords::default();
        let findings =
            [Finding::new(Rule::ProgrammeUnknown, "programme"), Finding::new(Rule::IdentityInvalid, "person_id")];
        words.note("k", &row, &findings);
        let kept = ["programme", "status", "unit_id", "person_id"].map(|field| words.word("k", field));
        assert_eq!(kept, ["Lugna stunden", "", "E1", ""]);
        assert_eq!(words.word("other", "programme"), "");
    }

    #[test]
    fn a_word_that_could_hold_a_number_of_a_person_is_not_kept() {
        for word in ["Depr 19121212-1212", "191212121212", &"x".repeat(101)] {
            let row = SourceRow::of(&MEASUREMENTS, &[("instrument", word)]);
            let mut words = HeldWords::default();
            words.note("k", &row, &[Finding::new(Rule::InstrumentUnknown, "instrument")]);
            assert_eq!(words.word("k", "instrument"), "");
        }
    }
}
