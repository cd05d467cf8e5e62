//! What a text reads as.
//!
//! Promises: identity numbers with a right check digit, e-mail addresses and phone numbers as they are written in Sweden are found inside
//! other words and in any usual spelling; an HSA-id is searched for identity numbers only, its digits are no phone number.

use schemas::id::HsaId;

use crate::identity::{fold, is_dash, is_invisible, looks_like_identity};

/// What must not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    /// A field, or a form of it, that nobody approved.
    Unapproved,
    /// A personnummer or coordination number.
    Identity,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
}

/// What a text could hold that must not leave; nothing for an honest text.
#[must_use]
pub fn looks(text: &str) -> Option<Looks> {
    if looks_like_identity(text) {
        Some(Looks::Identity)
    } else if text.parse::<HsaId>().is_ok() {
        None
    } else if holds_email(text) {
        Some(Looks::Email)
    } else if holds_phone(text) {
        Some(Looks::Phone)
    } else {
        None
    }
}

/// A name, `@`, and a domain with a point and at least two letters behind it.
fn holds_email(text: &str) -> bool {
    let text: Vec<char> = text.chars().map(fold).filter(|c| !is_invisible(*c)).collect();
    let at_signs = text.iter().enumerate().filter(|(_, c)| **c == '@').map(|(at, _)| at);
    at_signs.into_iter().any(|at| {
        let named = at > 0 && (text[at - 1].is_alphanumeric() || matches!(text[at - 1], '.' | '_' | '%' | '+' | '-'));
        let domain: String =
            text[at + 1..].iter().take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '-')).collect();
        named && domain.split('.').skip(1).any(|label| label.chars().take_while(|c| c.is_alphabetic()).count() >= 2)
    })
}

/// Signs that may stand together between the digits of a phone number, as in `) - `.
const LONGEST_GAP: usize = 3;

/// `+46 70-123 45 67`, `0046...`, `070-123 45 67`, `(08) 123 456 78` and the like.
fn holds_phone(text: &str) -> bool {
    let mut run = Run::default();
    let mut before = ' ';
    for c in text.chars().map(fold).filter(|c| !is_invisible(*c)) {
        if c.is_ascii_digit() {
            run.digit(c, before);
        } else if c == '+' || !is_joiner(c) || run.gap == LONGEST_GAP {
            if run.holds_phone() {
                return true;
            }
            run = Run { international: c == '+', ..Run::default() };
        } else {
            run.gap += 1;
        }
        before = c;
    }
    run.holds_phone()
}

fn is_joiner(c: char) -> bool {
    c.is_whitespace() || is_dash(c) || matches!(c, '.' | '/' | '(' | ')')
}

/// Groups of digits held together by joiners.
#[derive(Default)]
struct Run {
    digits: Vec<u8>,
    /// Places at which a group begins that is not glued to a letter.
    begins: Vec<usize>,
    /// Places at which a group ends, but the last.
    ends: Vec<usize>,
    /// Joiners since the last digit.
    gap: usize,
    /// Whether a plus sign stands before the first group.
    international: bool,
}

impl Run {
    fn digit(&mut self, c: char, before: char) {
        let first_of_group = self.digits.is_empty() || self.gap > 0;
        if first_of_group && !self.digits.is_empty() {
            self.ends.push(self.digits.len());
        }
        if first_of_group && !before.is_alphanumeric() && before != '_' {
            self.begins.push(self.digits.len());
        }
        self.gap = 0;
        self.digits.extend(u8::try_from(c));
    }

    fn holds_phone(&self) -> bool {
        let ends = || self.ends.iter().copied().chain([self.digits.len()]);
        self.begins.iter().any(|begin| {
            let international = self.international && *begin == 0;
            ends().filter(|end| end > begin).any(|end| is_phone(&self.digits[*begin..end], international))
        })
    }
}

fn is_phone(digits: &[u8], international: bool) -> bool {
    match digits {
        _ if international => (8..=15).contains(&digits.len()),
        [b'0', b'0', b'1'..=b'9', ..] => (11..=16).contains(&digits.len()),
        [b'0', b'1'..=b'9', ..] => (8..=10).contains(&digits.len()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_identifies_or_reaches_a_person_is_found_in_other_words() {
        for (text, found) in [
            ("191212121212", Looks::Identity),
            ("Rum 3, 121212-1212", Looks::Identity),
            ("19121212 - 1212", Looks::Identity),
            ("121212+1212", Looks::Identity),
            ("１９１２１２１２－１２１２", Looks::Identity),
            ("1912\u{AD}1212\u{2011}1212", Looks::Identity),
            ("701063-2391", Looks::Identity),
            ("SE1212121212-E001", Looks::Identity),
            ("anna@exempel.se", Looks::Email),
            ("åsa.öberg+vc@mail.exempel.se", Looks::Email),
            ("VC Norr <vc-norr@exempel.se>", Looks::Email),
            ("vc＠exempel.se", Looks::Email),
            ("+46701234567", Looks::Phone),
            ("+46 (0)70-123 45 67", Looks::Phone),
            ("0046 70 123 45 67", Looks::Phone),
            ("070-123 45 67", Looks::Phone),
            ("0701234567", Looks::Phone),
            ("tel:070.123.45.67", Looks::Phone),
            ("VC Norr 3 (08) 123 456 78", Looks::Phone),
            ("0911–123 45", Looks::Phone),
            ("ring 010 123 45 67 för tid", Looks::Phone),
            ("+4712345678", Looks::Phone),
        ] {
            assert_eq!(looks(text), Some(found), "{text}");
        }
    }

    #[test]
    fn honest_texts_are_not_stopped() {
        for text in [
            "",
            "Vårdcentralen Norra",
            "Mottagning 1 @ Norr",
            "Mottagning@Norr",
            "Hus 12, plan 3, rum 456",
            "232100-0255",
            "2321000255",
            "SE2321000016-1234",
            "SE2321000255-0701234567",
            "SE2021003564-12",
            "E0701234567",
            "SE2321000131-E000000010779",
            "211 18 Malmö",
            "2024-01-15",
            "2025-09|SE9990120000-E002|depressionshjalpen|F|25-34",
            "15 2 * * *",
            "Europe/Stockholm",
            "121212-1213",
            "12345678",
            "00123456",
        ] {
            assert_eq!(looks(text), None, "{text}");
        }
    }
}
