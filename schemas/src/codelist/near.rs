//! How alike two words are, for proposals to a person.
//!
//! Promises: 1 is the same name in another spelling and nothing else. Must not know: which words there are.

use super::fold::fold;
use super::programme::is_dash;

/// A code that a word may have been meant for.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// The code.
    pub code: String,
    /// How alike its likest name is, 0 to 1.
    pub likeness: f64,
}

/// Below this likeness a proposal misleads more than it helps.
pub(crate) const WORTH_TELLING: f64 = 0.65;
/// A single letter can turn a word into its opposite or one instrument into another, so that only the same name is sure.
const SURE: f64 = 1.0;

impl Near {
    /// Whether a person should be shown it.
    #[must_use]
    pub fn is_worth_telling(&self) -> bool {
        self.likeness >= WORTH_TELLING
    }

    /// Whether it is the same name but for case, space, hyphens and diacritics.
    #[must_use]
    pub fn is_sure(&self) -> bool {
        self.likeness >= SURE
    }
}

/// The likeness of two words after folding: Jaro-Winkler, 0 to 1, and 1 for words that only case, space, hyphens and diacritics part.
#[must_use]
pub fn likeness(one: &str, other: &str) -> f64 {
    let (one, other) = (fold(one), fold(other));
    if letters(&one).eq(letters(&other)) { 1.0 } else { strsim::jaro_winkler(&one, &other) }
}

/// The letters and digits of a folded word, without marks.
fn letters(folded: &str) -> impl Iterator<Item = char> {
    folded.chars().filter(|c| !c.is_whitespace() && !is_dash(*c) && *c != '_' && !is_mark(*c)).map(plain)
}

fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

fn plain(letter: char) -> char {
    match letter {
        'à'..='å' => 'a',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' => 'u',
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CodeLists, ListName};

    #[test]
    fn a_name_in_another_spelling_is_sure_and_another_name_never() {
        let lists = CodeLists::builtin();
        let sure = |list, word: &str| {
            let near = lists.nearest_codes(list, word);
            near.first().filter(|near| near.is_sure()).map(|near| near.code.clone())
        };
        for (list, word, code) in [
            (ListName::Instruments, "GAD7", Some("GAD-7")),
            (ListName::Instruments, "eq 5d", Some("EQ-5D")),
            (ListName::Instruments, "BDI\u{2011}II", Some("BDI-II")),
            (ListName::Programmes, "Angesthjälpen-ung", Some("angesthjalpen-ung")),
            (ListName::EndReasons, "agreed completion", Some("agreed_completion")),
            (ListName::EndReasons, "Avslutad enligt overenskommelse", Some("agreed_completion")),
            (ListName::CareLevels, "Barn och ungdomspsykiatri", Some("bup")),
            (ListName::Instruments, "PHQ-8", None),
            (ListName::Instruments, "BDI-I", None),
            (ListName::Instruments, "AUDIT-C", None),
            (ListName::Instruments, "PSS-14", None),
            (ListName::Instruments, "WHODAS-36", None),
            (ListName::Instruments, "ISI-3", None),
            (ListName::Programmes, "Stresshjälpen ung", None),
        ] {
            assert_eq!(sure(list, word).as_deref(), code, "{word}");
        }
        let near = lists.nearest_codes(ListName::Instruments, "PHQ-8");
        assert_eq!(near[0].code, "PHQ-9", "what is not sure is not proposed either");
    }
}
