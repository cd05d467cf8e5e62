//! Whether a text is short enough and shows as it is written.
//!
//! Promises: pure; no mark that turns the direction of writing or cannot be seen passes.

use crate::direction::turns;

/// Longest text of a field, characters.
pub(super) const LONGEST: usize = 4_000;
/// Longest line, characters.
const LINE: usize = 200;
/// Longest diary number, characters.
const DIARY: usize = 100;

/// Whether a text is a line that is not too long.
pub(super) fn is_line(text: &str) -> bool {
    is_one(text, LINE)
}

/// Whether a text can be a diary number.
pub(in crate::request) fn is_diary(text: &str) -> bool {
    is_one(text, DIARY)
}

/// Whether a text of several lines is neither too long nor holds a mark that would not show as it is written.
pub(in crate::request) fn is_text(text: &str) -> bool {
    text.chars().count() <= LONGEST && !text.chars().any(|c| (c.is_control() && c != '\n') || turns(c))
}

fn is_one(line: &str, most: usize) -> bool {
    line.chars().count() <= most && !line.chars().any(|c| c.is_control() || turns(c))
}
