//! Persons as somebody writes them: one a line.
//!
//! Promises: a line that is not certainly somebody is refused with its number, and never with what stands in it.

use schemas::codelist::CodeLists;
use schemas::rule::Rule;

use crate::identity::{IdentityNumber, IdentityText, TestIdentities, is_dash, read_identity};

/// Why a line names nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadLine {
    /// Ten digits.
    #[error(
        "line {0}: ten digits do not tell the century, and there is no treatment here to tell it by; write the number with twelve digits"
    )]
    TenDigits(usize),
    /// Anything else.
    #[error(
        "line {line}: {}; write an identity number with twelve digits, or a reserve number as SYSTEM:ID",
        .rule.describe().en
    )]
    Rule {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        rule: Rule,
    },
}

/// Reads the persons; empty lines are passed over. A reserve number is written as `SYSTEM:ID`, with the name that the source's
/// `person_id_system` gives it behind `local:`.
///
/// # Errors
/// The first line that names nobody.
pub fn persons(text: &str, lists: &CodeLists) -> Result<Vec<IdentityNumber>, BadLine> {
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let named = (1..).zip(lines).filter(|(_, line)| !line.is_empty());
    named.map(|(number, line)| person(number, line, lists)).collect()
}

fn person(number: usize, line: &str, lists: &CodeLists) -> Result<IdentityNumber, BadLine> {
    // The name of a system may have colons in it; an id in use has none.
    let (system, text) = match line.rsplit_once(':') {
        Some((system, id)) => (Some(system.trim()), id),
        None => (None, line),
    };
    if system.is_none_or(|system| system.eq_ignore_ascii_case("pnr")) && has_ten_digits(text) {
        return Err(BadLine::TenDigits(number));
    }
    let system = system.map(|system| {
        let is_whole = system.eq_ignore_ascii_case("pnr") || system.to_ascii_lowercase().starts_with("local:");
        if is_whole { system.to_owned() } else { format!("local:{system}") }
    });
    let identity = IdentityText { text, system: system.as_deref(), reference: None };
    read_identity(&identity, TestIdentities::Allow, lists).map_err(|rule| BadLine::Rule { line: number, rule })
}

fn has_ten_digits(text: &str) -> bool {
    let separates = |letter: char| letter.is_whitespace() || letter == '+' || is_dash(letter);
    let mut digits = text.chars().filter(|letter| !separates(*letter));
    digits.by_ref().take(10).filter(char::is_ascii_digit).count() == 10 && digits.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::IdentityKind;
    use crate::tests::person;

    fn read(text: &str) -> Result<Vec<(IdentityKind, String)>, BadLine> {
        let read = persons(text, &CodeLists::builtin())?;
        Ok(read.into_iter().map(|one| (one.kind().clone(), one.digits().to_owned())).collect())
    }

    #[test]
    fn twelve_digits_in_any_spelling_and_reserve_numbers_of_a_system_are_persons() {
        let number = person(1);
        let spelt = format!("{}-{}", &number[..8], &number[8..]);
        let local = |system: &str, digits: &str| (IdentityKind::Local(system.into()), digits.to_owned());
        for text in [number.clone(), spelt.clone(), format!("\u{feff}{number}\r\n\n"), format!("pnr:{number}")] {
            assert_eq!(read(&text).unwrap(), [(IdentityKind::Pnr, number.clone())], "{text}");
        }
        let text = format!("{spelt}\nvarmland:19810829su3a\nlocal:Väst: A 7 \n");
        let expected = [(IdentityKind::Pnr, number), local("varmland", "19810829SU3A"), local("Väst", "A 7")];
        assert_eq!(read(&text).unwrap(), expected);
        assert_eq!(read(" \n").unwrap(), []);
    }

    #[test]
    fn a_line_that_may_be_somebody_else_is_refused_by_its_number_and_never_repeated() {
        let number = person(1);
        let short = number[2..].to_owned();
        for text in [short.clone(), format!("{}-{}", &short[..6], &short[6..]), format!("pnr:{short}")] {
            let refused = persons(&format!("{number}\n{text}"), &CodeLists::builtin()).unwrap_err();
            assert_eq!(refused, BadLine::TenDigits(2));
            assert!(refused.to_string().contains("line 2") && !refused.to_string().contains(&short[..6]));
        }
        for text in ["Anna Andersson", "12", &number[..11], ":"] {
            let refused = persons(text, &CodeLists::builtin()).unwrap_err();
            assert!(matches!(refused, BadLine::Rule { line: 1, .. }), "{refused}");
        }
    }
}
