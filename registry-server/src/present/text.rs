//! Text that somebody types into a form.

/// Longest line, characters.
const LONGEST: usize = 200;

/// A line as it was typed, trimmed; nothing when it is empty, too long, or would not show as it is written.
pub(super) fn line(typed: &str) -> Option<String> {
    // The marks that turn the direction of what follows, and line and paragraph ends that are no control characters.
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let typed = typed.trim();
    let is_line =
        !typed.is_empty() && typed.chars().count() <= LONGEST && !typed.chars().any(|c| c.is_control() || turns(c));
    is_line.then(|| typed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_shows_as_it_is_written_or_is_none() {
        assert_eq!(line(" Åsa Öst "), Some("Åsa Öst".to_owned()));
        for wrong in ["", "  ", "a\nb", "a\u{202e}b", "a\u{0}", &"å".repeat(201)] {
            assert_eq!(line(wrong), None, "{wrong:?}");
        }
        assert!(line(&"å".repeat(200)).is_some());
    }
}
