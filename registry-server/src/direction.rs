//! Marks that turn the direction of writing.
//!
//! Promises: one list of them for pages, messages and what somebody types.

/// Whether a character turns the direction of what follows, or ends a line or paragraph without being a control character.
#[must_use]
pub(crate) fn turns(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
