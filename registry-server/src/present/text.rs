//! Text that somebody types into a form, and text from anywhere that stands on a page.
//!
//! Promises: a page holds no mark that turns the direction of writing, whatever the texts on it hold; such a mark is shown instead.

use std::fmt::Write as _;

use crate::direction::turns;

/// Longest line, characters.
const LONGEST: usize = 200;

/// A line as it was typed, trimmed; nothing when it is empty, too long, or would not show as it is written.
pub(super) fn line(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let is_line =
        !typed.is_empty() && typed.chars().count() <= LONGEST && !typed.chars().any(|c| c.is_control() || turns(c));
    is_line.then(|| typed.to_owned())
}

/// A page with such marks shown in place of being obeyed; no page has any of its own.
pub(super) fn shown(page: String) -> String {
    if !page.contains(turns) {
        return page;
    }
    page.chars().fold(String::with_capacity(page.len() + 16), |mut shown, c| {
        if turns(c) {
            // Writing into a text does not fail.
            let _ = write!(shown, "[U+{:04X}]", u32::from(c));
        } else {
            shown.push(c);
        }
        shown
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_shows_as_it_is_written_or_is_none() {
        assert_eq!(line(" Åsa Öst "), Some("Åsa Öst".to_owned()));
        for wrong in ["", "  ", "a\nb", "a\u{202e}b", "a\u{61c}b", "a\u{0}", &"å".repeat(201)] {
            assert_eq!(line(wrong), None, "{wrong:?}");
        }
        assert!(line(&"å".repeat(200)).is_some());
    }

    #[test]
    fn a_mark_that_turns_text_round_is_shown_on_a_page_and_every_other_character_stays() {
        assert_eq!(shown("Gul\u{202e}gnp.exe\u{2069} Åsa".to_owned()), "Gul[U+202E]gnp.exe[U+2069] Åsa");
        assert_eq!(shown("\u{61c}a\u{200f}".to_owned()), "[U+061C]a[U+200F]");
        let plain = "12\u{a0}345 – “så” −3 … שלום\n";
        assert_eq!(shown(plain.to_owned()), plain);
    }
}
