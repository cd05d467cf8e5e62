//! The form in which names are compared, so that the same name in two spellings is the same.
//!
//! Promises: folding twice changes nothing more; letters with and without their dots stay apart (å is not a).
//! Must not know: which names there are.

/// Lower case, full-width forms made narrow, letters put together with their marks, space trimmed and runs of it made one.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().map(narrow).filter(|c| !is_invisible(*c)).flat_map(char::to_lowercase) {
        if letter.is_whitespace() {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        } else if let Some(whole) = folded.chars().last().and_then(|base| compose(base, letter)) {
            folded.pop();
            folded.push(whole);
        } else {
            folded.push(letter);
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// U+FF01 to U+FF5E are the printable ASCII characters in full width.
fn narrow(letter: char) -> char {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(letter as u32 - 0xfee0).unwrap_or(letter),
        _ => letter,
    }
}

/// Soft hyphen, zero-width characters and the byte order mark: left by web pages and spreadsheets.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// File systems and exports of one maker write å as a and a ring of its own.
fn compose(base: char, mark: char) -> Option<char> {
    match (base, mark) {
        ('a', '\u{30a}') => Some('å'),
        ('a', '\u{308}') => Some('ä'),
        ('o', '\u{308}') => Some('ö'),
        ('e', '\u{301}') => Some('é'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_name_fold_to_the_same_text() {
        for spelling in [
            "Ångesthjälpen Ung",
            "  ångesthjälpen   UNG ",
            "A\u{30a}ngesthja\u{308}lpen\u{a0}Ung",
            "Ångesthjälpen\u{3000}Ｕｎｇ",
            "\u{feff}Ångest\u{ad}hjälpen\tUng\n",
            "\u{212b}ngesthjälpen Ung",
        ] {
            assert_eq!(fold(spelling), "ångesthjälpen ung", "{spelling:?}");
        }
        assert_ne!(fold("Angesthjalpen Ung"), fold("Ångesthjälpen Ung"));
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing_more(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
