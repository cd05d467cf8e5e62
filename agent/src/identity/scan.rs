//! Whether a text could hold a Swedish identity number.
//!
//! Promises: a personnummer or coordination number with a real date and a right check digit is found in any usual spelling, also inside
//! other text; rather one find too many than one too few. Must not know: what is done about a find.

use zeroize::Zeroizing;

use super::number::{birth_date, check_digit_holds, fold, is_dash, is_invisible};

/// Whether any run of digits in the text reads as an identity number: 10 digits standing alone, or 12 digits alone or inside a longer
/// run. Digits may be grouped by up to three spaces, dashes, plus signs, points, slashes or underscores.
#[must_use]
pub fn looks_like_identity(text: &str) -> bool {
    let mut chain = Chain::default();
    for c in text.chars().map(fold).filter(|c| !is_invisible(*c)) {
        if c.is_ascii_digit() {
            chain.digit(c);
        } else if is_joiner(c) && chain.gap < LONGEST_GAP {
            chain.gap += 1;
        } else {
            if chain.holds_identity() {
                return true;
            }
            chain = Chain::default();
        }
    }
    chain.holds_identity()
}

const LONGEST_GAP: usize = 3;

fn is_joiner(c: char) -> bool {
    c.is_whitespace() || is_dash(c) || matches!(c, '+' | '.' | '/' | '_')
}

/// Digits that stand together or are held together by joiners.
#[derive(Default)]
struct Chain {
    digits: Zeroizing<Vec<u8>>,
    /// Places before which a group begins, in order.
    groups: Vec<usize>,
    /// Joiners since the last digit.
    gap: usize,
}

impl Chain {
    fn digit(&mut self, c: char) {
        if self.digits.is_empty() || self.gap > 0 {
            self.groups.push(self.digits.len());
        }
        self.gap = 0;
        self.digits.extend(u8::try_from(c));
    }

    fn holds_identity(&self) -> bool {
        (0..self.digits.len()).any(|start| self.is_identity(start, 12) || self.is_identity(start, 10))
    }

    fn is_identity(&self, start: usize, length: usize) -> bool {
        let end = start + length;
        let Some(digits) = self.digits.get(start..end) else { return false };
        let alone = self.is_edge(start) && self.is_edge(end);
        let next_group = self.groups.partition_point(|group| *group <= start);
        let inside_one_group = self.groups.get(next_group).is_none_or(|group| *group >= end);
        match length {
            12 => (alone || inside_one_group) && reads_with_century(digits),
            _ => alone && (18..=20).any(|century| reads(century, digits)),
        }
    }

    fn is_edge(&self, place: usize) -> bool {
        place == self.digits.len() || self.groups.binary_search(&place).is_ok()
    }
}

fn reads_with_century(twelve: &[u8]) -> bool {
    let (century, ten) = twelve.split_at(2);
    match century {
        b"18" => reads(18, ten),
        b"19" => reads(19, ten),
        b"20" => reads(20, ten),
        _ => false,
    }
}

fn reads(century: i8, ten: &[u8]) -> bool {
    birth_date(century, ten).is_some() && check_digit_holds(ten)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_identity_number_is_found_in_every_spelling_and_surrounding() {
        for text in [
            "191212121212",
            "121212-1212",
            "1212121212",
            "19121212-1212",
            "121212+1212",
            "19 12 12 12 - 12 12",
            "１９１２１２１２１２１２",
            "1212\u{00AD}12\u{2011}1212",
            "M-191212121212",
            "pat191212121212x",
            "701063-2391",
            "2024.121212-1212.3",
            "besök 7 för 121212 1212, klart",
            "1912121212120001",
            "0191212121212",
            "1912-12-12/1212",
        ] {
            assert!(looks_like_identity(text), "{text}");
        }
    }

    #[test]
    fn ordinary_ids_are_not_taken_for_identity_numbers() {
        for text in [
            "",
            "M-000123",
            "SE9990120000-E002",
            "SE2321000131-P000000123457",
            "121212-1213",
            "191213121212",
            "2024-01-15",
            "12121212121",
            "3f2a9c0e-77b1-4c35-9d3e-0a51b6e8f201",
            "CVd4_FUzPrEfEBKm0_8I65ropJV8TNLHLskggemvtb0",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "981943000023",
        ] {
            assert!(!looks_like_identity(text), "{text}");
        }
    }

    /// Any valid number with a test serial, 12 digits.
    fn test_number() -> impl Strategy<Value = String> {
        (1890i16..2026, 1i8..13, 1i8..29, 980u16..1000, any::<bool>()).prop_map(|(year, month, day, serial, sam)| {
            let day = if sam { day + 60 } else { day };
            let body = format!("{year:04}{month:02}{day:02}{serial:03}");
            (0..10)
                .map(|check| format!("{body}{check}"))
                .find(|number| check_digit_holds(&number.as_bytes()[2..]))
                .unwrap()
        })
    }

    proptest! {
        #[test]
        fn every_test_number_is_found_inside_any_words(
            number in test_number(), before in "[a-zåäö ]{0,8}", after in "[a-zåäö]{0,8}", separator in "[ +–-]{0,3}",
        ) {
            let (date, serial) = number.split_at(8);
            let long = format!("{before}{date}{separator}{serial}{after}");
            prop_assert!(looks_like_identity(&long));
            let short = format!("{before}{}{separator}{serial}{after}", &date[2..]);
            prop_assert!(looks_like_identity(&short));
        }

        #[test]
        fn a_counter_with_a_prefix_passes(prefix in "[A-Z]{1,3}", number in 0u32..100_000_000) {
            let id = format!("{prefix}-{number:06}");
            prop_assert!(!looks_like_identity(&id));
        }

        #[test]
        fn a_text_with_fewer_than_ten_digits_passes(text in ".{0,80}") {
            prop_assert!(!looks_like_identity(&text) || text.chars().filter(|c| fold(*c).is_ascii_digit()).count() >= 10);
        }
    }
}
